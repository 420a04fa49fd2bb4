# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role heketi is desired: judged all at once, and written as each version of heketi reads it."""

import pytest

from ansible_collections.brickwork.gluster.plugins.plugin_utils.heketi.server import (
    chain_problems,
    desired_disks,
    disk_problems,
    server_files,
    server_problems,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.heketi.settings import OPTIONS

HOSTVARS = {
    "h": {"gluster_server_seen": {"node": {}}},
    "n1": {"gluster_server_seen": {"node": {}}, "gluster_address": "10.0.0.1", "heketi_devices": ["/dev/sdb"]},
    "n2": {"gluster_server_seen": {"node": {}}, "gluster_address": "10.0.0.2", "heketi_devices": ["/dev/sdb"]},
}


def desired(**changes):
    return dict(
        {
            "version": 9,
            "source": "preinstalled",
            "file": "",
            "checksum": "",
            "client_file": "",
            "client_checksum": "",
            "rpm_folder": "",
            "address": "10.0.0.9",
            "port": 8080,
            "admin_key": "admins-key",
            "user_key": "users-key",
            "executor": "ssh",
            "options": {},
            "data_folder": "/var/lib/heketi",
            "ssh_user": "heketi-ssh",
            "ssh_port": 22,
            "key_type": "ed25519",
            "kernel_modules": ["dm_thin_pool"],
            "tls": False,
            "tls_certificate": "",
            "tls_private_key": "",
            "topology_load": True,
            "topology_file": "",
            "backup_folder": "/var/lib/heketi/backup",
            "backup_keep": 14,
            "missing_files": [],
        },
        **changes,
    )


def problems(hostvars=None, host="h", hosts=("h",), **changes):
    return server_problems(desired(**changes), host, list(hosts), hostvars or HOSTVARS, ["n1", "n2"])


def test_an_input_without_problems():
    assert problems() == []
    assert problems(version="10", source="binary", file="http://x/heketi", checksum="sha256:" + "0a" * 32) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"version": "8"}, "heketi_version: '8' is neither 9 nor 10"),
        ({"executor": "kubernetes"}, "heketi_executor: 'kubernetes' is none of ssh, mock"),
        ({"source": "magic"}, "heketi_source: 'magic'"),
        ({"source": "rpm_folder"}, "heketi_rpm_folder"),
        ({"source": "tarball"}, "heketi_file: it does not say where the tarball is"),
        ({"source": "binary", "file": "/x", "checksum": "md5:0"}, "heketi_checksum: 'md5:0' is no sha256 of /x"),
        (
            {"source": "binary", "file": "/x", "checksum": "0" * 64, "client_file": "/y"},
            "heketi_client_checksum: '' is no sha256 of /y",
        ),
        ({"admin_key": ""}, "heketi_admin_key: it has to be given"),
        ({"user_key": 'a"b'}, "heketi_user_key: it has to be given"),
        ({"user_key": "admins-key"}, "heketi_user_key: it is the same"),
        ({"ssh_user": "Root!"}, "heketi_ssh_user: 'Root!'"),
        ({"key_type": "rsa"}, "heketi_key_type: 'rsa' is none of ed25519, ecdsa"),
        ({"port": "80a"}, "heketi_port: '80a' is no port"),
        ({"ssh_port": 70000}, "heketi_ssh_port: 70000 is no port"),
        ({"address": ""}, "heketi_address"),
        ({"data_folder": "here"}, "heketi_data_folder: 'here' is no absolute path"),
        ({"kernel_modules": ["dm_thin_pool", "evil"]}, "heketi_kernel_modules: evil"),
        ({"tls_certificate": "/x"}, "heketi_tls_certificate and heketi_tls_private_key"),
        ({"backup_keep": 0}, "heketi_backup_keep: 0"),
        ({"missing_files": ["heketi_topology_file"]}, "heketi_topology_file: there is no such file"),
        ({"hosts": ("h", "i")}, "the group heketi has h, i"),
        ({"host": "n1", "ssh_user": "heketi"}, "heketi_ssh_user: heketi is the service's own account on n1"),
        ({"options": {"xfs_sw": "Optional: 10"}}, "heketi_options: xfs_sw: 'Optional: 10' is no whole number"),
        ({"options": {"xfs_sw": True}}, "heketi_options: xfs_sw: True is no whole number"),
        ({"options": {"brick_min_size_gb": 0}}, "heketi_options: brick_min_size_gb: 0 is not 1 or more"),
        ({"options": {"zone_checking": "lax"}}, "heketi_options: zone_checking: 'lax' is none of none, strict"),
        ({"options": {"allocator": "simple"}}, "heketi_options: allocator is none that can be given"),
        ({"options": {"mountopts": "rw"}}, "heketi_options: mountopts: heketi 9 does not know it, only 10"),
        ({"options": {"pv_data_alignment": "256"}}, "heketi_options: pv_data_alignment: '256' is no size such as 256K"),
        ({"options": {"operation_retry_limits": {"x": 1}}}, "heketi_options: operation_retry_limits"),
        ({"options": {"backup_lvm_metadata": "maybe"}}, "heketi_options: backup_lvm_metadata: 'maybe'"),
        ({"options": ["x"]}, "heketi_options: ['x'] is no dictionary"),
        (
            {"options": {"debug_umount_failures": True}},
            "heketi_options: debug_umount_failures: heketi's account on the nodes may not",
        ),
        ({"hostvars": dict(HOSTVARS, n2={})}, "n2 is left out by --limit"),
        (
            {"hostvars": dict(HOSTVARS, n2=dict(HOSTVARS["n2"], gluster_address=""))},
            "n2: gluster_address is missing",
        ),
    ],
)
def test_what_is_wrong_is_named(changes, told):
    found = problems(**changes)
    assert len(found) == 1 or "n2" in told, found
    assert any(problem.startswith(told) for problem in found), found


