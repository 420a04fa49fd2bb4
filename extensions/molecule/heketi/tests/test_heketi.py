# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""heketi on the first of four storage nodes. The tests stand in the order in which they change the machines."""

import gzip
import json
import pathlib
import re
import signal

import paramiko
import pytest
import yaml
from machines import ROOT

from ansible_collections.brickwork.gluster.tests.fakes.heketi_ways_to_root import PROOF, WAYS

SECRET = "s3cret-of-the"
RECORDINGS = ROOT / "tests/recordings"
DRIVER = pathlib.Path(__file__).parent / "run_as_heketi.py"
ATTACKER = pathlib.Path(__file__).parent / "become_root.py"
LOGIN = {"url": "https://192.168.72.101:8080", "key": SECRET + "-admin", "ca_path": "/etc/heketi/ca.pem"}
#: The tasks of playbooks/heketi.yml that run parts of the role.
PARTS = (
    "Install heketi and make its key", "Let heketi in, and try the way", "Configure, start and verify heketi",
    "Load the topology",
)  # fmt: skip
#: By an account that may not write where heketi's key is.
AS_HEKETI = "runuser -u heketi --"
SSH = (
    f"{AS_HEKETI} ssh -F /dev/null -i /etc/heketi/ssh_key -o BatchMode=yes"
    " -o UserKnownHostsFile=/etc/heketi/known_hosts"
)


def topology(lab):
    """Return what heketi has: its volumes by name, and the number of its nodes."""
    said = yaml.safe_load(lab.module("node1", "heketi_info", **LOGIN).partition("=>")[2])
    return [volume["name"] for volume in said["volumes"]], sum(len(one["nodes"]) for one in said["clusters"])


def mapped(text):
    """Return a recorded text for the lab: its addresses, and an arbiter's brick of 320 MiB where it was 64 MiB.

    mkfs.xfs makes none below 300 MiB from xfsprogs 6 on.
    """
    return text.replace("127.0.0.", "192.168.72.10").replace(" 65536K", " 327680K")


def changed_desired(lab):
    """Return variables that differ from the inventory: an option, the program as a tarball, a volume to try."""
    return {
        "heketi_options": {"snapshot_limit": 10},
        "heketi_source": "tarball",
        "heketi_file": str(lab.state / "heketi.tar.gz"),
        "heketi_test_volume": True,
    }


def test_a_second_run_of_site_calls_none_of_the_roles_parts(lab):
    """The look says that all is as desired, and heketi's own answer that its topology is."""
    run = lab.play("site").without_change()
    for task in PARTS:
        said = run.text.partition(f"TASK [{task}]")[2].partition("\n\n")[0]
        assert "skipping: [node1]" in said and not re.search("^(ok|changed|included|fatal)", said, re.MULTILINE), said
    assert "brickwork.gluster.heketi : Write heketi's configuration" not in run.text
    assert "brickwork.gluster.heketi : Look for heketi's account" not in run.text
    assert "ok: [node1]" in run.text.partition("Have the topology planned by heketi's own answer")[2][:200]


def test_site_mends_what_a_node_has_lost_and_that_alone(lab):
    lab.run("node2", "rm ~heketi-ssh/.ssh/authorized_keys")
    planned = lab.play("plan").without_change()
    assert "node2: let heketi in: ~heketi-ssh/.ssh/authorized_keys is missing" in planned.words
    assert lab.play("site").succeeded().changes == 1
    assert "let heketi in" not in lab.play("plan").without_change().words


