# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter that decides where bricks go, on the controller: data in, data out, nothing touched."""

DOCUMENTATION = r"""
name: place_bricks
short_description: Decide which host and device each brick of each volume goes to
version_added: 1.0.0
author:
  - Brickwork contributors (@brickwork)
description:
  - Takes the desired volumes, the hosts with their failure zones and devices, and the existing bricks, and returns
    every volume with all its bricks in the order that C(gluster volume create) needs.
  - An existing brick is never moved and keeps its position. Bricks that an interrupted run prepared are used again.
  - Two bricks of a set never share a host. The zone policy says how a set is spread over zones.
  - Devices fill evenly. On devices of equal size in zones of equal size, the fullest and the emptiest differ by no
    more than the largest brick placed.
  - The same input gives the same result, in whatever order hosts and volumes are given.
  - All errors in the input are reported at once, before anything is placed.
positional: hosts
options:
  _input:
    description: The volumes. Other keys than these are passed through untouched.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the volume; letters, digits, C(-) and C(_).
        type: str
        required: true
      type:
        description:
          - Kind of the volume. V(distributed-replicate) and the like mean the same; more than one set makes it so.
          - V(stripe) was dropped in GlusterFS 6 and is refused with the alternative.
        type: str
        choices: [distribute, replicate, arbiter, disperse]
        required: true
      replicas:
        description: Copies of each file. V(2) has to be asked for, since two copies can end in split-brain.
        type: int
        default: 3
      arbiter:
        description: With O(_input[].type=replicate) and three replicas, the same as O(_input[].type=arbiter).
        type: bool
        default: false
      disperse_data:
        description: Data bricks of each dispersed set.
        type: int
        default: 4
      redundancy:
        description: Bricks of each dispersed set that may be lost. Less than O(_input[].disperse_data).
        type: int
        default: 2
      sets:
        description:
          - Sets that files are spread over. As many as exist if left out, one for a new volume.
          - Fewer than exist are refused. Nothing is removed by leaving it out.
        type: int
      size:
        description:
          - Usable size of the whole volume, such as V(100GiB). Needed for a new volume.
          - Bricks only grow. A size smaller than what exists keeps what exists.
        type: str
      hosts:
        description: Names of the only hosts that new bricks may go to. All hosts if left out.
        type: list
        elements: str
      devices:
        description: Paths of the only devices that new bricks may go to, on any of these hosts. All if left out.
        type: list
        elements: str
  hosts:
    description: The hosts of the pool.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Inventory name.
        type: str
        required: true
      address:
        description: Address that the pool knows the host by; unique.
        type: str
        required: true
      zone:
        description:
          - Failure zone, such as a rack or a room.
          - If no host has a zone other than V(default), each host counts as a zone of its own.
        type: str
        default: default
      arbiter_only:
        description:
          - Whether the host takes no data bricks, only arbiters. V(true) if left out for the hosts of a zone that is
            called V(arbiter), else V(false).
        type: bool
      devices:
        description:
          - Disks for bricks, each with C(path), C(size), C(free) (what new bricks may take) and, where it is missing or
            full, C(reason). Sizes are in bytes, or such as V(4TiB).
        type: list
        elements: dict
        required: true
  existing:
    description:
      - Bricks of these volumes that exist. Those of other volumes are ignored; their room is just not free.
    type: list
    elements: dict
    default: []
    suboptions:
      volume:
        description: Name of the volume.
        type: str
        required: true
      index:
        description: Position in the volume, from 1; of a prepared brick the number in its name.
        type: int
        required: true
      host:
        description: Inventory name of its host.
        type: str
        required: true
      device:
        description: Path of its device, if known.
        type: str
      size:
        description: Its size in bytes, if known.
        type: int
      path:
        description: Its brick directory.
        type: str
      in_volume:
        description: V(true) for a brick of a running volume, V(false) for one that an interrupted run prepared.
        type: bool
        required: true
      fixed:
        description:
          - V(true) for a brick of a running volume that is given as a prepared one, so that gaps beside it are filled.
            It stays, also where it breaks a rule.
        type: bool
        default: false
  zone_policy:
    description:
      - V(strict) puts each brick of a replica set into another zone, and no more bricks of a dispersed set into a zone
        than may be lost; or fails and says which zone lacks what.
      - V(preferred) does it as well as it can and says where it can't.
    type: str
    choices: [strict, preferred]
    default: strict
  root:
    description: Folder of the bricks' mount points.
    type: str
    default: /srv/gluster
notes:
  - An arbiter brick has a sixteenth of its data bricks' size, 512 MiB at least, which is 4 KiB for each file at an
    average of 64 KiB. It goes to hosts and devices that data bricks can't use, if there are any, else to the emptiest.
  - Devices are compared by size in steps of at most 6 %; among about equal ones, the room that is left evens out.
"""

EXAMPLES = r"""
- name: Place a replicated volume on three hosts
  ansible.builtin.set_fact:
    placed: "{{ volumes | brickwork.gluster.place_bricks(hosts, zone_policy='strict') }}"
  vars:
    volumes:
      - name: shared
        type: replicate
        size: 100GiB
    hosts:
      - {name: n1, address: 10.0.0.1, zone: a, devices: [{path: /dev/sdb, size: 200GiB, free: 199GiB}]}
      - {name: n2, address: 10.0.0.2, zone: b, devices: [{path: /dev/sdb, size: 200GiB, free: 199GiB}]}
      - {name: n3, address: 10.0.0.3, zone: c, devices: [{path: /dev/sdb, size: 200GiB, free: 199GiB}]}

- name: Say where the bricks go, and why
  ansible.builtin.debug:
    var: placed.explanation
"""

RETURN = r"""
_value:
  description: The placement.
  type: dict
  contains:
    volumes:
      description:
        - The volumes as given, in the same order, with C(type), C(replicas), C(arbiters), C(disperse_data) and
          C(redundancy) (none where they do not apply), C(sets), C(brick_size) in bytes, and C(bricks).
        - Each brick has C(index), C(name), C(host), C(address), C(zone), C(device), C(size) in bytes, C(mount),
          C(path), C(arbiter), C(exists) (in the volume or prepared) and C(in_volume).
      type: list
      elements: dict
    explanation:
      description: Why the bricks are where they are, in lines for people.
      type: list
      elements: str
"""

from collections.abc import Callable, Iterable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.brickwork.gluster.plugins.module_utils.defaults import ROOT
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError
from ansible_collections.brickwork.gluster.plugins.module_utils.reading import FOREIGN
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement import place


def place_bricks(
    volumes: Iterable[Any],
    hosts: Iterable[Any],
    existing: Iterable[Any] = (),
    zone_policy: str = "strict",
    root: str = ROOT,
) -> dict[str, Any]:
    """Return the volumes with all their bricks in order, and why; see DOCUMENTATION."""
    try:
        return place.place_bricks(volumes, hosts, existing, zone_policy, root)
    except BrickworkError as error:
        raise AnsibleFilterError("place_bricks: %s" % error)
    except FOREIGN as error:
        raise AnsibleFilterError("place_bricks: what it was given has another form (%s)" % error)


class FilterModule:
    """Makes the filter known to Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"place_bricks": place_bricks}
