# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways from one version of GlusterFS to another of which GlusterFS itself says that they break. Pure. PRIVATE.

docs/upgrading.md shows the same table; a test compares them. A row that nobody has told in public has no place here.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.versions import numbers

_GUIDE = "https://docs.gluster.org/en/latest/Upgrade-Guide"
_ISSUES = "https://github.com/gluster/glusterfs/issues"


class Path(NamedTuple):
    """A way that breaks: from below one version to another, or to one at least as new.

    ends is the first version after those to which the way breaks, "" where it breaks to all that follow.
    concerns tells whether it breaks a volume, None where it breaks the pool, whatever its volumes are.
    acceptable is whether the user may name the volume in gluster_accept_downtime. serial_only is whether it breaks only
    where one member is upgraded after the other, so that all at once, with the volumes stopped, is a way.
    """

    below: str
    to: str
    breaks: str
    advice: str
    source: str
    ends: str = ""
    concerns: Optional[Callable[[Volume], bool]] = None
    acceptable: bool = False
    serial_only: bool = False

    def crosses(self, before: str, after: str) -> bool:
        """Whether an upgrade from one version to another goes this way. One to "" goes to nobody knows what."""
        if not before or not after or (self.below and numbers(before) >= numbers(self.below)):
            return False
        return numbers(after) >= numbers(self.to) and (not self.ends or _is_below(after, self.ends))

    @property
    def ways(self) -> str:
        """From where to where, in words."""
        if not self.below:
            return "any → any"
        return f"below {self.below} → {self.to} " + (f"to below {self.ends}" if self.ends else "or newer")


def _is_below(version: str, limit: str) -> bool:
    """Whether a version, or all that begins with it, is below a limit: C(10) is not below C(10.1), as 10.3 is not."""
    found = numbers(version)
    return found < numbers(limit)[: len(found)]


def _is_set(*options: str) -> Callable[[Volume], bool]:
    """Return what tells whether a volume has one of the options, by whatever value but off."""
    return lambda volume: any(volume.options.get(name, "off") not in ("off", "disable", "0") for name in options)


def _is_dispersed(volume: Volume) -> bool:
    return volume.disperse > 0


def _is_striped_or_tiered(volume: Volume) -> bool:
    return any(word in volume.type_text.lower() for word in ("strip", "tier"))


def _names_nfs(volume: Volume) -> bool:
    return "nfs.disable" in volume.options


def _too_far(below: str, to: str, ends: str = "") -> Path:
    return Path(
        below,
        to,
        f"GlusterFS {to} does not name it among the versions from which it can be reached",
        "upgrade to a version in between first",
        f"{_GUIDE}/upgrade-to-{to}/",
        ends=ends,
    )


PATHS = (
    Path(
        "6",
        "6",
        "striped and tiered volumes are gone",
        "copy what they hold to volumes of another type, or detach the tier, before",
        f"{_GUIDE}/upgrade-to-6/",
        concerns=_is_striped_or_tiered,
    ),
    _too_far("3.12", "7", "8"),
    _too_far("5", "8", "9"),
    _too_far("6", "9", "10"),
    _too_far("7", "10", "11"),
    _too_far("8", "11"),
    Path(
        "4.1",
        "6",
        "the options features.lock-heal and features.grace-timeout are gone, and a volume that has them set fails",
        "reset them (gluster volume reset NAME OPTION) before",
        f"{_GUIDE}/upgrade-to-6/",
        concerns=_is_set("features.lock-heal", "features.grace-timeout"),
    ),
    Path(
        "7",
        "7",
        "quota's checksums are made in another way, and members reject each other until glusterd was restarted on all",
        "disable quota for the upgrade, or follow the guide by hand",
        f"{_GUIDE}/generic-upgrade-procedure/",
        concerns=_is_set("features.quota"),
    ),
    Path(
        "8",
        "8",
        "geo-replication keeps its changelogs in other directories",
        "stop the session, run GlusterFS's script for each brick, and upgrade by the guide",
        f"{_GUIDE}/upgrade-to-8/",
        concerns=_is_set("geo-replication.indexing"),
    ),
    Path(
        "9",
        "9",
        "members with 9.0 or 9.1 do not understand those with older versions",
        "take 9.2 or newer",
        f"{_ISSUES}/2351",
        ends="9.2",
    ),
    Path(
        "10",
        "10",
        "10.0 leaves stripe_count out of the volumes' files, so that members reject each other",
        "take 10.1 or newer",
        f"{_ISSUES}/3066",
        ends="10.1",
    ),
    Path(
        "11",
        "11",
        "11 leaves nfs.disable out of the volumes' files, so that members reject each other until all have it",
        "set gluster_upgrade_offline: true, and name the volumes in gluster_accept_downtime: they are stopped, and all "
        "servers are taken there at once",
        f"{_GUIDE}/upgrade-to-11/",
        concerns=_names_nfs,
        serial_only=True,
    ),
    Path(
        "",
        "",
        "GlusterFS supports no upgrade of dispersed volumes while they are in use",
        "set gluster_upgrade_offline: true to take all servers there at once; or name the volume in "
        "gluster_accept_downtime to have it upgraded all the same, one healed node after the other",
        f"{_GUIDE}/generic-upgrade-procedure/",
        concerns=_is_dispersed,
        acceptable=True,
        serial_only=True,
    ),
)


def broken_paths(
    before: str, after: str, volumes: Iterable[Volume], accepted: Sequence[str], offline: bool = False
) -> list[str]:
    """Return in sentences why an upgrade between two versions breaks, none where nobody has told of it.

    accepted are the volumes whose clients can wait. offline is whether all servers are upgraded at once, with all
    volumes stopped.
    """
    started = [volume for volume in volumes if volume.is_started]
    return [
        _sentence(path, before, after, names)
        for path, names in _crossed(before, after, started, accepted)
        if not (offline and path.serial_only)
    ]


def _crossed(
    before: str, after: str, volumes: Sequence[Volume], accepted: Sequence[str]
) -> Iterable[tuple[Path, list[str]]]:
    for path in PATHS:
        if path.crosses(before, after):
            names = [volume.name for volume in volumes if path.concerns and path.concerns(volume)]
            left = [name for name in names if not (path.acceptable and name in accepted)]
            if left or path.concerns is None:
                yield path, left


def _sentence(path: Path, before: str, after: str, names: Sequence[str]) -> str:
    about = f" (volumes {', '.join(names)})" if names else ""
    return f"from {before} to {after}: {path.breaks}{about}; {path.advice}; see {path.source}"
