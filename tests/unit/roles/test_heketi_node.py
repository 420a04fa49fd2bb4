# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What heketi's account may run as root: every command that a heketi was seen to run on a node, and nothing else."""

import gzip
import importlib.util
import json
import os
import pathlib
import stat
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.brickwork.gluster.tests.fakes.heketi_ways_to_root import WAYS

ROOT = pathlib.Path(__file__).resolve().parents[3]
RECORDINGS = ROOT / "tests/recordings"
FOREIGN = "mysql"


def load(name):
    spec = importlib.util.spec_from_file_location(name, str(ROOT / "roles/heketi/files" / (name + ".py")))
    module = importlib.util.module_from_spec(spec)
    # The program stays what it is: one file, with no folder of its own beside it.
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module


node_program = load("heketi_node")
session = load("heketi_session")
Refused = node_program.Refused


class FakeNode(node_program.Node):
    """A node whose disks, links and volumes the test says."""

    def __init__(self, **changes):
        super().__init__(
            {
                "fstab": "/etc/fstab",
                "mount_options": "rw,inode64,noatime,nouuid",
                "devices": {"/dev/sdb": False, "/dev/sdc": True},
                "peers": ["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4", "192.168.72.101"],
                "volumes": "/var/lib/glusterd/vols",
                "modules": ["dm_thin_pool"],
                "snapshot_limit": 10,
            }
        )
        self.uses, self.groups, self.signs, self.links, self.mounted = {}, {}, {}, [], {}
        self.volumes = {FOREIGN: ["-srv-gluster-mysql-brick"]}
        for name, value in changes.items():
            setattr(self, name, value)

    def use_of(self, disk):
        return self.uses.get(disk, "")

    def is_device(self, path):
        return path.startswith("/dev/") and not path.endswith("-none")

    def physical_volume(self, disk):
        return self.groups.get(disk, ("", ""))

    def signatures(self, disk):
        return self.signs.get(disk, "")

    def bricks_of(self, volume):
        return self.volumes.get(volume, [])

    def mounted_from(self, path):
        brick = path.startswith(node_program.MOUNTS + "/") and "/dev/mapper/" + "-".join(path.split("/")[-2:])
        return self.mounted.get(path, brick or "")

    def require_roots(self, path):
        for link in self.links:
            if path == link or path.startswith(link + "/"):
                raise Refused("%s is a link" % link)

    def require_folder(self, path):
        self.require_roots(path)

    def require_no_link(self, path):
        self.require_roots(path)


def recorded(version):
    with gzip.open(str(RECORDINGS / ("heketi-%s-node-commands.jsonl.gz" % version)), "rt") as lines:
        said = [json.loads(line).get("command") for line in lines]
    return [command for command in said if command]


def judged(command, **changes):
    """Return what is run for a command as heketi sends it."""
    return node_program.judge(session.words_of(command), FakeNode(**changes))


@pytest.mark.parametrize("version", ["9.0.0", "10.4.1"])
def test_every_recorded_command_passes_byte_for_byte(version):
    """What is run is what heketi asked for; but systemctl gets no pager, and mounts give no rights."""
    commands = recorded(version)
    assert len(commands) > 180
    for command in commands:
        words = [word.rpartition("/")[2] if word.startswith("/usr/") else word for word in session.words_of(command)]
        run = judged(command)
        run = run[1:] if run[0] == "lvm" and words[0] != "lvm" else run
        asked = " ".join(words).replace("systemctl ", "systemctl --no-pager ")
        for options in ("xfs rw,inode64,noatime,nouuid", "-o rw,inode64,noatime,nouuid"):
            asked = asked.replace(options, options + ",nosuid,nodev")
        assert " ".join(run) == asked


