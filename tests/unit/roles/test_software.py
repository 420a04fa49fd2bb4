# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role for software, alone and as the other roles use it, with programs in the place of the modules."""

import json
import os
import re

import pytest
import yaml

from ansible_collections.brickwork.gluster.tests.fakes.standins import ROOT, StandIns

LOOKED = "dict(changed=False, looked=True, said=dict(python='3.11.2 /usr/bin/python3', gluster='10.3'))"
FOLDER = {"gluster_server_source": "rpm_folder", "gluster_server_rpm_folder": "/srv/rpms"}


@pytest.fixture
def stubs(tmp_path):
    stubs = StandIns(tmp_path, ["gluster_node_info"])
    stubs.module("gluster_node_info", LOOKED)
    stubs.module("rpm_folder", "dict(changed=True)")
    stubs.module("lvm_brick", "dict(changed=True)")
    return stubs


def include(name, **variables):
    return {"ansible.builtin.include_role": {"name": f"brickwork.gluster.{name}"}, "vars": variables}


def installed(stubs):
    return sorted({tuple(arguments["packages"]) for _host, arguments in stubs.calls("rpm_folder")})


def test_the_server_role_alone_installs_what_a_server_needs_from_where_its_user_says(stubs):
    """It gets well no further: what comes after the software has no stand-in."""
    said, _code = stubs.play([include("gluster_server", **FOLDER)])
    assert installed(stubs) == [("glusterfs-server", "attr", "psmisc", "rpcbind")], said
    assert [arguments["path"] for _host, arguments in stubs.calls("rpm_folder")] == 3 * ["/srv/rpms"]
    assert len(stubs.calls("gluster_daemon")) == 3


def test_its_defaults_are_there_for_a_role_that_says_nothing(stubs):
    said, code = stubs.play([include("gluster_bricks", gluster_bricks_list=[])], **FOLDER)
    assert code == 0, said
    assert installed(stubs) == [("lvm2", "device-mapper-persistent-data", "xfsprogs")]


def test_nothing_is_installed_twice_in_one_run(stubs):
    tasks = [include("gluster_software", gluster_server_components=parts) for parts in (["client"], ["client", "tls"])]
    said, code = stubs.play(tasks, **FOLDER)
    assert code == 0, said
    assert installed(stubs) == [("glusterfs-fuse", "attr", "psmisc"), ("openssl",)]


def test_a_source_without_its_folder_is_refused(stubs):
    said, code = stubs.play([include("gluster_software")], gluster_server_source="rpm_folder")
    assert code == 2 and "gluster_server_rpm_folder does not say where" in said and installed(stubs) == []


# ---- package managers


RPMS = ["lvm2", "device-mapper-persistent-data", "xfsprogs"]


@pytest.mark.parametrize(
    ("facts", "manager", "wanted"),
    [
        ({"os_family": "Debian"}, "apt", ["lvm2", "thin-provisioning-tools", "xfsprogs", "glusterfs-client"]),
        ({"os_family": "RedHat", "distribution_major_version": "9"}, "dnf", [*RPMS, "glusterfs-fuse"]),
        (
            {"os_family": "RedHat", "distribution_major_version": "7", "selinux": {"status": "enabled"}},
            "dnf",
            [*RPMS, "policycoreutils-python", "glusterfs-fuse"],
        ),
        (
            {"os_family": "RedHat", "distribution_major_version": "8", "selinux": {"status": "enabled"}},
            "dnf",
            [*RPMS, "policycoreutils-python-utils", "glusterfs-fuse"],
        ),
    ],
)
def test_each_family_has_its_manager_and_what_it_calls_its_packages(stubs, facts, manager, wanted):
    said, code = stubs.play(played(facts, ["{{ __gluster_software_manager.name }}", "{{ __gluster_software_wanted }}"]))
    assert code == 0, said
    assert [(name, sorted(packages)) for name, packages in told(said)] == [(manager, sorted(wanted))] * 3


@pytest.mark.parametrize(("major", "program"), [("7", "yum"), ("8", "dnf")])
def test_dnf_and_yum_pin_by_name_and_hold_by_versionlock(stubs, major, program):
    facts = {"os_family": "RedHat", "distribution_major_version": major}
    shown = ["{{ __gluster_software_dnf_pinned }}", "{{ __gluster_software_dnf_hold }}"]
    said, _code = stubs.play(played(facts, shown), gluster_server_version="10")
    pinned, hold = told(said)[0]
    assert set(pinned) == {*RPMS, "glusterfs-fuse-10*"} and hold == f"{program} versionlock add glusterfs*", said


