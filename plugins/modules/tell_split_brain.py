# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin of this name, which runs on the controller."""

DOCUMENTATION = r"""
module: tell_split_brain
short_description: Tell the copies of what is in split-brain side by side, on the controller
version_added: 1.0.0
description:
  - Joins what M(brickwork.gluster.gluster_split_brain_info) lists with the copies that it read on each node. Says the
    size and time of each copy, which was written last, and which is the biggest; of a folder which names in it stand
    for different files. Nothing is contacted or changed.
  - The copies have to be registered as C(gluster_split_brain_copies) on every host. Bricks of a host without them are
    told as not read.
options:
  files:
    description: What is in split-brain, as M(brickwork.gluster.gluster_split_brain_info) lists it.
    type: list
    elements: dict
    required: true
  waiting:
    description:
      - What waits for healing, as M(brickwork.gluster.gluster_split_brain_info) lists it. Folders in which a name
        stands for different files are told, and nothing else.
    type: list
    elements: dict
    default: []
  hosts:
    description: The storage nodes that may have read copies.
    type: list
    elements: str
    required: true
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes.controller
"""

EXAMPLES = r"""
- name: List what is in split-brain
  brickwork.gluster.gluster_split_brain_info:
  register: found
  run_once: true

- name: Read the copies on each node
  brickwork.gluster.gluster_split_brain_info:
    files: "{{ found.files + found.waiting }}"
  register: gluster_split_brain_copies

- name: Join them
  brickwork.gluster.tell_split_brain:
    files: "{{ found.files }}"
    waiting: "{{ found.waiting }}"
    hosts: "{{ groups.gluster_servers }}"
  register: told
  run_once: true

- name: Show them
  ansible.builtin.debug:
    msg: "{{ told.lines }}"
  run_once: true
"""

RETURN = r"""
lines:
  description: What people read, a line for each entry and for each copy of it.
  returned: success
  type: list
  elements: str
  sample:
    - "volume shared: /data/report.odt"
    - "  192.168.72.101:/srv/gluster/shared-1/brick: file, 18.3 KiB, 2026-11-28 10:40:12.250 UTC, written last, biggest"
    - "  192.168.72.102:/srv/gluster/shared-2/brick: file, 17.9 KiB, 2026-11-28 10:31:05.000 UTC"
seen:
  description: What the bricks tell beyond the list, for the option of the same name of
    M(brickwork.gluster.gluster_split_brain).
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
      description: Its path, empty where no brick knows it.
      type: str
    conflicts:
      description: Of a folder the names in it that stand for different files; null where not all of it could be read.
      type: list
      elements: str
  sample:
    - volume: shared
      gfid: 59a7949b-a1ac-4be8-a0a8-3a88bb32e27f
      path: /data
      conflicts: [notes.txt]
"""
