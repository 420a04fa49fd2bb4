# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import inspect

import pytest
import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.brickwork.gluster.plugins.filter import place_bricks as plugin

place_bricks = plugin.FilterModule().filters()["place_bricks"]
HOSTS = [
    {
        "name": f"n{n}",
        "address": f"10.0.0.{n}",
        "zone": "abc"[n - 1],
        "devices": [{"path": "/dev/sdb", "size": "8GiB", "free": "7GiB"}],
    }
    for n in (1, 2, 3)
]


def test_data_in_data_out():
    placed = place_bricks([{"name": "v", "type": "replicate", "size": "1GiB", "clients": ["c"]}], HOSTS)
    assert sorted(brick["host"] for brick in placed["volumes"][0]["bricks"]) == ["n1", "n2", "n3"]
    assert placed["volumes"][0]["clients"] == ["c"]
    assert placed["explanation"]


@pytest.mark.parametrize("size, said", [("huge", "volumes: v: size"), ("20GiB", "the largest device")])
def test_errors_are_ansibles(size, said):
    with pytest.raises(AnsibleFilterError, match=said):
        place_bricks([{"name": "v", "type": "replicate", "size": size}], HOSTS)


def test_a_refusal_is_ansibles_too():
    hosts = [dict(host, zone="a") for host in HOSTS]
    with pytest.raises(AnsibleFilterError, match="zone_policy strict allows 1 brick"):
        place_bricks([{"name": "v", "type": "replicate", "size": "1GiB"}], hosts)


def test_the_documentation_names_the_options_and_their_defaults():
    documented = yaml.safe_load(plugin.DOCUMENTATION)["options"]
    parameters = inspect.signature(place_bricks).parameters
    assert list(parameters)[1:] == [name for name in documented if name != "_input"]
    for name in ("zone_policy", "root"):
        assert parameters[name].default == documented[name]["default"]


def test_the_example_works():
    example = yaml.safe_load(plugin.EXAMPLES)[0]["vars"]
    placed = place_bricks(example["volumes"], example["hosts"], zone_policy="strict")
    assert [volume["name"] for volume in placed["volumes"]] == ["shared"]