def test_a_run_that_was_cut_off_is_resumed_and_no_key_is_shown(lab):
    """It is cut off when it has written a file and heketi still runs with the old one; a node has lost heketi's key."""
    desired = changed_desired(lab)
    lab.run("node3", "rm ~heketi-ssh/.ssh/authorized_keys")
    cut = lab.start("heketi", desired)
    lab.wait_for(lambda: lab.succeeds("node1", "grep -q 'snapshot_limit.: 10' /etc/heketi/heketi.json"), "configured")
    cut.send_signal(signal.SIGKILL)
    cut.wait()
    lab.play("heketi", desired).succeeded()
    assert lab.run("node1", "find /etc/heketi/heketi.json -newer /run/heketi/started-with") == ""
    assert "/usr/local/lib/heketi/heketi" in lab.run(
        "node1", "ps -o args= -p $(systemctl show heketi -p MainPID --value)"
    )
    assert topology(lab) == ([], 4)
    run = lab.play("heketi", desired, "--diff", "-vvv").without_change()
    assert SECRET not in run.text


def test_keys_are_where_only_heketi_reads_them(lab):
    assert lab.run("node1", "stat -c %a:%U /etc/heketi/heketi.env /etc/heketi/ssh_key") == "600:heketi\n600:heketi"
    found = lab.run("node1", f"grep -rlIs {SECRET} /etc /run /tmp /var /usr/local /root /home; true")
    assert found == "/etc/heketi/heketi.env"
    # The pattern does not match itself.
    pattern = SECRET.replace("3", "[3]")
    assert lab.run("node1", f"grep -ls {pattern} /proc/[0-9]*/cmdline; journalctl | grep {pattern}; true") == ""
    for node in lab.nodes[1:]:
        assert not lab.succeeds(node, f"grep -rqIs {SECRET} /etc /tmp /var || ls /etc/heketi 2>/dev/null | grep .")
    assert lab.run("node1", "ps -o user= -p $(systemctl show heketi -p MainPID --value)") == "heketi"


def test_the_key_opens_the_way_for_commands_from_one_host(lab):
    for node, address in zip(lab.nodes, ("101", "102", "103", "104")):
        [line] = lab.run(node, "cat ~heketi-ssh/.ssh/authorized_keys").splitlines()
        assert line.startswith('from="192.168.72.101",restrict,command="/usr/local/sbin/brickwork-heketi-session" ssh-')
        owners = lab.run(node, "stat -c %U:%a ~heketi-ssh ~heketi-ssh/.ssh ~heketi-ssh/.ssh/authorized_keys")
        assert owners.split() == ["root:755", "root:755", "root:644"]
        # A terminal is not given, and nothing but heketi's commands.
        way = f"heketi-ssh@192.168.72.{address}"
        assert "PTY allocation request failed" in lab.run("node1", f"{SSH} -tt {way} 2>&1; true")
        assert "this key is for heketi's commands only" in lab.run("node1", f"{SSH} {way} tty 2>&1; true")
    assert lab.run("node1", "stat -c %U:%G:%a /var/lib/heketi /var/lib/heketi/mounts").split() == [
        "root:heketi:1771", "root:root:700",
    ]  # fmt: skip


def login_with_a_copy(lab, node, key):
    """Log in to a node as heketi does, from the machine that runs this, which is none of the cluster's."""
    way = paramiko.SSHConfig.from_path(str(lab.state / "ssh_config")).lookup(node)
    with paramiko.SSHClient() as client:
        client.load_host_keys(way["userknownhostsfile"])
        client.connect(
            way["hostname"], username="heketi-ssh", pkey=key, sock=paramiko.ProxyCommand(way["proxycommand"]),
            look_for_keys=False, allow_agent=False,
        )  # fmt: skip
        return client.get_transport().is_authenticated()


def test_a_copy_of_the_key_opens_the_way_from_no_other_machine(lab, tmp_path):
    (tmp_path / "key").write_text(lab.run("node1", "cat /etc/heketi/ssh_key") + "\n")
    key = paramiko.PKey.from_path(tmp_path / "key")
    with pytest.raises(paramiko.AuthenticationException):
        login_with_a_copy(lab, "node2", key)
    # The address is all that it is refused for.
    keys = "~heketi-ssh/.ssh/authorized_keys"
    lab.run("node2", f"cp -p {keys} /root/keys && sed -i 's/^from=[^,]*,//' {keys}")
    assert login_with_a_copy(lab, "node2", key)
    lab.run("node2", f"cat /root/keys > {keys} && rm /root/keys")