@pytest.mark.parametrize(
    "words",
    [
        "gluster --mode=script --timeout=600 --xml snapshot create tmpsnap_%(id)s v1 no-timestamp",
        "gluster --mode=script --timeout=600 --xml snapshot clone v2 tmpsnap_%(id)s",
        "gluster --mode=script --timeout=600 volume set v1 group gluster-block",
        "gluster --mode=script --timeout=600 volume set v1 auth.allow 10.0.0.*,10.1.0.0/16",
        "/usr/sbin/lvm lvremove --autobackup=n -f vg_%(id)s/%(id)s_0",
        "/usr/sbin/lvm vgs -o pv_name,pv_uuid,vg_name --reportformat=json vg_%(id)s",
        "umount /run/gluster/snaps/%(id)s/brick1",
        "mkfs.xfs -i size=512 -d su=256,sw=10 -n size=8192 /dev/mapper/vg_%(id)s-brick_%(id)s",
        "cat /etc/fstab",
        "mount",
        "gluster-block create v1/b1 ha 3 auth disable prealloc full 127.0.0.1,127.0.0.2 3GiB --json",
        "gluster-block modify v1/b1  size 4GiB --json",
        "gluster-block delete v1/b1 --json",
        "gluster-block list v1 --json",
        "gluster-block info v1/b1 --json",
    ],
)
def test_what_only_heketis_source_has_passes(words):
    assert judged("/bin/bash -c 'sudo %s'" % (words % {"id": "0" * 32}))


@pytest.mark.parametrize("way", WAYS, ids=[way.name for way in WAYS])
def test_no_way_leads_to_root(way):
    """The same ways are gone over ssh on a node of the scenario heketi."""
    with pytest.raises((Refused, ValueError)):
        judged(way.command)
    if way.words:
        # Nor from a shell of the account's own, behind sudo.
        with pytest.raises(Refused):
            node_program.judge(way.words, FakeNode())


def test_there_are_ways_enough():
    assert len({way.command for way in WAYS}) == len(WAYS) >= 40


ID = "0" * 32
BRICK = "vg_%s/brick_%s" % (ID, ID)


@pytest.mark.parametrize(
    ("words", "state", "told"),
    [
        ("pvcreate -qq --metadatasize=128M --dataalignment=256K /dev/sdx", {}, "none of heketi_devices"),
        ("wipefs --all /dev/sdb", {"uses": {"/dev/sdb": "is mounted"}}, "/dev/sdb is mounted"),
        ("wipefs --all /dev/sdb", {"signs": {"/dev/sdb": "xfs"}}, "overwrite: true"),
        ("wipefs --all /dev/sdc", {"groups": {"/dev/sdc": ("data", "u")}}, "belongs to the volume group data"),
        ("pvremove -qq /dev/sdd", {"groups": {"/dev/sdd": ("", "brickw-1")}}, "a brick's physical volume"),
        ("pvremove -qq /dev/sdd", {"groups": {"/dev/sdd": ("data", "u")}}, "belongs to the volume group data"),
        ("gluster --mode=script --timeout=600 volume stop mysql force", {}, "heketi did not make"),
        ("gluster --mode=script --timeout=600 peer probe 10.9.9.9", {}, "none of the storage nodes"),
        ("mkdir -p /var/lib/heketi/mounts/" + BRICK, {"links": ["/var/lib/heketi/mounts"]}, "is a link"),
        (
            "chown :2001 /var/lib/heketi/mounts/%s/brick" % BRICK,
            {"links": ["/var/lib/heketi/mounts/%s/brick" % BRICK]},
            "is a link",
        ),
        (
            "umount /run/gluster/snaps/%s/brick1" % ID,
            {"mounted": {"/run/gluster/snaps/%s/brick1" % ID: "/dev/mapper/data-snap"}},
            "which is not heketi's",
        ),
    ],
)
def test_what_is_not_heketis_is_refused(words, state, told):
    with pytest.raises(Refused, match=told):
        judged("/bin/bash -c 'sudo %s'" % words, **state)


def test_a_disk_that_may_be_wiped_and_one_that_holds_nothing_are_wiped():
    assert judged("/bin/bash -c 'sudo wipefs --all /dev/sdc'", signs={"/dev/sdc": "xfs"})
    assert judged("/bin/bash -c 'sudo wipefs --all /dev/sdb'")


def whole_matches(words):
    """The rules that words fit, tried without the program's own way through them."""
    return [rule for rule in node_program.RULES if rule.match(node_program.plain_words(words)) is not None]


