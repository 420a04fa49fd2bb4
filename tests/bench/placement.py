#!/usr/bin/env python
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the placement of many volumes, and of one more, beside random placement.

    make bench
    .venv/bin/python tests/bench/placement.py [--hosts 1000] [--devices 24] [--volumes 5000] [--zones 5] [--size 1000]

Prints time, peak memory, the fullest and the emptiest device, and the sets that are not spread over zones. All devices
have the same size. Random placement takes any three hosts, and on each any device with room. It starts from plain
dictionaries and ends with them, as the filter does.
"""

import argparse
import random
import resource
import time
from typing import NamedTuple

from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import EXTENT, GIB, brick_footprint, format_size
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.place import place_bricks

DEVICE = 8192 * GIB
FREE = DEVICE - EXTENT


class Place(NamedTuple):
    """Where one brick is."""

    host: str
    zone: str
    device: str
    size: int


def make_hosts(hosts, devices, zones):
    return [
        {
            "name": "node%04d" % number,
            "address": "10.%d.%d.1" % divmod(number, 256),
            "zone": "zone%03d" % (number % zones),
            "devices": [{"path": "/dev/disk%02d" % disk, "size": DEVICE, "free": FREE} for disk in range(devices)],
        }
        for number in range(hosts)
    ]


def make_volumes(count, largest, seed=1):
    """Return replicated volumes of many sizes, as a cluster that serves claims of all kinds has them."""
    chance = random.Random(seed)
    return [
        {"name": "volume%05d" % number, "type": "replicate", "size": "%dGiB" % chance.randint(10, largest)}
        for number in range(count)
    ]


def as_existing(placed, hosts):
    """Return the placement as bricks of running volumes, and the hosts with what they leave free."""
    existing = [
        dict(
            volume=volume["name"],
            in_volume=True,
            **{key: brick[key] for key in ("index", "host", "device", "size", "path")},
        )
        for volume in placed["volumes"]
        for brick in volume["bricks"]
    ]
    used = {}
    for brick in existing:
        key = (brick["host"], brick["device"])
        used[key] = used.get(key, 0) + brick_footprint(brick["size"])
    left = [
        dict(
            host,
            devices=[
                dict(disk, free=disk["free"] - used.get((host["name"], disk["path"]), 0)) for disk in host["devices"]
            ],
        )
        for host in hosts
    ]
    return existing, left


def sets_of(placed):
    return [
        [Place(brick["host"], brick["zone"], brick["device"], brick["size"]) for brick in volume["bricks"]]
        for volume in placed["volumes"]
    ]


def place_at_random(sizes, hosts, seed=2):
    chance = random.Random(seed)
    free = {(host["name"], disk["path"]): disk["free"] for host in hosts for disk in host["devices"]}
    sets = []
    for size in sizes:
        places = []
        for host in chance.sample(hosts, 3):
            fitting = [disk for disk in host["devices"] if free[host["name"], disk["path"]] >= brick_footprint(size)]
            disk = chance.choice(fitting)["path"]
            free[host["name"], disk] -= brick_footprint(size)
            places.append(Place(host["name"], host["zone"], disk, size))
        sets.append(places)
    return sets


def timed(label, call):
    start = time.perf_counter()
    result = call()
    print("%-34s %8.2f s   peak memory so far %.0f MiB" % (label, time.perf_counter() - start, peak_mib()))
    return result


def peak_mib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report(label, sets, hosts):
    used = {(host["name"], disk["path"]): 0 for host in hosts for disk in host["devices"]}
    for place in (place for places in sets for place in places):
        used[place.host, place.device] += brick_footprint(place.size)
    fullest, emptiest = max(used.values()), min(used.values())
    mean = sum(used.values()) / len(used)
    spread = (sum((value - mean) ** 2 for value in used.values()) / len(used)) ** 0.5
    largest = max(brick_footprint(place.size) for places in sets for place in places)
    bad = sum(len({place.zone for place in places}) < len(places) for places in sets)
    print("%s:" % label)
    print("  fullest device       %s" % format_size(fullest))
    print("  emptiest device      %s" % format_size(emptiest))
    print(
        "  they differ by       %s (the largest brick takes %s)"
        % (format_size(fullest - emptiest), format_size(largest))
    )
    print("  standard deviation   %s of %s mean" % (format_size(int(spread)), format_size(int(mean))))
    print("  sets not over zones  %d of %d" % (bad, len(sets)))


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("hosts", 1000), ("devices", 24), ("volumes", 5000), ("zones", 5), ("size", 1000)):
        parser.add_argument("--" + name, type=int, default=default)
    return parser.parse_args()


def main():
    wanted = read_arguments()
    hosts = make_hosts(wanted.hosts, wanted.devices, wanted.zones)
    volumes = make_volumes(wanted.volumes, wanted.size)
    print(
        "%d hosts with %d devices in %d zones, %d volumes"
        % (wanted.hosts, wanted.devices, wanted.zones, wanted.volumes)
    )
    placed = timed("placing all volumes", lambda: place_bricks(volumes, hosts))
    existing, left = as_existing(placed, hosts)
    one_more = [*volumes, {"name": "one-more", "type": "replicate", "size": "100GiB"}]
    again = timed("adding one volume to them", lambda: place_bricks(one_more, left, existing))
    moved = sum(
        old["bricks"][0]["host"] != new["bricks"][0]["host"] for old, new in zip(placed["volumes"], again["volumes"])
    )
    print("volumes that moved: %d" % moved)
    report("place_bricks", sets_of(placed), hosts)
    sizes = [volume["brick_size"] for volume in placed["volumes"]]
    report("random placement", timed("random placement", lambda: place_at_random(sizes, hosts)), hosts)


if __name__ == "__main__":
    main()
