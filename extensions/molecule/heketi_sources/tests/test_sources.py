# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same program comes to the machine in one way after the other. The tests stand in that order."""

import hashlib
import shutil
import subprocess
import sys

import pytest
import yaml
from el7_rpms import NEEDED, Rpm, build, host
from machines import ROOT

LOGIN = {"url": "http://192.168.72.101:8080", "key": "key-of-the-admin"}
#: Each package with the program that it brings.
PACKAGES = {"heketi": "heketi", "heketi-client": "heketi-cli"}
CONTROL = """Package: {name}
Version: 9.0.0-1
Architecture: amd64
Maintainer: nobody <nobody@example.com>
Description: for a test
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """The file that stands for heketi's server."""
    file = tmp_path_factory.mktemp("program") / "heketi"
    script = "import sys; sys.path.insert(0, sys.argv[1]); import heketi.program as p; p.build(sys.argv[2])"
    subprocess.run([sys.executable, "-c", script, str(ROOT / "tests/fakes"), str(file)], check=True)
    return file


@pytest.fixture(scope="module")
def address(lab, program):
    """Where the machine finds the program on a web server."""
    with lab.serve(program.parent) as web:
        yield f"{web}/{program.name}"


@pytest.fixture
def trees(program, tmp_path):
    """The files of each package, in folders as rpmbuild and dpkg-deb want them."""
    trees = {name: tmp_path / name / "root" for name in PACKAGES}
    for name, root in trees.items():
        (root / "usr/bin").mkdir(parents=True)
        shutil.copy(program, root / "usr/bin" / PACKAGES[name])
    return trees


@pytest.fixture
def from_source(lab):
    """Run heketi.yml with a source; what is there then runs, and a second run changes nothing. Return the first Run."""

    def from_source(source, path, **desired):
        desired["heketi_source"] = source
        run = lab.play("heketi", desired).succeeded()
        lab.play("heketi", desired).without_change()
        running = lab.run("node1", "ps -o args= -p $(systemctl show heketi -p MainPID --value)")
        assert f" {path} --config=" in running
        return run

    return from_source


def sum_of(program):
    return hashlib.sha256(program.read_bytes()).hexdigest()


def test_nothing_is_taken_for_heketi(lab, address):
    lab.play("heketi", {"heketi_source": "preinstalled"}).refused("there is no /usr/bin/heketi on node1")
    other = {"heketi_source": "binary", "heketi_file": address, "heketi_checksum": "0" * 64}
    lab.play("heketi", other).refused("did not match", "0" * 64)
    assert not lab.succeeds("node1", "ls /usr/local/bin/heketi || id heketi")


def test_by_address(lab, from_source, program, address):
    """And what has to be seen of the executor that stores nothing, and of a topology in heketi's own form."""
    run = from_source("binary", "/usr/local/bin/heketi", heketi_file=address, heketi_checksum=sum_of(program))
    assert "WARNING: heketi_executor is mock on node1: heketi answers OK to everything" in run.words
    assert "MOCK" in lab.run("node1", "systemctl show heketi -p Description --value")
    said = yaml.safe_load(lab.module("node1", "heketi_info", **LOGIN).partition("=>")[2])
    assert [len(cluster["nodes"]) for cluster in said["clusters"]] == [4]


def test_from_a_folder_of_rpms(lab, from_source, trees, tmp_path):
    host.install_missing(NEEDED)
    folder = tmp_path / "rpms"
    folder.mkdir()
    for name, root in trees.items():
        build(Rpm(name, "9.0.0"), root, folder)
    # Debian's rpm keeps root's database in its home, and warns of installing what is not Debian's.
    lab.run("node1", "mkdir -p /etc/rpm; echo '%_dbpath /var/lib/rpm' > /etc/rpm/macros")
    lab.run("node1", "echo 'rpm alias -U --force-debian -U' > /etc/popt")
    from_source("rpm_folder", "/usr/bin/heketi", heketi_rpm_folder=str(folder))
    assert lab.run("node1", "rpm -q heketi heketi-client | wc -l; rpm -V heketi") == "2"
    lab.run("node1", "rpm -e heketi heketi-client")


def test_from_a_repository(lab, from_source, trees, tmp_path):
    folder = tmp_path / "debs"
    folder.mkdir()
    (folder / "Packages").write_text("\n".join(packed(name, root, folder) for name, root in trees.items()))
    lab.copy("node1", folder)
    lab.run("node1", "echo 'deb [trusted=yes] file:/srv/debs ./' > /etc/apt/sources.list.d/heketi.list; apt-get update")
    from_source("repository", "/usr/bin/heketi")
    assert lab.run("node1", "dpkg-query -W -f '${db:Status-Abbrev}' heketi heketi-client") == "ii ii"


def packed(name, root, folder):
    """Make a package of Debian's in a folder, and return its part of the folder's index."""
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN/control").write_text(CONTROL.format(name=name))
    file = folder / f"{name}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "--build", str(root), str(file)], check=True)
    content = file.read_bytes()
    found = f"Filename: ./{file.name}\nSize: {len(content)}\nSHA256: {hashlib.sha256(content).hexdigest()}\n"
    return CONTROL.format(name=name) + found


def test_what_is_there_is_used_if_it_is_the_right_one(lab):
    lab.play("heketi", {"heketi_source": "preinstalled"}).without_change()
    lab.play("heketi", {"heketi_source": "preinstalled", "heketi_version": 10}).refused(
        '/usr/bin/heketi --version says "Heketi 9.0.0" on node1, and heketi_version is 10'
    )