def recorded(version):
    """Return what a heketi ran on its four nodes, as pairs of host and command for the lab's."""
    with gzip.open(RECORDINGS / f"heketi-{version}-node-commands.jsonl.gz", "rt") as lines:
        items = [json.loads(line) for line in lines]
    return [[mapped(item["host"]), mapped(item["command"])] for item in items if "command" in item]


def run_recorded(lab, version):
    """Run every recorded command with heketi's key, byte for byte but for names of the lab's."""
    pairs = recorded(version)
    asked = lab.state / "commands.json"
    asked.write_text(json.dumps(pairs))
    lab.copy("node1", asked, DRIVER)
    failed = json.loads(lab.run("node1", f"{AS_HEKETI} python3 /srv/{DRIVER.name} < /srv/{asked.name}"))
    print(f"heketi {version}: {len(pairs)} commands, {len(failed)} failed")
    assert len(pairs) > 180 and not failed, failed


def test_every_recorded_command_works(lab):
    """What a heketi 9.0.0 ran on four nodes: devices, volumes of all kinds, growth, evacuation, a node's end."""
    run_recorded(lab, "9.0.0")
    assert not lab.succeeds("node4", "vgs --noheadings | grep -q .")
    assert lab.succeeds("node1", "gluster volume info v1 | grep -q 'Number of Bricks: 2 x 3 = 6'")
    mounted = lab.run("node1", "findmnt -rno OPTIONS -t xfs; grep -h xfs /etc/fstab").splitlines()
    assert mounted and all("nosuid" in line and "nodev" in line for line in mounted)


def fingerprint(lab):
    """Return what nobody but root can change on the node that is attacked: its files' owners, modes and times.

    But for LVM's copies of its metadata, which it makes whenever anybody reads.
    """
    script = (
        "(find /etc /root /boot /usr /bin /sbin /opt /srv -xdev -printf '%p %u %g %m %s %T@\\n' | sort; "
        "cat /proc/mounts; vgs; pvs; lvs -o vg_name,lv_name,lv_size) 2>/dev/null | grep -v '^/etc/lvm'"
    )
    return set(lab.run("node1", script).splitlines())


def test_no_way_leads_to_root(lab):
    """Each way over ssh with heketi's key, and by sudo from a shell of its account."""
    ways = lab.state / "ways.json"
    ways.write_text(json.dumps(["192.168.72.101", [list(way) for way in WAYS]]))
    lab.copy("node1", ways, DRIVER, ATTACKER)
    lab.run("node1", f"chmod a+r /srv/{DRIVER.name}")
    before = fingerprint(lab)
    # A brick is under a volume, so what names one of heketi's own would be let through.
    assert lab.succeeds("node1", "gluster volume info v1")
    went = json.loads(lab.run("node1", f"python3 -B /srv/{ATTACKER.name} < /srv/{ways.name}"))
    print(f"{len(WAYS)} ways, {len(went)} not refused")
    assert not went, went
    assert not lab.succeeds("node1", f"ls {PROOF}")
    assert fingerprint(lab) ^ before == set()
    assert lab.succeeds("node1", "journalctl -t brickwork-heketi-node | grep -q 'may not run this as root'")


