# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""New bricks are being filled, or they are full; what another set waits for tells nothing of it."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.filling import not_begun
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import (
    Brick,
    BrickStatus,
    HealCount,
)
from ansible_collections.brickwork.gluster.tests.unit.plugins.module_utils.gluster.test_replica import (
    NEW,
    PAIR,
    pool,
    run,
    volume,
)

GIB = 2**30
ONE, TWO = NEW


@pytest.fixture(scope="module")
def grown():
    """A volume with two sets that got a third copy each."""
    cluster = pool(PAIR)
    run(cluster, replicas=3)
    return volume(cluster)


def status(volume, empty):
    return [
        BrickStatus(brick.host, brick.path, True, 1, 1, 10 * GIB, (9 if brick.name in empty else 5) * GIB)
        for brick in volume.bricks
    ]


@pytest.mark.parametrize(
    ("waiting", "empty", "left"),
    [
        ([], [], []),
        ([], [ONE, TWO], [ONE, TWO]),
        (["h1:/b/1"], [ONE, TWO], [TWO]),
        (["h1:/b/1", "h2:/b/2"], [ONE, TWO], []),
        (["h1:/b/1"], [ONE], []),
    ],
)
def test_each_set_has_to_tell_of_its_own_new_brick(grown, waiting, empty, left):
    assert Brick("h4", "/b/n1", grown.bricks[2].host_uuid) == grown.bricks[2]
    heals = [HealCount(brick.name, True, int(brick.name in waiting), 0) for brick in grown.bricks]
    assert not_begun(grown, NEW, status(grown, empty), heals) == left
