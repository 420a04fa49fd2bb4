# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every placement, whatever the cluster and the volumes."""

import copy
import itertools

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlacementError
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import EXTENT, GIB, brick_footprint
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.place import place_bricks

#: Room for everything that the strategies below ask for, on any single device.
ROOMY = 1000
SHAPES = [
    {"type": "distribute"},
    {"type": "replicate", "replicas": 2},
    {"type": "replicate"},
    {"type": "arbiter"},
    {"type": "disperse", "disperse_data": 2, "redundancy": 1},
    {"type": "disperse"},
]
quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def clusters(draw, device_sizes=(2, 5, 9)):
    """Hosts with devices of some GiB, in up to four zones."""
    hosts = []
    for zone in draw(st.sampled_from(["a", "ab", "abc", "abcd"])):
        for number in range(draw(st.integers(1, 3))):
            sizes = draw(st.lists(st.sampled_from(device_sizes), min_size=1, max_size=3))
            hosts.append(make_host("%s%d" % (zone, number), zone, sizes))
    return hosts


def make_host(name, zone, sizes):
    devices = [
        {"path": "/dev/disk%d" % number, "size": size * GIB, "free": size * GIB - EXTENT}
        for number, size in enumerate(sizes)
    ]
    return {"name": name, "address": "addr-" + name, "zone": zone, "devices": devices}


volumes = st.lists(
    st.builds(
        lambda shape, sets, size: dict(shape, sets=sets, size="%dGiB" % size),
        st.sampled_from(SHAPES),
        st.integers(1, 3),
        st.integers(1, 6),
    ),
    min_size=1,
    max_size=4,
).map(lambda found: [dict(desired, name="v%d" % number) for number, desired in enumerate(found)])
policies = st.sampled_from(["strict", "preferred"])


def placed_or_assumed(*arguments):
    try:
        return place_bricks(*arguments)
    except (InputError, PlacementError):
        assume(False)


def all_bricks(placed):
    return [(volume, brick) for volume in placed["volumes"] for brick in volume["bricks"]]


def sets_of(volume):
    width = len(volume["bricks"]) // volume["sets"]
    return [volume["bricks"][first : first + width] for first in range(0, len(volume["bricks"]), width)]


def as_existing(chosen, in_volume):
    keys = ("index", "host", "device", "size", "path")
    return [
        dict({key: brick[key] for key in keys}, volume=volume["name"], in_volume=in_volume) for volume, brick in chosen
    ]


def without_room_of(existing, hosts):
    left = copy.deepcopy(hosts)
    devices = {(host["name"], device["path"]): device for host in left for device in host["devices"]}
    for brick in existing:
        devices[brick["host"], brick["device"]]["free"] -= brick_footprint(brick["size"])
    return left


def outcome(placed):
    keys = ("index", "name", "host", "device", "size", "path", "arbiter")
    return {
        volume["name"]: [tuple(brick[key] for key in keys) for brick in volume["bricks"]]
        for volume in placed["volumes"]
    }


@quick
@given(clusters(), volumes, policies)
def test_the_rules_hold(hosts, volumes, policy):
    placed = placed_or_assumed(volumes, hosts, [], policy)
    for volume in placed["volumes"]:
        for bricks in sets_of(volume):
            assert len({brick["host"] for brick in bricks}) == len(bricks)
            assert [brick["arbiter"] for brick in bricks] == [False] * (len(bricks) - volume["arbiters"]) + [
                True
            ] * volume["arbiters"]
            if policy == "strict":
                assert_survives_a_zone(volume, [brick["zone"] for brick in bricks])
        assert [brick["index"] for brick in volume["bricks"]] == list(range(1, len(volume["bricks"]) + 1))


def assert_survives_a_zone(volume, zones):
    fullest = max(zones.count(zone) for zone in zones)
    assert fullest <= (volume["redundancy"] or 1)


@quick
@given(clusters(), volumes, policies)
def test_no_device_is_overfull(hosts, volumes, policy):
    placed = placed_or_assumed(volumes, hosts, [], policy)
    left = without_room_of(as_existing(all_bricks(placed), False), hosts)
    assert all(device["free"] >= 0 for host in left for device in host["devices"])


@quick
@given(clusters(), volumes, policies)
def test_running_volumes_stay_as_they_are(hosts, volumes, policy):
    placed = placed_or_assumed(volumes, hosts, [], policy)
    existing = as_existing(all_bricks(placed), True)
    again = place_bricks(volumes, without_room_of(existing, hosts), existing, policy)
    assert outcome(again) == outcome(placed)
    assert all(brick["in_volume"] for _volume, brick in all_bricks(again))


