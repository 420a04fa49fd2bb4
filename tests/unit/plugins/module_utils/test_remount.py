# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mounts that an older program serves: which they are, what keeps them, and how they get the new one."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Commands, Result
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError, PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.remount import (
    MountOperation,
    ProcFiles,
    RemountOperation,
    UnmountOperation,
    all_mounts,
    dead_paths,
    missing_paths,
    old_mounts,
    old_paths,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge

FSTAB = (
    "n1:/shared /mnt/shared glusterfs defaults,_netdev 0 0\nn1:/archive /mnt/archive glusterfs defaults,_netdev 0 0\n"
)


class Client:
    """A machine with processes and mounts, which is its own runner. busy are mounts that the kernel does not let go."""

    def __init__(self):
        self.fstab = FSTAB
        self.mounted = {}
        self.processes = {}
        self.busy = ()
        self.broken = ()
        self.silent = ()
        self.others = []
        self.next = 100
        self.mount("/mnt/shared")
        self.mount("/mnt/archive")

    def mount(self, path):
        self.next += 1
        self.mounted[path] = str(self.next)
        words = ["/usr/sbin/glusterfs", "--process-name", "fuse", "--volfile-id=/v", path]
        self.processes[str(self.next)] = {"exe": "/usr/sbin/glusterfsd", "cmdline": "\0".join(words) + "\0"}

    def install(self):
        for process in self.processes.values():
            if process["exe"].startswith("/usr/sbin/gluster"):
                process["exe"] += " (deleted)"

    def process(self, pid, name, **found):
        self.processes[pid] = {
            "exe": "/usr/bin/" + name,
            "comm": name + "\n",
            "cmdline": name + "\0/mnt/shared\0",
            **found,
        }

    # as a runner

    def run(self, argv, timeout):
        path = argv[-1]
        if argv[0] == "umount" and path in self.busy:
            return Result(32, "", "umount: %s: target is busy." % path)
        if path in self.broken:
            return Result(32, "", "%s: Transport endpoint is not connected" % path)
        if argv[0] == "stat":
            return Result(0, "", "")
        if argv[0] == "umount":
            del self.processes[self.mounted.pop(path)]
        elif path not in self.silent:
            self.mount(path)
        return Result(0, "", "")

    # as files

    def read(self, path):
        words = path.split("/")
        if path == "/etc/fstab":
            return self.fstab
        if path == "/proc/mounts":
            mounts = ["n1:%s %s fuse.glusterfs rw 0 0" % (each.replace("/mnt", ""), each) for each in self.mounted]
            return "\n".join(["/dev/vda / ext4 rw 0 0", *mounts, *self.others])
        return self.processes.get(words[2], {}).get(words[3], "")

    def entries(self, path):
        if path == "/proc":
            return ["meminfo", *sorted(self.processes)]
        return [name for name in self.processes.get(path.split("/")[2], {}) if name.isdigit()]

    def link(self, path):
        return self.processes.get(path.split("/")[2], {}).get(path.rpartition("/")[2], "")


@pytest.fixture
def client():
    client = Client()
    client.install()
    return client


def kept(client):
    return {each.path: each.kept for each in old_mounts(client)}


def test_a_mount_whose_process_has_ended_is_dead(client):
    """One that is served is not touched, as it may wait for its servers."""
    asked = []

    class Asking(Commands):
        def answer(self, argv):
            asked.append(argv)
            return super().answer(argv)

    commands = Asking(client, 5)
    assert dead_paths(client, commands) == [] and asked == []
    del client.processes[client.mounted["/mnt/shared"]]
    client.process("7", "ls")
    assert dead_paths(client, commands) == [], "somebody serves it whom we don't see"
    client.broken = ("/mnt/shared",)
    assert dead_paths(client, commands) == ["/mnt/shared"]
    assert asked == [["stat", "/mnt/shared"]] * 2
    client.fstab = client.fstab.replace("/mnt/shared ", "/mnt/elsewhere ")
    assert dead_paths(client, commands) == [], "somebody mounted it by hand"
    client.mounted.clear()
    assert dead_paths(client, commands) == []


def test_only_what_was_mounted_before_is_old(client):
    client.run(["umount", "/mnt/archive"], 1)
    client.mount("/mnt/archive")
    assert old_paths(client) == ["/mnt/shared"]
    assert old_paths(Client()) == []


def test_another_program_that_was_replaced_is_no_mount(client):
    client.mounted = {"/mnt/shared": client.mounted["/mnt/shared"]}
    client.process("7", "rsync", exe="/usr/bin/rsync (deleted)", cmdline="rsync\0/mnt/archive\0")
    assert old_paths(client) == ["/mnt/shared"]


def test_what_nothing_uses_is_mounted_anew_and_then_nothing_is_left(client):
    operation = RemountOperation(client, 1, client)
    assert [step.target for step in converge(operation, check_mode=True).steps] == ["/mnt/archive", "/mnt/shared"]
    assert old_paths(client) == ["/mnt/archive", "/mnt/shared"]
    made = converge(operation)
    assert (
        old_paths(client) == []
        and made.findings == {"kept": []}
        and sorted(client.mounted) == ["/mnt/archive", "/mnt/shared"]
    )
    assert converge(operation).steps == []


@pytest.mark.parametrize(
    "found",
    [{"cwd": "/mnt/shared"}, {"5": "/mnt/shared/data/file"}, {"maps": "7f00-7f01 r-xp 0 0:1 1 /mnt/shared/lib.so\n"}],
)
def test_what_is_in_use_stays_and_is_named(client, found):
    client.process("7", "rsync", **found)
    made = converge(RemountOperation(client, 1, client))
    assert [step.target for step in made.steps] == ["/mnt/archive"]
    assert made.findings["kept"] == [{"path": "/mnt/shared", "reason": "in use by rsync (7)"}]


def test_a_path_that_only_begins_alike_is_no_use(client):
    client.process("7", "rsync", cwd="/mnt/shared2")
    assert kept(client)["/mnt/shared"] == ""


def test_what_the_kernel_does_not_let_go_stays(client):
    client.busy = ("/mnt/shared",)
    made = converge(RemountOperation(client, 1, client))
    assert [each["path"] for each in made.findings["kept"]] == ["/mnt/shared"] and "busy" in made.findings["kept"][0][
        "reason"
    ]
    assert "/mnt/shared" in client.mounted


def test_what_fstab_does_not_have_or_what_has_a_mount_in_it_stays(client):
    client.fstab = "n1:/shared /mnt/shared glusterfs defaults 0 0\n"
    client.mount("/mnt/shared/inner")
    assert (
        "by hand" in kept(client)["/mnt/archive"]
        and "/mnt/shared/inner is mounted in it" in kept(client)["/mnt/shared"]
    )


@pytest.mark.parametrize(
    "line",
    [
        "n1:/other /mnt/shared glusterfs defaults 0 0",
        "n1:/shared/folder /mnt/shared glusterfs defaults 0 0",
        "n1:/shared /mnt/shared nfs defaults 0 0",
    ],
)
def test_what_fstab_has_otherwise_stays(client, line):
    client.fstab = FSTAB.replace(FSTAB.splitlines()[0], line)
    assert "/etc/fstab has n1:/" in kept(client)["/mnt/shared"] and kept(client)["/mnt/archive"] == ""


def test_another_server_of_the_same_volume_is_the_same(client):
    client.fstab = FSTAB.replace("n1:/shared", "n2,n3:shared")
    assert kept(client)["/mnt/shared"] == ""


@pytest.mark.parametrize("other", ["tmpfs /mnt/shared tmpfs rw 0 0", "n1:/shared /mnt/shared fuse.glusterfs rw 0 0"])
def test_what_is_mounted_under_another_stays(client, other):
    client.others = [other]
    assert kept(client)["/mnt/shared"] == "several file systems are mounted there, one on the other"


def test_what_waits_below_for_a_look_is_no_other_mount(client):
    client.mounted = {"/mnt/shared": client.mounted["/mnt/shared"]}
    client.others = ["systemd-1 /mnt/archive autofs rw 0 0", "n1:/archive /mnt/archive fuse.glusterfs rw 0 0"]
    assert kept(client) == {"/mnt/archive": "", "/mnt/shared": ""}


def test_a_mount_that_says_yes_and_does_nothing_fails(client):
    client.silent = ("/mnt/shared",)
    with pytest.raises(BrickworkError, match="/mnt/shared of /etc/fstab found not mounted"):
        converge(RemountOperation(client, 1, client))


def test_what_a_cut_run_left_unmounted_fails_in_the_next_until_it_is_mounted_or_not_at_boot(client):
    client.run(["umount", "/mnt/shared"], 1)
    for check_mode in (True, False):
        with pytest.raises(BrickworkError, match="/mnt/shared of /etc/fstab found not mounted"):
            converge(RemountOperation(client, 1, client), check_mode)
    client.fstab = FSTAB.replace("shared glusterfs defaults", "shared glusterfs noauto")
    assert missing_paths(client) == []
    client.fstab = FSTAB
    client.mount("/mnt/shared")
    assert missing_paths(client) == []


def test_a_failure_says_what_was_done(client):
    client.broken = ("/mnt/shared",)
    with pytest.raises(BrickworkError, match="remount /mnt/shared: unmounting: /mnt/shared: Transport"):
        converge(RemountOperation(client, 1, client))


def test_the_kernel_is_read(tmp_path):
    (tmp_path / "link").symlink_to("/usr/sbin/glusterfsd (deleted)")
    files = ProcFiles()
    assert files.link(str(tmp_path / "link")) == "/usr/sbin/glusterfsd (deleted)"
    assert files.link(str(tmp_path / "none")) == "" and files.entries(str(tmp_path / "none")) == []


# ---- all mounts away, and back


def test_all_are_unmounted_and_mounted_again_each_done_once(client):
    away, back = UnmountOperation(client, 1, client), MountOperation(client, 1, client)
    assert len(converge(away, check_mode=True).steps) == 2 and len(client.mounted) == 2
    assert [step.target for step in converge(away).steps] == ["/mnt/shared", "/mnt/archive"]
    assert client.mounted == {} and converge(away).steps == []
    assert [step.target for step in converge(back).steps] == ["/mnt/archive", "/mnt/shared"]
    assert sorted(client.mounted) == ["/mnt/archive", "/mnt/shared"] and converge(back).steps == []


def test_none_is_unmounted_where_one_can_not_be_and_all_such_are_named(client):
    client.process("7", "rsync", cwd="/mnt/shared")
    client.mount("/mnt/own")
    client.fstab = FSTAB.replace(
        "n1:/archive /mnt/archive glusterfs defaults", "n1:/archive /mnt/archive glusterfs noauto"
    )
    with pytest.raises(PlanError) as error:
        converge(UnmountOperation(client, 1, client))
    assert "/mnt/shared: in use by rsync (7)" in str(error.value) and "/mnt/own: it was mounted by hand" in str(
        error.value
    )
    assert "/mnt/archive: its line in /etc/fstab has noauto" in str(error.value) and len(client.mounted) == 3


def test_what_the_kernel_does_not_let_go_ends_the_unmounting(client):
    client.busy = ("/mnt/archive",)
    with pytest.raises(BrickworkError, match="target is busy"):
        converge(UnmountOperation(client, 1, client))


def test_a_mount_of_which_only_the_command_says_that_it_is_there_fails(client):
    converge(UnmountOperation(client, 1, client))
    client.silent = ("/mnt/shared",)
    with pytest.raises(BrickworkError, match="this is still to do: mount /mnt/shared"):
        converge(MountOperation(client, 1, client))


def test_what_somebody_else_mounts_meanwhile_is_mounted_and_what_nobody_can_is_a_failure(client):
    converge(UnmountOperation(client, 1, client))
    operation = MountOperation(client, 1, client)
    planned = operation.plan(operation.observe())
    client.broken = ("/mnt/archive", "/mnt/shared")
    client.mount("/mnt/archive")
    operation.perform(planned.steps[0])
    with pytest.raises(BrickworkError, match="mounting: /mnt/shared: Transport endpoint is not connected"):
        operation.perform(planned.steps[1])


def test_what_is_mounted_of_another_pool_stays_whatever_uses_it(client):
    client.process("7", "rsync", cwd="/mnt/archive")
    away = UnmountOperation(client, 1, client, ["shared"])
    assert [step.target for step in converge(away).steps] == ["/mnt/shared"]
    assert list(client.mounted) == ["/mnt/archive"] and converge(away).steps == []


def test_a_folder_of_a_volume_is_of_the_volume_and_what_names_none_may_be_any(client):
    client.others = ["n1,n2:/shared/folder /mnt/in fuse.glusterfs rw 0 0", "/etc/x.vol /mnt/file fuse.glusterfs rw 0 0"]
    found = [each.path for each in all_mounts(client, ["shared"])]
    assert found == ["/mnt/file", "/mnt/in", "/mnt/shared"]
