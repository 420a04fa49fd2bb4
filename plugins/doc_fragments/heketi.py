# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation that the modules about heketi share."""


class ModuleDocFragment:
    """How a heketi server is reached, and what every module about it takes."""

    DOCUMENTATION = r"""
options:
  url:
    description: Where the server listens, such as V(http://heketi.example.com:8080).
    type: str
    required: true
  user:
    description: V(admin). heketi's other user, V(user), has too few rights for the modules.
    type: str
    default: admin
  key:
    description: The user's key. A server without authentication accepts any key.
    type: str
    required: true
  ca_path:
    description: PEM file with the authority that signed the server's certificate. Those of the system if not given.
    type: path
  timeout:
    description:
      - Seconds to wait for an operation, such as setting up a device or moving its bricks.
      - The server continues the operation after that time.
    type: int
    default: 600
  command_timeout:
    description: Seconds for one request.
    type: int
    default: 180
attributes:
  action_group:
    description:
      - Use C(group/brickwork.gluster.heketi) in C(module_defaults) to set options for all modules about heketi, and
        C(group/brickwork.gluster.gluster) for all modules.
    support: full
    membership:
      - brickwork.gluster.gluster
      - brickwork.gluster.heketi
  platform:
    description: The operating systems of the machines that the module runs on.
    support: full
    platforms: linux
notes:
  - Runs on Python 3.6 or newer on any host that reaches the server, the controller included. Needs no root.
  - Uses heketi's REST API; C(heketi-cli) is not needed.
"""
