#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_daemon
short_description: Keep glusterd configured and running
version_added: 1.0.0
description:
  - Starts glusterd now and at every boot. On EL it does the same with the unit C(glusterfsd), which stops the bricks in
    order at shutdown.
  - Writes the settings that are given, and leaves the rest of C(glusterd.vol) as the package made it.
  - Restarts glusterd after a changed setting. Brick processes keep running, also on Debian, where systemd would end
    them together with glusterd. Before and after the restart the module waits until every peer sees every other peer
    connected, so with C(throttle) on the task one node at a time is away.
  - If a run is cut off before the restart, the next run restarts glusterd.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.changes
options:
  working_directory:
    description:
      - Where glusterd keeps its pool and volumes. The packages use C(/var/lib/glusterd).
      - A change is refused on a node that has volumes or peers, unless they were copied to the new folder.
    type: path
  base_port:
    description: First port for bricks, C(base-port) in C(glusterd.vol). GlusterFS's default is 49152.
    type: int
  max_port:
    description:
      - Last port for bricks, C(max-port) in C(glusterd.vol). The packages set 60999.
      - GlusterFS 10 and newer uses any port of the range, older versions the first that is free. Running bricks keep
        their ports until they are restarted.
      - Below GlusterFS 10, glusterd finds a brick only within its range, and no new client can reach a brick outside
        of it. There, bricks outside of a new range are stopped before the restart of glusterd, which starts them
        again. If a volume can't serve without such a brick for a while, the range is refused.
    type: int
  ping_timeout:
    description:
      - Seconds after which glusterd regards a peer that does not answer as gone, C(ping-timeout) in C(glusterd.vol).
        The packages set V(0), which means never. Left alone if not given.
      - A peer that vanishes in the middle of a command holds the lock of the pool until then.
    type: int
  log_level:
    description: What glusterd writes to its log.
    type: str
    choices: [TRACE, DEBUG, INFO, WARNING, ERROR, CRITICAL, NONE]
  events:
    description: Whether glustereventsd runs, which sends events of the pool to webhooks. Left alone if not given.
    type: bool
  certificates:
    description:
      - Whether certificates that are newer than a process (see M(brickwork.gluster.gluster_tls)) are a reason to
        restart it, too.
      - Before glusterd is restarted, the module stops the bricks that their volumes can do without for a while;
        glusterd starts them again. Before and after that the module also waits until all bricks of these volumes are
        online and healed.
      - Bricks of other volumes keep the certificates that they read at their start. RV(old_certificates) names them.
    type: bool
    default: false
  restart:
    description:
      - Whether glusterd is restarted after a change of settings. If not, RV(restart_needed) says that it is due.
    type: bool
    default: true
  timeout:
    description: Seconds to wait until the pool is whole, before a restart and after it.
    type: int
    default: 60
  heal_timeout:
    description:
      - Seconds to wait until restarted bricks are healed, with O(certificates). The module requests healing meanwhile.
    type: int
    default: 600
notes:
  - Run the task on one host after the other, for example with C(throttle). Otherwise the hosts of the play may restart
    glusterd at the same time.
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
  description: Whether glusterd runs with settings other than those in its files, because of O(restart=false).
  returned: success
  type: bool
  sample: false
old_certificates:
  description:
    - With O(certificates), bricks that run with older certificates than those in the files. The user has to restart
      them, because their volumes can't serve without them.
  returned: success
  type: list
  elements: str
  sample: ["192.168.72.101:/srv/gluster/scratch-1/brick"]
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

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import DaemonHost
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.operation import (
    SETTINGS_SPEC,
    DaemonOperation,
    Limits,
    desired_daemon,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(
        dict(COMMON_SPEC, **SETTINGS_SPEC),
        restart={"type": "bool", "default": True},
        timeout={"type": "int", "default": 60},
        heal_timeout={"type": "int", "default": 600},
    )


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    desired = desired_or_fail(module, desired_daemon)
    runner, limit = CommandRunner(), module.params["command_timeout"]
    host, gluster = DaemonHost(runner, limit), Gluster(runner, limit)
    limits = Limits(module.params["timeout"], module.params["heal_timeout"])
    run(module, DaemonOperation(host, gluster, desired, limits, installed_needed=not module.check_mode))


if __name__ == "__main__":
    main()
