# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""state_backup and state_restore with their own actions, and programs in the place of the modules."""

import base64
import json
import os

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.state_archive import StateFile, digest_of, pack
from ansible_collections.brickwork.gluster.tests.fakes.standins import StandIns

#: What a look is given of a host tells which one it is.
SERVERS = {
    f"n{number}": {"gluster_address": f"10.0.0.{number}", "gluster_devices": [f"/dev/n{number}"]} for number in (1, 2)
}
INVENTORY = {"gluster_servers": {"hosts": SERVERS}}
ALONE = {"gluster_servers": {"hosts": {"n1": SERVERS["n1"]}}}
OWN, OTHER = ("%s-5f0b-4f0e-9c55-4b3b6a1f9d10" % (8 * digit) for digit in "12")


def packed(text="version=1", node="n1"):
    """Return a state as the module reads it, with its digest."""
    files = [
        StateFile("glusterd.info", 0o600, f"UUID={OWN}\noperating-version=1\n".encode()),
        StateFile("vols/shared/info", 0o600, text.encode()),
    ]
    digest = digest_of(files)
    return pack({"node": node, "uuid": OWN, "peers": [OTHER], "digest": digest, "version": "10.3"}, files), digest


def look(uuid="", peers=0, volumes=0, installed=True):
    gluster = {"uuid": uuid, "peers": peers, "known_volumes": volumes, "installed": installed, "running": installed}
    return {
        "looked": True,
        "said": {"python": "3.11.2 /usr/bin/python3"},
        "changed": False,
        "files": {},
        "gluster": gluster,
    }


@pytest.fixture
def stubs(tmp_path):
    stubs = StandIns(
        tmp_path, ("gluster_inventory", "gluster_node_info", "gluster_state_backup", "gluster_state_restore")
    )
    (tmp_path / "password").write_text("secret\n")
    (tmp_path / "other").write_text("another\n")
    stubs.module("gluster_node_info", repr(look()))
    stubs.module("gluster_state_restore", f"dict(changed=True, uuid='{OWN}', steps=[])")
    has_state(stubs)
    return stubs


def has_state(stubs, text="version=1"):
    content, digest = packed(text)
    answer = (
        f"dict(changed=False, left_out=[], manifest=dict(digest={digest!r}), "
        f"content={base64.b64encode(content).decode()!r} if arguments['has'] != {digest!r} else '')"
    )
    stubs.module("gluster_state_backup", answer)


def backup(stubs, folder, *words, **given):
    extra = json.dumps({"gluster_state_folder": str(folder), **given})
    return stubs.run("brickwork.gluster.state_backup", ALONE, "-e", extra, *words)


def restore(stubs, *words, inventory=None, looks=None, **given):
    if looks:
        stubs.module("gluster_node_info", f"{looks!r}[arguments['bricks']['devices'][0][-2:]]")
    extra = json.dumps({"gluster_state_node": "n1", **given})
    return stubs.run("brickwork.gluster.state_restore", inventory or INVENTORY, "-e", extra, *words)


def names(folder):
    return sorted(os.listdir(folder)) if folder.exists() else []


# ---- saving


def test_a_state_is_saved_once_for_its_owner_only(stubs, tmp_path):
    folder = tmp_path / "saved"
    said, code = backup(stubs, folder)
    assert code == 0 and "changed=1" in said, said
    [name] = names(folder)
    assert name.startswith("n1-") and name.endswith("Z.tar.gz") and (folder / name).read_bytes() == packed()[0]
    assert (folder / name).stat().st_mode & 0o777 == 0o600 and folder.stat().st_mode & 0o777 == 0o700
    said, code = backup(stubs, folder)
    assert code == 0 and "changed=0" in said and names(folder) == [name]


def test_check_mode_tells_and_writes_nothing(stubs, tmp_path):
    said, code = backup(stubs, tmp_path / "saved", "--check")
    assert code == 0 and "changed=1" in said and names(tmp_path / "saved") == []


def test_as_many_are_kept_as_is_asked_for_and_files_of_others_stay(stubs, tmp_path):
    folder = tmp_path / "saved"
    folder.mkdir()
    old = [f"n1-2026010{day}T000000Z.tar.gz" for day in range(1, 5)]
    others = ["n1-notes.txt", "n10-20260101T000000Z.tar.gz", "n1-2-20260101T000000Z.tar.gz"]
    for name in old + others:
        (folder / name).write_bytes(b"")
    said, code = backup(stubs, folder, gluster_state_keep=2)
    assert code == 0, said
    [new] = set(names(folder)) - set(old) - set(others)
    assert set(names(folder)) == {old[-1], new, *others}


