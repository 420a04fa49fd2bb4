# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan in lines for people."""

from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.words import plan_lines


def step(kind, target, destroys=False):
    return {"kind": kind, "target": target, "command": "x", "destroys": destroys}


def test_lines_for_people():
    steps = [step("wipe_device", "/dev/sdb", True), step("create_thin_pool", "v-1"), step("mount", "v-1")]
    mount = {"volume": "v", "path": "/mnt/v", "source": "n1:/v"}
    client = {
        "missing_packages": ["glusterfs-client"],
        "software": [],
        "pending": [
            dict(mount, state="mounted"), dict(mount, state="present"), dict(mount, state="mounted", dead=True)
        ],
        "unit_pending": True,
        "certificate": ["c1: sign a certificate (there is none)"],
    }
    plan = {
        "explanation": ["volume v: 3 new"],
        "servers": ["install GlusterFS on n1"],
        "certificates": ["n1: sign a certificate (there is none)"],
        "server_steps": {"n2": [step("set_option", "ping-timeout"), step("restart", "glusterd")]},
        "pool": ["probe n2"],
        "bricks": {"n1": {"steps": steps}},
        "volumes": [{"steps": [step("create_volume", "v")]}],
        "clients": {"c1": client},
        "kubernetes": {"k1": ["k1: install glusterfs-client"], "k2": []},
        "broken": ["volume w: brick n3:/b on n3 is gone"],
    }
    assert plan_lines(plan) == [
        "volume v: 3 new",
        "install GlusterFS on n1",
        "n1: sign a certificate (there is none)",
        "probe n2",
        "n2: ping-timeout: set option",
        "n2: glusterd: restart",
        "n1: /dev/sdb: DESTROYS DATA: wipe device",
        "n1: v-1: create thin pool, mount",
        "v: create volume",
        "c1: install glusterfs-client",
        "c1: sign a certificate (there is none)",
        "c1: mount v at /mnt/v from n1:/v",
        "c1: write into /etc/fstab v at /mnt/v from n1:/v",
        "c1: unmount, as the process that served it has ended, and mount again v at /mnt/v from n1:/v",
        "c1: have what a boot could not mount mounted later (brickwork-mounts.service)",
        "k1: install glusterfs-client",
        "BROKEN: volume w: brick n3:/b on n3 is gone",
    ]
    done = dict(
        plan,
        servers=[],
        certificates=[],
        server_steps={},
        pool=[],
        bricks={},
        volumes=[],
        clients={},
        kubernetes={},
        broken=[],
    )
    assert plan_lines(done) == ["volume v: 3 new", "nothing to do"]
