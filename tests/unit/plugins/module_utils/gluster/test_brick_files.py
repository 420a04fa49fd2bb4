# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies on bricks of the real file system, as GlusterFS keeps them; the attributes, which need root, are faked."""

import errno
import os
import struct
import uuid

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import brick_files
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.brick_files import printable, read_copies

ROOT = "00000000-0000-0000-0000-000000000001"
OWN = "0f2a3bd4-1d14-4f4b-9d4c-0b3b7b0c1a55"


def gfid(number):
    return str(uuid.UUID(int=0xABCD << 96 | number))


class Brick:
    """A brick with what GlusterFS keeps in its own folder: a hard link of each file, a link to each folder."""

    def __init__(self, path, attributes):
        self.path = path
        self._attributes = attributes
        self._gfids = {"": ROOT}
        path.mkdir()
        self.note(path, "trusted.gfid", uuid.UUID(ROOT).bytes)
        self._own(ROOT).parent.mkdir(parents=True)
        self._own(ROOT).symlink_to("../../..")

    def _own(self, identity):
        return self.path / ".glusterfs" / identity[:2] / identity[2:4] / identity

    def note(self, path, name, value):
        self._attributes.setdefault(os.lstat(path).st_ino, {})[name] = value

    def folder(self, path, number):
        (self.path / path).mkdir()
        self.note(self.path / path, "trusted.gfid", uuid.UUID(gfid(number)).bytes)
        above, _slash, name = path.rpartition("/")
        holder = self._gfids[above]
        self._own(gfid(number)).parent.mkdir(parents=True, exist_ok=True)
        self._own(gfid(number)).symlink_to(f"../../{holder[:2]}/{holder[2:4]}/{holder}/{name}")
        self._gfids[path] = gfid(number)

    def file(self, path, number, text="", modified=1000, noted=None, link=None):
        place = self.path / path
        if link is None:
            place.write_text(text)
        else:
            place.symlink_to(link)
        os.utime(place, (modified, modified), follow_symlinks=False)
        self.note(place, "trusted.gfid", uuid.UUID(gfid(number)).bytes)
        above, _slash, name = path.rpartition("/")
        self.note(place, "trusted.gfid2path.0c1a", os.fsencode(f"{self._gfids[above]}/{name}"))
        if noted is not None:
            self.note(place, "trusted.glusterfs.mdata", struct.pack(">BQ6q", 1, 0, 7, 0, noted, 5 * 10**8, 9, 0))
        self._own(gfid(number)).parent.mkdir(parents=True, exist_ok=True)
        os.link(place, self._own(gfid(number)), follow_symlinks=False)

    def copies(self, *entries, member=OWN, own=OWN):
        bricks = [{"name": f"h1:{self.path}", "host_uuid": member}, {"name": "h2:/nowhere", "host_uuid": "another"}]
        files = [{"volume": "v", "path": path, "gfid": gfid(number), "bricks": bricks} for path, number in entries]
        return read_copies(files, own)

    def copy(self, path, number=1):
        [copy] = self.copies((path, number))
        return copy


@pytest.fixture
def brick(tmp_path, monkeypatch):
    attributes = {}

    def get(path, name, follow_symlinks):
        found = attributes.get(os.stat(path, follow_symlinks=follow_symlinks).st_ino, {})
        if name not in found:
            raise OSError(errno.ENODATA, "no such attribute")
        return found[name]

    def names(path, follow_symlinks):
        return list(attributes.get(os.stat(path, follow_symlinks=follow_symlinks).st_ino, {}))

    monkeypatch.setattr(os, "getxattr", get)
    monkeypatch.setattr(os, "listxattr", names)
    return Brick(tmp_path / "brick", attributes)


def test_a_file_is_told_with_its_size_and_the_time_that_clients_see(brick):
    brick.folder("d", 9)
    brick.file("d/f", 1, "twelve bytes", modified=1000, noted=2000)
    brick.file("plain", 2, modified=1000)
    copy = brick.copy("/d/f")
    assert (copy.kind, copy.size, copy.modified, copy.found_gfid) == ("file", 12, 2000.5, gfid(1))
    assert (copy.brick, copy.path, copy.names, copy.reason) == (f"h1:{brick.path}", "/d/f", (), "")
    assert brick.copy("/plain", 2).modified == 1000


def test_only_bricks_of_this_member_are_read(brick):
    brick.file("f", 1)
    assert len(brick.copies(("/f", 1))) == 1
    assert brick.copies(("/f", 1), member="another one") == [] == brick.copies(("/f", 1), member="", own="")


def test_what_is_not_there_and_what_can_not_be_read_are_told_apart(brick, tmp_path):
    assert [brick.copy("/f").kind, brick.copy("/d/f").kind, brick.copy("").kind] == 3 * ["missing"]
    brick.file("f", 1)
    assert brick.copy("/f/below").kind == "missing"
    brick.path.rename(tmp_path / "elsewhere")
    copy = brick.copy("/f")
    assert copy.kind == "unreadable" and "No such file" in copy.reason, "a disk that is not mounted has lost nothing"


def test_a_disk_with_errors_ends_nothing(brick, monkeypatch):
    brick.file("f", 1)
    brick.file("g", 2)
    stat = os.stat

    def broken(path, **more):
        if path == "f":
            raise OSError(errno.EIO, "Input/output error")
        return stat(path, **more)

    monkeypatch.setattr(os, "stat", broken)
    first, second = brick.copies(("/f", 1), ("/g", 2))
    assert first.kind == "unreadable" and "Input/output error" in first.reason and second.kind == "file"


# ---- by gfid


