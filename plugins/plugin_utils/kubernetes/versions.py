# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which way of offering volumes a version of Kubernetes has. Pure. PRIVATE to the collection."""

import re
from typing import Any, NamedTuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError

#: Kubernetes makes volumes by itself and asks heketi for them.
HEKETI = "heketi"
#: A volume is mounted on every node, and pods get folders of it.
MOUNTED = "mounted"
AUTO = "auto"
WAYS = (AUTO, HEKETI, MOUNTED)

#: kubernetes/kubernetes#112015 took the driver out.
FIRST_WITHOUT_DRIVER = (1, 26)
#: Server-side apply is on by default from here on.
FIRST_WITH_APPLY = (1, 16)

_VERSION = re.compile(r"v?([0-9]+)\.([0-9]+)")


class Way(NamedTuple):
    """How volumes are offered, and why not as it used to be ("" if there is nothing to say)."""

    name: str
    reason: str = ""


def choose_way(version: str, desired: str = AUTO) -> Way:
    """Return the Way for a cluster of that version, such as C(v1.20.2+k3s1); raises InputError where there is none."""
    numbers = parse_version(version)
    if desired not in WAYS:
        raise InputError("gluster_storageclass_way: found %r; write one of %s" % (desired, ", ".join(WAYS)))
    if numbers < FIRST_WITH_APPLY:
        raise InputError(
            "gluster_storageclass_version: found Kubernetes %s, which has no server-side apply; use 1.16 or newer"
            % version
        )
    gone = numbers >= FIRST_WITHOUT_DRIVER
    if desired == HEKETI and gone:
        raise InputError(
            "gluster_storageclass_way: heketi is not possible with Kubernetes %s, which has no driver "
            "kubernetes.io/glusterfs (removed in 1.26); use the way mounted" % version
        )
    if desired != AUTO:
        return Way(desired)
    if not gone:
        return Way(HEKETI)
    return Way(
        MOUNTED,
        "Kubernetes %s has no driver kubernetes.io/glusterfs any more (removed in 1.26), so volumes are mounted on its "
        "nodes, and pods get folders of them" % version,
    )


def parse_version(version: Any) -> tuple[int, int]:
    """Return major and minor of a version of Kubernetes; raises InputError."""
    match = _VERSION.match(str(version))
    if not match:
        raise InputError(
            "gluster_storageclass_version: found %r; write a version of Kubernetes, such as 1.25" % str(version)
        )
    return int(match.group(1)), int(match.group(2))
