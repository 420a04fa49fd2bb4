#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_state_backup
short_description: Save what a storage node's glusterd keeps in its working directory
version_added: 1.0.0
description:
  - Reads C(/var/lib/glusterd) of the node, as it is at one moment, and writes it to the controller as one archive. That
    is the node's identity, its peers, the definitions of volumes and snapshots, hooks, and geo-replication's sessions.
  - Where the newest archive of the node holds just that, none is written.
  - Private keys, such as those of geo-replication, are left out unless the archive is encrypted.
  - Of older archives of the node, as many are kept as O(keep) says. Files with other names are left alone.
  - No data of volumes is in it, and neither are certificates and C(/etc/glusterfs), which the playbook site makes.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
options:
  folder:
    description:
      - Folder on the controller. One that is not there is made, and only its owner can read it. The archives can be
        read by their owner only.
    type: str
    required: true
  keep:
    description: How many archives of the node are kept.
    type: int
    default: 10
  encrypt:
    description:
      - Whether the archive is encrypted by C(ansible-vault), with a password that ansible-playbook was given
        (C(--vault-password-file), C(--vault-id)).
    type: bool
    default: false
  vault_id:
    description: Of several vault passwords the one to encrypt with. By default the first.
    type: str
  about:
    description: What is told of the node in the archive. Set by the action plugin.
    type: dict
    default: {}
  has:
    description: The digest of the newest archive. Set by the action plugin.
    type: str
    default: ""
attributes:
  check_mode:
    description: Tells whether an archive would be written, and writes none.
    support: full
  idempotent:
    description: An archive is written where the state differs from the newest one.
    support: full
  diff_mode:
    description: What differs is not shown, as there are secrets in it.
    support: none
  action:
    description: Reads on the node and writes on the controller.
    support: full
notes:
  - glusterd may run meanwhile.
seealso:
  - module: brickwork.gluster.gluster_state_restore
"""

EXAMPLES = r"""
- name: Save glusterd's state
  brickwork.gluster.gluster_state_backup:
    folder: /srv/backup/gluster
    encrypt: true
"""

RETURN = r"""
archive:
  description: The newest archive of the node, in check mode the one that there is; empty for none.
  returned: success
  type: str
  sample: /srv/backup/gluster/node1-20261128T201500Z.tar.gz.vault
manifest:
  description: What is saved - C(uuid), C(op_version), C(peers), C(volumes), and C(digest) of all files.
  returned: success
  type: dict
  sample: {"uuid": "7d3c1e2a-5f0b-4f0e-9c55-4b3b6a1f9d10", "volumes": ["shared"]}
left_out:
  description: The private keys that are not in an archive which is not encrypted.
  returned: success
  type: list
  elements: str
  sample: ["geo-replication/secret.pem"]
removed:
  description: The older archives that were removed.
  returned: success
  type: list
  elements: str
  sample: ["/srv/backup/gluster/node1-20261020T201500Z.tar.gz.vault"]
"""

import base64
from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, report
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import DaemonHost
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.state import save_state
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.state_archive import pack
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters; the action plugin adds about (told in the manifest) and has."""
    return dict(
        COMMON_SPEC,
        folder={"type": "str", "required": True},
        keep={"type": "int", "default": 10},
        encrypt={"type": "bool", "default": False},
        vault_id={"type": "str"},
        about={"type": "dict", "default": {}},
        has={"type": "str", "default": ""},
    )


def saved(params: Dict[str, Any], host: DaemonHost, gluster: Gluster) -> Dict[str, Any]:
    """Return what the action plugin writes down: the archive only where it differs from what is there (has)."""
    state = save_state(host, params["encrypt"])
    manifest = dict(params["about"], version=gluster.version() or "", **state.manifest)
    content = ""
    if manifest["digest"] != params["has"]:
        content = base64.b64encode(pack(manifest, state.files)).decode("ascii")
    return {"manifest": manifest, "left_out": state.left_out, "content": content}


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    runner, limit = CommandRunner(), module.params["command_timeout"]
    report(module, lambda: saved(module.params, DaemonHost(runner, limit), Gluster(runner, limit)))


if __name__ == "__main__":
    main()
