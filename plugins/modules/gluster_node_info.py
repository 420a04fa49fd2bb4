#!/usr/bin/python
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_node_info
short_description: Read all that planning needs of a storage node or a client, in one call
version_added: 1.0.0
description:
  - Reads in one call what M(brickwork.gluster.plan_cluster) needs of a node - its Python, GlusterFS, the pool as it
    sees it, disks, LVM, bricks, missing packages, and what is to be done to glusterd and to the firewall.
  - The answer grows with what is on the node, and not with the pool. Volumes are told by name with a digest of what the
    node knows of them; M(brickwork.gluster.gluster_info) reads them in full, on one node.
  - It needs no facts, and no look for an interpreter before it. Where the node has no Python that Ansible can use, the
    node is asked by a shell script, and, with O(python_install=true), gets one.
options:
  bricks:
    description: Read GlusterFS, disks and bricks. Leave it out on machines that only mount volumes.
    type: dict
    suboptions:
      devices:
        description: The disks for bricks, as O(brickwork.gluster.lvm_brick_info#module:devices).
        type: list
        elements: raw
        default: []
      root:
        description: The folder below which bricks are mounted.
        type: path
        default: /srv/gluster
      pool:
        description:
          - Read the whole pool and its volumes as well. One node is enough.
        type: bool
        default: false
  packages:
    description: By family of operating system (V(Debian), V(RedHat)) the packages that have to be installed.
    type: dict
  repository:
    description: A repository that O(packages) come from. What differs from it is told, not changed.
    type: dict
    suboptions:
      url:
        description: Its address, which is only shown; empty for one that is configured already.
        type: str
        default: ""
      version:
        description: The version of GlusterFS's own packages, or its beginning; empty for any.
        type: str
        default: ""
      families:
        description:
          - By family of operating system a dictionary with V(files) (path -> text of each file that defines the
            repository, with V({release}) for the codename of the distribution's release) and V(locks) (the files that
            hold versions; none where the package manager has a mark for it).
        type: dict
        default: {}
  rpm_folder:
    description: A folder of RPMs that the software comes from, as M(brickwork.gluster.rpm_folder) takes it.
    type: dict
    suboptions:
      path:
        description: See M(brickwork.gluster.rpm_folder).
        type: str
        required: true
      remote_src:
        description: See M(brickwork.gluster.rpm_folder).
        type: bool
        default: false
      files:
        description: See M(brickwork.gluster.rpm_folder).
        type: list
        elements: str
        default: []
      brought:
        description: The files of a folder on the controller. The part that runs there fills this in.
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
            description: Not used here, as nothing is brought.
            type: path
      packages:
        description: See M(brickwork.gluster.rpm_folder).
        type: list
        elements: str
        default: [glusterfs-server, attr, psmisc, rpcbind]
      whole_set:
        description: See M(brickwork.gluster.rpm_folder).
        type: bool
        default: true
      allow_downgrade:
        description: See M(brickwork.gluster.rpm_folder).
        type: bool
        default: false
      checksums:
        description: See M(brickwork.gluster.rpm_folder).
        type: str
      gpg_key:
        description: See M(brickwork.gluster.rpm_folder).
        type: str
  daemon:
    description: The desired settings of glusterd, as M(brickwork.gluster.gluster_daemon) takes them.
    type: dict
    suboptions:
      working_directory:
        description: See M(brickwork.gluster.gluster_daemon).
        type: path
      base_port:
        description: See M(brickwork.gluster.gluster_daemon).
        type: int
      max_port:
        description: See M(brickwork.gluster.gluster_daemon).
        type: int
      ping_timeout:
        description: See M(brickwork.gluster.gluster_daemon).
        type: int
      log_level:
        description: See M(brickwork.gluster.gluster_daemon).
        type: str
        choices: [TRACE, DEBUG, INFO, WARNING, ERROR, CRITICAL, NONE]
      events:
        description: See M(brickwork.gluster.gluster_daemon).
        type: bool
      certificates:
        description: See M(brickwork.gluster.gluster_daemon).
        type: bool
        default: false
  tls:
    description: The desired certificate of the machine, as M(brickwork.gluster.gluster_tls) takes it.
    type: dict
    suboptions:
      name:
        description: See M(brickwork.gluster.gluster_tls).
        type: str
        required: true
      authority:
        description: See M(brickwork.gluster.gluster_tls).
        type: str
      certificate:
        description: See M(brickwork.gluster.gluster_tls).
        type: str
      private_key:
        description: See M(brickwork.gluster.gluster_tls).
        type: str
      files:
        description:
          - Files on the controller with the texts of O(tls.authority), O(tls.certificate) and O(tls.private_key), by
            these names. The last may be encrypted by ansible-vault.
          - An authority of one's own has V(signing_key) beside V(authority). Where both are missing, and the machine
            encrypts, the task fails.
        type: dict
      renew_days:
        description: See M(brickwork.gluster.gluster_tls).
        type: int
        default: 90
  firewall:
    description: The ports to open, as M(brickwork.gluster.gluster_firewall) takes them.
    type: dict
    suboptions:
      network:
        description: See M(brickwork.gluster.gluster_firewall).
        type: str
      base_port:
        description: See M(brickwork.gluster.gluster_firewall).
        type: int
      max_port:
        description: See M(brickwork.gluster.gluster_firewall).
        type: int
      name:
        description: See M(brickwork.gluster.gluster_firewall).
        type: str
        default: gluster
      ports:
        description: See M(brickwork.gluster.gluster_firewall).
        type: list
        elements: int
        default: []
  managed:
    description:
      - What a role keeps in order on the machine, so that the plan can tell whether that role is due. No secret is
        returned, and none is sent.
    type: dict
    suboptions:
      files:
        description:
          - Paths of which kind, owner, group, mode, a file's sha256, and a link's target are returned.
          - V(~NAME/) at the beginning is the home of an account. Of a file that holds a short secret take
            O(managed.keyed_sums), because short secrets can be guessed from a sum.
        type: list
        elements: str
        default: []
      keyed_sums:
        description:
          - By path, KEY:SUM - a random key of this run, and the HMAC (sha256) that the file has to have with it.
          - Only whether it has is returned.
        type: dict
        default: {}
      sums:
        description: By path of a note in the form of C(sha256sum), the files whose sum it has to be, taken together.
        type: dict
        default: {}
      services:
        description: Units of systemd, by their full names.
        type: list
        elements: str
        default: []
      accounts:
        description: Names of accounts.
        type: list
        elements: str
        default: []
      kernel_modules:
        description: Names of modules of the kernel.
        type: list
        elements: str
        default: []
      public_keys:
        description: Paths of private ssh keys of which the public half is returned.
        type: list
        elements: str
        default: []
      texts:
        description: Paths of text files of which the content is returned, V("") for one that is not there.
        type: list
        elements: str
        default: []
      packages:
        description: As O(packages), for that role.
        type: dict
      firewall:
        description: As O(firewall), for that role.
        type: dict
        suboptions:
          network:
            description: See M(brickwork.gluster.gluster_firewall).
            type: str
          base_port:
            description: See M(brickwork.gluster.gluster_firewall).
            type: int
          max_port:
            description: See M(brickwork.gluster.gluster_firewall).
            type: int
          name:
            description: See M(brickwork.gluster.gluster_firewall).
            type: str
            default: gluster
          ports:
            description: See M(brickwork.gluster.gluster_firewall).
            type: list
            elements: int
            default: []
  upgrade:
    description: Read what the playbook for upgrades needs. Nothing is upgraded.
    type: dict
    suboptions:
      version:
        description: The desired version of GlusterFS, or its beginning; empty for the newest that there is.
        type: str
        default: ""
      offers:
        description: Whether the package manager, or O(rpm_folder), is asked for the versions that it has.
        type: bool
        default: true
  files:
    description: Paths of text files of which the content is returned, V("") for one that is not there.
    type: list
    elements: path
    default: []
  asked:
    description: The controller's time in seconds since 1970, from which the offset of the node's clock is told.
    type: str
    default: ""
  from_role:
    description:
      - Take all other options from the variables of the role C(gluster_software).
      - For the roles of this collection, which look at hundreds of machines.
    type: bool
    default: false
  python_install:
    description: Whether Python is installed on a node that has none. It is not in check mode.
    type: bool
    default: false
  python_folder:
    description: A folder of RPMs on the node from which Python is installed, instead of the node's repositories.
    type: path
    default: ""
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.info
attributes:
  action:
    support: partial
    description: The part that finds an interpreter runs on the controller.
notes:
  - Ansible's own search for an interpreter is left out; V(/usr/bin/python3) is tried first, or what
    C(ansible_python_interpreter) names.
"""

EXAMPLES = r"""
- name: Look at a storage node with two disks for bricks
  brickwork.gluster.gluster_node_info:
    bricks:
      devices: [/dev/sdb, /dev/sdc]
  register: look

- name: Show what is on the disks
  ansible.builtin.debug:
    msg: "{{ look.disks.devices }}"
"""

RETURN = r"""
node:
  description:
    - The node itself - C(python), C(interpreter), C(gluster) (its version), C(space), C(clock_offset), C(boot) (another
      text after each boot).
  returned: success
  type: dict
  sample: {"python": "3.11.2", "interpreter": "/usr/bin/python3", "gluster": "10.3", "clock_offset": 0, "boot": "3b5a…"}
gluster:
  description:
    - What the node knows of GlusterFS - C(installed), C(version), C(running), C(uuid), C(op_version), C(peers) (how
      many members it sees, itself among them), C(unwell) (those of them that it does not count on), C(known_volumes)
      (how many volumes it knows), C(doubtful) (the started volumes with a brick of this node that has no process, or
      with a task under way here), C(certificate_days) (how long its certificate holds), C(maintenance) (since when it
      is in maintenance, and why, see M(brickwork.gluster.gluster_node)).
  returned: with O(bricks)
  type: dict
  sample: {"installed": true, "version": "10.3", "running": true, "peers": 3, "known_volumes": 1}
details:
  description:
    - What is large, as one JSON text, because Ansible copies nested data many times - C(disks), what
      M(brickwork.gluster.lvm_brick_info) returns, without the ids of all volumes of the pool, and C(volumes), by name a
      digest of what the node knows of the volume.
  returned: with O(bricks)
  type: str
  sample: '{"disks":{"bricks":[],"devices":[]},"volumes":{"shared":"5f1c20aa"}}'
pool_details:
  description:
    - The pool and its volumes, in the form of M(brickwork.gluster.gluster_info), as one JSON text.
  returned: with O(bricks.pool), where glusterd runs
  type: str
  sample: '{"pool":{"own_names":["node1"],"peers":[]},"version":"10.3","volumes":[]}'
missing_packages:
  description:
    - Those of O(packages), or of the packages of O(rpm_folder), that are not installed; null on a system without dpkg
      and rpm.
  returned: with O(packages) or O(rpm_folder)
  type: list
  elements: str
  sample: [attr]
software:
  description:
    - What is to be done until the node has what O(repository) or O(rpm_folder) say; empty without these. The task fails
      where M(brickwork.gluster.rpm_folder) would refuse the folder. While files are still to be brought to the node,
      this is not known.
  returned: with O(packages) or O(rpm_folder)
  type: list
  elements: dict
  sample:
    - kind: install
      target: glusterfs-server 7.5, attr
      command: from /srv/glusterfs-7.5
      destroys: false
daemon:
  description: What M(brickwork.gluster.gluster_daemon) would do.
  returned: with O(daemon)
  type: list
  elements: dict
  sample:
    - kind: set_option
      target: ping-timeout
      command: 30 in /etc/glusterfs/glusterd.vol
      destroys: false
firewall:
  description: What M(brickwork.gluster.gluster_firewall) would do.
  returned: with O(firewall)
  type: list
  elements: dict
  sample:
    - kind: add_rule
      target: gluster
      command: ufw allow proto tcp from any to any port 24007
      destroys: false
certificate:
  description:
    - What M(brickwork.gluster.gluster_tls) would do (C(steps)), why a new certificate is due (C(due), empty if none
      is), whether the machine encrypts (C(encrypts)), and why nothing can be done (C(refusal), empty if it can).
  returned: with O(tls)
  type: dict
  sample: {"due": "it ends on 2027-02-01", "steps": [], "encrypts": true, "refusal": ""}
managed:
  description:
    - What there is of what O(managed) names, under the same names. What is not there is left out of C(files) and
      C(accounts).
  returned: with O(managed)
  type: dict
  sample:
    files:
      /etc/heketi: {"kind": "directory", "owner": "root", "group": "heketi", "mode": "0755"}
    services:
      heketi.service: {"active": true, "enabled": true}
upgrade:
  description:
    - The version of the program that mounts (C(version)).
    - Which version there is for the node (C(offered), null where nobody was asked or no package of it is there) -
      C(installed), C(version) (the best that fits, empty for none), C(versions) (all, best first), C(names) (the
      packages as the package manager wants them named), C(held) (those that it marks as held) and C(unfinished) (those
      that it was cut off in).
    - Where volumes are mounted by an older program than the installed one (C(old_mounts)), and where
      C(/etc/fstab) would have one mounted and none is (C(missing_mounts)).
    - What the node calls itself, host names and addresses (C(own_names)).
  returned: with O(upgrade)
  type: dict
  sample:
    version: "10.3"
    offered:
      installed: 10.3-5
      version: 11.1-6
      versions: [11.1-6, 10.3-5]
      names: [glusterfs-client=11.1-6, glusterfs-server=11.1-6]
      held: []
      unfinished: []
    old_mounts: [/mnt/shared]
    missing_mounts: [/mnt/archive]
    own_names: [node1, 192.168.72.101]
ansible_facts:
  description: C(discovered_interpreter_python), which spares Ansible its own search where the inventory names none.
  returned: where Python was found
  type: dict
  sample: {"discovered_interpreter_python": "/usr/bin/python3"}
files:
  description: The texts of O(files) by path.
  returned: success
  type: dict
  sample: {"/etc/fstab": "/dev/vda / ext4 defaults 0 1"}
dead_mounts:
  description:
    - Where volumes of C(/etc/fstab) are mounted by a process that has ended, so that all who use them get errors.
  returned: where O(files) has C(/proc/mounts)
  type: list
  elements: str
  sample: [/mnt/shared]
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, failure, require_root
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.operation import SETTINGS_SPEC
from ansible_collections.brickwork.gluster.plugins.module_utils.defaults import ROOT
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.operation import OPENING_SPEC
from ansible_collections.brickwork.gluster.plugins.module_utils.look import look, packed
from ansible_collections.brickwork.gluster.plugins.module_utils.managed import MANAGED_SPEC
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.desired import FOLDER_SPEC
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.operation import TLS_SPEC

_BRICKS_SPEC = {
    "devices": {"type": "list", "elements": "raw", "default": []},
    "root": {"type": "path", "default": ROOT},
    "pool": {"type": "bool", "default": False},
}
_UPGRADE_SPEC = {"version": {"type": "str", "default": ""}, "offers": {"type": "bool", "default": True}}
_REPOSITORY_SPEC = {
    "url": {"type": "str", "default": ""},
    "version": {"type": "str", "default": ""},
    "families": {"type": "dict", "default": {}},
}


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        bricks={"type": "dict", "options": _BRICKS_SPEC},
        packages={"type": "dict"},
        repository={"type": "dict", "options": _REPOSITORY_SPEC},
        rpm_folder={"type": "dict", "options": FOLDER_SPEC},
        daemon={"type": "dict", "options": SETTINGS_SPEC},
        firewall={"type": "dict", "options": OPENING_SPEC},
        tls={"type": "dict", "options": dict(TLS_SPEC, files={"type": "dict"})},
        managed={"type": "dict", "options": MANAGED_SPEC},
        upgrade={"type": "dict", "options": _UPGRADE_SPEC},
        files={"type": "list", "elements": "path", "default": []},
        asked={"type": "str", "default": ""},
        from_role={"type": "bool", "default": False},
        python_install={"type": "bool", "default": False},
        python_folder={"type": "path", "default": ""},
    )


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    require_root(module)
    try:
        seen = look(CommandRunner(), module.params)
    except BrickworkError as error:
        module.fail_json(looked=True, **failure(error))
    module.exit_json(changed=False, looked=True, **packed(seen))


if __name__ == "__main__":
    main()
