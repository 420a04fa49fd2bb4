# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What nodes of Kubernetes need to give pods folders of a mounted volume. There is no API here; the plan is given."""

import pytest
import yaml

CLAIMS, MEDIA = "/mnt/shared/claims", "/mnt/shared/media"
GUARD = CLAIMS + "/.brickwork-volume"
SETTINGS = {"path": CLAIMS, "provisioner": "p", "provisioner_namespace": "p"}


@pytest.fixture
def prepare(lab, tmp_path):
    """Prepare machines as nodes of Kubernetes, with or without changing them."""

    def prepare(hosts, media=MEDIA, options=()):
        volumes = [{"name": "media", "path": media, "size": "1Gi", "mode": "2770"}]
        plan = "{{ [{'name': 'shared'}] | brickwork.gluster._plan_storage(volumes, '1.31', settings, hostvars, []) }}"
        install = {"name": "brickwork.gluster.gluster_storageclass", "tasks_from": "install"}
        bootstrap = {"name": "brickwork.gluster.gluster_software", "tasks_from": "bootstrap"}
        tasks = [
            {"ansible.builtin.include_role": bootstrap},
            {"ansible.builtin.set_fact": {"gluster_storageclass_plan": plan}},
            {"ansible.builtin.include_role": install},
        ]
        play = {"hosts": hosts, "gather_facts": False, "any_errors_fatal": True, "tasks": tasks}
        play["vars"] = {"volumes": volumes, "settings": SETTINGS}
        (tmp_path / "nodes.yml").write_text(yaml.safe_dump([play]))
        return lab.play(tmp_path / "nodes", None, *options)

    return prepare


def test_check_mode_makes_no_folder(lab, prepare):
    assert prepare("client1:node1", options=["--check"]).succeeded().changes > 0
    assert not lab.succeeds("client1", f"test -e {CLAIMS} || test -e {MEDIA}")


def test_folders_are_made_once_and_on_the_volume(lab, prepare):
    assert prepare("client1:node1").succeeded().changes == 2
    for node in ("client1", "node1"):
        assert lab.run(node, f"stat -c %a {CLAIMS} {MEDIA} {GUARD}").split() == ["755", "2770", "444"]
    prepare("client1:node1").without_change()


def test_what_an_application_has_made_of_a_folder_stays(lab, prepare):
    lab.run("client1", f"chmod 2750 {MEDIA}; chown nobody {MEDIA}")
    prepare("client1:node1").without_change()
    assert lab.run("node1", f"stat -c '%a %U' {MEDIA}") == "2750 nobody"


def test_a_guard_that_is_lost_comes_back(lab, prepare):
    lab.run("client1", f"rm {GUARD}")
    assert prepare("client1:node1").succeeded().changes == 1
    assert lab.succeeds("node1", f"test -e {GUARD}")


def test_a_node_without_the_volume_is_refused_before_anything_is_made(lab, prepare):
    run = prepare("client1:node1", media="/mnt/archive/media")
    run.refused("node1: /mnt/archive/media: no volume is mounted there")
    assert not lab.succeeds("client1", "test -e /mnt/archive/media")
    assert not lab.succeeds("node1", "test -e /mnt/archive")