def test_what_has_no_path_in_the_list_is_found_by_its_gfid_with_its_path(brick):
    brick.folder("d", 9)
    brick.folder("d/e", 8)
    brick.file("d/e/f", 1, "abc")
    assert (brick.copy("").path, brick.copy("").size) == ("/d/e/f", 3)
    assert (brick.copy("", 8).path, brick.copy("", 8).kind) == ("/d/e", "directory")


def test_a_file_without_a_note_of_its_path_is_told_without_it(brick):
    brick.file("f", 1, "abc")
    attributes = brick._attributes[os.lstat(brick.path / "f").st_ino]
    del attributes["trusted.gfid2path.0c1a"]
    assert (brick.copy("").path, brick.copy("").size, brick.copy("").kind) == ("", 3, "file")


def test_a_note_that_is_wrong_leads_to_no_other_file(brick):
    brick.file("f", 1, "abc")
    brick.file("g", 2, "other")
    brick.note(brick.path / "f", "trusted.gfid2path.0c1a", os.fsencode(f"{ROOT}/g"))
    assert (brick.copy("").path, brick.copy("").size) == ("", 3)


@pytest.mark.parametrize("name", [b"..", b"a/b", b""])
def test_a_note_that_is_no_name_is_none(brick, name):
    brick.file("f", 1, "abc")
    brick.note(brick.path / "f", "trusted.gfid2path.0c1a", os.fsencode(ROOT) + b"/" + name)
    assert (brick.copy("").path, brick.copy("").kind) == ("", "file")


def test_notes_that_lead_round_in_a_circle_end(brick, monkeypatch):
    monkeypatch.setattr(brick_files, "_DEEPEST", 50)
    brick.file("f", 1, "abc")
    brick.note(brick.path / "f", "trusted.gfid2path.0c1a", os.fsencode(f"{gfid(1)}/f"))
    assert (brick.copy("").path, brick.copy("").kind) == ("", "file")


# ---- nothing is followed


@pytest.fixture
def outside(tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret").write_text("a secret")
    return tmp_path / "outside"


def test_a_link_is_told_as_a_link(brick, outside):
    brick.file("l", 1, link=outside / "secret")
    brick.file("m", 2, link=outside)
    for path, number in (("/l", 1), ("", 1), ("/m", 2), ("", 2)):
        copy = brick.copy(path, number)
        assert copy.kind == "link" and copy.names == () and copy.size != len("a secret")


def test_a_link_among_the_folders_leads_nowhere(brick, outside):
    brick.file("l", 2, link=outside)
    brick.file("up", 3, link="..")
    for path in ("/l/secret", "/up/outside/secret"):
        copy = brick.copy(path)
        assert copy.kind in ("missing", "unreadable") and copy.size == 0


def test_a_link_that_looks_like_that_of_a_folder_is_none(brick):
    """Users can make any link; where its target is noted as a folder's, the gfid there is another one."""
    brick.folder("d", 9)
    brick.file("l", 1, link=f"../../00/00/{ROOT}/d")
    del brick._attributes[os.lstat(brick.path / "l").st_ino]["trusted.gfid2path.0c1a"]
    assert (brick.copy("").kind, brick.copy("").path) == ("link", "")


def test_what_is_no_file_is_not_opened(brick):
    os.mkfifo(brick.path / "p")
    assert brick.copy("/p").kind == "other"


@pytest.mark.parametrize("path", ["/../outside/secret", "/d/../../outside", "f", "/a\0b"])
def test_a_path_out_of_the_brick_is_refused(brick, path):
    with pytest.raises(InputError, match="write what gluster_split_brain_info lists"):
        brick.copy(path)


def test_a_gfid_that_is_none_is_refused():
    file = {"volume": "v", "path": "", "gfid": "../../../../etc/passwd", "bricks": []}
    with pytest.raises(InputError, match="write what gluster_split_brain_info lists"):
        read_copies([file], OWN)


# ---- folders


def test_a_folder_is_told_with_its_names(brick):
    brick.folder("d", 9)
    brick.file("d/y", 1, "abc")
    brick.file("d/x", 2, link="/etc/passwd")
    copy = brick.copy("/d", 9)
    assert (copy.kind, copy.cut) == ("directory", False)
    assert [(one.name, one.gfid, one.kind) for one in copy.names] == [("x", gfid(2), "link"), ("y", gfid(1), "file")]
    assert copy.names[1].size == 3 and copy.names[1].modified == 1000


def test_of_the_volumes_root_the_bricks_own_folder_is_left_out(brick):
    brick.file("f", 1)
    assert [one.name for one in brick.copy("/", 9).names] == ["f"]
    [copy] = read_copies([{"volume": "v", "path": "", "gfid": ROOT, "bricks": [bricks_of(brick)]}], OWN)
    assert copy.kind == "directory"


def bricks_of(brick):
    return {"name": f"h1:{brick.path}", "host_uuid": OWN}


def test_of_a_large_folder_the_first_names_are_told(brick, monkeypatch):
    monkeypatch.setattr(brick_files, "MOST_NAMES", 2)
    brick.folder("d", 9)
    for number, name in enumerate("cab"):
        brick.file(f"d/{name}", number)
    copy = brick.copy("/d", 9)
    assert [one.name for one in copy.names] == ["a", "b"] and copy.cut


def test_a_name_that_can_not_be_printed_is_told_by_its_escapes(brick):
    brick.folder("d", 9)
    brick.file("d/\x1b[2J", 1)
    (brick.path / os.fsdecode(b"d/\xff\n")).write_text("")
    assert [one.name for one in brick.copy("/d", 9).names] == ["\\x1b[2J", "\\udcff\\n"]
    assert printable("grün \u202e") == "grün \\u202e"
