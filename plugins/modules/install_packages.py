# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin of this name, which runs Ansible's own action for packages."""

DOCUMENTATION = r"""
module: install_packages
short_description: Install packages, with progress, also after an installation that was cut off
version_added: 1.0.0
description:
  - Does what M(ansible.builtin.package) does, and shows for how long already. The options are passed on to the module
    of the machine's package manager (M(ansible.builtin.apt), M(ansible.builtin.dnf)), which may be given any other of
    its options here, too. Its C(module_defaults) hold.
  - Where apt refuses because dpkg was cut off in an earlier installation, by a power cut for example, apt's lists are
    read anew, and that is completed by C(dpkg --configure -a), which keeps files of the configuration that were
    changed. Then the packages are installed once more. Any other refusal is returned as it is.
options:
  name:
    description: Names of packages, or whatever else the package manager's module takes.
    type: list
    elements: str
    required: true
  state:
    description: What is to be, as the package manager's module names it.
    type: str
    default: present
  use:
    description: The package manager's module. By default the one of the machine.
    type: str
    default: auto
attributes:
  action:
    support: full
    description: Runs on the controller, and the package manager's module on the machine.
  check_mode:
    support: full
    description: As the package manager's module has it. Nothing is completed then.
  diff_mode:
    support: full
    description: As the package manager's module has it.
  idempotent:
    support: full
    description: A second run with the same options changes nothing.
  platform:
    support: full
    platforms: linux
    description: The operating systems of the machines that the module runs on.
seealso:
  - module: ansible.builtin.package
  - module: brickwork.gluster.rpm_folder
author:
  - Brickwork contributors (@brickwork)
"""

EXAMPLES = r"""
- name: Install GlusterFS's client
  brickwork.gluster.install_packages:
    name: [glusterfs-client]

- name: Install by apt, with lists of packages that are not older than an hour
  brickwork.gluster.install_packages:
    name: [glusterfs-client]
    use: apt
    update_cache: true
    cache_valid_time: 3600
"""

RETURN = r"""
msg:
  description: Why the packages could not be installed, as the package manager's module says it. It returns more.
  returned: failure
  type: str
  sample: "No package matching 'glusterfs-clientx' is available"
"""
