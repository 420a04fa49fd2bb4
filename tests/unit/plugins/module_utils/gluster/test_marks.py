# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brick directories on the real file system; extended attributes in the trusted space need root, so they are faked."""

import errno
import os
import uuid

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import UnsafeChangeError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.marks import (
    VOLUME_ID,
    BrickDirectories,
    Mark,
    clear_steps,
    set_step,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Volume

OWNER = "2f0d9a3e-6b1c-4f0e-9d55-6f5c3a1b7e21"


@pytest.fixture
def attributes(monkeypatch):
    """The extended attributes of all files, by path and name."""
    kept = {}

    def absent(*_arguments):
        raise OSError(errno.ENODATA, "no such attribute")

    monkeypatch.setattr(os, "getxattr", lambda path, name: kept.get((path, name)) or absent())
    monkeypatch.setattr(os, "setxattr", lambda path, name, value: kept.update({(path, name): value}))
    monkeypatch.setattr(os, "removexattr", lambda path, name: kept.pop((path, name), None) or absent())
    return kept


@pytest.fixture
def brick(tmp_path, attributes):
    """A brick directory as a refused create leaves it."""
    path = tmp_path / "brick"
    (path / ".glusterfs" / "indices").mkdir(parents=True)
    attributes[(str(path), VOLUME_ID)] = uuid.UUID(OWNER).bytes
    return path


def test_a_mark_is_read_set_and_cleared(brick, attributes):
    directories = BrickDirectories()
    assert directories.read(str(brick)) == Mark(str(brick), OWNER, True)
    directories.clear(str(brick))
    assert directories.read(str(brick)) is None
    assert os.listdir(str(brick)) == [], "what glusterd made goes with its mark"
    directories.set(str(brick), OWNER)
    assert os.listdir(str(brick)) == [".glusterfs"], "without it the brick's process ends at once"
    assert attributes == {(str(brick), VOLUME_ID): uuid.UUID(OWNER).bytes}


@pytest.mark.parametrize("content", ["file", ".glusterfs/health_check", ".glusterfs/00/00/x"])
def test_what_holds_anything_is_not_touched(brick, attributes, content):
    (brick / content).parent.mkdir(parents=True, exist_ok=True)
    (brick / content).write_text("precious")
    before = dict(attributes)
    directories = BrickDirectories()
    assert not directories.read(str(brick)).pristine
    for change in (lambda: directories.clear(str(brick)), lambda: directories.set(str(brick), str(uuid.uuid4()))):
        with pytest.raises(UnsafeChangeError, match="is not empty any more"):
            change()
    assert attributes == before and (brick / content).read_text() == "precious"


def test_a_brick_that_was_started_is_not_pristine(brick):
    """Its process makes a link to the root folder before anything else."""
    (brick / ".glusterfs/00/00").mkdir(parents=True)
    (brick / ".glusterfs/00/00/00000000-0000-0000-0000-000000000001").symlink_to("../../..")
    assert not BrickDirectories().is_pristine(str(brick))


def test_no_directory_has_no_mark_and_is_not_pristine(tmp_path, attributes):
    missing = str(tmp_path / "missing")
    assert BrickDirectories().read(missing) is None
    assert not BrickDirectories().is_pristine(missing)


def test_the_step_says_the_command_that_it_stands_for():
    step = set_step("/b", OWNER)
    assert step.argv == ("setfattr", "-n", VOLUME_ID, "-v", "0x2f0d9a3e6b1c4f0e9d556f5c3a1b7e21", "/b")
    assert step.text == OWNER


def test_a_brick_that_was_removed_is_not_called_one_of_the_volume():
    """It keeps the mark of a volume that goes on without it."""
    volume = Volume("shared", "id-1", "Started", 0, 0, 0, 0, (Brick("h1", "/srv/gluster/shared-1/brick"),), {})
    with pytest.raises(
        UnsafeChangeError, match="node5:/srv/gluster/shared-4/brick was a brick of volume shared, which"
    ):
        clear_steps([Mark("node5:/srv/gluster/shared-4/brick", "id-1", False)], {volume.volume_id: volume})
    with pytest.raises(UnsafeChangeError, match="shared-1/brick is a brick of volume shared; name another"):
        clear_steps([Mark("/srv/gluster/shared-1/brick", "id-1", False)], {volume.volume_id: volume})
