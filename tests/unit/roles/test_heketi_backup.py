# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program that fetches copies of heketi's database, run as its unit runs it, against the fake."""

import pathlib
import subprocess
import sys

import pytest

from ansible_collections.brickwork.gluster.tests.fakes.heketi import pending
from ansible_collections.brickwork.gluster.tests.fakes.heketi.program import HEAD, Program
from ansible_collections.brickwork.gluster.tests.fakes.heketi.serve import serving
from ansible_collections.brickwork.gluster.tests.fakes.heketi_wire import client_of

SCRIPT = pathlib.Path(__file__).resolve().parents[3] / "roles/heketi/files/heketi_backup.py"
KEY = "s3cr3t-of-admin"


@pytest.fixture
def server(tmp_path):
    with serving(Program(tmp_path / "heketi.db", KEY, "other")) as serving_one:
        yield serving_one


@pytest.fixture
def back_up(server, tmp_path):
    """Return a function that runs the program and returns its exit code and what it said."""
    environment = tmp_path / "heketi.env"
    environment.write_text('HEKETI_USER_KEY="other"\nHEKETI_ADMIN_KEY="%s"\n' % KEY)
    (tmp_path / "copies").mkdir()

    def run(*more):
        options = ["--url=" + server.url, "--folder=%s" % (tmp_path / "copies"), "--environment=%s" % environment]
        done = subprocess.run(
            [sys.executable, str(SCRIPT)] + options + list(more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        assert KEY not in done.stdout and "eyJ" not in done.stdout
        return done.returncode, done.stdout

    run.environment = environment
    return run


def new_node(cluster, number):
    names = {"manage": ["n%s" % number], "storage": ["10.0.0.%s" % number]}
    return {"cluster": cluster, "zone": 1, "hostnames": names}


def copies(tmp_path):
    return sorted(path.name for path in (tmp_path / "copies").iterdir())


def test_a_copy_is_the_database(back_up, tmp_path):
    code, said = back_up()
    [name] = copies(tmp_path)
    assert code == 0 and name in said
    path = tmp_path / "copies" / name
    assert path.read_bytes() == (tmp_path / "heketi.db").read_bytes() and path.read_bytes().startswith(HEAD)
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_newest_are_kept(back_up, tmp_path):
    old = ["heketi-2020010%sT000000Z.db" % day for day in range(1, 5)]
    for name in [*old, "heketi-20200101T000000Z.inconsistent.db", "note.txt"]:
        (tmp_path / "copies" / name).write_text("")
    assert back_up("--keep=3")[0] == 0
    left = copies(tmp_path)
    assert (
        left[:3] == ["heketi-20200101T000000Z.inconsistent.db", *old[2:]] and left[-1] == "note.txt" and len(left) == 5
    )


def test_a_database_that_is_not_sound_is_told_and_takes_no_place(back_up, server, tmp_path):
    (tmp_path / "copies/heketi-20200101T000000Z.db").write_text("")
    pending.begin(server.app, "clone-volume", [(9, "0" * 32)])
    pending.make_stale(server.app.state)
    code, said = back_up("--keep=1")
    assert code == 1 and "1 inconsistencies" in said
    good, bad = copies(tmp_path)
    assert good == "heketi-20200101T000000Z.db" and bad.endswith(".inconsistent.db")


def test_a_node_that_was_added_makes_no_copy_unsound(back_up, server, tmp_path):
    """The real /db/check counts every volume from before, for as long as it has fewer hosts than there are nodes."""
    client = client_of(server.app, key=KEY)
    server.app.duration = 0
    cluster = client.change("POST", "/clusters", {"file": True, "block": True})["id"]
    first, _second = (client.change("POST", "/nodes", new_node(cluster, number)) for number in (1, 2))
    client.change("POST", "/devices", {"node": first["id"], "name": "/dev/sdb"})
    volume = client.change("POST", "/volumes", {"size": 1})
    client.change("POST", "/nodes", new_node(cluster, 3))
    code, said = back_up()
    assert code == 0 and "nothing is wrong: Volume %s mount hosts list([10.0.0." % volume["id"] in said, said
    assert not [name for name in copies(tmp_path) if "inconsistent" in name]


def test_what_keeps_a_copy_from_being_made(back_up, server, tmp_path):
    back_up.environment.write_text('HEKETI_ADMIN_KEY="wrong"\n')
    assert "401 Invalid JWT token: signature is invalid" in back_up()[1]
    back_up.environment.write_text("")
    assert "does not set HEKETI_ADMIN_KEY" in back_up()[1]
    back_up.environment.write_text('HEKETI_ADMIN_KEY="%s"\n' % KEY)
    server.app.__class__ = Program.__bases__[0]
    code, said = back_up()
    assert code == 1 and "what was sent is no database" in said
    server.shutdown()
    server.server_close()
    code, said = back_up()
    assert code == 1 and "no copy was made" in said and copies(tmp_path) == []
