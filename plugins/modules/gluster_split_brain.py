#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_split_brain
short_description: Resolve files in split-brain by a policy
version_added: 1.0.0
description:
  - Overwrites the other copies of a file in split-brain with the one that a policy chooses. Only what O(files) names is
    touched.
  - Resolves names that stand for different files (a gfid split-brain), too. GlusterFS lists the folder of such a name;
    here the name itself is given.
  - A path that is not in split-brain is no change.
  - Refuses, before the first change, a brick of the set that does not serve, since that may hold the better copy, and a
    source that is an arbiter or no brick of the set.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.changes
options:
  files:
    description: What is resolved, and how.
    type: list
    elements: dict
    required: true
    suboptions:
      volume:
        description: Name of the volume.
        type: str
        required: true
      path:
        description: The path from the volume's root, or C(gfid:) and the gfid of a file whose path is not known.
        type: str
        required: true
      policy:
        description:
          - Which copy stays. V(latest-mtime) is the one that was written last, V(bigger-file) the one with more bytes,
            V(source-brick) the one on O(files[].source).
          - Of the metadata of a file (owner, mode, attributes), only V(source-brick) can choose.
        type: str
        required: true
        choices: [latest-mtime, bigger-file, source-brick]
      source:
        description: With V(source-brick), the brick whose copy stays, as C(host:/path).
        type: str
  seen:
    description:
      - What M(brickwork.gluster.tell_split_brain) returned as RV(brickwork.gluster.tell_split_brain#module:seen). With
        it, paths are known that GlusterFS does not tell, and which names in a folder stand for different files.
      - Without it, each named path whose folder is listed is resolved, and that counts as a change.
    type: list
    elements: dict
    default: []
    suboptions:
      volume:
        description: Name of the volume.
        type: str
        required: true
      gfid:
        description: The gfid of the entry.
        type: str
        required: true
      path:
        description: Its path, empty where no brick knows it.
        type: str
        default: ""
      conflicts:
        description: Of a folder the names in it that stand for different files, left out where they are not all known.
        type: list
        elements: str
notes:
  - The copies that are not chosen are lost.
  - A file is copied before its command ends, for up to a day, whatever O(command_timeout) says. Where that was cut off,
    name the brick that was chosen as V(source-brick). A copy that is half written may be the one that was written last.
  - It does not wait until the folders have healed; M(brickwork.gluster.gluster_heal) does.
seealso:
  - module: brickwork.gluster.gluster_split_brain_info
  - module: brickwork.gluster.tell_split_brain
"""

EXAMPLES = r"""
- name: Keep the copy that was written last, and of another file the one on node1
  brickwork.gluster.gluster_split_brain:
    files:
      - volume: shared
        path: /data/report.odt
        policy: latest-mtime
      - volume: shared
        path: /data/notes.txt
        policy: source-brick
        source: 192.168.72.101:/srv/gluster/shared-1/brick
  run_once: true
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
      description: Whether the step destroys data, as each of these does.
      type: bool
  sample:
    - kind: resolve
      target: /data/report.odt of volume shared
      command: gluster volume heal shared split-brain latest-mtime /data/report.odt
      destroys: true
left:
  description: What is still in split-brain in the volumes of O(files), but for folders that heal now.
  returned: success
  type: list
  elements: dict
  contains:
    volume:
      description: Name of the volume.
      type: str
    gfid:
      description: The gfid of the entry.
      type: str
    path:
      description: Its path, empty where it is not known.
      type: str
  sample:
    - volume: shared
      gfid: 2a993314-ef28-498b-87b2-5aed86f84774
      path: /data/plan.ods
steps_done:
  description: The steps that were done before one failed.
  returned: when a step failed
  type: list
  elements: dict
  sample:
    - kind: resolve
      target: /data/report.odt of volume shared
      command: gluster volume heal shared split-brain latest-mtime /data/report.odt
      destroys: true
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: resolve
    target: /data/plan.ods of volume shared
    command: gluster volume heal shared split-brain latest-mtime /data/plan.ods
    destroys: true
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.split_brain import (
    POLICIES,
    ResolveOperation,
    desired_resolutions,
)

_FILE = {
    "volume": {"type": "str", "required": True},
    "path": {"type": "str", "required": True},
    "policy": {"type": "str", "required": True, "choices": list(POLICIES)},
    "source": {"type": "str"},
}
_SEEN = {
    "volume": {"type": "str", "required": True},
    "gfid": {"type": "str", "required": True},
    "path": {"type": "str", "default": ""},
    "conflicts": {"type": "list", "elements": "str"},
}


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        files={"type": "list", "elements": "dict", "required": True, "options": _FILE},
        seen={"type": "list", "elements": "dict", "default": [], "options": _SEEN},
    )


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    desired = desired_or_fail(module, lambda params: desired_resolutions(params["files"]))
    gluster = Gluster(CommandRunner(), module.params["command_timeout"])
    run(module, ResolveOperation(gluster, desired, module.params["seen"]))


if __name__ == "__main__":
    main()
