# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster as its inventory and its nodes tell of it, for reports: replica 3 volumes on LVM bricks in five zones."""

import argparse

from ansible_collections.brickwork.gluster.plugins.action.gluster_report import report
from ansible_collections.brickwork.gluster.tests.bench.plan import plain_data

GIB = 1024**3
MADE = "2026-11-28T21:30:00Z"


class ReportedCluster:
    """What a report is made of, as plain data that tests change: hostvars by host, and what was told of the pool."""

    def __init__(self, nodes=5, devices=2, volumes=3):
        counts = argparse.Namespace(nodes=nodes, devices=devices, volumes=volumes, present=True)
        machines, looks, self.pool, desired = plain_data(counts)
        self.hosts = [one.name for one in machines]
        self.hostvars = {
            one.name: {
                **one.values,
                "gluster_cluster_name": "test",
                "gluster_volumes": desired,
                "gluster_server_seen": {**look, "node": {"python": "3.11.2", "gluster": "10.3"}},
            }
            for one, look in zip(machines, looks)
        }
        bricks = [(volume["name"], brick) for volume in self.pool["volumes"] for brick in volume["bricks"]]
        for volume in self.pool["volumes"]:
            volume["started"] = volume["status"] == "Started"
        self.pool.update(
            bricks=[_status(volume, brick) for volume, brick in bricks],
            heal=[_heal(volume, brick) for volume, brick in bricks],
            tasks=[],
            split_brain={},
            unread=[],
        )

    def look(self, host):
        """Return what was seen of a host."""
        return self.hostvars[host]["gluster_server_seen"]

    def silence(self, host):
        """Let a node answer nothing any more."""
        self.hostvars[host]["gluster_server_seen"] = {"unreachable": True, "msg": "no route to host"}
        address = self.hostvars[host]["gluster_address"]
        for brick in self.pool["bricks"]:
            brick["online"] = brick["online"] and brick["host"] != address
        for peer in self.pool["pool"]["peers"]:
            peer["connected"] = peer["connected"] and address not in peer["names"]

    def volume(self, name):
        """Return what the pool tells of a volume."""
        return next(volume for volume in self.pool["volumes"] if volume["name"] == name)

    def report(self, **arguments):
        """Return the report as data."""
        given = {"hosts": self.hosts, "pool": self.pool, "asked": self.hosts[0], **arguments}
        return report(given, self.hostvars, MADE)


def _status(volume, brick):
    return {
        "volume": volume,
        "volume_started": True,
        "host": brick["host"],
        "path": brick["path"],
        "arbiter": False,
        "online": True,
        "port": 49152,
        "pid": 1,
        "size": 10 * GIB,
        "free": 9 * GIB,
    }


def _heal(volume, brick):
    name = f"{brick['host']}:{brick['path']}"
    return {"volume": volume, "brick": name, "connected": True, "pending": 0, "split_brain": 0}