def test_a_family_without_a_manager_is_refused(stubs):
    said, code = stubs.play(played({"os_family": "Alpine", "distribution": "Alpine"}, []))
    assert code == 2 and "distribution has no packages for Alpine" in said and "only for Debian, RedHat" in said


def test_the_look_asks_for_the_packages_of_every_family(stubs):
    look = {"name": "brickwork.gluster.gluster_software", "tasks_from": "look"}
    hosts = {"a": {}, "b": {}, "c": {}}
    play = {"hosts": "all", "gather_facts": False, "tasks": [{"ansible.builtin.include_role": look}]}
    said, code = stubs.write_and_run([play], {"gluster_servers": {"hosts": hosts}})
    assert code == 0, said
    asked = [arguments["packages"] for _host, arguments in stubs.calls("gluster_node_info")]
    servers = {"Debian": "thin-provisioning-tools", "RedHat": "device-mapper-persistent-data"}
    assert {family: servers[family] in names for family, names in asked[0].items()} == {"Debian": True, "RedHat": True}


ON_NODE = {**FOLDER, "gluster_server_rpm_folder_on_node": True}
FAMILIES = ("Debian", "RedHat")
REPOSITORY = {
    "gluster_server_source": "repository",
    "gluster_server_repository_url": "http://mirror.example.com/gluster",
    "gluster_server_version": "10",
}


def looked(stubs, **variables):
    """Return what the look asks a server for, with these variables."""
    look = {"name": "brickwork.gluster.gluster_software", "tasks_from": "look"}
    play = {"hosts": "all", "gather_facts": False, "vars": variables, "tasks": [{"ansible.builtin.include_role": look}]}
    said, code = stubs.write_and_run([play], {"gluster_servers": {"hosts": {"a": {}}}})
    assert code == 0, said
    return stubs.calls("gluster_node_info")[0][1]


def test_the_look_knows_a_repository_as_its_tasks_write_it(stubs, tmp_path):
    (tmp_path / "key.asc").write_text("the key\n")
    asked = looked(stubs, **REPOSITORY, gluster_server_repository_key=str(tmp_path / "key.asc"))
    assert asked["repository"]["url"] == REPOSITORY["gluster_server_repository_url"] and "rpm_folder" not in asked
    assert asked["repository"]["version"] == "10" and asked["packages"]["Debian"][0] == "glusterfs-server"
    apt, dnf = (asked["repository"]["families"][family]["files"] for family in FAMILIES)
    assert apt["/etc/apt/keyrings/brickwork-gluster.asc"] == "the key"
    assert apt["/etc/apt/sources.list.d/brickwork-gluster.list"].strip() == (
        "deb [signed-by=/etc/apt/keyrings/brickwork-gluster.asc] http://mirror.example.com/gluster {release} main"
    )
    assert "Pin: version /^10[-.+~]/" in apt["/etc/apt/preferences.d/brickwork-gluster"]
    assert dnf["/etc/yum.repos.d/brickwork-gluster.repo"].split() == [
        "[brickwork-gluster]", "name=GlusterFS", "baseurl=http://mirror.example.com/gluster", "gpgcheck=1",
        "gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-brickwork-gluster",
    ]  # fmt: skip


def test_a_repository_that_is_configured_already_has_no_definition(stubs):
    asked = looked(stubs, gluster_server_source="repository")
    assert [asked["repository"]["families"][family]["files"] for family in FAMILIES] == [{}, {}]


def test_the_look_asks_for_a_folder_what_site_installs_from_it(stubs):
    asked = looked(stubs, **ON_NODE)
    folder = asked["rpm_folder"]
    assert (folder["path"], folder["whole_set"], folder["checksums"]) == ("/srv/rpms", True, "")
    assert folder["packages"][0] == "glusterfs-server" and "lvm2" in folder["packages"] and folder["remote_src"]
    assert asked["packages"] == {} and "repository" not in asked