COMMANDS = sorted(
    {tuple(session.words_of(command)) for version in ("9.0.0", "10.4.1") for command in recorded(version)}
)
#: Texts that have led to root somewhere.
POISON = ["\n", " ", ";", "$(id)", "`id`", "'", '"', "\\", "..", "/../", "-", "--", "=", "\0", "é", ">", "|", "&", ")"]


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.sampled_from(COMMANDS), st.data())
def test_poison_in_any_word_is_refused_unless_the_word_may_be_any(words, data):
    """A letter more may make another name of heketi's; these never do, but in the value of an option."""
    words = list(words)
    at = data.draw(st.integers(0, len(words) - 1))
    cut = data.draw(st.integers(0, len(words[at])))
    poison = data.draw(st.sampled_from(POISON))
    changed = words[:at] + [words[at][:cut] + poison + words[at][cut:]] + words[at + 1 :]
    try:
        run = node_program.judge(changed, FakeNode())
    except Refused:
        return
    assert poison in ("-", "--", "=") and "\n" not in "".join(run)
    # What is left are names with one more hyphen in them, and values.
    assert words[0] == "gluster" and changed[at][:1] != "-"


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.sampled_from(COMMANDS), st.integers(0, 30), st.sampled_from(["--force", "-ff", "--config=x", "/etc/passwd"]))
def test_a_word_more_is_refused(words, at, more):
    at = min(at, len(words))
    with pytest.raises(Refused):
        node_program.judge(list(words[:at]) + [more] + list(words[at:]), FakeNode())


def test_a_final_newline_is_no_part_of_a_name():
    with pytest.raises(Refused):
        node_program.judge(["gluster", "--mode=script", "--timeout=600", "volume", "delete", "v1\n"], FakeNode())


@pytest.mark.skipif(os.getuid() != 0, reason="what is root's can be made by root only")
class TestOnThisMachine:
    """The looks at a real machine."""

    def refused(self, path, node=None):
        with pytest.raises(Refused):
            (node or node_program.Node({})).require_roots(str(path))

    def test_links_and_others_folders_are_refused(self, tmp_path):
        node = node_program.Node({})
        below = tmp_path / "mounts"
        below.mkdir(mode=0o755)
        for folder in (tmp_path, *tmp_path.parents):
            if (
                stat.S_ISDIR(folder.stat().st_mode)
                and folder.stat().st_mode & 0o022
                and not folder.stat().st_mode & 0o1000
            ):
                pytest.skip("%s belongs to others, too" % folder)
        node.require_roots(str(below / "not-there"))
        (tmp_path / "link").symlink_to(below)
        self.refused(tmp_path / "link")
        self.refused(tmp_path / "link/x")
        os.chown(str(below), 1234, 1234)
        self.refused(below / "x")
        os.chown(str(below), 0, 1234)
        below.chmod(0o775)
        self.refused(below)
        # In a folder as /tmp is what root made stays root's.
        below.chmod(0o1775)
        node.require_roots(str(below))
        (below / "planted").mkdir()
        os.chown(str(below / "planted"), 1234, 1234)
        self.refused(below / "planted")

    def test_settings_that_others_can_write_are_not_believed(self, tmp_path):
        file = tmp_path / "node.json"
        file.write_text("{}")
        assert node_program.read_settings(str(file)) == {}
        file.chmod(0o666)
        with pytest.raises(Refused, match="can be changed by others than root"):
            node_program.read_settings(str(file))


def test_bricks_are_read_where_glusterd_keeps_them(tmp_path):
    (tmp_path / "v1").mkdir()
    (tmp_path / "v1/info").write_text("type=2\ncount=1\nbrick-0=10.0.0.1:-var-lib-heketi-mounts-vg_0-brick_0-brick\n")
    node = node_program.Node({"volumes": str(tmp_path)})
    assert node.bricks_of("v1") == ["-var-lib-heketi-mounts-vg_0-brick_0-brick"] and node.bricks_of("v2") == []
    (tmp_path / "v1/info").write_text("type=2\nbrick-0=fd00::1:-srv-b\n")
    assert node.bricks_of("v1") == ["-srv-b"]


def test_a_refusal_is_one_line(capsys, monkeypatch):
    logged = []
    monkeypatch.setattr(node_program.syslog, "syslog", lambda level, text: logged.append(text))
    assert node_program.refuse(["cat", "a\nroot::0:0"], Refused("why")) == 126
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and said.strip() == logged[0] and said.endswith(": why\n")