def test_what_belongs_to_others_is_out_of_reach(lab):
    """Disks in use, volumes that heketi did not make, and a link in the place of its mount points."""
    sent = f"{SSH} heketi-ssh@192.168.72.101"
    lab.run(
        "node1",
        "mkdir -p /srv/own/brick && gluster --mode=script volume create own 192.168.72.101:/srv/own/brick force",
    )
    for words, told in (
        ("wipefs --all /dev/sdb", "is in use"),
        ("pvcreate -qq --metadatasize=128M --dataalignment=256K /dev/sda", "none of heketi_devices"),
        ("gluster --mode=script --timeout=600 volume delete own", "heketi did not make"),
        ("gluster --mode=script --timeout=600 volume set own user.heketi.id x", "heketi did not make"),
        ("gluster --mode=script --timeout=600 peer probe 192.168.72.9", "none of the storage nodes"),
    ):
        said = lab.run("node1", f"{sent} \"/bin/bash -c 'sudo {words}'\" 2>&1; true")
        assert told in said and len(said.splitlines()) == 1, said
    lab.gluster("volume delete own")
    # Whoever is heketi on its host may write beside its mount points, and can't take them away.
    assert not lab.succeeds("node1", f"{AS_HEKETI} mv /var/lib/heketi/mounts /var/lib/heketi/gone")
    folder = "/var/lib/heketi/mounts/vg_" + "0" * 32
    lab.run("node1", f"ln -s /etc {folder}")
    said = lab.run("node1", f"{sent} \"/bin/bash -c 'sudo mkdir -p {folder}/brick_{'0' * 32}'\" 2>&1; true")
    assert "is a link" in said and not lab.succeeds("node1", "ls -d /etc/brick_*")
    lab.run("node1", f"rm {folder}")


def test_every_recorded_command_of_version_10_works(lab):
    """With what the one before left taken away."""
    for name in ("v0", "v1", "varb", "vec"):
        lab.run(
            "node1", f"gluster --mode=script volume stop {name} force; gluster --mode=script volume delete {name}; true"
        )
    for node in lab.nodes:
        lab.run(
            node,
            "umount /var/lib/heketi/mounts/vg_*/brick_*; sed -i /brick_/d /etc/fstab; "
            "for group in $(vgs --noheadings -o vg_name); do vgremove -qqff -y $group; done; "
            "pvremove -qq /dev/sdb; rmdir /var/lib/heketi/mounts/vg_*/brick_* /var/lib/heketi/mounts/vg_*; true",
        )
        assert not lab.succeeds(node, "pvs --noheadings | grep -q .")
    run_recorded(lab, "10.4.1")


def test_bricks_that_a_power_cut_took_away_come_back(lab):
    """It left an empty /etc/fstab, so no boot mounts heketi's bricks, and heketi never looks at it again."""
    mounted = "findmnt -rno TARGET | grep ^/var/lib/heketi/mounts | sort"
    written = "grep /var/lib/heketi/mounts /etc/fstab | sort"
    before = [lab.run("node3", look) for look in (mounted, written)]
    assert all(before)
    lab.run(
        "node3",
        "pkill -x glusterfsd; while pgrep -x glusterfsd > /dev/null; do sleep 1; done; "
        f"umount $({mounted}) && sed -i '\\,/var/lib/heketi/mounts,d' /etc/fstab",
    )
    lab.play("health").refused(
        "node3: heketi's brick brick_", "is not mounted and has no line in /etc/fstab; run playbooks/heketi.yml"
    )
    lab.play("heketi", changed_desired(lab)).succeeded()
    assert [lab.run("node3", look) for look in (mounted, written)] == before
    for name in ("v1", "varb", "vec"):
        lab.wait_for(lambda volume=name: bricks_online(lab, volume), f"all bricks of {name} have processes")
    lab.play("heketi", changed_desired(lab)).without_change()


def bricks_online(lab, volume):
    """Whether every brick of a volume has a process."""
    status = lab.gluster(f"volume status {volume} detail").splitlines()
    online = [line.split()[-1] for line in status if line.startswith("Online")]
    return bool(online) and set(online) == {"Y"}


