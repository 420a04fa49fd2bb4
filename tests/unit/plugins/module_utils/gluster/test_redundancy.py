# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.redundancy import serves_without


def volume(hosts, replicas=0, disperse=0, redundancy=0, **options):
    bricks = tuple(Brick(host, "/b/%s" % index, host_uuid=host) for index, host in enumerate(hosts))
    options = {"cluster." + name.replace("_", "-"): value for name, value in options.items()}
    return Volume("v", "1", "Started", replicas, 0, disperse, redundancy, bricks, options)


@pytest.mark.parametrize(
    ("desired", "serves"),
    [
        (volume("ab"), False),
        (volume("bc"), True),
        (volume("abc", replicas=3), True),
        (volume("aab", replicas=3), False),
        (volume("abcabc", replicas=3), True),
        (volume("abcaab", replicas=3), False),
        (volume("ab", replicas=2), True),
        (volume("ab", replicas=2, quorum_type="auto"), False),
        (volume("abc", replicas=3, quorum_type="none"), True),
        (volume("abc", replicas=3, quorum_type="fixed", quorum_count="3"), False),
        (volume("abc", replicas=3, quorum_type="fixed", quorum_count="2"), True),
        (volume("abc", disperse=3, redundancy=1), True),
        (volume("aabcde", disperse=6, redundancy=1), False),
        (volume("aabcde", disperse=6, redundancy=2), True),
    ],
)
def test_serving_without_a(desired, serves):
    assert serves_without(desired, "a") is serves
