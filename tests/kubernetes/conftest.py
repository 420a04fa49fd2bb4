# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A control plane for all tests here, and what they do with it."""

import os
import pathlib
import subprocess
import sys

import pytest
from kubernetes import client, config

from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.client import Heketi
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.transport import HttpTransport

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent / "lab")]
from control_plane import ADDRESS, HEKETI, ControlPlane  # noqa: E402
from role import Role  # noqa: E402


def pytest_sessionstart():
    """Nothing here may run outside of a namespace of its own."""
    if "KUBERNETES_PROGRAMS" not in os.environ:
        pytest.exit("these tests are started by tests/kubernetes/run (make test-kubernetes)", 1)


@pytest.fixture(scope="session")
def plane(tmp_path_factory):
    """The ControlPlane, ready for claims."""
    subprocess.run(["ip", "address", "add", f"{ADDRESS}/32", "dev", "lo"], check=True)
    plane = ControlPlane(pathlib.Path(os.environ["KUBERNETES_PROGRAMS"]), tmp_path_factory.mktemp("plane"))
    plane.start()
    return plane


@pytest.fixture(scope="session")
def topology(plane):
    """Three storage nodes in heketi that nobody contacts; return their addresses."""
    addresses = [f"192.0.2.{number}" for number in (11, 12, 13)]
    plane.add_storage(HEKETI, addresses)
    return addresses


@pytest.fixture(scope="session")
def api(plane, topology):
    """The API's core, with the client that the role uses as well."""
    return client.CoreV1Api(config.new_client_from_config(str(plane.kubeconfig)))


@pytest.fixture(scope="session")
def heketi(plane):
    """A client of heketi's, the one of the modules."""
    return Heketi(HttpTransport(HEKETI), "admin", plane.admin_key)


@pytest.fixture
def role(plane, api, tmp_path):
    """The role, set to this control plane and its heketi."""
    return Role(tmp_path, kubeconfig=str(plane.kubeconfig), resturl=HEKETI, key=plane.admin_key)
