# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the look asks: only what the machine is for, and no variable is read that is not needed."""

import pytest

from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.questions import questions

GROUPS = {"gluster_servers": ["n1", "n2"], "gluster_clients": ["c1", "n2"]}
DEFAULTS = {
    "gluster_server_source": "distribution",
    "gluster_server_look_plans": True,
    "gluster_server_look_upgrade": False,
    "gluster_server_look_offers": True,
    "gluster_server_look_managed": {},
    "gluster_server_python_install": False,
    "gluster_server_firewall": True,
    "gluster_server_tls": False,
    "__gluster_software_sources_by_family": ["distribution", "repository"],
    "__gluster_software_look_components": ["server"],
}
#: Variables of the role that hold what is asked, and the option that it goes to.
HELD = {
    "__gluster_software_look_packages": "packages",
    "__gluster_software_look_repository": "repository",
    "__gluster_software_look_folder": "rpm_folder",
    "__gluster_software_settings": "daemon",
    "__gluster_software_opening": "firewall",
    "__gluster_software_look_tls": "tls",
    "__gluster_software_look_managed": "managed",
    "__gluster_software_look_files": "files",
}


def asked(host="n1", **variables):
    """Return the options, and the names of the variables of HELD that were read."""
    values, names = {**DEFAULTS, **{name: f"of {name}" for name in HELD}, **variables}, []

    def read(name):
        names.append(name)
        return values.get(name)

    found = questions(host, GROUPS, read)
    return found, {HELD[name] for name in names if name in HELD}


@pytest.mark.parametrize(
    ("host", "variables", "options"),
    [
        ("n1", {}, {"packages", "daemon", "firewall"}),
        ("c1", {}, {"packages", "files"}),
        ("n2", {}, {"packages", "daemon", "firewall", "files"}),
        ("n1", {"gluster_server_firewall": False}, {"packages", "daemon"}),
        ("n1", {"gluster_server_tls": True}, {"packages", "daemon", "firewall", "tls"}),
        ("c1", {"gluster_server_tls": "yes"}, {"packages", "files", "tls"}),
        ("other", {"gluster_server_tls": True}, {"packages"}),
        ("n1", {"gluster_server_source": "repository"}, {"packages", "repository", "daemon", "firewall"}),
        ("n1", {"gluster_server_source": "rpm_folder"}, {"rpm_folder", "daemon", "firewall"}),
        ("n1", {"gluster_server_source": "preinstalled"}, {"daemon", "firewall"}),
        ("n1", {"gluster_server_look_managed": {"files": []}}, {"packages", "daemon", "firewall", "managed"}),
        ("n1", {"gluster_server_look_plans": "false"}, set()),
        ("c1", {"gluster_server_look_plans": False}, {"files"}),
        (
            "n1",
            {"gluster_server_look_plans": False, "gluster_server_look_upgrade": True},
            set(),
        ),
        (
            "n1",
            {
                "gluster_server_look_plans": False,
                "gluster_server_look_upgrade": True,
                "gluster_server_source": "repository",
            },
            {"packages", "repository"},
        ),
    ],
)
def test_a_variable_is_read_only_where_its_answer_is_needed(host, variables, options):
    found, read = asked(host, **variables)
    assert read == options
    for name, option in HELD.items():
        if option in options:
            assert found[option] == variables.get(name, f"of {name}")


def test_a_server_is_asked_about_its_disks_and_the_first_one_about_the_pool():
    found, _read = asked("n1", gluster_devices=["/dev/sdb"], gluster_root="/bricks")
    assert found["bricks"] == {"devices": ["/dev/sdb"], "root": "/bricks", "pool": True}
    assert asked("n2")[0]["bricks"] == {"devices": [], "root": "/srv/gluster", "pool": False}
    assert asked("n1", gluster_server_look_plans=False)[0]["bricks"]["pool"] is False
    assert "bricks" not in asked("c1")[0]


def test_sources_without_package_names_are_not_asked_for_them():
    assert asked(gluster_server_source="preinstalled")[0]["packages"] == {}


@pytest.mark.parametrize("source", ["repository", "rpm_folder"])
def test_a_machine_that_is_to_have_nothing_is_not_compared_with_a_source(source):
    found, _read = asked("other", gluster_server_source=source, __gluster_software_look_components=[])
    assert not {"repository", "rpm_folder"} & set(found)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, None),
        ({"gluster_server_source": "rpm_folder"}, {"version": "", "offers": True}),
        (
            {"gluster_server_look_upgrade": True, "gluster_server_version": "10", "gluster_server_look_offers": False},
            {"version": "10", "offers": False},
        ),
    ],
)
def test_what_there_is_is_asked_for_an_upgrade_and_for_a_folder(variables, expected):
    assert asked(**variables)[0].get("upgrade") == expected


def test_python_is_installed_where_the_playbook_says():
    found, _read = asked(gluster_server_python_install="true", gluster_server_python_folder="/srv/rpms")
    assert (found["python_install"], found["python_folder"]) == (True, "/srv/rpms")