@pytest.mark.parametrize("offers", [True, False])
def test_an_upgrade_asks_for_what_there_is_and_for_nothing_else(stubs, offers):
    role = {"name": "brickwork.gluster.gluster_software", "tasks_from": "offers"}
    variables = {**ON_NODE, "gluster_server_version": "10", "gluster_server_look_offers": offers}
    play = {"hosts": "all", "gather_facts": False, "vars": variables, "tasks": [{"ansible.builtin.include_role": role}]}
    said, code = stubs.write_and_run([play], {"gluster_servers": {"hosts": {"a": {}}}})
    assert code == 0, said
    [(_host, asked)] = stubs.calls("gluster_node_info")
    assert asked["upgrade"] == {"version": "10", "offers": offers} and asked["rpm_folder"]["path"] == "/srv/rpms"
    assert not {"packages", "repository", "daemon", "firewall", "tls"} & set(asked)


def test_what_the_look_has_found_is_not_installed_again(stubs):
    """A role that runs for another reason asks for no packages that are known to be there."""
    stubs.module("gluster_node_info", LOOKED[:-1] + ", missing_packages=[], software=[])")
    tasks = [
        {"ansible.builtin.include_role": {"name": "brickwork.gluster.gluster_software", "tasks_from": "look"}},
        include("gluster_software", gluster_server_components=["server", "bricks"]),
        include("gluster_software", gluster_server_components=["heketi"]),
    ]
    play = {"hosts": "all", "gather_facts": False, "vars": ON_NODE, "tasks": tasks}
    said, code = stubs.write_and_run([play], {"gluster_servers": {"hosts": {"a": {}}}})
    assert code == 0, said
    assert installed(stubs) == [("openssh-clients",)]


# ---- packages by Ansible's own modules, after a cut, too


APT_TASKS = {"name": "brickwork.gluster.gluster_software", "tasks_from": "apt_install"}
CUT = "E: dpkg was interrupted, you must manually run 'sudo dpkg --configure -a' to correct the problem."
#: Where the lists of packages went with the power, too; seen, in English.
LOST = "E:Das Paket liblvm2cmd2.03 muss neu installiert werden, es kann jedoch kein Archiv dafür gefunden werden."


