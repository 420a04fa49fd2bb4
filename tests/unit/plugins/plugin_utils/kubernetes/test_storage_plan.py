# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import base64

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.kubernetes import manifests
from ansible_collections.brickwork.gluster.plugins.plugin_utils.kubernetes.storage_plan import Settings, plan_storage

SETTINGS = Settings(
    resturl="http://192.0.2.1:8080",
    has_key=True,
    secret_name="heketi-secret",
    path="/srv/shared/claims",
    provisioner="brickwork.gluster/shared",
    provisioner_namespace="brickwork-shared",
    provisioner_image="provisioner:1",
    pod_image="pod:1",
)
ADDRESSES = {"n1": "192.0.2.11"}
VOLUME = {"name": "media", "path": "/srv/shared/media", "size": "10Gi"}


def planned(*classes, **more):
    version, volumes = more.pop("version", "1.20"), more.pop("volumes", ())
    addresses = more.pop("addresses", ADDRESSES)
    return plan_storage(classes, volumes, version, SETTINGS._replace(**more), addresses)


def refused(*classes, **more):
    with pytest.raises(InputError) as error:
        planned(*classes, **more)
    return str(error.value).splitlines()


def of_kind(plan, kind):
    return [one for one in plan["objects"] if one["kind"] == kind]


def test_a_class_for_heketi_has_its_key_in_a_secret():
    plan = planned({"name": "gluster", "gid_min": 40000, "default": True, "mount_options": ["ro"]})
    assert (plan["way"], plan["reason"], plan["folders"]) == ("heketi", "", [])
    [made] = plan["objects"]
    assert made["provisioner"] == "kubernetes.io/glusterfs" and made["allowVolumeExpansion"] is True
    assert made["parameters"]["gidMin"] == "40000" and made["parameters"]["restuser"] == "admin"
    assert made["metadata"]["annotations"] == {"storageclass.kubernetes.io/is-default-class": "true"}
    assert made["mountOptions"] == ["ro"]
    assert plan["secrets"] == [{"name": "heketi-secret", "namespace": "default"}]


def test_a_secret_is_there_once_and_only_where_heketi_asks_for_a_key():
    names = ("a", {}), ("b", {}), ("c", {"secret_name": "other"}), ("d", {"restauthenabled": False})
    plan = planned(*[dict(more, name=name) for name, more in names])
    assert [one["name"] for one in plan["secrets"]] == ["heketi-secret", "other"]
    assert planned({"name": "d", "restauthenabled": False}, has_key=False)["secrets"] == []


def test_the_secret_is_of_the_type_that_the_provisioner_wants():
    made = manifests.secret("heketi-secret", "default", "a key")
    assert made["type"] == "kubernetes.io/glusterfs"
    assert {name: base64.b64decode(value) for name, value in made["data"].items()} == {"key": b"a key"}


def test_from_1_26_on_folders_of_a_mounted_volume_are_given_out():
    claim = {"name": "films", "namespace": "tv"}
    volumes = [VOLUME, dict(VOLUME, name="films", path="/srv/shared/films", mode="2770", claim=claim)]
    plan = planned({"name": "shared"}, version="1.26", volumes=volumes, registry="registry.example.com/mirror/")
    assert plan["way"] == "mounted" and "removed in 1.26" in plan["reason"] and plan["secrets"] == []
    [made] = of_kind(plan, "StorageClass")
    assert made["provisioner"] == "brickwork.gluster/shared" and made["volumeBindingMode"] == "Immediate"
    media, films = of_kind(plan, "PersistentVolume")
    assert media["spec"]["hostPath"] == {"path": "/srv/shared/media", "type": "Directory"}
    assert media["spec"]["accessModes"] == ["ReadWriteMany"] and "claimRef" not in media["spec"]
    assert films["spec"]["claimRef"]["namespace"] == "tv"
    assert [(one["path"], one["mode"], one["guard"]) for one in plan["folders"]] == [
        ("/srv/shared/media", "0777", ""),
        ("/srv/shared/films", "2770", ""),
        ("/srv/shared/claims", "0755", "/srv/shared/claims/.brickwork-volume"),
    ]
    [config], [deployment] = of_kind(plan, "ConfigMap"), of_kind(plan, "Deployment")
    assert '"sharedFileSystemPath": "/srv/shared/claims"' in config["data"]["config.json"]
    assert 'image: "registry.example.com/mirror/pod:1"' in config["data"]["helperPod.yaml"]
    [container] = deployment["spec"]["template"]["spec"]["containers"]
    assert container["image"] == "registry.example.com/mirror/provisioner:1"