def test_without_storage_nodes_there_is_no_topology():
    assert server_problems(desired(), "h", ["h"], HOSTVARS, []) == [
        "the group gluster_servers is empty, so there is no topology to load"
    ]


def test_all_that_is_wrong_is_told_at_once():
    assert len(problems(version=8, executor="x", port=0, admin_key="", options={"a": 1, "b": 2})) == 6


def test_a_node_that_was_looked_for_and_is_silent_refuses_nothing():
    silent = {key: value for key, value in HOSTVARS["n2"].items() if key != "gluster_server_seen"}
    assert problems(dict(HOSTVARS, n2=silent))[0].startswith("n2 is left out by --limit")
    assert problems(dict(HOSTVARS, n2=dict(silent, gluster_server_seen={"unreachable": True}))) == []


def test_a_disk_is_not_for_two():
    facts = dict(HOSTVARS["n1"], gluster_volumes=[{"name": "v"}], gluster_devices=[{"path": "/dev/sdb"}])
    assert problems(dict(HOSTVARS, n1=facts)) == ["n1: /dev/sdb is one of gluster_devices and of heketi_devices"]
    del facts["heketi_devices"]
    assert problems(dict(HOSTVARS, n1=facts))[0].startswith("n1: gluster_volumes are made on gluster_devices")
    assert problems(dict(HOSTVARS, n1=facts), topology_load=False) == []


def test_the_configuration_of_version_9():
    options = {"xfs_sw": "10", "brick_min_size_gb": 2, "default_state": "normal", "backup_lvm_metadata": "yes"}
    options.update(rebalance_on_expansion=False, block_prealloc=False, operation_retry_limits={"volume_create": "2"})
    files = server_files(desired(options=options))
    assert files["config"] == {
        "port": "8080",
        "use_auth": True,
        "default_state": "normal",
        "glusterfs": {
            "executor": "ssh",
            "db": "/var/lib/heketi/heketi.db",
            "brick_min_size_gb": 2,
            "operation_retry_limits": {"volume_create": 2},
            "sshexec": {
                "keyfile": "/etc/heketi/ssh_key",
                "user": "heketi-ssh",
                "port": "22",
                "sudo": True,
                "xfs_sw": 10,
                "backup_lvm_metadata": True,
                "block_prealloc": "no",
            },
        },
    }
    assert files["environment"] == (
        'HEKETI_ADMIN_KEY="admins-key"\nHEKETI_GLUSTERAPP_REBALANCE_ON_EXPANSION="false"\nHEKETI_USER_KEY="users-key"\n'
    )


