#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_split_brain_info
short_description: List what is in split-brain, and read the copies on a node's bricks
version_added: 1.0.0
description:
  - Without O(files), lists what is in split-brain in replicated volumes that are started. Dispersed volumes know no
    split-brain.
  - With O(files), reads the copies of these on the bricks of the node that it runs on, and asks nobody. Their sizes and
    times tell which copy to keep.
  - Of one name that stands for different files, because it was made anew on each brick while the others were away,
    GlusterFS lists the folder. So of a folder the names in it are told, with their gfids.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.info
options:
  volumes:
    description: The volumes to ask for. By default all that are replicated and started.
    type: list
    elements: str
    default: []
  files:
    description: What is listed, as RV(files). Only the bricks of this node are read.
    type: list
    elements: dict
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
        description: Its path in the volume, empty where it is not known.
        type: str
        default: ""
      bricks:
        description: The bricks that hold it.
        type: list
        elements: dict
        required: true
        suboptions:
          name:
            description: The brick, as C(host:/path).
            type: str
            required: true
          host_uuid:
            description: The member of the pool that holds it.
            type: str
            required: true
          arbiter:
            description: Whether it is an arbiter.
            type: bool
            default: false
notes:
  - No file is opened, and no link is followed.
seealso:
  - module: brickwork.gluster.tell_split_brain
  - module: brickwork.gluster.gluster_split_brain
"""

EXAMPLES = r"""
- name: List what is in split-brain
  brickwork.gluster.gluster_split_brain_info:
  register: found
  run_once: true

- name: Read this node's copies of what is listed
  brickwork.gluster.gluster_split_brain_info:
    files:
      - volume: shared
        gfid: 6afff3c7-c8e7-4074-a815-a24d8ae81ec4
        path: /data/report.odt
        bricks:
          - name: 192.168.72.101:/srv/gluster/shared-1/brick
            host_uuid: 0f2a3bd4-1d14-4f4b-9d4c-0b3b7b0c1a55
  register: seen
"""

RETURN = r"""
files:
  description: What is in split-brain, each entry once for each set of bricks that lists it.
  returned: without O(files)
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
      description: Its path in the volume, empty where no brick tells it.
      type: str
    bricks:
      description: All bricks of the set, each with C(name), C(host_uuid) and C(arbiter).
      type: list
      elements: dict
  sample:
    - volume: shared
      gfid: 6afff3c7-c8e7-4074-a815-a24d8ae81ec4
      path: /data/report.odt
      bricks:
        - name: 192.168.72.101:/srv/gluster/shared-1/brick
          host_uuid: 0f2a3bd4-1d14-4f4b-9d4c-0b3b7b0c1a55
          arbiter: false
waiting:
  description:
    - What waits for healing and is not in RV(files), in the same form. A folder in which a name stands for different
      files may wait for ever; the copies tell.
    - Empty where more than 100 entries wait in a volume.
  returned: without O(files)
  type: list
  elements: dict
  sample:
    - volume: shared
      gfid: d9602185-5bcf-42b5-8c5f-73a1c524f8c5
      path: /data
      bricks:
        - name: 192.168.72.101:/srv/gluster/shared-1/brick
          host_uuid: 0f2a3bd4-1d14-4f4b-9d4c-0b3b7b0c1a55
          arbiter: false
copies:
  description: What the bricks of this node have of O(files).
  returned: with O(files)
  type: list
  elements: dict
  contains:
    volume:
      description: Name of the volume.
      type: str
    gfid:
      description: The gfid of the entry.
      type: str
    brick:
      description: The brick.
      type: str
    path:
      description: The path, also where only the brick knows it; else empty.
      type: str
    found_gfid:
      description: The gfid of what is there, empty where it has none.
      type: str
    kind:
      description: V(file), V(directory), V(link), V(other), V(missing) or V(unreadable).
      type: str
    size:
      description: Bytes. An arbiter keeps none.
      type: int
    modified:
      description: When its data was last written, as clients see it, in seconds since 1970.
      type: float
    names:
      description:
        - Of a directory what is in it, each with C(name), C(gfid), C(kind), C(size) and C(modified). What can't be
          printed of a name stands there as its escape.
      type: list
      elements: dict
    cut:
      description: Whether the directory holds more than these 2000 names, which are its first ones.
      type: bool
    reason:
      description: Why it could not be read.
      type: str
  sample:
    - volume: shared
      gfid: 6afff3c7-c8e7-4074-a815-a24d8ae81ec4
      brick: 192.168.72.101:/srv/gluster/shared-1/brick
      path: /data/report.odt
      found_gfid: 6afff3c7-c8e7-4074-a815-a24d8ae81ec4
      kind: file
      size: 18734
      modified: 1795862412.25
      names: []
      cut: false
      reason: ""
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, report
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.brick_files import read_copies
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.info import own_uuid
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.split_brain import (
    file_facts,
    observe_split_brains,
)

_BRICK = {
    "name": {"type": "str", "required": True},
    "host_uuid": {"type": "str", "required": True},
    "arbiter": {"type": "bool", "default": False},
}
_FILE = {
    "volume": {"type": "str", "required": True},
    "gfid": {"type": "str", "required": True},
    "path": {"type": "str", "default": ""},
    "bricks": {"type": "list", "elements": "dict", "required": True, "options": _BRICK},
}


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        volumes={"type": "list", "elements": "str", "default": []},
        files={"type": "list", "elements": "dict", "options": _FILE},
    )


def observed(params: Dict[str, Any]) -> Dict[str, Any]:
    """Return the list, or the copies of what is listed."""
    if params["files"] is not None:
        return {"copies": to_facts(read_copies(params["files"], own_uuid()))}
    gluster = Gluster(CommandRunner(), params["command_timeout"])
    found = observe_split_brains(gluster, params["volumes"])
    return {"files": [*map(file_facts, found.listed)], "waiting": [*map(file_facts, found.waiting)]}


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    report(module, lambda: observed(module.params))


if __name__ == "__main__":
    main()
