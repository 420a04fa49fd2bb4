# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node gets another address while a client writes without a pause; a run is killed on the way."""

import json
import pathlib

import pytest

E2E = pathlib.Path(__file__).resolve().parents[4] / "tests/e2e"
WORKLOAD, NO_TASKS = E2E / "workload.py", E2E / "fault_run/no_tasks.yml"
NODE, OLD, NEW = "node2", "192.168.72.102", "192.168.72.152"
OTHERS = ("node1", "node3", "node4")
KINDS = {
    "shared": {"type": "replicate", "size": "2GiB", "options": {"network.ping-timeout": 20}},
    "ec": {"type": "disperse", "disperse_data": 2, "redundancy": 1, "size": "2GiB"},
}
VOLUMES = {
    "gluster_volumes": [
        {"name": name, "clients": [{"path": f"/mnt/{name}", "hosts": ["client1"]}], **kind}
        for name, kind in KINDS.items()
    ]
}
#: The inventory after its change: the node's address is the new one.
CHANGED = {
    **VOLUMES,
    "gluster_address": "{{ {'node2': '%s'}[inventory_hostname] | default('192.168.72.10' ~ inventory_hostname[-1]) }}"
    % NEW,
}
NAMED = {**CHANGED, "gluster_readdress_nodes": [NODE]}


def hosts(lab, name):
    return [brick.partition(":")[0] for brick in lab.bricks(name)]


def peer_file(lab, other):
    """Return what another node's glusterd knows of the node."""
    uuid = lab.run(NODE, "sed -n s/UUID=//p /var/lib/glusterd/glusterd.info")
    return lab.run(other, f"cat /var/lib/glusterd/peers/{uuid}").splitlines()


@pytest.fixture(scope="module", autouse=True)
def written(lab):
    lab.play("site", VOLUMES).succeeded()
    lab.copy("client1", WORKLOAD)
    for name in KINDS:
        run = f"python3 /srv/workload.py run /mnt/{name}/work /var/tmp/{name}.journal 0.2"
        lab.run("client1", f"systemd-run --unit workload-{name} {run}")


def test_while_nobody_is_at_the_new_address_nothing_is_changed(lab):
    said = lab.play("plan", CHANGED).succeeded().words
    assert f"node2 is {NEW} in the inventory, and {OLD} in its bricks" in said
    lab.play("readdress", CHANGED).refused("gluster_readdress_nodes: found no names")
    said = lab.play("readdress", NAMED).refused("found nobody who answers").words
    assert "peer probe" not in said and all(OLD in hosts(lab, name) for name in KINDS)


def test_a_brick_whose_disk_is_not_mounted_gets_no_new_address(lab):
    """reset-brick with force would take up an empty folder on the root file system."""
    brick = next(one for one in lab.bricks("shared") if one.startswith(f"{OLD}:"))
    path = brick.partition(":")[2]
    mount = path.rpartition("/")[0]
    lab.run(NODE, f"pkill -f 'glusterf[s]d .*{path}'; sleep 2; umount {mount}")
    try:
        lab.play("readdress", NAMED).refused(f"node2 gets no new address while {brick} does not serve")
        assert lab.run(NODE, f"ls -A {mount}").strip() == "" and brick in lab.bricks("shared")
    finally:
        lab.run(NODE, f"mount {mount}")
        lab.play("heal", VOLUMES).succeeded()


def test_a_run_that_is_killed_on_the_way_is_continued_by_the_next(lab):
    device = lab.run(NODE, f"ip -o -4 address show to {OLD} | awk '{{print $2}}'")
    lab.run(NODE, f"ip address add {NEW}/24 dev {device}")
    lab.play("readdress", NAMED, "--check").succeeded()
    assert all(OLD in hosts(lab, name) for name in KINDS)
    process = lab.start("readdress", NAMED)
    lab.wait_for(lambda: any(NEW in hosts(lab, name) for name in KINDS), "the first brick has the new address")
    process.kill()
    process.wait()
    lab.play("readdress", NAMED).succeeded()
    for name in KINDS:
        assert NEW in hosts(lab, name) and OLD not in hosts(lab, name)
    lab.play("readdress", NAMED).without_change()


def test_each_member_reaches_it_by_the_new_address_first(lab):
    for other in OTHERS:
        names = [line for line in peer_file(lab, other) if line.startswith("hostname")]
        assert names[0] == f"hostname1={NEW}" and f"hostname2={OLD}" in names


def test_site_changes_the_clients_and_then_nothing(lab):
    lab.play("site", CHANGED).succeeded()
    assert NEW in lab.run("client1", "cat /etc/fstab") and OLD not in lab.run("client1", "cat /etc/fstab")
    lab.play("site", CHANGED).without_change()
    assert "playbook readdress" not in lab.play("plan", CHANGED).words


def test_the_old_address_may_go(lab):
    """To all but the controller, which comes by it. What the node sends by itself comes from the new one."""
    device = lab.run(NODE, f"ip -o -4 address show to {OLD} | awk '{{print $2}}'")
    lab.run(NODE, f"ip route replace 192.168.72.0/24 dev {device} src {NEW}")
    # Processes go on to connect from the address that they began with.
    restarting = {"gluster_rolling_tasks": str(NO_TASKS), "gluster_rolling_nodes": [NODE]}
    lab.play("rolling", {**CHANGED, **restarting}).succeeded()
    for other in (*OTHERS, "client1"):
        lab.run(other, f"ip route add blackhole {OLD}/32")
    lab.wait_for(lambda: lab.play("health", CHANGED).rc == 0, "all is well without the old address")
    lab.play("site", CHANGED).without_change()


def test_nothing_that_was_acknowledged_is_lost(lab):
    for name in KINDS:
        lab.run("client1", f"systemctl stop workload-{name}")
        said = json.loads(
            lab.run("client1", f"python3 /srv/workload.py check /mnt/{name}/work /var/tmp/{name}.journal")
        )
        print(name, said)
        assert said["operations"] > 50 and said["wrong"] == [] and said["errors"] == []
