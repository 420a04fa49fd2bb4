# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts of the role heketi, with programs that are not heketi's own in the place of some."""

import os
import pathlib
import shutil
import stat
import subprocess

import pytest
import yaml

from ansible_collections.brickwork.gluster.tests.fakes.programs import program_folder

FILES = pathlib.Path(__file__).resolve().parents[3] / "roles/heketi/files"


@pytest.fixture
def run(tmp_path):
    """Return a function that runs a script; programs of the test's own come first."""
    programs = tmp_path / "programs"
    put = program_folder(programs)

    def run_script(name, *arguments):
        environment = dict(os.environ, PATH="%s:%s" % (programs, os.environ["PATH"]))
        return subprocess.run(
            ["bash", str(FILES / name), *map(str, arguments)],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    run_script.put = put
    return run_script


@pytest.fixture
def make_key(run, tmp_path):
    if not shutil.which("ssh-keygen"):
        pytest.skip("there is no ssh-keygen here")
    run.put("chown", "exit 0\n")
    return lambda kind="ed25519", how="make": run("make_key.sh", tmp_path / "key", kind, how)


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa"])
def test_a_key_is_made_once(make_key, tmp_path, kind):
    looked = make_key(kind, "look")
    assert (looked.returncode, looked.stdout, looked.stderr) == (0, "", "made\n") and not (tmp_path / "key").exists()
    made = make_key(kind)
    assert made.stderr == "made\n" and made.stdout.split()[0] in ("ssh-ed25519", "ecdsa-sha2-nistp256")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    again = make_key(kind)
    assert (again.stdout, again.stderr) == (made.stdout, "")
    if kind == "ecdsa":
        assert (tmp_path / "key").read_text().startswith("-----BEGIN EC PRIVATE KEY")


def test_a_run_that_was_cut_off_leaves_no_half_key(make_key, tmp_path):
    (tmp_path / "key").write_text("")
    (tmp_path / "key.new").write_text("half of")
    assert make_key().stdout.startswith("ssh-ed25519 ")


def test_a_key_that_is_there_is_not_written_over(make_key, tmp_path):
    public = make_key().stdout
    other = make_key("ecdsa")
    assert other.returncode == 1 and "move it away" in other.stderr
    assert make_key().stdout == public
    (tmp_path / "key").write_text("something else")
    assert make_key().returncode != 0 and (tmp_path / "key").read_text() == "something else"


def test_an_account_is_looked_at(run, tmp_path):
    """What is told of it is what there is; nothing is told of one that there is not."""
    home = tmp_path / "heketi-ssh"
    home.mkdir()
    (home / ".ssh").symlink_to("/etc")
    run.put("getent", "echo heketi-ssh:x:999:999:comment:%s:/bin/bash\n" % home)
    said = run("look_at_node.sh", "heketi-ssh").stdout.splitlines()
    assert "account heketi-ssh:x:999:999:comment:%s:/bin/bash" % home in said
    assert any(line.startswith("unsafe %s/.ssh is a link" % home) for line in said)
    run.put("getent", "exit 2\n")
    assert not [line for line in run("look_at_node.sh", "nobody-here").stdout.splitlines() if "account" in line]


as_root = pytest.mark.skipif(os.getuid() != 0, reason="folders of other accounts can be made by root only")


@pytest.fixture
def look(run, tmp_path):
    """Return a function that has two folders looked at."""
    # Accounts that every machine has stand for heketi's.
    run.put("stat", 'exec /usr/bin/stat "$@" | sed s/daemon:daemon/heketi:heketi/\n')
    return lambda data, backup: run("look_at_folders.sh", data, backup).stdout.splitlines()


@as_root
def test_only_folders_of_heketis_own_are_given_to_it(look, tmp_path):
    new = tmp_path / "new"
    assert look(new, new / "backup") == []
    assert "belongs to root:root, so it is not heketi's" in "".join(look("/etc", new))
    [problem] = look(new, "/var/backups")
    assert problem.startswith("heketi_backup_folder: /var/backups on ") and "is there already" in problem
    (tmp_path / "link").symlink_to("/var/backups")
    assert "is a link" in look(new, tmp_path / "link")[0]
    assert "is a link" in look(new, tmp_path / "link/x")[0]
    (tmp_path / "file").write_text("")
    assert "is no folder" in look(new, tmp_path / "file")[0]
    mine = tmp_path / "mine"
    mine.mkdir()
    shutil.chown(str(mine), "daemon", "daemon")
    assert look(mine, mine / "backup") == []
    assert "can be changed by others than root" in look(new, mine / "backup")[0]


@as_root
def test_a_folder_is_made_once_and_no_link_is_followed(run, tmp_path):
    made = run("make_folder.sh", tmp_path / "a/b", "daemon:daemon", "700", "make")
    assert (made.returncode, made.stderr) == (0, "made\n")
    found = (tmp_path / "a/b").stat()
    assert (stat.S_IMODE(found.st_mode), (tmp_path / "a").stat().st_uid) == (0o700, 0) and found.st_uid != 0
    assert run("make_folder.sh", tmp_path / "a/b", "daemon:daemon", "700", "make").stderr == ""
    target = tmp_path / "target"
    target.mkdir()
    (tmp_path / "link").symlink_to(target)
    for path in (tmp_path / "link", target):
        refused = run("make_folder.sh", path, "daemon:daemon", "700", "make")
        assert refused.returncode == 1 and "this role did not make it" in refused.stderr
    assert target.stat().st_uid == 0


def test_nothing_gives_a_folder_away_through_a_link():
    """No task of a role changes the owner of a folder but by the scripts above, or without following links."""
    for file in sorted(FILES.parents[1].glob("*/tasks/*.yml")):
        for task in _tasks(yaml.safe_load(file.read_text()) or []):
            module = task.get("ansible.builtin.file") or {}
            if module.get("state") == "directory":
                assert module.get("follow") is False, "%s: %s" % (file, task["name"])


def _tasks(tasks):
    for task in tasks:
        yield task
        yield from _tasks(task.get("block") or [])
