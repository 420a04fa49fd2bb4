# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file of an administrator's stays what it was but for its text; one of ours is as it is asked for."""

import os
import stat

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.files import TextFiles


@pytest.fixture
def theirs(tmp_path):
    path = tmp_path / "fstab"
    path.write_text("old\n")
    path.chmod(0o640)
    return path


def mode_of(path):
    return stat.S_IMODE(os.stat(str(path)).st_mode)


def test_mode_owner_and_group_stay(theirs):
    if os.geteuid() == 0:
        os.chown(str(theirs), 1234, 4321)
    before = os.stat(str(theirs))
    TextFiles().replace(str(theirs), "new\n")
    after = os.stat(str(theirs))
    assert theirs.read_text() == "new\n" and mode_of(theirs) == 0o640
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)
    assert os.listdir(str(theirs.parent)) == ["fstab"]


def test_extended_attributes_stay(theirs, monkeypatch):
    """Recorded here, since not every file system has them: the label is an attribute like the others."""
    kept, given = {"security.selinux": b"system_u:object_r:etc_t:s0\0", "user.note": b"x"}, {}
    monkeypatch.setattr(os, "listxattr", lambda path: list(kept), raising=False)
    monkeypatch.setattr(os, "getxattr", lambda path, name: kept[name], raising=False)
    monkeypatch.setattr(os, "setxattr", lambda path, name, value: given.update({name: value}), raising=False)
    TextFiles().replace(str(theirs), "new\n")
    assert given == kept


def test_what_an_administrators_link_points_to_is_written(theirs):
    link = theirs.parent / "link"
    link.symlink_to("fstab")
    TextFiles().replace(str(link), "new\n")
    assert link.is_symlink() and theirs.read_text() == "new\n" and mode_of(theirs) == 0o640


def test_a_file_of_ours_gets_the_mode_asked_for_and_no_link_is_followed(theirs):
    link = theirs.parent / "link"
    link.symlink_to("fstab")
    TextFiles().replace(str(link), "ours\n", 0o600)
    assert not link.is_symlink() and mode_of(link) == 0o600 and theirs.read_text() == "old\n"
    TextFiles().replace(str(theirs), "ours\n", 0o644)
    assert mode_of(theirs) == 0o644


def test_a_new_file_can_be_read_by_all(tmp_path):
    TextFiles().replace(str(tmp_path / "folder/new"), "text\n")
    assert mode_of(tmp_path / "folder/new") == 0o644


def test_what_can_not_be_written_leaves_the_old_file(theirs):
    def write(_path):
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        TextFiles().make(str(theirs), write, None)
    assert theirs.read_text() == "old\n" and os.listdir(str(theirs.parent)) == ["fstab"]


def test_a_process_that_ends_while_it_is_read_is_gone(monkeypatch):
    """Its files in /proc can be opened, and reading them fails."""

    class Ending(object):
        def __enter__(self):
            return self

        def __exit__(self, *_error):
            return False

        def read(self):
            raise ProcessLookupError(3, "No such process")

    monkeypatch.setattr("builtins.open", lambda *_arguments, **_options: Ending())
    assert TextFiles().read("/proc/1/stat") == ""