def test_volumes_alone_need_no_provisioner():
    plan = planned(version="1.31", volumes=[VOLUME], path="")
    assert [one["kind"] for one in plan["objects"]] == ["PersistentVolume"]
    assert plan["claims"] == plan["pods"] == []


def test_each_class_is_tried_with_a_claim_and_two_pods():
    plan = planned({"name": "a"}, {"name": "b.c"}, trial_namespace="trials", trial_size="2Gi")
    assert [one["spec"]["storageClassName"] for one in plan["claims"]] == ["a", "b.c"]
    assert {one["spec"]["resources"]["requests"]["storage"] for one in plan["claims"]} == {"2Gi"}
    for claim, pods in zip(plan["claims"], plan["pods"]):
        assert claim["metadata"] == pods["metadata"] and claim["metadata"]["namespace"] == "trials"
        assert pods["spec"]["replicas"] == 2
        [volume] = pods["spec"]["template"]["spec"]["volumes"]
        assert volume["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]


def test_everything_that_is_wrong_is_told_at_once():
    found = refused(
        {"name": "A", "restuser": "user", "gid_min": 5, "default": True},
        {"name": "b", "volumetype": "replicate:9", "reclaim_policy": "Recycle", "default": True, "bogus": 1},
        {"name": "b"},
        has_key=False,
        volumes=[VOLUME],
        addresses={"n1": "gl1.example.com"},
        trial_size="big",
    )
    assert [line.replace("gluster_storageclass_", "").split(" is ")[0].split(": ")[:3] for line in found] == [
        ["classes", "A", "name"],
        ["classes", "b", "reclaim_policy"],
        ["classes", "A", "restuser"],
        ["classes", "A", "gid_min"],
        ["classes", "b", "bogus"],
        ["classes", "b", "volumetype"],
        ["key", "the key of heketi's user admin"],
        ["volumes", "volumes are offered with the way mounted only, and this"],
        ["n1", "gluster_address", "'gl1.example.com'"],
        ["classes", "b"],
        ["classes", "only one class can be the default"],
        ["test_size", "'big'"],
    ]


def test_what_is_wrong_with_folders_and_volumes():
    volumes = [
        {"name": "v", "path": "/srv", "size": "10 GB", "claim": {"namespace": "x"}},
        {"name": "v", "path": "/srv/shared/../etc", "size": "1Gi", "sise": 1},
    ]
    found = refused(
        {"name": "a", "gid_min": 40000},
        {"name": "b", "allow_expansion": True},
        version="1.31",
        volumes=volumes,
        path="",
    )
    assert [line.replace("gluster_storageclass_", "").split(": ")[:3] for line in found] == [
        ["classes", "a", "gid_min"],
        ["classes", "b", "allow_expansion"],
        ["path", "'' is no folder, below a mount point, for the classes' claims"],
        ["volumes", "v", "size"],
        ["volumes", "v", "path"],
        ["volumes", "v", "claim"],
        ["volumes", "v", "sise"],
        ["volumes", "v", "path"],
        ["volumes", "v is there more than once"],
    ]


def test_nothing_to_do_is_a_mistake():
    assert refused() == ["gluster_storageclass_classes: there is no class"]


def test_the_way_is_judged_first():
    assert refused({"name": "a"}, way="heketi", version="1.26")[0].startswith(
        "gluster_storageclass_way: heketi is not possible with Kubernetes 1.26"
    )


def test_a_switch_that_is_a_text_is_refused():
    found = refused({"name": "a", "restauthenabled": "false", "default": "yes"})
    assert found == [
        "gluster_storageclass_classes: a: default: 'yes' is neither true nor false",
        "gluster_storageclass_classes: a: restauthenabled: 'false' is neither true nor false",
    ]
