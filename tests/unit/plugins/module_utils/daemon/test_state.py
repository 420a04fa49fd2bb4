# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""glusterd's state is saved and put back, cut off anywhere: its folder is real, systemd and glusterd are in memory."""

import gzip
import io
import os
import tarfile

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Result
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import DaemonHost, parse_units
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.settings import VOLFILE
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.state import RestoreOperation, save_state
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.state_archive import (
    MANIFEST,
    StateFile,
    digest_of,
    pack,
    read_files,
    unpack,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlanError, UnsafeChangeError
from ansible_collections.brickwork.gluster.plugins.module_utils.files import TextFiles
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster, PowerCut

OWN, PEER, FRESH = ("%s-5f0b-4f0e-9c55-4b3b6a1f9d10" % (8 * digit) for digit in "123")
KEY = "-----BEGIN RSA PRIVATE KEY-----\nsecret\n"
TEXTS = {
    "glusterd.info": "UUID=%s\noperating-version=100000\n" % OWN,
    "peers/" + PEER: "uuid=%s\nstate=3\nhostname1=h2\n" % PEER,
    "vols/shared/info": "type=2\nversion=7\n",
    "vols/shared/bricks/h1:-b-1": "hostname=h1\n",
    "hooks/1/set/post/S99own.sh": "#!/bin/sh\n",
    "geo-replication/secret.pem": KEY,
    "geo-replication/secret.pem.pub": "ssh-rsa AAAA\n",
}
RESTORED = ["stop", "begin_restore", "restore_files", "restore_identity", "end_restore", "start"]


class Node(DaemonHost):
    """A machine with glusterd's folder; it can be cut off before any change."""

    def __init__(self, folder):
        super().__init__(self, 5, self)
        self.folder = str(folder)
        self.active = self.exists_ = True
        self.cut_at = None
        self.changes = 0
        self._disk = TextFiles()

    def put(self, texts):
        for path, text in texts.items():
            self._disk.replace(os.path.join(self.folder, path), text, 0o700 if path.endswith(".sh") else 0o600)

    def texts(self):
        return {file.path: file.content.decode() for file in read_files(self.folder)}

    def _change(self):
        if self.changes == self.cut_at:
            raise PowerCut
        self.changes += 1

    def read(self, path):
        return "option working-directory %s\n" % self.folder if path == VOLFILE else self._disk.read(path)

    def entries(self, folder):
        return self._disk.entries(folder)

    def exists(self, path):
        return self._disk.exists(path)

    def replace(self, path, text, mode=None):
        self._change()
        self._disk.replace(path, text, mode)

    def make(self, path, write, mode=0o600):
        self._change()
        # A glusterd that runs would write its own over it.
        assert not self.active or path.startswith((self.folder + "/hooks/", self.folder + "/geo-replication/"))
        self._disk.make(path, write, mode)

    def remove(self, path):
        self._change()
        self._disk.remove(path)

    def units(self):
        state = "loaded" if self.exists_ else "not-found"
        shown = "Id=glusterd.service\nLoadState=%s\nActiveState=%s\nUnitFileState=enabled\nKillMode=control-group"
        return parse_units(shown % (state, "active" if self.active else "inactive"), FakeClock())

    def run(self, argv, timeout):
        self._change()
        self.active = argv[1] == "start"
        if self.active and not self._disk.exists(self.folder + "/glusterd.info"):
            # Whoever is nobody gives himself a uuid.
            self.put({"glusterd.info": "UUID=%s\n" % FRESH})
        return Result(0, "", "")


@pytest.fixture
def node(tmp_path):
    return Node(tmp_path / "glusterd")


@pytest.fixture
def archive(tmp_path):
    return saved(tmp_path, TEXTS)


def saved(tmp_path, texts, with_keys=True, **more):
    """Return the archive of a node with these files."""
    other = Node(tmp_path / "saved")
    other.put(texts)
    state = save_state(other, with_keys, clock=FakeClock())
    return unpack(pack(dict(state.manifest, node="n1", version="10.3", **more), state.files))


def run(node, archive, check_mode=False, version="10.3"):
    cluster = FakeCluster("h1")
    cluster.version = version
    clock = FakeClock()
    return converge(RestoreOperation(node, archive, Gluster(cluster.on("h1"), clock=clock), 5, clock), check_mode)


def kinds(plan):
    return [step.kind for step in plan.steps]


# ---- saving


def test_a_state_is_saved_with_what_is_told_of_it(tmp_path):
    manifest, files = saved(tmp_path, TEXTS)
    assert {file.path: file.content.decode() for file in files} == TEXTS
    assert (manifest["uuid"], manifest["peers"], manifest["volumes"]) == (OWN, [PEER], ["shared"])
    assert manifest["op_version"] == 100000
    assert {file.path: file.mode for file in files}["hooks/1/set/post/S99own.sh"] == 0o700


def test_private_keys_are_left_out_and_named_where_the_archive_is_not_to_have_them(tmp_path):
    other = Node(tmp_path / "saved")
    other.put(TEXTS)
    state = save_state(other, False, clock=FakeClock())
    assert state.left_out == ["geo-replication/secret.pem"]
    assert not any(file.is_private_key for file in state.files) and len(state.files) == len(TEXTS) - 1


def test_links_sockets_and_unfinished_files_are_no_state(tmp_path):
    other = Node(tmp_path / "saved")
    other.put({**TEXTS, "vols/shared/info.tmp": "half"})
    os.symlink("/etc/shadow", other.folder + "/hooks/link")
    os.mkfifo(other.folder + "/pipe")
    assert set(other.texts()) == set(TEXTS)


def test_a_node_without_a_uuid_has_nothing_to_save(node):
    os.makedirs(node.folder)
    with pytest.raises(PlanError, match="found no uuid in glusterd.info there, so that there is no state to save"):
        save_state(node, False, clock=FakeClock())


def test_what_changes_while_it_is_read_is_read_again(tmp_path):
    other = Node(tmp_path / "saved")
    other.put(TEXTS)
    reads = []

    def read(folder):
        reads.append(folder)
        other.put({"vols/shared/info": "version=%s\n" % min(len(reads), 4)})
        if len(reads) == 2:
            raise FileNotFoundError("vols/shared/cksum")
        return read_files(folder)

    state = save_state(other, True, read, FakeClock())
    assert {file.path: file.content for file in state.files}["vols/shared/info"] == b"version=4\n" and len(reads) == 5


def test_what_never_rests_is_an_error(tmp_path):
    other = Node(tmp_path / "saved")
    other.put(TEXTS)
    reads = []

    def read(folder):
        reads.append(folder)
        return [StateFile("a", 0o600, str(len(reads)).encode())]

    with pytest.raises(PlanError, match="found it different at each of 10 reads; run again when no command runs"):
        save_state(other, True, read, FakeClock())


def test_the_same_state_has_the_same_digest_and_another_one_has_not(tmp_path):
    first = saved(tmp_path / "a", TEXTS).manifest["digest"]
    assert saved(tmp_path / "b", TEXTS).manifest["digest"] == first
    assert saved(tmp_path / "c", {**TEXTS, "vols/shared/info": "version=8\n"}).manifest["digest"] != first


# ---- putting back


def test_a_node_that_lost_its_state_gets_it_back_and_glusterd_starts(node, archive):
    node.put({"glusterd.info": "UUID=%s\n" % FRESH})
    assert kinds(run(node, archive, check_mode=True)) == RESTORED and node.changes == 0
    plan = run(node, archive)
    assert kinds(plan) == RESTORED and node.texts() == TEXTS and node.active and plan.findings == {"uuid": OWN}
    assert os.stat(node.folder + "/hooks/1/set/post/S99own.sh").st_mode & 0o777 == 0o700
    assert os.stat(node.folder + "/geo-replication/secret.pem").st_mode & 0o777 == 0o600
    assert run(node, archive).steps == []


@pytest.mark.parametrize("at", range(12))
@pytest.mark.parametrize("boots", [False, True])
def test_a_run_that_was_cut_off_is_continued_by_the_next(node, archive, at, boots):
    node.put({"glusterd.info": "UUID=%s\n" % FRESH})
    node.cut_at = at
    try:
        run(node, archive)
    except PowerCut:
        node.cut_at = None
        if boots and not node.active:
            # The boot starts glusterd on what is there.
            node.run(["systemctl", "start", "glusterd"], 5)
        run(node, archive)
    node.cut_at = None
    assert node.texts() == TEXTS and node.active
    assert run(node, archive).steps == []


@pytest.mark.parametrize("texts", [{"vols/own/info": "x"}, {"peers/" + FRESH: "x"}])
def test_a_node_with_a_state_of_its_own_keeps_it(node, archive, texts):
    node.put({"glusterd.info": "UUID=%s\n" % FRESH, **texts})
    with pytest.raises(UnsafeChangeError, match="nothing is overwritten: look which machine lost its state"):
        run(node, archive)
    assert node.changes == 0


def test_a_member_gets_back_only_what_no_other_one_has(node, archive):
    own = {"glusterd.info": TEXTS["glusterd.info"], "vols/shared/info": "version=9\n", "peers/" + PEER: "newer\n"}
    hook = "hooks/1/set/post/S99own.sh"
    node.put({**own, hook: "changed since\n"})
    plan = run(node, archive)
    assert kinds(plan) == ["restore_file", "restore_file"] and node.active
    assert node.texts() == {
        **own, hook: "changed since\n",
        **{path: TEXTS[path] for path in TEXTS if path.startswith("geo-replication/")},
    }  # fmt: skip
    assert run(node, archive).steps == []


def test_what_came_after_a_restore_that_was_cut_off_at_its_very_end_stays(node, archive):
    """Who the node is was put back last, so that all was; the node has worked with it since."""
    newer = {"vols/shared/info": "version=9\n", "peers/" + PEER: "newer\n"}
    node.put({**TEXTS, **newer, "brickwork-restoring": OWN + "\n"})
    assert kinds(run(node, archive))[0] == "end_restore"
    assert node.texts() == {**TEXTS, **newer} and run(node, archive).steps == []


def test_a_half_restored_node_takes_no_other_archive(node, archive, tmp_path):
    node.put({"brickwork-restoring": FRESH + "\n"})
    with pytest.raises(UnsafeChangeError, match="half restored as the member %s" % FRESH):
        run(node, archive)


def test_an_older_glusterfs_can_not_read_it(node, archive):
    with pytest.raises(PlanError, match="found GlusterFS 9.2 on this node, and the state is one of GlusterFS 10.3"):
        run(node, archive, version="9.2")


def test_without_glusterd_there_is_nothing_to_start(node, archive):
    node.exists_ = False
    with pytest.raises(PlanError, match="found no unit glusterd on this node; install"):
        run(node, archive)


# ---- archives that are none


def made(*members, **manifest):
    """Return an archive with these members behind the manifest."""
    plain = io.BytesIO()
    info = StateFile("glusterd.info", 0o600, TEXTS["glusterd.info"].encode())
    good = {"uuid": OWN, "node": "n1", "peers": [], "digest": digest_of([info]), **manifest}
    ours = io.BytesIO(gzip.decompress(pack(good, [info])))
    with tarfile.open(fileobj=ours) as source, tarfile.open(fileobj=plain, mode="w") as archive:
        for one in source:
            archive.addfile(one, source.extractfile(one))
        for one in members:
            archive.addfile(one, io.BytesIO(b"x" * one.size))
    return gzip.compress(plain.getvalue())


def member(name, kind=tarfile.REGTYPE, **more):
    found = tarfile.TarInfo(name)
    found.type = kind
    found.size = 1 if kind == tarfile.REGTYPE else 0
    for key, value in more.items():
        setattr(found, key, value)
    return found


def test_a_good_one_is_read():
    assert unpack(made()).manifest["uuid"] == OWN


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd", "../../etc/passwd", "vols/../../x", "..", "vols//x", "./x", "vols/./x", "vols/x\nUUID=1",
        "x\x1b[2J", "glusterd.info", MANIFEST,
    ],
)  # fmt: skip
def test_a_name_that_leaves_the_folder_or_is_there_twice_is_refused(name):
    with pytest.raises(InputError, match="nothing of this archive is restored: take another one"):
        unpack(made(member(name)))


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE]
)
def test_only_plain_files_are_in_an_archive(kind):
    with pytest.raises(InputError, match='found "vols/x" in it, which is no plain file'):
        unpack(made(member("vols/x", kind, linkname="/etc/shadow")))


def test_bits_of_other_users_rights_are_dropped():
    hook = StateFile("hooks/x", 0o4755, b"")
    info = StateFile("glusterd.info", 0o600, TEXTS["glusterd.info"].encode())
    plain = StateFile("hooks/x", 0o755, b"")
    files = [info, hook]
    data = pack({"uuid": OWN, "node": "n1", "peers": [], "digest": digest_of([info, plain])}, files)
    assert unpack(data).files[-1].mode == 0o755


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "found no archive"),
        (b"no archive", "found no archive"),
        (gzip.compress(b"no tar file"), "found no archive"),
        (made()[:-20], "found no archive"),
        (made(member("hooks/more")), "found no longer what was saved in it, so that it is damaged"),
        (made(digest="0"), "found no longer what was saved"),
        (made(uuid=FRESH), "found the uuid %s in its glusterd.info, and it says that it is of %s" % (OWN, FRESH)),
        (made(peers="x"), "found a manifest without"),
        (made(node=None), "found a manifest without"),
    ],
)
def test_what_is_no_archive_is_one_clear_error(data, said):
    with pytest.raises(InputError, match=said):
        unpack(data)
