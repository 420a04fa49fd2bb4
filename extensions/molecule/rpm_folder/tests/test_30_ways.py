# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder on a web server, signatures, going back to an older version, and a power cut in the transaction."""

import shutil

import pytest
from el7_rpms import new_key, sign_all

CLIENT = {"packages": ["glusterfs-fuse"], "whole_set": False}


@pytest.fixture(autouse=True)
def bare(spare):
    yield
    spare.strip()


def test_signatures(spare, folder, tmp_path):
    """An unsigned folder is refused, and a signed one with another key; with the right key it is installed."""
    signed = tmp_path / "signed"
    shutil.copytree(folder, signed)
    key, other = new_key(tmp_path / "one"), new_key(tmp_path / "other")
    sign_all(signed, tmp_path / "one")
    spare.bring(signed)
    said = spare.refused("/srv/set", gpg_key=key)
    assert "glusterfs-server-7.5-1.el7.x86_64.rpm is not signed with gpg_key" in said and "cowsay" not in said
    assert "glusterfs-fuse-7.5-1.el7.x86_64.rpm is not signed" in spare.refused("/srv/signed", gpg_key=other, **CLIENT)
    assert "changed: true" in spare.install("/srv/signed", gpg_key=key, **CLIENT)
    assert spare.run("rpm -q gpg-pubkey || true") == "package gpg-pubkey is not installed"


def test_folder_on_a_web_server(spare):
    spare.run("systemd-run --unit=web python3 -m http.server 8080 --directory /srv/set")
    try:
        said = spare.install("http://127.0.0.1:8080/", **CLIENT)
        assert "changed: true" in said and "cowsay-3.04-4.el7.noarch.rpm" in said
        assert "changed: false" in spare.install("http://127.0.0.1:8080/", **CLIENT)
    finally:
        spare.run("systemctl stop web")
    assert spare.run("rpm -q glusterfs-fuse") == "glusterfs-fuse-7.5-1.el7.x86_64"


def test_no_repository_is_asked_without_need(spare):
    """The folder has all; a repository that can't be reached must not matter to dnf."""
    spare.spoil("ln /srv/base/*.rpm .; sed -i s,file:///srv/base,http://127.0.0.1:9/, /etc/yum.repos.d/base.repo")
    try:
        said = spare.install("/srv/case")
    finally:
        spare.run("sed -i s,http://127.0.0.1:9/,file:///srv/base, /etc/yum.repos.d/base.repo")
    assert "dnf -y --disablerepo=* install" in said and "from_repositories: []" in said
    assert spare.run("rpm -q attr glusterfs-server").split() == [
        "attr-2.4.46-13.el7.x86_64",
        "glusterfs-server-7.5-1.el7.x86_64",
    ]


def test_going_back(spare):
    spare.run("rpm -U /srv/extra/glusterfs-libs-9.2*")
    spare.spoil("ln /srv/base/*.rpm .")
    assert "--oldpackage" in spare.install("/srv/case", allow_downgrade=True)
    assert spare.run("rpm -q glusterfs-libs glusterfs-server").split() == [
        "glusterfs-libs-7.5-1.el7.x86_64",
        "glusterfs-server-7.5-1.el7.x86_64",
    ]


#: File of which package is there when the power goes.
MOMENTS = {
    "one of the first": "/usr/lib/x86_64-linux-gnu/libglusterfs.so.0",
    "one of the last": "/usr/sbin/glusterfsd",
}


#: What a power cut does now and then: the names of new files are on the disk, and their content is not.
EMPTY_NEW_CONFIGURATION = "[ ! -e /etc/glusterfs ] || find /etc/glusterfs -type f -exec truncate --size=0 {} +"


@pytest.mark.parametrize("moment", MOMENTS)
def test_power_cut(lab, spare, moment):
    """Whatever is there of the transaction, the next run finishes it."""
    running = spare.start("/srv/set")
    try:
        sign = f"timeout 60 sh -c 'until [ -e {MOMENTS[moment]} ]; do :; done'"
        assert lab.succeeds(spare.name, sign)
        lab.power("power-off", spare.name)
    finally:
        running.kill()
        running.communicate()
    lab.power("power-on", spare.name)
    spare.run(EMPTY_NEW_CONFIGURATION)
    print(spare.run("cat /var/lib/brickwork/rpm_transaction; rpm -qa | sort"))
    said = spare.install("/srv/set")
    print(said[:1500])
    assert "changed: true" in said
    spare.run("rpm -V --nomtime $(rpm -qa)")
    assert spare.run("rpm -qa 'glusterfs*' | wc -l") == "7"
    assert spare.run("ls /var/lib/brickwork") == ""
    assert "changed: false" in spare.install("/srv/set")
