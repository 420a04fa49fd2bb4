#!/usr/bin/env python
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the plan of a whole cluster, from the inventory and the answers of the look as plain data.

    .venv/bin/python tests/bench/plan.py --nodes 50 --devices 8 --volumes 200 [--present]

Makes the answers itself: machines with empty disks, or, with --present, with all volumes there, on LVM bricks, and
nothing left to do. Ends with "seconds: N", the time from plain data to the plan.
"""

import argparse
import resource
import sys
import time
from types import SimpleNamespace

from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.marks import Mark
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Peer, Pool, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm import fstab
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.boot_order import BOOT_FILES, order_steps
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.desired import desired_device
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.info import brick_facts, device_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import (
    OUR_TAG,
    POOL_TAG,
    BrickPlace,
    Device,
    FileSystem,
    LogicalVolume,
    Mount,
    ObservedHost,
    PhysicalVolume,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import (
    EXTENT,
    GIB,
    brick_footprint,
    pool_metadata_size,
    round_up,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.plan import Settings, plan_cluster
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.read import read_node
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import pool_answer

DISK = 8192 * GIB
ROOT = "/srv/gluster"
OPTIONS = "noatime,inode64"


def address(number):
    return "10.%d.%d.1" % divmod(number, 256)


def name_of(number):
    return "node%04d" % number


def uuid_of(number):
    return "00000000-0000-4000-8000-%012d" % number


def device_paths(count):
    return ["/dev/disk/by-id/disk%02d" % disk for disk in range(count)]


def desired_volumes(count):
    return [
        {
            "name": "volume%05d" % number,
            "type": "replicate",
            "size": "%dGiB" % (10 + number % 50),
            "options": {"performance.cache-size": "64MB"},
        }
        for number in range(count)
    ]


def machine(number, devices):
    values = {
        "gluster_address": address(number),
        "gluster_zone": "zone%d" % (number % 5),
        "gluster_devices": [{"path": path} for path in device_paths(devices)],
    }
    return SimpleNamespace(name=name_of(number), values=values)


def bare_host(number, devices):
    return ObservedHost(
        host=name_of(number),
        machine_id="%032x" % number,
        boot_id="boot",
        devices={path: Device(path, "/dev/sd%d" % disk, DISK) for disk, path in enumerate(device_paths(devices))},
    )


def host_with_bricks(number, devices, bricks):
    """Return a host with these bricks: (volume, its id, number, device, size) each."""
    groups = {path: "brickwork_disk%02d" % disk for disk, path in enumerate(device_paths(devices))}
    used = dict.fromkeys(groups, 0)
    for _volume, _id, _number, device, size in bricks:
        used[device] += brick_footprint(size)
    physicals = {
        path: PhysicalVolume("/dev/sd%d" % disk, "pv%d" % disk, groups[path], (OUR_TAG,), DISK - EXTENT - used[path])
        for disk, path in enumerate(groups)
        if used[path]
    }
    host = bare_host(number, devices)._replace(
        uuid=uuid_of(number),
        physicals=tuple(physicals.values()),
        volume_ids={},
        devices={
            path: Device(path, "/dev/sd%d" % disk, DISK, physical=physicals.get(path))
            for disk, path in enumerate(groups)
        },
    )
    logicals, mounts, lines, places, filesystems, paths = [], [], [], {}, {}, {}
    for volume, volume_id, index, device, size in bricks:
        name, group = "%s-%d" % (volume, index), groups[device]
        pool = LogicalVolume(
            "pool_" + name,
            group,
            round_up(size, EXTENT),
            (POOL_TAG,),
            metadata_size=pool_metadata_size(size),
            data_percent=1.0,
        )
        logical = LogicalVolume("brick_" + name, group, round_up(size, EXTENT), pool=pool.name)
        mount, uuid = "%s/%s" % (ROOT, name), "%s-%d" % (volume_id, index)
        logicals += [pool, logical]
        mounts.append(Mount(logical.mapper_path, mount, "xfs", uuid))
        lines.append(fstab.brick_line(logical.path, mount, OPTIONS))
        places[mount + "/brick"] = BrickPlace(False, True, False, Mark(mount + "/brick", volume_id, False))
        filesystems[logical.path] = FileSystem("xfs", uuid)
        paths[mount + "/brick"] = volume
    return host._replace(
        logicals=tuple(logicals),
        mounts=tuple(mounts),
        fstab="\n".join(lines) + "\n",
        places=places,
        filesystems=filesystems,
        used_paths=paths,
        boot_files={step.target: step.text for step in order_steps(paths, dict.fromkeys(BOOT_FILES, ""))},
    )


def look(host, devices, names, peers):
    """Return what gluster_node_info answers for a host."""
    bricks = [path.split("/")[-2] for path in host.places]
    return {
        "gluster": {
            "installed": True,
            "running": True,
            "version": "10.3",
            "uuid": host.uuid or uuid_of(int(host.host[4:])),
            "peers": peers,
            "unwell": [],
            "listening": True,
            "op_version": 100000,
            "known_volumes": len(names),
            "volumes": names,
            "memory": 256 * GIB,
        },
        "disks": {
            "devices": [device_facts(desired_device(path), host) for path in device_paths(devices)],
            "bricks": [brick_facts(name, host, ROOT) for name in bricks],
            "observed": to_facts(host),
        },
        "missing_packages": [],
        "daemon": [],
        "firewall": [],
    }


def pool_of(nodes):
    local = Peer(uuid_of(0), ("localhost",), True, None, "")
    others = [Peer(uuid_of(number), (address(number),), True, 3, "Peer in Cluster") for number in range(1, nodes)]
    return Pool((local, *others), (address(0),))


def volume_of(placed, number):
    numbers = {name: int(name[4:]) for name in {brick["host"] for brick in placed["bricks"]}}
    bricks = tuple(
        Brick(brick["address"], brick["path"], uuid_of(numbers[brick["host"]])) for brick in placed["bricks"]
    )
    volume_id = "10000000-0000-4000-8000-%012d" % number
    return Volume(placed["name"], volume_id, "Started", 3, 0, 0, 0, bricks, dict(placed["options"]))


def plain_data(arguments):
    """Return machines, looks and the pool's answer, as they come from the inventory and from the nodes."""
    machines = [machine(number, arguments.devices) for number in range(arguments.nodes)]
    desired = desired_volumes(arguments.volumes)
    looks = [look(bare_host(number, arguments.devices), arguments.devices, {}, 1) for number in range(arguments.nodes)]
    answer = {
        "pool": to_facts(pool_of(arguments.nodes if arguments.present else 1)),
        "volumes": [],
        "version": "10.3",
        "op_version": 100000,
    }
    if not arguments.present:
        return machines, looks, answer, desired
    plan = planned(machines, looks, answer, desired)
    volumes = [volume_of(volume, number) for number, volume in enumerate(plan["volumes"])]
    by_host = {each.name: [] for each in machines}
    for volume, placed in zip(volumes, plan["volumes"]):
        for brick in placed["bricks"]:
            by_host[brick["host"]].append(
                (volume.name, volume.volume_id, brick["index"], brick["device"], brick["size"])
            )
    names = {volume.name: "%08x" % number for number, volume in enumerate(volumes)}
    hosts = [host_with_bricks(number, arguments.devices, by_host[each.name]) for number, each in enumerate(machines)]
    looks = [look(host, arguments.devices, names, arguments.nodes) for host in hosts]
    return machines, looks, dict(answer, volumes=to_facts(volumes)), desired


def planned(machines, looks, answer, desired):
    """Return the plan: what is measured."""
    nodes = [read_node(each, seen) for each, seen in zip(machines, looks)]
    return plan_cluster(desired, nodes, Settings(), pool_answer(answer))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("nodes", 50), ("devices", 8), ("volumes", 200)):
        parser.add_argument("--" + name, type=int, default=default)
    parser.add_argument("--present", action="store_true", help="all volumes are there")
    arguments = parser.parse_args()
    data = plain_data(arguments)
    start = time.perf_counter()
    plan = planned(*data)
    seconds = time.perf_counter() - start
    steps = sum(len(node["steps"]) for node in plan["bricks"].values()) + sum(
        len(volume["steps"]) for volume in plan["volumes"]
    )
    print("%d nodes, %d volumes, %d steps" % (arguments.nodes, arguments.volumes, steps))
    if arguments.present and plan["needs_change"]:
        sys.exit("all is there, and the plan has steps")
    print("peak memory: %d MiB" % (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))
    print("seconds: %.2f" % seconds)


if __name__ == "__main__":
    main()