def test_the_program_runs_alone(tmp_path):
    """With nothing of its caller's environment, and no settings on this machine."""
    for name in ("heketi_node", "heketi_session"):
        done = node_program.subprocess.run(
            [sys.executable, "-IS", str(ROOT / "roles/heketi/files" / (name + ".py")), "id"],
            env={"SSH_ORIGINAL_COMMAND": "id"}, cwd=str(tmp_path), check=False,
            stdout=node_program.subprocess.PIPE, stderr=node_program.subprocess.PIPE,
        )  # fmt: skip
        assert done.returncode == 126 and done.stdout == b"" and done.stderr.count(b"\n") == 1


FSTAB = "/dev/vda1 / ext4 defaults 0 1\n/dev/vdb /srv xfs defaults 0 0"
IDS = {"vg": "vg_" + "0" * 32, "brick": "brick_" + "1" * 32, "options": "rw,inode64,noatime,nouuid"}


def test_fstab_is_changed_in_one_step_and_nothing_of_others_is_lost(tmp_path):
    fstab, lock = tmp_path / "fstab", tmp_path / "lock"
    fstab.write_text(FSTAB)
    fstab.chmod(0o640)
    node_program.edit_fstab(str(fstab), lambda text: node_program._add_line(IDS, text), str(lock))
    lines = fstab.read_text().splitlines()
    mount = "/var/lib/heketi/mounts/%(vg)s/%(brick)s" % IDS
    options = "rw,inode64,noatime,nouuid,nosuid,nodev"
    assert lines[:2] == FSTAB.splitlines()
    assert lines[2:] == ["/dev/mapper/%s-%s %s xfs %s 1 2" % (IDS["vg"], IDS["brick"], mount, options)]
    assert stat.S_IMODE(fstab.stat().st_mode) == 0o640 and (tmp_path / "fstab.save").read_text() == FSTAB
    node_program.edit_fstab(str(fstab), lambda text: node_program._remove_lines(IDS, text), str(lock))
    assert fstab.read_text().splitlines() == FSTAB.splitlines()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fstab", "fstab.save", "lock"]


def test_a_change_of_fstab_that_is_cut_off_leaves_the_old_one(tmp_path, monkeypatch):
    fstab = tmp_path / "fstab"
    fstab.write_text(FSTAB)

    def cut_off(_source, _target):
        raise OSError("cut off")

    monkeypatch.setattr(node_program.os, "replace", cut_off)
    with pytest.raises(OSError):
        node_program.edit_fstab(str(fstab), lambda text: text + "\nx\n", str(tmp_path / "lock"))
    assert fstab.read_text() == FSTAB


def test_fstab_is_on_the_disk_before_heketi_goes_on(tmp_path, monkeypatch):
    """Without a sync, a power cut 11 s after "sed -i.save" left 0 bytes.

    The new file is synced before it gets its name, and the folder after that.
    """
    fstab, done = tmp_path / "fstab", []
    fstab.write_text(FSTAB)
    sync, replace = os.fsync, os.replace

    def synced(handle):
        name = pathlib.Path(os.readlink("/proc/self/fd/%s" % handle)).name
        done.append("sync " + ("folder" if name == tmp_path.name else "new"))
        sync(handle)

    monkeypatch.setattr(node_program.os, "fsync", synced)
    monkeypatch.setattr(
        node_program.os,
        "replace",
        lambda new, path: done.append("put " + path.rpartition("/")[2]) or replace(new, path),
    )
    node_program.edit_fstab(str(fstab), lambda text: text + "\n", str(tmp_path / "lock"))
    one = ["sync new", "put %s", "sync folder"]
    assert done == [step.replace("%s", name) for name in ("fstab.save", "fstab") for step in one]