def test_folders_of_others_are_not_taken(lab):
    """Nor through a link; before anything is changed."""
    before = lab.run("node1", "stat -c '%U %a %Z' /etc /var/backups")
    for name, folder in (("backup", "/var/backups"), ("data", "/etc")):
        lab.play("heketi", {**changed_desired(lab), f"heketi_{name}_folder": folder}).refused(
            f"heketi_{name}_folder: {folder} on node1 is there already and belongs to root:root"
        )
    lab.run("node1", f"rm -rf /var/lib/heketi/backup && {AS_HEKETI} ln -s /etc /var/lib/heketi/backup")
    lab.play("heketi", changed_desired(lab)).refused("heketi_backup_folder: /var/lib/heketi/backup on node1 is a link")
    assert lab.run("node1", "stat -c '%U %a %Z' /etc /var/backups") == before
    lab.run("node1", "rm /var/lib/heketi/backup")
    lab.play("heketi", changed_desired(lab)).succeeded()
    assert lab.run("node1", "stat -c %U:%a /var/lib/heketi/backup") == "heketi:700"


def test_a_disk_that_holds_something_is_refused(lab):
    """Of heketi's own disks nothing is said."""
    lab.run("node4", "mkfs.ext4 -q /dev/sdb 1g")
    run = lab.play("heketi", changed_desired(lab)).refused(
        "node4: device /dev/sdb on node4: holds ext4", "overwrite: true"
    )
    assert "node3: device" not in run.words
    lab.run("node4", "wipefs -qa /dev/sdb")


def test_links_that_are_broken_are_named_before_heketi_is_touched(lab):
    lab.run("node2", "echo 'DenyUsers heketi-ssh' > /etc/ssh/sshd_config.d/no.conf && systemctl reload ssh")
    lab.run("node3", "mv /usr/sbin/thin_check /usr/sbin/thin_check.gone")
    lab.run("node4", "systemctl stop glusterd")
    started = lab.run("node1", "systemctl show heketi -p ActiveEnterTimestamp")
    # An option of the server only: what the nodes are told is written before the way to them is tried.
    options = {"snapshot_limit": 10, "loglevel": "debug"}
    lab.play("heketi", dict(changed_desired(lab), heketi_options=options)).refused(
        "node2: ssh as heketi-ssh ended with exit code 255 before anything was looked at: heketi-ssh@192.168.72.102: "
        "Permission denied",
        "node3: thin_check: thin_check: not found",
        "node4: glusterd: inactive",
    )
    assert lab.run("node1", "systemctl show heketi -p ActiveEnterTimestamp") == started
    lab.run("node2", "rm /etc/ssh/sshd_config.d/no.conf && systemctl reload ssh")
    lab.run("node3", "mv /usr/sbin/thin_check.gone /usr/sbin/thin_check")
    lab.run("node4", "systemctl start glusterd")


def test_a_copy_of_the_database_comes_back(lab):
    lab.run("node1", "systemctl start heketi-backup")
    [copy] = lab.run("node1", "ls /var/lib/heketi/backup").splitlines()
    assert lab.run("node1", f"stat -c %a:%U /var/lib/heketi/backup/{copy}") == "600:heketi"
    lab.module("node1", "heketi_volume", name="late", size="1GiB", **LOGIN)
    assert topology(lab) == (["late"], 4)
    lab.play("heketi_restore", {"heketi_restore_from": "none.db"}).refused("none.db on node1 is no copy")
    # heketi would delete one of these when it is asked for a volume of that name.
    unknown = lab.gluster("volume list").split()
    assert "v1" in unknown
    lab.play("heketi_restore", {"heketi_restore_from": copy}).refused(
        "found volumes in GlusterFS that it lacks", *unknown
    )
    assert topology(lab) == (["late"], 4)
    named = {"heketi_restore_from": copy, "heketi_restore_unknown_volumes": unknown}
    lab.play("heketi_restore", named).succeeded()
    assert topology(lab) == ([], 4)
    assert lab.succeeds("node1", "ls /var/lib/heketi/heketi.db.20*Z")
    assert lab.host("node1").service("heketi-backup.timer").is_enabled
    assert lab.host("node1").service("heketi-backup.timer").is_running
