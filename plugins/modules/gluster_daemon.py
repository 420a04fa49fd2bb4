#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_daemon
short_description: Keep glusterd configured and running
version_added: 0.1.0
description:
  - Starts glusterd now and at every boot. Where there is a unit C(glusterfsd) (EL), the same is done with that; it ends
    the bricks in order at shutdown.
  - Writes those settings that are given, and leaves the rest of C(glusterd.vol) as its package made it.
  - A changed setting is followed by a restart of glusterd, and of nothing else; brick processes go on, also where
    systemd would end them with it (Debian). Before and after it the module waits until every member of the pool sees
    every member connected, so with C(throttle) on the task one node at a time is away.
  - A restart that was still to be done when a run was cut off is done by the next one.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.changes
options:
  working_directory:
    description:
      - Where glusterd keeps its pool and volumes. C(/var/lib/glusterd) as the packages have it.
      - Another one is refused on a node that keeps volumes or peers, unless they were copied there.
    type: path
  base_port:
    description: First port for bricks, C(base-port) in C(glusterd.vol). GlusterFS itself takes 49152.
    type: int
  max_port:
    description:
      - Last port for bricks, C(max-port) in C(glusterd.vol). The packages set 60999.
      - GlusterFS 10 and newer takes any port of the range, older ones the first that is free. Bricks that run keep
        theirs until they are started anew.
      - Below GlusterFS 10, glusterd finds a brick only within its range, and no new client reaches one outside of it.
        There, bricks outside of a range that is asked for are ended before the restart, and started anew by it, where
        their volumes can do without them for a while. With other volumes the range is refused.
    type: int
  ping_timeout:
    description:
      - Seconds after which glusterd takes a member that does not answer for gone, C(ping-timeout) in C(glusterd.vol).
        The packages set V(0), which is never. Left alone if not given.
      - A member that vanishes in the middle of a command keeps the pool's lock for so long.
    type: int
    version_added: 0.2.0
  log_level:
    description: What glusterd writes to its log.
    type: str
    choices: [TRACE, DEBUG, INFO, WARNING, ERROR, CRITICAL, NONE]
  events:
    description: Whether glustereventsd, which tells others what happens in the pool, runs. Left alone if not given.
    type: bool
  certificates:
    description:
      - Whether certificates that are newer than a process (see M(brickwork.gluster.gluster_tls)) are a change, too.
      - Then glusterd is restarted, and before it those bricks are ended that their volumes can do without for a while,
        since glusterd starts them anew. Before that and after it the module also waits until all bricks of such volumes
        are there, and healed.
      - Bricks of other volumes go on with what they have read at their start; RV(old_certificates) names them.
    type: bool
    default: false
  restart:
    description: Whether a change of settings is followed by a restart. If not, RV(restart_needed) says that one is due.
    type: bool
    default: true
  timeout:
    description: Seconds to wait until the pool is whole, before a restart and after it.
    type: int
    default: 60
  heal_timeout:
    description:
      - Seconds to wait until what bricks have missed is healed, with O(certificates). Healing is asked for meanwhile.
    type: int
    default: 600
seealso:
  - module: brickwork.gluster.gluster_tls
  - module: brickwork.gluster.gluster_peer
"""

EXAMPLES = r"""
- name: Start glusterd now and at every boot
  brickwork.gluster.gluster_daemon:

- name: Give bricks 100 ports, and restart glusterd on one node after the other
  brickwork.gluster.gluster_daemon:
    base_port: 50000
    max_port: 50099
  throttle: 1
"""

RETURN = r"""
restart_needed:
  description: Whether glusterd runs with other settings than its files have, because O(restart=false).
  returned: success
  type: bool
  sample: false
old_certificates:
  description:
    - With O(certificates), bricks that run with older certificates than the files, and that nobody but the user can
      restart, as their volumes do not serve without them.
  returned: success
  type: list
  elements: str
  sample: ["192.168.72.101:/srv/gluster/scratch-1/brick"]
steps:
  description: The steps that were taken, or in check mode would be; the same in both.
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
    - kind: set_option
      target: max-port
      command: 55000 in /etc/glusterfs/glusterd.vol
      destroys: false
    - kind: restart
      target: glusterd
      command: systemctl restart glusterd
      destroys: false
steps_done:
  description: The steps that were done before one failed.
  returned: when a step failed
  type: list
  elements: dict
  sample:
    - kind: set_option
      target: max-port
      command: 55000 in /etc/glusterfs/glusterd.vol
      destroys: false
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: restart
    target: glusterd
    command: systemctl restart glusterd
    destroys: false
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import DaemonHost
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.operation import (
    LOG_LEVELS,
    DaemonOperation,
    Limits,
    desired_daemon,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster


def argument_spec():
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        working_directory={"type": "path"},
        base_port={"type": "int"},
        max_port={"type": "int"},
        ping_timeout={"type": "int"},
        log_level={"type": "str", "choices": list(LOG_LEVELS)},
        events={"type": "bool"},
        certificates={"type": "bool", "default": False},
        restart={"type": "bool", "default": True},
        timeout={"type": "int", "default": 60},
        heal_timeout={"type": "int", "default": 600},
    )


def main():
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    desired = desired_or_fail(module, desired_daemon)
    runner, limit = CommandRunner(), module.params["command_timeout"]
    host, gluster = DaemonHost(runner, limit), Gluster(runner, limit)
    limits = Limits(module.params["timeout"], module.params["heal_timeout"])
    run(module, DaemonOperation(host, gluster, desired, limits, installed_needed=not module.check_mode))


if __name__ == "__main__":
    main()