@quick
@given(clusters(), volumes, policies, st.data())
def test_growth_keeps_what_exists(hosts, volumes, policy, data):
    placed = placed_or_assumed(volumes, hosts, [], policy)
    existing = as_existing(all_bricks(placed), True)
    more = [dict(desired, sets=desired["sets"] + data.draw(st.integers(0, 1))) for desired in volumes] + [
        {"name": "another", "type": "replicate", "replicas": 2, "size": "1GiB"}
    ]
    grown = placed_or_assumed(more, without_room_of(existing, hosts), existing, policy)
    for name, bricks in outcome(placed).items():
        assert outcome(grown)[name][: len(bricks)] == bricks


@quick
@given(clusters(device_sizes=(ROOMY, ROOMY * 2)), volumes, policies, st.data())
def test_an_interrupted_run_is_completed_to_the_same_placement(hosts, volumes, policy, data):
    placed = placed_or_assumed(volumes, hosts, [], policy)
    prepared = as_existing([pair for pair in all_bricks(placed) if data.draw(st.booleans())], False)
    again = place_bricks(volumes, without_room_of(prepared, hosts), prepared, policy)
    assert outcome(again) == outcome(placed)


@quick
@given(clusters(), volumes, policies, st.data())
def test_prepared_bricks_are_used_even_where_room_is_short(hosts, volumes, policy, data):
    placed = placed_or_assumed(volumes, hosts, [], policy)
    prepared = as_existing([pair for pair in all_bricks(placed) if data.draw(st.booleans())], False)
    again = placed_or_assumed(volumes, without_room_of(prepared, hosts), prepared, policy)
    for brick in prepared:
        assert (
            outcome(again)[brick["volume"]][brick["index"] - 1] == outcome(placed)[brick["volume"]][brick["index"] - 1]
        )


@quick
@given(clusters(), volumes, policies, st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(hosts, volumes, policy, chance):
    placed = placed_or_assumed(volumes, hosts, [], policy)
    mixed_hosts = [dict(host, devices=chance.sample(host["devices"], len(host["devices"]))) for host in hosts]
    chance.shuffle(mixed_hosts)
    mixed_volumes = chance.sample(volumes, len(volumes))
    assert outcome(place_bricks(mixed_volumes, mixed_hosts, [], policy)) == outcome(placed)


@quick
@given(
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(1, 3),
    st.lists(st.integers(1, 30), min_size=1, max_size=25),
    st.integers(1, 3),
)
def test_equal_devices_fill_evenly(zones, hosts_of_a_zone, devices, sizes, replicas):
    hosts = [
        make_host("%s%d" % (zone, number), zone, [ROOMY] * devices)
        for zone in "abcd"[:zones]
        for number in range(hosts_of_a_zone)
    ]
    shape = {"type": "replicate", "replicas": replicas} if replicas > 1 else {"type": "distribute"}
    placed = placed_or_assumed(
        [dict(shape, name="v%d" % number, size="%dGiB" % size) for number, size in enumerate(sizes)], hosts
    )
    used = {(host["name"], device["path"]): 0 for host in hosts for device in host["devices"]}
    for _volume, brick in all_bricks(placed):
        used[brick["host"], brick["device"]] += brick_footprint(brick["size"])
    assert max(used.values()) - min(used.values()) <= brick_footprint(max(sizes) * GIB)


@quick
@given(
    st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=2), min_size=2, max_size=4),
    st.integers(2, 3),
    st.integers(1, 3),
)
def test_a_replicated_volume_is_refused_only_if_there_is_no_way(zones, replicas, sets):
    """Each zone is given as the number of bricks that fit on each of its hosts."""
    hosts = [
        make_host("%s%d" % ("abcd"[number], position), "abcd"[number], [slots * 1.1 + 0.1])
        for number, zone in enumerate(zones)
        for position, slots in enumerate(zone)
    ]
    desired = {"name": "v", "type": "replicate", "replicas": replicas, "sets": sets, "size": "%dGiB" % sets}
    for host in hosts:
        host["devices"][0].update(size=int(host["devices"][0]["size"]), free=int(host["devices"][0]["free"]))
    try:
        place_bricks([desired], hosts)
        found = True
    except (InputError, PlacementError):
        found = False
    assert found == is_possible([sum(zone) for zone in zones], replicas, sets)


def is_possible(slots, replicas, sets):
    """Try every way to give each set that many different zones."""
    if sets == 0:
        return True
    for chosen in itertools.combinations([number for number, left in enumerate(slots) if left], replicas):
        if is_possible([left - (number in chosen) for number, left in enumerate(slots)], replicas, sets - 1):
            return True
    return False