def test_it_is_encrypted_with_a_vault_password_and_read_again_with_it(stubs, tmp_path):
    folder, password = tmp_path / "saved", ("--vault-password-file", str(tmp_path / "password"))
    said, code = backup(stubs, folder, *password, gluster_state_encrypt=True)
    assert code == 0, said
    [name] = names(folder)
    content = (folder / name).read_bytes()
    assert name.endswith(".tar.gz.vault") and content.startswith(b"$ANSIBLE_VAULT;") and "secret" not in said
    said, code = backup(stubs, folder, *password, gluster_state_encrypt=True)
    assert code == 0 and "changed=0" in said and names(folder) == [name]
    said, code = restore(stubs, *password, inventory=ALONE, gluster_state_folder=str(folder))
    assert code == 0, said
    assert base64.b64decode(stubs.calls("gluster_state_restore")[-1][1]["content"]) == packed()[0]
    said, code = restore(
        stubs, "--vault-password-file", str(tmp_path / "other"), inventory=ALONE, gluster_state_folder=str(folder)
    )
    assert code == 2 and "encrypted, and no vault password that opens it" in said


def test_without_a_vault_password_nothing_is_encrypted_or_asked(stubs, tmp_path):
    said, code = backup(stubs, tmp_path / "saved", gluster_state_encrypt=True)
    assert code == 2 and "encrypt: found true, and no vault password to encrypt with; give one" in said
    assert stubs.calls("gluster_state_backup") == [] and names(tmp_path / "saved") == []


def test_a_folder_has_to_be_named(stubs):
    said, code = stubs.run("brickwork.gluster.state_backup", ALONE)
    assert code == 2 and "folder: it is missing; write a folder of the controller" in said


def test_what_is_saved_stands_in_no_output(stubs, tmp_path):
    said, _code = backup(stubs, tmp_path / "saved", "-v")
    assert base64.b64encode(packed()[0]).decode()[:40] not in said


# ---- putting back

MEMBER = look(OTHER, peers=2, volumes=1)


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "n1-20261128T201500Z.tar.gz"
    path.write_bytes(packed()[0])
    return str(path)


def test_a_node_alone_gets_its_state_back(stubs, archive):
    said, code = restore(stubs, inventory=ALONE, gluster_state_archive=archive)
    assert code == 0 and "run the playbook site now" in said, said
    judged, done = stubs.calls("gluster_state_restore")
    assert judged[1]["_ansible_check_mode"] is True and done[1]["_ansible_check_mode"] is False


def test_on_a_bare_node_the_archive_is_judged_before_anything_is_installed(stubs, archive):
    bare = look(installed=False)
    said, code = restore(stubs, looks={"n1": bare, "n2": MEMBER}, gluster_state_archive=archive)
    assert code == 2 and "n2 has the state of the pool" in said, said
    alone = {"n1": bare, "n2": look()}
    said, code = restore(stubs, "--check", looks=alone, gluster_state_archive=archive)
    assert "GlusterFS is installed first" in said and stubs.calls("gluster_state_restore") == [], said


def test_check_mode_takes_no_step(stubs, archive):
    said, code = restore(stubs, "--check", inventory=ALONE, gluster_state_archive=archive)
    assert code == 0, said
    assert all(call[1]["_ansible_check_mode"] for call in stubs.calls("gluster_state_restore"))


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (MEMBER, "n2 has the state of the pool, which is newer than the archive: run the playbook replace with"),
        (look("3" * 8, peers=2, volumes=1), "of a pool unknown to the archive; look which pool n1 is of"),
    ],
)
def test_while_another_node_has_the_state_it_is_refused_before_anything_is_done(stubs, archive, other, said):
    text, code = restore(stubs, looks={"n1": look(), "n2": other}, gluster_state_archive=archive)
    assert code == 2 and said in text and stubs.calls("gluster_state_restore") == [], text


def test_where_the_others_have_lost_theirs_too_it_is_the_first_one(stubs, archive):
    said, code = restore(stubs, looks={"n1": look(), "n2": look()}, gluster_state_archive=archive)
    assert code == 0, said


def test_a_member_gets_back_what_the_others_do_not_have(stubs, archive):
    said, code = restore(stubs, looks={"n1": look(OWN, 2, 1), "n2": MEMBER}, gluster_state_archive=archive)
    assert code == 0 and len(stubs.calls("gluster_state_restore")) == 2, said


def test_an_archive_of_another_node_is_refused(stubs, tmp_path):
    path = tmp_path / "n9.tar.gz"
    path.write_bytes(packed(node="n9")[0])
    said, code = restore(stubs, inventory=ALONE, gluster_state_archive=str(path))
    assert code == 2 and "archive: found one of n9, and this is n1; name an archive of n1" in said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"gluster_state_node": "n9"}, "gluster_state_node: found n9, which is no storage node; write one of n1"),
        ({}, "archive: found neither an archive nor a folder of archives"),
        ({"gluster_state_folder": "/nowhere"}, "folder: found no archive of n1 in /nowhere"),
        ({"gluster_state_archive": "/nowhere/x"}, "archive: found no file /nowhere/x; write"),
    ],
)
def test_what_is_not_there_is_one_clear_error(stubs, given, said):
    text, code = restore(stubs, inventory=ALONE, **given)
    assert code == 2 and said in text, text