@pytest.mark.parametrize("version", ["9.0.0", "10.4.1"])
def test_heketi_reaches_no_other_program_that_writes_fstab(version, tmp_path, monkeypatch):
    """Of every recorded command: what names fstab to change it is done by this program, and every other line stays."""
    fstab = tmp_path / "fstab"
    fstab.write_text(FSTAB)
    settings = dict(FakeNode().settings, fstab=str(fstab))
    monkeypatch.setattr(node_program, "lift_limits", lambda: None)
    monkeypatch.setattr(node_program, "read_settings", lambda _path: settings)
    monkeypatch.setattr(node_program, "Node", lambda given: FakeNode(settings=given))
    edit = node_program.edit_fstab
    monkeypatch.setattr(node_program, "edit_fstab", lambda path, change: edit(path, change, str(tmp_path / "lock")))
    started = []
    monkeypatch.setattr(node_program, "take_place", lambda command: started.append(command[0].rpartition("/")[2]))
    monkeypatch.setattr(node_program, "real_command", list)
    seen = []
    for command in recorded(version):
        assert not node_program.main(session.words_of(command.replace("/etc/fstab", str(fstab))))
        lines = fstab.read_text().splitlines()
        seen.append(len(lines))
        assert lines[:2] == FSTAB.splitlines() and all("/var/lib/heketi/mounts/" in line for line in lines[2:])
    assert not {"sed", "awk"} & set(started) and "mount" in started
    assert max(seen) > 10 and seen[-1] < max(seen)


def test_a_program_that_fails_lets_nothing_pass(monkeypatch):
    """Cut off by limits of the caller, it would say that there is no group and no signature."""
    node = node_program.Node({})
    monkeypatch.setattr(node_program, "real_command", lambda words: ["/bin/false"])
    for ask in (lambda: node.signatures("/dev/sdb"), lambda: node.physical_volume("/dev/sdb")):
        with pytest.raises(Refused, match="failed with exit code 1, so nobody can tell"):
            ask()


def test_limits_are_lifted_before_anything_is_asked(monkeypatch):
    done = []
    monkeypatch.setattr(node_program, "lift_limits", lambda: done.append("lifted"))
    monkeypatch.setattr(node_program, "read_settings", lambda _path: done.append("read") or {})
    monkeypatch.setattr(node_program, "refuse", lambda _words, error: done.append(str(error)))
    node_program.main(["id"])
    assert done == ["lifted", "read", "it is none of heketi's commands"]


def test_a_volume_that_was_restored_from_a_snapshot_may_be_anybodys(tmp_path):
    bricks = "brick-0=127.0.0.1:-run-gluster-snaps-%s-brick1-brick\n" % ("0" * 32)
    node = FakeNode()
    node.settings["volumes"] = str(tmp_path)
    node.volumes = {"mysql": ["-run-gluster-snaps-x-brick1-brick"]}
    (tmp_path / "mysql").mkdir()
    words = "gluster --mode=script --timeout=600 volume delete mysql".split()
    (tmp_path / "mysql" / "info").write_text("restored_from_snap=00000000-0000-0000-0000-000000000000\n" + bricks)
    assert node_program.judge(words, node) == words
    (tmp_path / "mysql" / "info").write_text("restored_from_snap=10000000-0000-0000-0000-000000000000\n" + bricks)
    with pytest.raises(Refused, match="heketi did not make"):
        node_program.judge(words, node)


def test_bricks_are_passed_by_root_only(tmp_path):
    node = node_program.Node({})
    node.require_roots = lambda _path: None
    folder = tmp_path / "mounts"
    folder.mkdir()
    folder.chmod(0o700)
    node.require_folder(str(folder))
    folder.chmod(0o711)
    with pytest.raises(Refused, match="others than root may pass"):
        node.require_folder(str(folder))


@pytest.mark.parametrize(
    "words",
    [
        "mkdir %(mount)s/brick",
        "chown :2000 %(mount)s/brick",
        "chmod 2775 %(mount)s/brick",
    ],
)
def test_a_brick_that_is_not_mounted_is_no_brick(words):
    mount = "/var/lib/heketi/mounts/%(vg)s/%(brick)s" % IDS
    words = (words % {"mount": mount}).split()
    assert node_program.judge(words, FakeNode()) == words
    with pytest.raises(Refused, match="is not mounted"):
        node_program.judge(words, FakeNode(mounted={mount: ""}))


@pytest.mark.parametrize(
    "words",
    [
        "gluster --mode=script --timeout=600 snapshot config snap-max-hard-limit 1",
        "gluster --mode=script --timeout=600 volume set v1 network.compression.debug on",
        "udevadm info --query=symlink --name=/dev//shm/x",
        "udevadm info --query=symlink --name=/dev/./shm/x",
        "udevadm info --query=symlink --name=/dev/stdout",
    ],
)
def test_more_ways_that_are_closed(words):
    with pytest.raises(Refused):
        node_program.judge(words.split(), FakeNode())
