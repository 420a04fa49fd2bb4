# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is shown of modules that show nothing themselves, and when each host speaks. Pure. PRIVATE to the collection."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Optional

from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.progress import duration

#: How many lines there are at once, however many hosts wait.
_AT_ONCE = 4
#: True of every module that plans from what it finds.
SAFE = "Ctrl-C is safe: the same playbook, run again, goes on from what is there"
#: A transaction of RPMs that is cut off can leave two versions of one package, which nobody may judge for the user.
_LET_END = (
    "Better than Ctrl-C is to let it end: the next run completes what apt was cut off in; what yum or dnf were, "
    "docs/repair.md tells how to mend"
)


class Silence(NamedTuple):
    """What a module does, by its state where it has some, and seconds of each of its waits, None without a limit.

    interrupted is what Ctrl-C means.
    """

    words: Mapping[str, str]
    seconds: Optional[int] = None
    interrupted: str = SAFE

    def told(self, arguments: Mapping[str, Any]) -> str:
        """Return what is waited for. A state that the module does not have is the module's to refuse."""
        return self.words.get(str(arguments.get("state", "")), self.words[""])

    def limit(self, arguments: Mapping[str, Any]) -> str:
        """Return how long a wait of the module may be, as it was asked."""
        return "" if self.seconds is None else f" (each wait: at most {arguments.get('timeout', self.seconds)} s)"


#: The seconds are the defaults that the modules document.
SILENCES: Mapping[str, Silence] = {
    "gluster_brick": Silence({"": "the volume takes up the new brick, and the brick comes online"}, 120),
    "gluster_clone": Silence({"": "the clone is made and started, and its bricks come online"}, 120),
    # Of its waits, that for healing has a limit of its own.
    "gluster_daemon": Silence({"": "glusterd is configured and started, and the pool becomes whole"}),
    "gluster_identity": Silence({"": "glusterd gets its identity back, and the members see each other"}, 120),
    "gluster_node": Silence(
        {
            "": "the node changes its state",
            "maintenance": "the node goes out of service: its bricks and glusterd end",
            "active": "the node comes back into service: glusterd starts",
        },
        120,
    ),
    # Only what takes long is told: the installation.
    "gluster_node_info": Silence({"": "there is no python3 yet, which is looked for and installed"}),
    "gluster_pause": Silence(
        {
            "": "the volumes change their state",
            "paused": "the volumes are stopped",
            "resumed": "the volumes are started, and their bricks come online",
        },
        120,
    ),
    "gluster_peer": Silence({"": "the pool takes or leaves members, and the peers see each other"}, 60),
    "gluster_peer_names": Silence({"": "the address is changed, and the members see each other"}, 120),
    "gluster_readdress": Silence({"": "the pool and its bricks get to know the new address"}, 120),
    "gluster_replica": Silence({"": "bricks leave and come, and the new ones come online"}, 120),
    "gluster_snapshot": Silence({"": "the snapshots are made or removed"}),
    "gluster_volume": Silence({"": "the volumes become as desired, and their bricks come online"}, 120),
    "heketi_topology": Silence({"": "heketi gets the topology that is desired, and moves bricks"}, 600),
    "install_packages": Silence(
        {"": "packages are downloaded and installed, usually within minutes"}, interrupted=_LET_END
    ),
    "lvm_brick": Silence({"": "disks and bricks become as desired: LVM, file systems, mounts"}),
    "rpm_folder": Silence(
        {"": "the RPMs are brought, checked and installed, usually within minutes"}, interrupted=_LET_END
    ),
}


class Turns(NamedTuple):
    """After how many seconds a host speaks first, and how many are between its lines."""

    first: float
    then: float


def turns(every: float, hosts: Sequence[str], host: str) -> Turns:
    """Return when a host of a play speaks: a few hosts at once, and the next ones with the next line that is due."""
    at_least = max(every, 1.0)
    place = hosts.index(host) if host in hosts else 0
    groups = max(-(-len(hosts) // _AT_ONCE), 1)
    return Turns(at_least * (1 + place // _AT_ONCE), at_least * groups)


def line(host: str, silence: Silence, arguments: Mapping[str, Any], seconds: float) -> str:
    """Return what is shown of a wait."""
    return f"{host}: {silence.told(arguments)}: for {duration(seconds)}{silence.limit(arguments)}"
