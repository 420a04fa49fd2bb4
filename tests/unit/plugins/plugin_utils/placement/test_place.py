# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import copy
import random

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlacementError
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import (
    EXTENT,
    GIB,
    MIB,
    MIN_BRICK,
    brick_footprint,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.place import place_bricks


def host(name, zone="default", sizes=(8,), **more):
    """A host with devices of so many GiB, all free."""
    devices = [
        {"path": "/dev/sd" + "bcdefgh"[number], "size": size * GIB, "free": size * GIB - EXTENT}
        for number, size in enumerate(sizes)
    ]
    return dict({"name": name, "address": "addr-" + name, "zone": zone, "devices": devices}, **more)


def hosts_in(zones, sizes=(8,)):
    return [host("n%d" % number, zone, sizes) for number, zone in enumerate(zones, 1)]


def volume(name="shared", type="replicate", size="1GiB", **more):
    return dict({"name": name, "type": type, "size": size}, **more)


def running(placed, number=0):
    """The bricks of a placed volume as those of a running one."""
    return _existing(placed["volumes"][number], True)


def _existing(placed, in_volume):
    return [
        dict(
            {key: brick[key] for key in ("index", "host", "device", "size", "path")},
            volume=placed["name"],
            in_volume=in_volume,
        )
        for brick in placed["bricks"]
    ]


def without_room_of(existing, hosts):
    """The hosts, with the room that existing bricks take no longer free."""
    left = copy.deepcopy(hosts)
    for brick in existing:
        for found in left:
            for device in found["devices"]:
                if (found["name"], device["path"]) == (brick["host"], brick["device"]):
                    device["free"] -= brick_footprint(brick["size"])
    return left


def places(placed, number=0):
    return [(brick["host"], brick["device"]) for brick in placed["volumes"][number]["bricks"]]


def zones(placed, number=0):
    return [brick["zone"] for brick in placed["volumes"][number]["bricks"]]


def refusal(error, *arguments, **options):
    with pytest.raises(error) as caught:
        place_bricks(*arguments, **options)
    return str(caught.value)


# ---- what comes out


def test_a_brick_says_all_that_the_roles_need():
    placed = place_bricks([volume(options={"a": 1})], hosts_in("abc"), root="/bricks/")["volumes"][0]
    assert (placed["type"], placed["replicas"], placed["arbiters"], placed["sets"]) == ("replicate", 3, 0, 1)
    assert (placed["disperse_data"], placed["redundancy"], placed["brick_size"]) == (None, None, GIB)
    assert placed["options"] == {"a": 1}
    first = placed["bricks"][0]
    assert first == {
        "index": 1,
        "name": "shared-1",
        "host": first["host"],
        "address": "addr-" + first["host"],
        "zone": first["zone"],
        "device": "/dev/sdb",
        "size": GIB,
        "mount": "/bricks/shared-1",
        "path": "/bricks/shared-1/brick",
        "arbiter": False,
        "exists": False,
        "in_volume": False,
    }


@pytest.mark.parametrize(
    "desired, bricks, size",
    [
        (volume(size="10GiB"), 3, 10 * GIB),
        (volume(size="10GiB", replicas=2), 2, 10 * GIB),
        (volume(type="distributed-replicate", size="10GiB", sets=2), 6, 5 * GIB),
        (volume(type="distribute", size="10GiB", sets=4), 4, 2560 * MIB),
        (volume(type="disperse", size="10GiB"), 6, 2560 * MIB),
        (volume(type="disperse", size="10GiB", disperse_data=2, redundancy=1, sets=2), 6, 2560 * MIB),
        (volume(size="300MiB"), 3, MIN_BRICK),
        (volume(size="10737418241B"), 3, 10 * GIB + EXTENT),
    ],
)
def test_the_size_asked_for_is_what_the_whole_volume_holds(desired, bricks, size):
    placed = place_bricks([desired], hosts_in("abcdef", (20, 20)))["volumes"][0]
    assert [brick["size"] for brick in placed["bricks"]] == [size] * bricks


def test_no_volumes_is_no_error():
    assert place_bricks([], hosts_in("abc"))["volumes"] == []


# ---- zones


def test_strict_puts_every_copy_into_another_zone():
    placed = place_bricks([volume(sets=2)], hosts_in("aaabbc", (8, 8)))
    assert sorted(zones(placed)[:3]) == sorted(zones(placed)[3:]) == ["a", "b", "c"]


def test_strict_says_which_zone_lacks_what():
    hosts = hosts_in("aab") + [host("small", "c", (2,))]
    said = refusal(PlacementError, [volume(size="3GiB")], hosts)
    assert "volume shared: set 1 needs 1 more brick of 3 GiB" in said
    assert "zone c has no host with 3.03 GiB free (at most 2 GiB, on /dev/sdb of small)" in said
    assert "zone_policy" in said


def test_a_missing_device_says_why():
    hosts = hosts_in("ab") + [host("n3", "c")]
    hosts[2]["devices"][0].update(free=0, reason="holds an ext4 file system")
    assert "holds an ext4 file system" in refusal(PlacementError, [volume()], hosts)


def test_preferred_spreads_as_well_as_it_can_and_says_so():
    placed = place_bricks([volume(replicas=4)], hosts_in("aabb"), zone_policy="preferred")
    assert sorted(zones(placed)) == ["a", "a", "b", "b"]
    assert any("zone holds more than 1 brick of set 1" in line for line in placed["explanation"])


def test_preferred_gives_zones_up_before_it_refuses():
    hosts = hosts_in("aaab")
    placed = place_bricks(
        [volume(size="7GiB"), volume("second", size="500MiB", replicas=2)], hosts, zone_policy="preferred"
    )
    assert len(set(places(placed))) == 3


def test_without_zones_each_host_is_one():
    placed = place_bricks([volume()], [host("n1"), host("n2"), host("n3")])
    assert len(set(places(placed))) == 3
    assert "each host counts as a failure zone" in placed["explanation"][0]


def test_a_wide_dispersed_set_survives_the_loss_of_a_zone():
    placed = place_bricks([volume(type="disperse", size="2GiB")], hosts_in("aaaaabbcc"))
    assert sorted(zones(placed)) == ["a", "a", "b", "b", "c", "c"]


def test_strict_refuses_a_dispersed_set_that_a_zone_could_kill():
    said = refusal(PlacementError, [volume(type="disperse", size="2GiB")], hosts_in("aaaabbbb"))
    assert "allows 2 bricks of a set in a zone" in said


# ---- arbiters


@pytest.mark.parametrize("desired", [volume(type="arbiter"), volume(arbiter=True), volume(replicas=3, arbiter=True)])
def test_the_arbiter_is_last_of_its_set_and_small(desired):
    placed = place_bricks([dict(desired, size="16GiB", sets=2)], hosts_in("abc", (12, 12)))["volumes"][0]
    assert placed["type"] == "arbiter"
    assert [brick["arbiter"] for brick in placed["bricks"]] == [False, False, True] * 2
    assert [brick["size"] for brick in placed["bricks"]] == [8 * GIB, 8 * GIB, 512 * MIB] * 2


def test_the_arbiter_goes_where_data_does_not_fit():
    hosts = hosts_in("ab", (8, 8)) + [host("big", "c", (8, 8)), host("tiny", "c", (2,))]
    hosts[2]["devices"][0]["free"] -= GIB
    placed = place_bricks([volume(type="arbiter", size="4GiB")], hosts_in("ab") + hosts[2:], zone_policy="strict")
    bricks = {brick["host"]: brick["arbiter"] for brick in placed["volumes"][0]["bricks"]}
    assert bricks.get("tiny", True)
    only = place_bricks([volume(type="arbiter", size="4GiB")], hosts_in("ab") + [host("tiny", "c", (2,))])
    assert places(only)[2] == ("tiny", "/dev/sdb")


def test_a_host_for_arbiters_gets_nothing_else():
    hosts = hosts_in("aabb") + [host("witness", "c", (8,), arbiter_only=True)]
    placed = place_bricks([volume("v%d" % number, type="arbiter") for number in range(4)], hosts)
    for number in range(4):
        assert [name == "witness" for name, _device in places(placed, number)] == [False, False, True]


def test_a_zone_called_arbiter_gets_nothing_else():
    hosts = [host("n1", "a"), host("n2", "b"), host("n3", "arbiter")]
    placed = place_bricks([volume("v%d" % number, type="arbiter") for number in range(3)], hosts)
    assert all(zones(placed, number)[2] == "arbiter" for number in range(3))
    assert "needs 3 hosts with devices" in refusal(InputError, [volume()], hosts)


def test_two_zones_and_an_arbiter_under_preferred():
    placed = place_bricks([volume(type="arbiter")], hosts_in("aabb"), zone_policy="preferred")
    assert len({name for name, _device in places(placed)}) == 3
    assert set(zones(placed)[:2]) == {"a", "b"}


# ---- what exists


def test_a_running_volume_is_kept_as_it_is_in_its_order():
    hosts = hosts_in("abc", (8, 8))
    existing = [
        {
            "volume": "shared",
            "index": number,
            "host": name,
            "device": None,
            "size": None,
            "path": "/old/b",
            "in_volume": True,
        }
        for number, name in enumerate(["n3", "n1", "n2"], 1)
    ]
    placed = place_bricks([volume(sets=2)], hosts, existing)["volumes"][0]
    assert [brick["host"] for brick in placed["bricks"]][:3] == ["n3", "n1", "n2"]
    assert [brick["path"] for brick in placed["bricks"]][:3] == ["/old/b"] * 3
    assert [brick["index"] for brick in placed["bricks"]] == [1, 2, 3, 4, 5, 6]
    assert [brick["exists"] for brick in placed["bricks"]] == [True] * 3 + [False] * 3


def test_the_number_of_sets_that_exists_is_the_default():
    hosts = hosts_in("abc", (8, 8))
    placed = place_bricks([volume(sets=2)], hosts)
    again = place_bricks([volume(size=None)], without_room_of(running(placed), hosts), running(placed))
    assert places(again) == places(placed)


def test_fewer_sets_than_exist_are_refused():
    hosts = hosts_in("abc", (8, 8))
    existing = running(place_bricks([volume(sets=2)], hosts))
    said = refusal(InputError, [volume(sets=1)], hosts, existing)
    assert "never removed by omission; the playbook shrink takes sets out of a volume" in said


def test_another_type_than_the_running_one_is_refused():
    hosts = hosts_in("abcdef")
    existing = running(place_bricks([volume(replicas=2)], hosts))
    assert "write the type that the volume has" in refusal(InputError, [volume()], hosts, existing)


def test_numbers_of_replaced_bricks_are_not_used_again():
    hosts = hosts_in("abc", (8, 8))
    existing = running(place_bricks([volume()], hosts))
    existing[1]["path"] = "/srv/gluster/shared-7/brick"
    placed = place_bricks([volume(sets=2)], hosts, existing)["volumes"][0]
    assert [brick["name"] for brick in placed["bricks"]] == ["shared-%d" % number for number in (1, 7, 3, 8, 9, 10)]


def test_bricks_grow_where_they_are():
    hosts = hosts_in("abc")
    existing = running(place_bricks([volume(size="2GiB")], hosts))
    placed = place_bricks([volume(size="4GiB")], without_room_of(existing, hosts), existing)["volumes"][0]
    assert [brick["size"] for brick in placed["bricks"]] == [4 * GIB] * 3


def test_bricks_never_shrink():
    hosts = hosts_in("abc")
    existing = running(place_bricks([volume(size="4GiB")], hosts))
    placed = place_bricks([volume(size="2GiB")], without_room_of(existing, hosts), existing)["volumes"][0]
    assert [brick["size"] for brick in placed["bricks"]] == [4 * GIB] * 3


def test_bricks_that_exist_stay_also_where_the_size_is_too_small_for_new_ones():
    """As where the inventory has the size of fewer sets already, and the playbook shrink plans."""
    hosts = hosts_in("abc", (8, 8))
    existing = running(place_bricks([volume(size="1GiB", sets=2)], hosts))
    placed = place_bricks([volume(size="512MiB")], without_room_of(existing, hosts), existing)["volumes"][0]
    assert [brick["size"] for brick in placed["bricks"]] == [512 * MIB] * 6


def test_growth_without_room_names_the_brick_and_its_device():
    hosts = hosts_in("abc")
    existing = running(place_bricks([volume(size="4GiB"), volume("other", size="2GiB")], hosts))
    left = without_room_of(existing, hosts)
    left[1]["devices"][0]["free"] = GIB
    said = refusal(PlacementError, [volume(size="7GiB")], left, existing)
    assert "on n2 would have to grow from 4 GiB to 7 GiB" in said
    assert "/dev/sdb has 1 GiB free" in said


def test_new_bricks_leave_the_room_that_others_grow_by():
    hosts = hosts_in("abc")
    existing = running(place_bricks([volume(size="2GiB")], hosts))
    volumes = [volume("new", size="5GiB"), volume(size="4GiB")]
    assert "volume new" in refusal(PlacementError, volumes, without_room_of(existing, hosts), existing)


def test_a_brick_on_an_unknown_host_is_an_error():
    existing = running(place_bricks([volume()], hosts_in("abcd")))
    lost = [dict(brick, host="gone") if brick["index"] == 1 else brick for brick in existing]
    assert "is on gone, which is not among the hosts" in refusal(PlacementError, [volume()], hosts_in("abcd"), lost)


def test_prepared_bricks_are_used_at_their_index():
    hosts = hosts_in("abcd", (8, 8))
    prepared = {
        "volume": "shared",
        "index": 2,
        "host": "n4",
        "device": "/dev/sdc",
        "size": GIB,
        "path": None,
        "in_volume": False,
    }
    placed = place_bricks([volume()], without_room_of([prepared], hosts), [prepared])
    assert places(placed)[1] == ("n4", "/dev/sdc")
    assert [brick["exists"] for brick in placed["volumes"][0]["bricks"]] == [False, True, False]
    assert len(set(zones(placed))) == 3


def test_prepared_bricks_that_do_not_fit_are_named():
    hosts = hosts_in("aabc")
    prepared = [
        {
            "volume": "shared",
            "index": number,
            "host": name,
            "device": "/dev/sdb",
            "size": GIB,
            "path": None,
            "in_volume": False,
        }
        for number, name in enumerate(["n1", "n2"], 1)
    ]
    said = refusal(PlacementError, [volume()], without_room_of(prepared, hosts), prepared)
    assert "brick shared-2, which an earlier run prepared on n2, does not fit: zone a" in said


def test_a_brick_prepared_twice_is_named():
    twins = [
        {
            "volume": "shared",
            "index": 1,
            "host": name,
            "device": "/dev/sdb",
            "size": GIB,
            "path": None,
            "in_volume": False,
        }
        for name in ("n1", "n2")
    ]
    assert "brick 1 ready on both n1 and n2" in refusal(InputError, [volume()], hosts_in("abc"), twins)


def test_what_no_place_is_for_is_left_alone_and_told():
    hosts = hosts_in("abc")
    prepared = {
        "volume": "shared",
        "index": 9,
        "host": "n1",
        "device": "/dev/sdb",
        "size": GIB,
        "path": None,
        "in_volume": False,
    }
    placed = place_bricks([volume()], without_room_of([prepared], hosts), [prepared])
    assert any("shared-9 on n1 is left over" in line for line in placed["explanation"])


def test_the_logical_volume_under_a_running_brick_is_not_a_prepared_one():
    hosts = hosts_in("abc", (8, 8))
    bricks = running(place_bricks([volume()], hosts))
    twice = bricks + [dict(brick, in_volume=False) for brick in bricks]
    placed = place_bricks([volume(sets=2)], without_room_of(bricks, hosts), twice)
    assert not any("left over" in line for line in placed["explanation"])


# ---- wrong input, all of it before anything is placed


@pytest.mark.parametrize(
    "desired, said",
    [
        (volume(type="stripe"), "features.shard"),
        (volume(type="mirror"), "volumes: shared: type: found 'mirror'"),
        (volume(type=None), "volumes: shared: type: it is missing"),
        (volume(name="a/b"), 'volumes: a/b: name: found "a/b"; write letters'),
        (volume(size="much"), 'volumes: shared: size: found "much"; write a size with its unit'),
        (volume(size=None), "volumes: shared: size: it is missing"),
        (volume(size="100GiB"), "the largest device, /dev/sdb of n3, has 8 GiB"),
        (volume(replicas=1), "replicas: found 1"),
        (volume(replicas="many"), 'replicas: found "many"; write a whole number from 1'),
        (volume(replicas=4), "needs 4 hosts with devices"),
        (volume(sets=0), "sets: found 0; write a whole number"),
        (volume(hosts=["n1", "n9"]), "volumes: shared: hosts: n9 not among the hosts"),
        (
            volume(hosts=["n1", "n2"]),
            "needs 3 hosts with devices, since no two bricks of a set share a host, and it may use 2",
        ),
        (volume(type="disperse", disperse_data=2, redundancy=2), "redundancy: found 2"),
        (volume(type="distribute", replicas=3), "replicas: found with type distribute"),
        (volume(type="disperse", arbiter=True), "arbiter: found true with type disperse"),
    ],
)
def test_a_wrong_input_names_the_option_and_the_volume(desired, said):
    assert said in refusal(InputError, [desired], hosts_in("abc"))


@pytest.mark.parametrize(
    "wrong, said",
    [
        ({"address": None}, "hosts: n3: address: it is missing"),
        ({"address": "addr-n1"}, "hosts: address addr-n1 is given twice"),
        ({"name": "n1"}, "hosts: name n1 is given twice"),
        (
            {"devices": [{"path": "/dev/sdb", "size": GIB, "free": GIB}] * 2},
            "hosts: n3: devices: path /dev/sdb is given twice",
        ),
        ({"devices": [{"size": GIB, "free": GIB}]}, "hosts: n3: path: it is missing"),
    ],
)
def test_a_wrong_host_is_named(wrong, said):
    hosts = hosts_in("abc")
    hosts[2].update(wrong)
    assert said in refusal(InputError, [volume()], hosts)


def test_replica_3_with_two_hosts_is_refused():
    assert "needs 3 hosts" in refusal(InputError, [volume()], hosts_in("ab"))


def test_all_that_is_wrong_is_told_at_once():
    volumes = [volume("one", type="stripe"), volume("two", size="big"), volume("three"), volume("three")]
    said = refusal(InputError, volumes, hosts_in("abc") + [host("n4", address="")], zone_policy="lax")
    for part in ("one: type", "two: size", "name three is given twice", "n4: address", "zone_policy"):
        assert part in said


# ---- balance


def test_volumes_even_out_over_equal_devices():
    hosts = hosts_in("aabbcc", (100, 100))
    chance = random.Random(7)
    volumes = [volume("v%d" % number, size="%dGiB" % chance.randint(1, 9)) for number in range(40)]
    placed = place_bricks(volumes, hosts)
    used = {(item["name"], device["path"]): 0 for item in hosts for device in item["devices"]}
    for number, desired in enumerate(placed["volumes"]):
        for place in places(placed, number):
            used[place] += brick_footprint(desired["brick_size"])
    assert max(used.values()) - min(used.values()) <= brick_footprint(9 * GIB)


def test_room_goes_before_balance_where_balance_leads_nowhere():
    # Filling a, b and c evenly would leave two bricks of the last set for zone a alone.
    hosts = [host("n1", "a", (2, 2)), host("n2", "b", (2,)), host("n3", "c", (2,))]
    placed = place_bricks([volume(size="2GiB", replicas=2, sets=2, type="replicate")], hosts)
    assert all(len(set(zones(placed)[first : first + 2])) == 2 for first in (0, 2))


def test_zone_0_is_a_zone_like_any_other():
    """Taken for none, its hosts would count as zones of their own, and strict would pass."""
    hosts = [host("n1", 0), host("n2", 0), host("n3", 1)]
    assert "zone" in refusal(PlacementError, [volume(replicas=3)], hosts)
    placed = place_bricks([volume(replicas=2)], hosts)
    assert sorted(zones(placed)) == ["0", "1"]


@pytest.mark.parametrize("sets", [10**9, 5000, "1" * 400])
def test_a_slip_of_the_keyboard_ends_at_once(sets):
    assert "sets: found " in refusal(InputError, [volume(sets=sets)], hosts_in("abc"))


def test_the_first_twenty_mistakes_and_how_many_more():
    lines = refusal(InputError, [{"name": "v%d" % at, "type": "x"} for at in range(2000)], hosts_in("abc")).splitlines()
    assert len(lines) == 21 and lines[-1] == "... and 1980 more like these"


# ---- a volume that is limited to some devices


def test_new_bricks_go_to_the_devices_of_the_volume_and_those_that_exist_stay():
    hosts = hosts_in("abc", (8, 8))
    first = place_bricks([volume()], hosts)
    limited = volume(sets=2, size="2GiB", devices=["/dev/sdc"])
    existing = running(first)
    placed = place_bricks([limited], without_room_of(existing, hosts), existing)
    assert [device for _host, device in places(placed)] == ["/dev/sdb"] * 3 + ["/dev/sdc"] * 3


def test_each_volume_has_its_own_devices():
    placed = place_bricks(
        [volume(devices=["/dev/sdc"]), volume("other", devices=["/dev/sdb"]), volume("third", size="6GiB")],
        hosts_in("abc", (8, 8)),
    )
    used = [{device for _host, device in places(placed, number)} for number in range(3)]
    assert used[:2] == [{"/dev/sdc"}, {"/dev/sdb"}]


def test_where_the_devices_have_no_room_only_they_are_named():
    said = refusal(PlacementError, [volume(size="7GiB", sets=2, devices=["/dev/sdc"])], hosts_in("abc", (20, 4)))
    assert "on /dev/sdc" in said and "/dev/sdb" not in said
    said = refusal(InputError, [volume(size="7GiB", devices=["/dev/sdc"])], hosts_in("abc", (20, 4)))
    assert said.startswith("volumes: shared: size: bricks of 7 GiB take") and "/dev/sdc" in said


def test_hosts_without_one_of_the_devices_are_none():
    hosts = [*hosts_in("ab", (8, 8)), host("n3", "c", (8,))]
    said = refusal(InputError, [volume(devices=["/dev/sdc"])], hosts)
    assert "needs 3 hosts with devices" in said and "it may use 2 (n1, n2)" in said
