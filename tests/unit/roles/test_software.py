# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role for software, alone and as the other roles use it, with programs in the place of the modules."""

import pytest

from ansible_collections.brickwork.gluster.tests.fakes.standins import StandIns

FOLDER = {"gluster_server_source": "rpm_folder", "gluster_server_rpm_folder": "/srv/rpms"}


@pytest.fixture
def stubs(tmp_path):
    stubs = StandIns(tmp_path)
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
