# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planning many bricks of a host goes through what is there once, not once for each brick."""

import collections

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.lvm import fstab
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.brick_plan import plan_bricks
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.tests.fakes.bricks import brick, machine, operation


class Counted(tuple):
    """A tuple that counts how often somebody goes through it."""

    walks: "collections.Counter[int]" = collections.Counter()

    def __iter__(self):
        self.walks[id(self)] += 1
        return super().__iter__()

    def __reversed__(self):
        self.walks[id(self)] += 1
        return iter(self[::-1])


@pytest.mark.parametrize("count", [2, 12])
def test_what_is_there_is_gone_through_a_few_times_however_many_bricks_there_are(count, monkeypatch):
    host = machine()
    bricks = [brick("v%d-1" % number, size="400MiB") for number in range(count)]
    converge(operation(host, *bricks))
    again = operation(host, *bricks)
    observed = again.observe()
    Counted.walks.clear()
    lists = {name: Counted(getattr(observed, name)) for name in ("physicals", "logicals", "mounts")}
    observed = observed._replace(**lists)
    read = []
    entries = fstab.entries
    monkeypatch.setattr(fstab, "entries", lambda text: read.append(text) or entries(text))
    assert plan_bricks(again._desired, observed).steps == []
    assert max(Counted.walks.values()) <= 2 and len(read) == 1


def blkid_runs(host):
    """Return for how many devices blkid was asked each time, while the host is looked at."""
    return [len(argv) - 4 for argv in host.ran if argv[0] == "blkid"]


def test_all_bricks_are_probed_by_one_command():
    host = machine()
    bricks = [brick("v%d-1" % number, size="400MiB") for number in range(3)]
    converge(operation(host, *bricks))
    del host.ran[:]
    observed = operation(host, *bricks).observe()
    assert blkid_runs(host) == [3]
    assert {found.kind for found in observed.filesystems.values()} == {"xfs"} and len(observed.filesystems) == 3


def test_a_device_that_the_command_for_all_does_not_tell_of_is_probed_alone():
    host = machine()
    bricks = [brick("v%d-1" % number, size="400MiB") for number in range(3)]
    converge(operation(host, *bricks))
    [emptied] = [path for path in host.volumes if path.endswith("brick_v1-1")]
    host.volumes[emptied]["filesystem"] = ""
    del host.ran[:]
    observed = operation(host, *bricks).observe()
    assert blkid_runs(host) == [3, 1]
    kinds = {path.rpartition("_")[2]: found.kind for path, found in observed.filesystems.items()}
    assert kinds == {"v0-1": "xfs", "v1-1": "", "v2-1": "xfs"}


def test_where_the_command_for_all_fails_each_device_is_probed_alone():
    host = machine()
    bricks = [brick("v%d-1" % number, size="400MiB") for number in range(3)]
    converge(operation(host, *bricks))
    last = max(path for path in host.volumes if "brick_v" in path)
    host.volumes[last]["filesystem"] = ""
    del host.ran[:]
    operation(host, *bricks).observe()
    assert sorted(blkid_runs(host)) == [1, 1, 1, 3]
