# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way "mounted" against a real API: what the role makes is taken, and made once. No node mounts anything here."""

from claims import wait_for
from kubernetes import client

ARCHIVE = {
    "name": "archive",
    "path": "/mnt/archive/everybody",
    "size": "10Gi",
    "claim": {"name": "archive", "namespace": "default"},
}
MOUNTED = {"way": "mounted", "resturl": "", "key": ""}
FOLDERS = {**MOUNTED, "path": "/mnt/shared/claims", "classes": [{"name": "folders"}]}


def test_a_declared_folder_is_bound_by_the_claim_that_it_is_for(api, role):
    role.run("--check", volumes=[ARCHIVE], **MOUNTED).changed()
    assert not api.list_persistent_volume().items
    role.run(volumes=[ARCHIVE], **MOUNTED).changed()
    role.run(volumes=[ARCHIVE], **MOUNTED).unchanged()
    spec = {"accessModes": ["ReadWriteMany"], "resources": {"requests": {"storage": "1Gi"}}, "storageClassName": ""}
    api.create_namespaced_persistent_volume_claim("default", {"metadata": {"name": "archive"}, "spec": spec})
    wait_for("the claim is bound", lambda: api.read_persistent_volume("archive").status.phase == "Bound")
    # What the API has added to it meanwhile is no difference.
    role.run(volumes=[ARCHIVE], **MOUNTED).unchanged()
    api.delete_namespaced_persistent_volume_claim("archive", "default")
    wait_for("the claim is gone", lambda: api.read_persistent_volume("archive").status.phase == "Released")


def test_a_folder_in_another_place_is_told_and_not_forced(api, role):
    said = role.run(volumes=[{**ARCHIVE, "path": "/mnt/other/everybody"}], **MOUNTED).failed()
    assert "/mnt/other/everybody" in said and ARCHIVE["path"] in said
    assert api.read_persistent_volume("archive").spec.host_path.path == ARCHIVE["path"]


def test_the_provisioner_is_made_once_and_waited_for(api, role):
    """Its pod never starts where there is no node, and the role says which Deployment it has waited for."""
    assert "brickwork-shared" in role.run(timeout=2, **FOLDERS).failed()
    role.run("--check", **FOLDERS).unchanged()
    [made] = client.StorageV1Api(api.api_client).list_storage_class(field_selector="metadata.name=folders").items
    [deployed] = client.AppsV1Api(api.api_client).list_namespaced_deployment("brickwork-shared").items
    assert made.provisioner in str(deployed.spec)
    wait_for("its pod is there", lambda: api.list_namespaced_pod("brickwork-shared").items)
    config = api.read_namespaced_config_map(deployed.metadata.name, "brickwork-shared").data
    assert FOLDERS["path"] in config["config.json"]
