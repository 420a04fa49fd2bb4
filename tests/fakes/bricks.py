# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""lvm_brick on a host in memory: planned in check mode, run, and run again."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.bricks import BrickOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.desired import desired_host
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.host import BrickHost
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import GIB
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.host import FakeDirectories, FakeHost


def machine():
    return FakeHost({"/dev/sdb": 8 * GIB, "/dev/sdc": 8 * GIB})


def brick(name="shared-1", device="/dev/sdb", size="6GiB", **more):
    return dict({"name": name, "device": device, "size": size}, **more)


def operation(host, *bricks, **more):
    parameters = {
        "bricks": list(bricks),
        "devices": more.get("devices", []),
        "root": "/srv/gluster",
        "mount_options": more.get("mount_options", "noatime,inode64"),
    }
    files = BrickHost(host, Gluster(host), host, more.get("directories", FakeDirectories()), "host1")
    return BrickOperation(files, desired_host(parameters), more.get("tools_needed", True), FakeClock())


def run(host, *bricks, **more):
    """Plan in check mode, run, and run again; return the steps' kinds."""
    before = len(host.changes)
    planned = converge(operation(host, *bricks, **more), check_mode=True)
    assert len(host.changes) == before, "check mode changed something"
    done = converge(operation(host, *bricks, **more))
    assert planned == done
    assert converge(operation(host, *bricks, **more)).steps == []
    return [step.kind for step in done.steps]


def refused(host, *bricks, **more):
    """Return the error of a run that is refused, with the same words in check mode, and that changes nothing."""
    before = list(host.changes)
    errors = []
    for check_mode in (True, False):
        with pytest.raises(BrickworkError) as caught:
            converge(operation(host, *bricks, **more), check_mode=check_mode)
        errors.append(caught.value)
    assert host.changes == before, "something was changed before the refusal"
    assert str(errors[0]) == str(errors[1])
    return errors[0]
