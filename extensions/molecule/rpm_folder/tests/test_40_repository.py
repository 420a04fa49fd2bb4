# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same packages as a signed repository on a web server, for dnf: pinned, held, and other versions refused."""

import shutil

import pytest
import yaml
from el7_rpms import index, new_key, sign_all

#: The machine is a Debian with rpm and dnf. With these the role takes it for what it stands for.
OS_RELEASE = 'NAME="Rocky Linux"\nID="rocky"\nVERSION_ID="8.9"\n'
REDHAT_RELEASE = "Rocky Linux release 8.9 (Green Obsidian)"


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    """A folder with the key that signs the repository, and its public part."""
    home = tmp_path_factory.mktemp("key") / "home"
    public = home.with_suffix(".asc")
    public.write_text(new_key(home))
    return home, public


@pytest.fixture(scope="module")
def repository(lab, folder, key, tmp_path_factory):
    """The repository's folder on this machine, and its address for the machines of the lab."""
    place = tmp_path_factory.mktemp("repository") / "el8"
    shutil.copytree(folder, place)
    sign_all(place, key[0])
    index(place)
    with lab.serve(place) as address:
        yield place, f"{address}/"


@pytest.fixture(scope="module")
def machine(spare):
    """The machine to try things on, as Enterprise Linux."""
    spare.run(f"cp -P /etc/os-release /srv; rm /etc/os-release; printf '{OS_RELEASE}' > /etc/os-release")
    spare.run(f"echo '{REDHAT_RELEASE}' > /etc/redhat-release")
    yield spare
    spare.strip()
    spare.run("rm /etc/os-release /etc/redhat-release; mv /srv/os-release /etc")


@pytest.fixture
def install(lab, machine, repository, key, tmp_path):
    """Install by the role; returns the Run."""
    role = {"name": "brickwork.gluster.gluster_software"}
    tasks = [{"ansible.builtin.include_role": role}]
    play = {"hosts": machine.name, "gather_facts": False, "tasks": tasks}
    (tmp_path / "install.yml").write_text(yaml.safe_dump([play]))
    desired = {
        "gluster_server_source": "repository",
        "gluster_server_repository_url": repository[1],
        "gluster_server_repository_key": str(key[1]),
        "gluster_server_version": "7.5",
    }
    return lambda **changes: lab.play(tmp_path / "install", dict(desired, **changes))


def test_a_version_that_is_not_there_is_named(machine, install):
    run = install(gluster_server_version="8")
    assert run.rc != 0
    assert f"{machine.name}: GlusterFS 8 can't be installed from http://" in run.words
    assert "glusterfs-server-8*" in run.words
    assert machine.run("rpm -qa 'glusterfs*'") == ""


def test_the_version_is_installed_with_what_it_needs(machine, install):
    install().succeeded()
    assert machine.run("rpm -q glusterfs-server attr").split() == [
        "glusterfs-server-7.5-1.el7.x86_64",
        "attr-2.4.46-13.el7.x86_64",
    ]
    assert machine.run("glusterd --version | head -1").startswith("glusterfs ")


def test_what_was_installed_is_held_and_a_second_run_changes_nothing(machine, install, repository, folder, key):
    """A newer version comes to the repository: dnf sees it, and only without what holds versions it would take it."""
    place, _url = repository
    [newer] = (folder.parent / "extra").glob("glusterfs-libs-9.2-*.rpm")
    shutil.copy(newer, place)
    sign_all(place, key[0])
    index(place)
    update = "dnf -q --refresh {} check-update glusterfs-libs || true"
    assert "9.2-1.el7" in machine.run(update.format("--disableplugin=versionlock"))
    assert "9.2-1.el7" not in machine.run(update.format(""))
    machine.run("dnf -y upgrade")
    assert machine.run("rpm -q glusterfs-libs") == "glusterfs-libs-7.5-1.el7.x86_64"
    install().without_change()
