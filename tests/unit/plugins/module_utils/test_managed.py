# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the look tells of a role's files, services and accounts, and that no content of a file is in it."""

import hashlib
import os
import pwd

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.command import NOT_FOUND, Commands, Result
from ansible_collections.brickwork.gluster.plugins.module_utils.managed import (
    describe_account,
    describe_file,
    has_keyed_sum,
    has_sum,
    is_loaded,
    keyed_sum,
    look_at_managed,
    public_key,
    services,
    sum_of,
)


class Runner:
    """Answers each command with the same text."""

    def __init__(self, rc=0, stdout=""):
        self.result = Result(rc, stdout, "")
        self.asked = []

    def run(self, argv, timeout):
        self.asked.append(argv)
        return self.result


def names():
    return dict.fromkeys(("files", "services", "accounts", "kernel_modules", "public_keys", "texts"), [])


def test_kinds_and_rights_and_sums(tmp_path):
    file, link, folder = tmp_path / "file", tmp_path / "link", tmp_path / "folder"
    file.write_text("a short secret")
    file.chmod(0o640)
    folder.mkdir(mode=0o711)
    link.symlink_to(file)
    owner = pwd.getpwuid(os.geteuid()).pw_name
    said = describe_file(str(file))
    assert (said["kind"], said["mode"], said["owner"]) == ("file", "0640", owner)
    assert said["digest"] == hashlib.sha256(b"a short secret").hexdigest()
    assert describe_file(str(link))["target"] == str(file) and "digest" not in describe_file(str(link))
    assert describe_file(str(folder))["kind"] == "directory" and describe_file(str(folder))["mode"] == "0711"
    assert describe_file(str(tmp_path / "none")) is None and describe_file(str(file / "below")) is None


def test_a_home_is_found_by_its_account():
    home = pwd.getpwuid(os.geteuid())
    assert describe_file("~%s" % home.pw_name)["kind"] in ("directory", "link")
    assert describe_file("~nobody-of-this-name/.ssh") is None
    assert describe_account(home.pw_name)["home"] == home.pw_dir
    assert describe_account("nobody-of-this-name") is None


def test_a_keyed_sum_is_answered_with_yes_or_no(tmp_path):
    path = tmp_path / "env"
    path.write_text("SECRET")
    keyed = "k1:%s" % keyed_sum("k1", b"SECRET")
    assert has_keyed_sum(str(path), keyed)
    assert not has_keyed_sum(str(path), "k2:%s" % keyed_sum("k1", b"SECRET"))
    params = dict(names(), keyed_sums={str(path): keyed}, sums={})
    said = look_at_managed(Commands(Runner(), 1), params)
    assert said["keyed_sums"] == {str(path): True} and "SECRET" not in str(said) and keyed[3:] not in str(said)


def test_a_note_holds_the_sum_of_files_that_may_be_missing(tmp_path):
    first, second, note = tmp_path / "a", tmp_path / "b", tmp_path / "note"
    first.write_text("1")
    second.write_text("2")
    paths = [str(first), str(tmp_path / "none"), str(second)]
    assert sum_of(paths) == hashlib.sha256(b"12").hexdigest()
    assert not has_sum(str(note), paths)
    note.write_text("%s  -\n" % sum_of(paths))
    assert has_sum(str(note), paths)
    second.write_text("3")
    assert not has_sum(str(note), paths)


UNITS = """Id=heketi.service
ActiveState=active
UnitFileState=disabled

Id=x.timer
ActiveState=inactive
UnitFileState=
"""


def test_units_in_one_question():
    runner = Runner(stdout=UNITS)
    assert services(Commands(runner, 1), ["heketi.service", "x.timer"]) == {
        "heketi.service": {"active": True, "enabled": False},
        "x.timer": {"active": False, "enabled": False},
    }
    assert len(runner.asked) == 1 and services(Commands(runner, 1), []) == {} and len(runner.asked) == 1


def test_a_module_is_loaded_or_built_in(tmp_path):
    (tmp_path / "dm_mirror").mkdir()
    built_in = tmp_path / "modules.builtin"
    built_in.write_text("kernel/drivers/md/dm-thin-pool.ko\n")
    found = [is_loaded(name, str(tmp_path), str(built_in)) for name in ("dm_mirror", "dm_thin_pool", "dm_snapshot")]
    assert found == [True, True, False]


@pytest.mark.parametrize(
    ("rc", "text", "key"),
    [(0, "ssh-ed25519 AAAA root@h\n", "ssh-ed25519 AAAA"), (255, "", ""), (NOT_FOUND, "", "")],
)
def test_the_public_half_of_a_key(tmp_path, rc, text, key):
    path = tmp_path / "key"
    assert public_key(Commands(Runner(0, "never asked"), 1), str(path)) == ""
    path.write_text("private")
    assert public_key(Commands(Runner(rc, text), 1), str(path)) == key
