# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What heketi may touch on a node, made of the inventory; and accounts that are not heketi's."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.heketi.account import (
    COMMENT,
    node_problems,
    node_settings,
)

HOSTVARS = {
    "n1": {"gluster_address": "10.0.0.1", "heketi_devices": ["/dev/sdb", {"path": "/dev/sdc", "overwrite": True}]},
    "n2": {"gluster_address": "10.0.0.2", "heketi_manage": "n2.example.com", "gluster_devices": ["/dev/sdd"]},
}
TOPOLOGY = {
    "clusters": [
        {
            "nodes": [
                {"node": {"hostnames": {"manage": ["a"], "storage": ["10.0.0.1"]}, "zone": 1}, "devices": ["/dev/sdx"]},
                {
                    "node": {"hostnames": {"manage": ["b"], "storage": ["10.0.0.9"]}, "zone": 2},
                    "devices": [{"name": "/dev/sdy", "destroydata": True}],
                },
            ]
        }
    ]
}


def settings(name="n1", **changes):
    desired = dict({"options": {}, "modules": ["dm_thin_pool"], "disks": True, "topology": {}}, **changes)
    return node_settings(HOSTVARS, name, ["n1", "n2"], desired)


def test_what_the_inventory_says():
    assert settings() == {
        "fstab": "/etc/fstab",
        "mount_options": "rw,inode64,noatime,nouuid",
        "modules": ["dm_thin_pool"],
        "snapshot_limit": None,
        "volumes": "/var/lib/glusterd/vols",
        "devices": {"/dev/sdb": False, "/dev/sdc": True},
        "peers": ["10.0.0.1", "10.0.0.2", "n2.example.com"],
    }


def test_what_heketis_options_change():
    found = settings(options={"fstab": "/etc/fstab.heketi", "mountopts": "rw,inode64"})
    assert (found["fstab"], found["mount_options"]) == ("/etc/fstab.heketi", "rw,inode64")


def test_disks_for_volumes_of_the_inventory_are_not_heketis():
    assert settings("n2")["devices"] == {"/dev/sdd": False}
    assert settings("n2", disks=False)["devices"] == {}
    assert settings("n1", disks=False)["devices"] == {"/dev/sdb": False, "/dev/sdc": True}


def test_heketis_own_form():
    """A node that is known by an address gets its own disks, another may be any of them."""
    assert settings("n1", topology=TOPOLOGY, disks=False)["devices"] == {
        "/dev/sdb": False,
        "/dev/sdc": True,
        "/dev/sdx": False,
    }
    found = settings("n2", topology=TOPOLOGY, disks=False)
    assert found["devices"] == {"/dev/sdx": False, "/dev/sdy": True}
    assert found["peers"] == ["10.0.0.1", "10.0.0.2", "10.0.0.9", "a", "b", "n2.example.com"]
    with pytest.raises(InputError, match="topology: found 5 for nodes"):
        settings(topology={"clusters": [{"nodes": 5}]})


ENTRY = "account heketi-ssh:x:%s:999:%s:/home/%s:/bin/bash\n"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("", ""),
        (ENTRY % (999, COMMENT, "heketi-ssh"), ""),
        # From before the account was marked.
        (ENTRY % (999, "", "heketi-ssh") + "sudoers heketi-ssh ALL=(root) NOPASSWD: /usr/bin/ls\n", ""),
        (
            ENTRY % (999, "", "heketi-ssh"),
            "n1: heketi_ssh_user: there is an account heketi-ssh already (home /home/heketi-ssh)",
        ),
        (ENTRY % (0, COMMENT, "heketi-ssh"), "n1: heketi_ssh_user: there is an account"),
        (ENTRY % (999, COMMENT, "admin"), "n1: heketi_ssh_user: there is an account"),
        ("unsafe /home/heketi-ssh is a link; remove it\n", "n1: /home/heketi-ssh is a link; remove it"),
    ],
)
def test_accounts_of_others_are_left_alone(said, told):
    found = node_problems({"n1": "python /usr/bin/python3\n" + said}, "heketi-ssh")
    assert len(found) == bool(told) and "".join(found).startswith(told)


def test_a_node_without_a_python_of_its_own():
    assert node_problems({"n1": ENTRY % (0, "", "root")}, "root") == [
        "n1: there is neither /usr/bin/python3 nor /usr/libexec/platform-python; install the system's python3"
    ]