def test_the_configuration_of_version_10():
    options = {"mountopts": "rw,inode64", "db_read_only": False}
    files = server_files(desired(version="10", options=options, tls=True, ssh_user="root"))
    assert "use_auth" not in files["config"] and files["config"]["enable_tls"] is True
    assert files["config"]["glusterfs"]["db_read_only"] is False
    assert files["config"]["glusterfs"]["sshexec"]["mountopts"] == "rw,inode64"
    assert files["config"]["glusterfs"]["sshexec"]["sudo"] is False
    # pkg/remoteexec/ssh/ssh.go of 10.4.1 reads SSH_KNOWN_HOSTS; with another name no host key is checked.
    assert 'SSH_KNOWN_HOSTS="/etc/heketi/known_hosts"' in files["environment"].splitlines()
    assert "KNOWN_HOSTS" not in server_files(desired(version="10", executor="mock"))["environment"]


def test_no_key_is_in_the_configuration():
    for version in (9, 10):
        assert "-key" not in str(server_files(desired(version=version))["config"])


def test_the_mock_executor_has_no_way_to_the_nodes():
    config = server_files(desired(executor="mock"))["config"]
    assert config["glusterfs"] == {"executor": "mock", "db": "/var/lib/heketi/heketi.db"}


def test_options_of_both_versions_and_of_one():
    assert {name for name, option in OPTIONS.items() if option.versions == (10,)} == {
        "db_read_only",
        "mountopts",
        "lvm_wrapper",
    }


GOOD = {"rc": 0, "stdout": "sudo ok\nglusterd ok\nlvm ok\nthin_check ok\nmodules ok\n", "stderr": ""}


def test_a_way_without_problems():
    assert chain_problems({"n1": GOOD, "n2": GOOD}, "heketi-ssh") == []


def test_each_broken_link_of_each_node_is_named():
    tried = {
        "n1": dict(GOOD, stdout=GOOD["stdout"].replace("thin_check ok", "thin_check thin_check: not found")),
        "n2": {"rc": 255, "stdout": "", "stderr": "Warning: x\nheketi-ssh@10.0.0.2: Permission denied (publickey).\n"},
        "n3": dict(GOOD, stdout="sudo sudo: a password is required\nglusterd inactive\n"),
        "n4": {"msg": "[Errno 2] No such file or directory: b'runuser'", "rc": 2},
    }
    found = chain_problems(tried, "heketi-ssh")
    assert found[0].startswith("n1: thin_check: thin_check: not found: thin pools need it")
    assert found[1] == (
        "n2: ssh as heketi-ssh ended with exit code 255 before anything was looked at: heketi-ssh@10.0.0.2: Permission "
        "denied (publickey)."
    )
    assert [text.split(": ")[:2] for text in found[2:4]] == [["n3", "sudo"], ["n3", "glusterd"]]
    assert "No such file" in found[5] and len(found) == 6


def test_a_partial_answer_is_no_finding_about_what_it_lacks():
    """Under load a way was cut off after its third line, and the fourth line's program was called missing."""
    cut = {"rc": 255, "stdout": "sudo ok\nglusterd ok\nlvm ok\n", "stderr": "Connection reset by 10.0.0.1 port 22\n"}
    assert chain_problems({"n1": cut}, "heketi-ssh") == [
        "n1: ssh as heketi-ssh ended with exit code 255 before thin_check, modules were looked at: Connection reset by "
        "10.0.0.1 port 22; run again"
    ]


def test_disks_of_a_node_as_they_are_looked_at():
    facts = dict(
        HOSTVARS["n1"], heketi_devices=["/dev/sdb", {"path": "/dev/sdc", "overwrite": True, "tags": {"a": "b"}}]
    )
    assert desired_disks({"n1": facts}, "n1") == [
        {"path": "/dev/sdb", "overwrite": False},
        {"path": "/dev/sdc", "overwrite": True},
    ]


def test_disks_that_are_none_for_heketi():
    empty = {"path": "/dev/sdb", "group": "", "reason": ""}
    taken = {"path": "/dev/sdc", "group": "vg_" + "0a" * 16, "reason": "is a physical volume of the volume group"}
    other = {"path": "/dev/sdd", "group": "root", "reason": "device /dev/sdd on n2: is a physical volume of root"}
    ours = {"path": "/dev/sde", "group": "brickwork-1", "reason": ""}
    assert disk_problems({"n1": [empty, taken]}) == []
    assert disk_problems({"n1": [empty], "n2": [other, ours]}) == [
        "n2: device /dev/sdd on n2: is a physical volume of root",
        "n2: /dev/sde has bricks that this collection made, in the volume group brickwork-1",
    ]
