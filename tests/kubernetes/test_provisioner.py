# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role against Kubernetes 1.20 itself: what it makes is taken by the API, and claims get volumes of heketi's."""

import pytest
from claims import Claims, wait_for
from kubernetes import client

CLASS = {"name": "gluster", "gid_min": 40000, "gid_max": 50000, "volumetype": "replicate:3"}


@pytest.fixture
def claims(api):
    claims = Claims(api)
    assert claims.names() == []
    return claims


def volumes(heketi):
    """Return name -> size in GiB of heketi's volumes."""
    ids = heketi.read("/volumes")["volumes"]
    return {volume["name"]: volume["size"] for volume in (heketi.read(f"/volumes/{one}") for one in ids)}


def classes(api):
    """Return name -> StorageClass of all there are."""
    return {found.metadata.name: found for found in client.StorageV1Api(api.api_client).list_storage_class().items}


def test_check_mode_makes_nothing(api, role):
    role.run("--check", classes=[CLASS]).changed()
    assert "gluster" not in classes(api)


def test_the_class_and_the_secret_are_made_once(api, plane, role):
    role.run(classes=[CLASS]).changed()
    made = classes(api)["gluster"]
    assert made.parameters["gidMin"] == "40000" and made.parameters["volumetype"] == "replicate:3"
    assert plane.admin_key not in str(made)
    secret = api.read_namespaced_secret(made.parameters["secretName"], made.parameters["secretNamespace"])
    assert secret.type == "kubernetes.io/glusterfs" and set(secret.data) == {"key"}
    role.run(classes=[CLASS]).unchanged()
    role.run("--check", classes=[CLASS]).unchanged()


def test_a_claim_is_bound_expanded_and_deleted(api, heketi, topology, claims):
    claims.make("data", "gluster", "2Gi")
    volume = claims.bound("data")
    assert volume.spec.glusterfs.path in volumes(heketi)
    assert 40000 <= int(volume.metadata.annotations["pv.beta.kubernetes.io/gid"]) <= 50000
    assert claims.endpoints(volume) == topology
    claims.grow("data", "5Gi")
    assert volumes(heketi) == {volume.spec.glusterfs.path: 5}
    claims.delete("data")
    wait_for("Service and Endpoints are gone", lambda: not claims.names())
    assert volumes(heketi) == {}


def test_the_role_tries_a_claim_and_leaves_nothing(heketi, claims, role):
    said = role.run(classes=[CLASS], test=True, test_pods=False).succeeded()
    assert "Bound" in said
    wait_for("everything is gone", lambda: not claims.names())
    assert volumes(heketi) == {}


def test_pods_that_do_not_start_are_told_and_nothing_is_left(api, heketi, claims, role):
    """There is no node here, so these two never start."""
    said = role.run(classes=[CLASS], test=True, test_timeout=9).failed()
    assert "brickwork-trial-gluster" in said and "FailedScheduling" in said
    # The claim is bound, so heketi has done its part.
    assert "each reads what the other one has written" in said and "kube-controller-manager" not in said
    wait_for("everything is gone", lambda: not claims.names())
    assert not api.list_namespaced_pod("default").items
    assert volumes(heketi) == {}


def test_what_no_api_can_change_is_told_and_not_forced(api, role):
    said = role.run(classes=[{**CLASS, "gid_max": 45000}]).failed()
    assert "gidMax" in said and "45000" in said and "50000" in said
    assert classes(api)["gluster"].parameters["gidMax"] == "50000"


def test_a_wrong_key_is_refused_before_anything_is_put_into_kubernetes(api, claims, role):
    wrong = {**CLASS, "name": "wrong", "secret_name": "wrong-key"}
    said = role.run(classes=[wrong], key="not the key", test=True, test_pods=False, test_timeout=15).failed()
    assert "signature is invalid" in said and "not the key" not in said
    assert "wrong" not in classes(api) and not claims.names()


def test_a_claim_that_heketi_can_not_fill_is_explained_and_nothing_is_left(heketi, claims, role):
    vast = {**CLASS, "name": "vast"}
    said = role.run(classes=[vast], test=True, test_pods=False, test_size="900000Gi", test_timeout=15).failed()
    assert "see kube-controller-manager.log" in said
    wait_for("everything is gone", lambda: not claims.names())
    assert volumes(heketi) == {}


@pytest.mark.parametrize("desired", [{"restuser": "user"}, {"gid_min": 5}, {"volumetype": "replicate:9"}])
def test_what_the_provisioner_would_refuse_or_leak_is_refused_before(api, role, desired):
    before = set(classes(api))
    assert next(iter(desired)) in role.run(classes=[{**CLASS, "name": "never", **desired}]).failed()
    assert set(classes(api)) == before
