# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from ansible_collections.brickwork.gluster.plugins.plugin_utils.kubernetes import manifests
from ansible_collections.brickwork.gluster.plugins.plugin_utils.kubernetes.differences import find_differences

DESIRED = {"reclaim_policy": "Delete", "allow_expansion": True, "mount_options": [], "default": False}


def storage_class(name="gluster", parameters=None, **more):
    found = {"gidMin": "40000", "gidMax": "50000"} if parameters is None else parameters
    return manifests.storage_class(name, "kubernetes.io/glusterfs", found, dict(DESIRED, **more))


def sentences(desired, found):
    return [difference.sentence() for difference in find_differences([desired], [found])]


def test_each_field_that_differs_is_told_with_both_values():
    desired = storage_class(parameters={"gidMax": "45000", "snapfactor": "2"}, reclaim_policy="Retain")
    assert sentences(desired, storage_class()) == [
        "StorageClass gluster: parameters.gidMax is '50000' and not '45000'",
        "StorageClass gluster: parameters.gidMin is '40000' and not missing",
        "StorageClass gluster: parameters.snapfactor is missing and not '2'",
        "StorageClass gluster: reclaimPolicy is 'Delete' and not 'Retain'",
    ]


def test_what_can_be_changed_is_no_difference():
    desired = storage_class(allow_expansion=False, default=True, mount_options=["ro"])
    assert sentences(desired, storage_class()) == []
    bare = storage_class(parameters={})
    assert sentences(bare, dict(bare, parameters=None)) == []


def test_only_the_object_itself_is_compared():
    assert sentences(storage_class(parameters={}), storage_class(name="other")) == []
    volume = manifests.persistent_volume("gluster", "/srv/a/b", "1Gi")
    assert sentences(volume, storage_class()) == []


def test_the_place_of_a_volume_stays():
    desired = manifests.persistent_volume("v", "/srv/a/new", "2Gi")
    assert sentences(desired, manifests.persistent_volume("v", "/srv/a/old", "1Gi")) == [
        "PersistentVolume v: spec.hostPath.path is '/srv/a/old' and not '/srv/a/new'"
    ]
