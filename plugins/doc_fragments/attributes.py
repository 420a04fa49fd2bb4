# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation that all modules share."""


class ModuleDocFragment:
    """What every module of this collection that runs on a node takes and can do."""

    DOCUMENTATION = r"""
options:
  command_timeout:
    description:
      - Seconds for one command on the node. A command that takes longer is ended, and the state is read to see what it
        did.
    type: int
    default: 180
attributes:
  action_group:
    description: Use C(group/brickwork.gluster.gluster) in C(module_defaults) to set options for all modules.
    support: full
    membership:
      - brickwork.gluster.gluster
  platform:
    description: The operating systems of the machines that the module runs on.
    support: full
    platforms: linux
notes:
  - Runs on Python 3.6 or newer, as root. Set C(become) where the connection is another user's.
  - Programs are run in the C locale and with a time limit.
"""

    #: For modules that change things.
    CHANGES = r"""
attributes:
  check_mode:
    description: Returns the steps that it would take, and takes none.
    support: full
  idempotent:
    description: A second run with the same options changes nothing and returns no steps.
    support: full
  diff_mode:
    description: Shows the state before and after.
    support: full
"""

    #: For modules that only look.
    INFO = r"""
attributes:
  check_mode:
    description: Changes nothing in any mode.
    support: full
  idempotent:
    description: Changes nothing.
    support: full
  diff_mode:
    description: Changes nothing, so there is no difference to show.
    support: N/A
"""

    #: For action plugins that run on the controller only and change nothing.
    CONTROLLER = r"""
attributes:
  check_mode:
    support: full
    description: Runs as always, since it changes nothing.
  diff_mode:
    support: none
    description: There is nothing that could differ.
  idempotent:
    support: full
    description: Changes nothing.
  platform:
    support: full
    platforms: linux
    description: The operating system of the controller.
  action:
    support: full
    description: Runs on the controller.
"""