@pytest.fixture
def node(stubs, tmp_path, monkeypatch):
    """Return the programs and the file whose presence says that dpkg has completed what it was cut off in."""
    actions = tmp_path / "ansible_collections/brickwork/gluster/plugins/action"
    (actions / "install_packages.py").symlink_to(ROOT / "plugins/action/install_packages.py")
    completed, programs = tmp_path / "completed", tmp_path / "bin"
    programs.mkdir()
    # Nothing locks versions here.
    note = f">> {completed}"
    audit = f'if [ "$*" = --audit ]; then [ -e {completed} ] || cat {tmp_path}/unfinished 2>/dev/null; else'
    acts = {"dpkg": f'{audit} echo "$DEBIAN_FRONTEND $*" {note}; fi', "dnf": "exit 1", "apt-get": f'echo "$*" {note}'}
    for name, act in acts.items():
        (programs / name).write_text(f"#!/bin/sh\n{act}\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    return completed


def library(stubs, name, answer):
    """Put a program in the place of one of Ansible's own modules."""
    stubs.module(name, answer)
    (stubs._folder / "library").mkdir(exist_ok=True)
    module = stubs._folder / f"ansible_collections/brickwork/gluster/plugins/modules/{name}.py"
    module.rename(stubs._folder / f"library/{name}.py")


def install(stubs, *words):
    """Install by apt on one host; return what was said and the exit code."""
    play = {
        "hosts": "all", "gather_facts": False, "vars": {"gluster_server_components": ["tls"]},
        "tasks": [{"ansible.builtin.set_fact": {"ansible_os_family": "Debian", "cacheable": True}},
                  {"ansible.builtin.include_role": APT_TASKS}],
        "module_defaults": {"ansible.builtin.apt": {"force_apt_get": True}},
    }  # fmt: skip
    (stubs._folder / "play.yml").write_text(yaml.safe_dump([play]))
    return stubs.run("play.yml", {"all": {"hosts": {"a": {}}}}, *words)


def cut(completed, said=CUT):
    """Return what apt answers as long as nothing was completed."""
    refusal = {"failed": True, "msg": "'apt-get install' failed: " + said, "stderr": said}
    return f"dict(changed=False) if os.path.exists({str(completed)!r}) else {refusal!r}"


@pytest.mark.parametrize("refusal", [CUT, LOST])
def test_an_installation_that_was_cut_off_is_completed_and_goes_on(stubs, node, refusal):
    (node.parent / "unfinished").write_text("liblvm2cmd2.03\n" if refusal == LOST else "")
    library(stubs, "apt", cut(node, refusal))
    said, code = install(stubs)
    assert code == 0 and "a: dpkg was cut off in an earlier installation, which is completed now" in said, said
    lists, completed = node.read_text().splitlines()
    assert lists.endswith(" update") and completed == "noninteractive --force-confdef --force-confold --configure -a"
    assert [arguments["name"] for _host, arguments in stubs.calls("apt")] == [["openssl"]] * 2
    assert "changed=1" in said and "failed=0" in said
    said, code = install(stubs)
    assert code == 0 and "changed=0" in said and len(stubs.calls("apt")) == 3, said


def test_check_mode_completes_nothing(stubs, node):
    library(stubs, "apt", cut(node))
    said, code = install(stubs, "--check")
    assert code == 2 and not node.exists() and len(stubs.calls("apt")) == 1, said


def test_any_other_refusal_of_apt_is_returned_as_it_is_and_costs_no_more(stubs, node):
    library(stubs, "apt", "dict(failed=True, msg=\"No package matching 'openssl' is available\")")
    said, code = install(stubs)
    assert code == 2 and "No package matching 'openssl' is available" in said
    assert not node.exists() and len(stubs.calls("apt")) == 1
    assert install(stubs, "--check")[1] == 0, "check mode does not know what a fresh machine has"


def test_what_is_well_costs_one_call_with_the_defaults_of_the_module_beneath(stubs, node):
    library(stubs, "apt", "dict(changed=True)")
    said, code = install(stubs)
    [[_host, arguments]] = stubs.calls("apt")
    assert code == 0 and arguments["force_apt_get"] and arguments["lock_timeout"] == 300, said
    assert arguments["update_cache"] and "use" not in arguments and not node.exists()


def test_what_takes_long_says_so(stubs, node, monkeypatch):
    monkeypatch.setenv("BRICKWORK_PROGRESS_SECONDS", "1")
    library(stubs, "apt", "dict(changed=True, slept=__import__('time').sleep(1.5))")
    said, code = install(stubs)
    assert code == 0 and "a: packages are downloaded and installed, usually within minutes: for " in said, said


def test_an_upgrade_by_dnf_may_go_back(stubs, node):
    library(stubs, "dnf", "dict(changed=False)")
    seen = {"upgrade": {"offered": {"names": ["glusterfs-10.3"]}}}
    facts = {"ansible_os_family": "RedHat", "ansible_distribution_major_version": "8", "ansible_pkg_mgr": "dnf"}
    role = {"name": "brickwork.gluster.gluster_software", "tasks_from": "dnf_upgrade"}
    tasks = [
        {"ansible.builtin.set_fact": {**facts, "cacheable": True}},
        {"ansible.builtin.include_role": role},
    ]
    play = {"hosts": "all", "gather_facts": False, "vars": {"gluster_server_seen": seen}, "tasks": tasks}
    said, code = stubs.write_and_run([play], {"all": {"hosts": {"a": {}}}})
    [[_host, arguments]] = stubs.calls("dnf")
    assert code == 0 and arguments["allow_downgrade"] and arguments["name"] == ["glusterfs-10.3"], said


def played(facts, shown):
    """Return tasks that give hosts these facts, have the role judge them, and show what it makes of them."""
    role = {"name": "brickwork.gluster.gluster_software", "tasks_from": "preflight", "public": True}
    facts = {f"ansible_{name}": value for name, value in {"distribution": "Debian", **facts}.items()}
    return [
        {"ansible.builtin.set_fact": {**facts, "cacheable": True}},
        {"ansible.builtin.include_role": role},
        {"ansible.builtin.debug": {"msg": shown}, "vars": {"gluster_server_components": ["bricks", "client"]}},
    ]


def told(said):
    """Return what the debug task showed, by host."""
    texts = re.findall(r'^ok: \[\w\] => (\{\n    "msg": .*?\n\})', said, re.MULTILINE | re.DOTALL)
    return [json.loads(text)["msg"] for text in texts]
