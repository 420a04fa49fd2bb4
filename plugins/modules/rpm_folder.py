#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: rpm_folder
short_description: Install GlusterFS from a folder of RPMs in one transaction
version_added: 1.0.0
description:
  - Installs the packages that a node needs from a folder of RPMs, in one transaction, so the order of the files does
    not matter. The folder is on the controller, on the node or on a web server.
  - Reads the headers of all files first; their names do not matter. Chooses the newest version of each package, with
    everything in the folder that it depends on. Packages that are not needed are left out.
  - Uses C(dnf), C(yum) or C(rpm), the first of these that the node has. C(rpm --test) tries the transaction before. The
    module never uses C(--nodeps) or C(--force).
  - Asks repositories only for packages that are neither in the folder nor on the node.
  - Finds all problems before the first change, and reports them at once.
  - If a transaction was cut off, the next run completes it, and installs packages with missing or incomplete files
    again.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.changes
options:
  path:
    description:
      - The folder. In a folder on the controller or on the node, the module reads all files C(*.rpm).
      - An address that begins with C(http://) or C(https://) is a folder on a web server, from which the node fetches
        what it does not have yet. Its files are those that its index page links to, or those of O(files).
      - Files from the controller or a web server are kept in C(/var/cache/brickwork/rpms), until a run brings another
        file of the same package.
    type: str
    required: true
  remote_src:
    description: Whether O(path) is a folder on the node.
    type: bool
    default: false
  files:
    description: Names of the files of a folder on a web server that shows no index page.
    type: list
    elements: str
    default: []
  brought:
    description:
      - The files of a folder on the controller. The action that brings them to the node fills this in.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the file.
        type: str
        required: true
      sha256:
        description: The file's sha256.
        type: str
        required: true
      size:
        description: The file's size in bytes.
        type: int
        required: true
      path:
        description: Where on the node it was brought to, if it was.
        type: path
  packages:
    description:
      - Names of the packages to install. Their dependencies are taken from the folder, too.
      - Packages that are neither in the folder nor on the node are taken from the node's repositories. V(attr),
        V(psmisc), V(rpcbind), V(lvm2), V(device-mapper-persistent-data) and V(xfsprogs) are not needed if the node has
        their programs.
    type: list
    elements: str
    default: [glusterfs-server, attr, psmisc, rpcbind]
  whole_set:
    description:
      - Whether all other packages of GlusterFS in the folder are installed as well, if they have the same version.
      - A package with a missing dependency is left out, and RV(left_out) says what is missing.
    type: bool
    default: true
  allow_downgrade:
    description: Whether a node with a newer GlusterFS gets the older version of the folder. Otherwise it is refused.
    type: bool
    default: false
  checksums:
    description:
      - The sha256 that the files must have, as C(sha256sum) writes it. Every file C(*.rpm) of the folder must be named.
    type: str
  gpg_key:
    description:
      - A public key, as C(gpg --armor) writes it. Every file that is installed must be signed with it.
      - The key is used for this check only. The node does not trust it afterwards.
    type: str
notes:
  - A transaction may take half an hour. O(command_timeout) holds for commands that only read.
seealso:
  - module: ansible.builtin.dnf
"""

EXAMPLES = r"""
- name: GlusterFS from a folder on the controller
  brickwork.gluster.rpm_folder:
    path: /srv/glusterfs-7.5

- name: Only what a client needs, from a folder on the node
  brickwork.gluster.rpm_folder:
    path: /srv/glusterfs-7.5
    remote_src: true
    packages:
      - glusterfs-fuse
    whole_set: false

- name: From a web server, with checksums and a signature
  brickwork.gluster.rpm_folder:
    path: http://mirror.example.com/glusterfs-7.5/
    checksums: "{{ lookup('ansible.builtin.file', '/srv/glusterfs-7.5/SHA256SUMS') }}"
    gpg_key: "{{ lookup('ansible.builtin.file', '/srv/glusterfs-7.5/RPM-GPG-KEY') }}"
"""

RETURN = r"""
steps:
  description: The steps that were taken, or in check mode would be taken. They are the same in both.
  returned: success
  type: list
  elements: dict
  contains:
    kind:
      description: What kind of change.
      type: str
    target:
      description: What is changed.
      type: str
    command:
      description: The command that the step stands for.
      type: str
    destroys:
      description: Whether the step destroys data.
      type: bool
  sample:
    - kind: stage
      target: glusterfs-7.5-1.el7.x86_64.rpm
      command: copy to /var/cache/brickwork/rpms/glusterfs-7.5-1.el7.x86_64.rpm
      destroys: false
    - kind: install
      target: glusterfs
      command: yum -y install /var/cache/brickwork/rpms/glusterfs-7.5-1.el7.x86_64.rpm
      destroys: false
left_out:
  description: The files that are not installed.
  returned: success
  type: list
  elements: dict
  contains:
    file:
      description: Name of the file.
      type: str
    reason:
      description: Why.
      type: str
  sample:
    - file: glusterfs-geo-replication-7.5-1.el7.x86_64.rpm
      reason: it needs python3-prettytable
from_repositories:
  description: Packages that were neither in the folder nor on the node.
  returned: success
  type: list
  elements: str
  sample:
    - attr
missing:
  description: Files that have to be copied to the node first. The action plugin does that, so it is empty at the end.
  returned: success
  type: list
  elements: str
  sample:
    - glusterfs-7.5-1.el7.x86_64.rpm
steps_done:
  description: The steps that were done before one failed.
  returned: when a step failed
  type: list
  elements: dict
  sample:
    - kind: stage
      target: glusterfs-7.5-1.el7.x86_64.rpm
      command: copy to /var/cache/brickwork/rpms/glusterfs-7.5-1.el7.x86_64.rpm
      destroys: false
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: install
    target: glusterfs
    command: yum -y install /var/cache/brickwork/rpms/glusterfs-7.5-1.el7.x86_64.rpm
    destroys: false
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import (
    COMMON_SPEC,
    desired_or_fail,
    require_root,
    run,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.desired import (
    FOLDER_SPEC,
    desired_folder,
    source_of,
    sums_of,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.folder import FolderOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.host import local_host


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(COMMON_SPEC, **FOLDER_SPEC)


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    require_root(module)
    source = desired_or_fail(module, lambda params: source_of(params, module.tmpdir, params["command_timeout"]))
    missing = desired_or_fail(module, lambda _params: source.missing())
    if missing:
        module.exit_json(changed=False, missing=missing)
    desired, sums = desired_or_fail(module, desired_folder), desired_or_fail(module, sums_of)
    host = local_host(module.params["command_timeout"])
    operation = FolderOperation(host, desired, source, sums, module.params["gpg_key"])
    run(module, operation)


if __name__ == "__main__":
    main()
