# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do about the texts with which heketi refuses. Pure. PRIVATE to the collection."""

from typing import Optional

_EVACUATION = "see the heketi_topology documentation on what an evacuation needs"

#: What is found in a server's text, and what to do about it.
_ADVICE = (
    ("Token missing iss claim", "no user was given: set user, mostly to admin"),
    ("Unknown user", "user {user} is unknown: heketi knows admin and user only"),
    (
        "signature is invalid",
        "key is not the one that the server has for user {user} (HEKETI_ADMIN_KEY or HEKETI_USER_KEY in its "
        "environment, or jwt in its heketi.json)",
    ),
    ("Token used before issued", "{clocks}"),
    ("Token is expired", "{clocks}"),
    ("token is not valid yet", "{clocks}"),
    ("Invalid qsh claim", "something between here and the server changes the path; url must lead to heketi itself"),
    ("Administrator access required", "user {user} may do nothing here; set user to admin, with its key"),
    (
        "Service disabled for maintenance",
        "the server was set read-only; nobody can undo that over HTTP: send it SIGUSR2 or restart it",
    ),
    ("Server busy", "it works on as many things as max_inflight_operations allows; run again later"),
    ("glusterd running", "glusterd has to run on the node, and the server's ssh user must be able to log in there"),
    # heketi says "already initialized or contains data?" of each device that it can't set up, whatever LVM said.
    ("No device found for", "there is no such device on the node; look there with lsblk, and correct the name"),
    ("not found (or ignored by filtering)", "the node has no such device, or its LVM filter hides it (lvm.conf)"),
    (
        "already initialized or contains data",
        "the disk is not empty: if nothing on it is needed, destroydata: true on this one device lets heketi wipe it",
    ),
    ("No space", "room counts per device and node, not in sum: heketi_info shows both, and the largest brick"),
    ("Maximum number of bricks", "the volume has as many bricks as max_bricks_per_volume allows"),
    ("replace brick is not supported", "volumes that keep no copies can't be moved; " + _EVACUATION),
    ("No Replacement was found", "there is no other node with room on a device; " + _EVACUATION),
    ("heal info", "the volume has to be started and healed first; " + _EVACUATION),
    (
        "source brick for data to be healed",
        "files of the volume wait for healing from this brick: wait until gluster volume heal VOLUME info shows none "
        "(gluster_info tells, too), and run again",
    ),
    (
        "required peer bricks are online",
        "other bricks of its set are offline: bring them back (gluster_info shows which); and heketi 9 never moves a "
        "brick of a volume of two copies",
    ),
    ("already in use", "a volume that is part of a pending operation is hidden, and its name is taken all the same"),
    ("in use.", "a pending operation holds it: see pending_operations"),
    ("already used", "what is being added is not shown until it is done; nothing else may have that name"),
)


def advice_for(text: str, user: str, ahead: Optional[int]) -> str:
    """Return what to do about an error text, "" if nothing is known.

    ahead is by how many seconds the clock of this host is ahead of the server's, None if that is unknown.
    """
    for found, advice in _ADVICE:
        if found in text:
            return advice.format(user=user or "(none)", clocks=_clocks(ahead))
    return ""


def _clocks(ahead: Optional[int]) -> str:
    if ahead is None:
        return "the clocks of this host and of the server differ"
    if ahead >= 0:
        return "the clock of this host is %s s ahead of the server's" % ahead
    return "the clock of this host is %s s behind the server's" % -ahead
