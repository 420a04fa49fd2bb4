# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.options import (
    canonical_value,
    differing,
    long_name,
    wanted_options,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("on", True),
        ("on", "yes"),
        ("true", "1"),
        ("Enable", "ON"),
        ("off", False),
        ("no", "0"),
        ("64MB", "67108864"),
        ("64mb", "64 MB"),
        ("0.5GB", "512MB"),
        ("42", "042"),
        ("42s", 42),
        ("a b", "ab"),
        (1, "on"),
    ],
)
def test_ways_to_write_the_same(one, other):
    assert canonical_value("performance.x", one) == canonical_value("performance.x", other)


@pytest.mark.parametrize(("one", "other"), [("on", "off"), ("64MB", "64KB"), ("10", "10%"), ("42", "43"), ("a", "b")])
def test_different_values_stay_different(one, other):
    assert canonical_value("performance.x", one) != canonical_value("performance.x", other)


def test_personal_options_are_text():
    assert canonical_value("user.note", "yes") != canonical_value("user.note", "on")


def test_short_names():
    assert long_name("ping-timeout") == "network.ping-timeout"
    assert long_name("cache-size") == "performance.cache-size"
    assert long_name("no-such-thing") == "no-such-thing"
    with pytest.raises(InputError, match="client.ssl, server.ssl"):
        long_name("ssl")


def test_one_option_twice_and_pool_options_are_refused():
    assert wanted_options({"ping-timeout": 20, "network.ping-timeout": "20"}) == {"network.ping-timeout": "20"}
    with pytest.raises(InputError, match="found .* twice"):
        wanted_options({"ping-timeout": 20, "network.ping-timeout": 30})
    with pytest.raises(InputError, match="whole pool"):
        wanted_options({"cluster.brick-multiplex": True})


def test_only_what_differs_is_set():
    present = {"performance.cache-size": "67108864", "network.ping-timeout": "42"}
    assert differing({"performance.cache-size": "64MB", "network.ping-timeout": "20"}, present) == {
        "network.ping-timeout": "20"
    }
