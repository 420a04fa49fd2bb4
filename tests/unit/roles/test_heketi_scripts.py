# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts of the role heketi, with programs that are not heketi's own in the place of some."""

import os
import pathlib
import shutil
import subprocess

import pytest

FILES = pathlib.Path(__file__).resolve().parents[3] / "roles/heketi/files"


@pytest.fixture
def run(tmp_path):
    """Return a function that runs a script; programs of the test's own come first."""
    programs = tmp_path / "programs"
    programs.mkdir()

    def put(name, text):
        (programs / name).write_text("#!/bin/sh\n" + text)
        (programs / name).chmod(0o755)

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


def test_the_links_of_a_way(run):
    """Whatever this machine has, each link is told of in one line, and no link's failure hides the next."""
    done = run("try_chain.sh", "heketi-ssh", "9", "no_such_module")
    links = dict(line.partition(" ")[::2] for line in done.stdout.splitlines())
    assert list(links) == ["sudo", "glusterd", "lvm", "thin_check", "modules"]
    assert links["modules"] == "no_such_module is not loaded"
