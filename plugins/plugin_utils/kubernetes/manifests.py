# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects that are put into Kubernetes. Pure. PRIVATE to the collection."""

import base64
from typing import Any, Optional

from ansible_collections.brickwork.gluster.plugins.plugin_utils.kubernetes import names

MARK = {"app.kubernetes.io/managed-by": "brickwork.gluster"}
DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"
SECRET_TYPE = "kubernetes.io/glusterfs"
#: Claims and pods of the trial bear it, with the name of the claim.
TRIAL = "brickwork.gluster/trial"
#: The user nobody: pods without rights can write as well.
NOBODY = 65534

_WRITE = 'echo "$NAME" > "/shared/$NAME.new" && mv "/shared/$NAME.new" "/shared/$NAME" && while :; do sleep 1; done'
#: A pod is ready when it reads what another one has written, and what it has written itself.
_READ = '[ "$(cat /shared/%s)" = "$NAME" ] && [ "$(cat /shared/%s-* | sort -u | wc -l)" -ge 2 ]'


def metadata(name: str, namespace: Optional[str] = None, **more: Any) -> dict[str, Any]:
    found = {"name": name, "labels": dict(MARK)}
    if namespace:
        found["namespace"] = namespace
    return dict(found, **more)


def secret(name: str, namespace: str, key: str) -> dict[str, Any]:
    """Return the Secret with heketi's key, of the type that the provisioner wants."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": metadata(name, namespace),
        "type": SECRET_TYPE,
        "data": {"key": base64.b64encode(key.encode()).decode()},
    }


def storage_class(name: str, provisioner: str, parameters: dict[str, str], desired: dict[str, Any]) -> dict[str, Any]:
    """Return a StorageClass; desired has reclaim_policy, allow_expansion, mount_options and default."""
    found: dict[str, Any] = {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": metadata(name),
        "provisioner": provisioner,
        "reclaimPolicy": desired["reclaim_policy"],
        "allowVolumeExpansion": desired["allow_expansion"],
        "volumeBindingMode": "Immediate",
    }
    if desired["default"]:
        found["metadata"]["annotations"] = {DEFAULT_CLASS: "true"}
    if parameters:
        found["parameters"] = parameters
    if desired["mount_options"]:
        found["mountOptions"] = list(desired["mount_options"])
    return found


def persistent_volume(
    name: str, path: str, size: str, class_name: str = "", claim: Optional[dict[str, str]] = None
) -> dict[str, Any]:
    """Return a PersistentVolume that is a folder of a volume which every node has mounted.

    C(Directory) makes a pod wait on a node where the volume is not mounted: there the folder is missing.
    """
    spec: dict[str, Any] = {
        "capacity": {"storage": size},
        "accessModes": ["ReadWriteMany"],
        "persistentVolumeReclaimPolicy": "Retain",
        "volumeMode": "Filesystem",
        "hostPath": {"path": path, "type": "Directory"},
    }
    # The API drops an empty one, and would take every further request for a change.
    if class_name:
        spec["storageClassName"] = class_name
    if claim:
        spec["claimRef"] = {"apiVersion": "v1", "kind": "PersistentVolumeClaim"}
        spec["claimRef"].update(name=claim["name"], namespace=claim.get("namespace") or "default")
    return {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": metadata(name), "spec": spec}


def trial_name(class_name: str) -> str:
    """Return what a class's trial claim and trial pods are called."""
    return names.as_label("brickwork-trial", class_name)


def trial_claim(class_name: str, namespace: str, size: str) -> dict[str, Any]:
    """Return a claim that tries a class."""
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": _trial_metadata(trial_name(class_name), namespace),
        "spec": {
            "storageClassName": class_name,
            "accessModes": ["ReadWriteMany"],
            "resources": {"requests": {"storage": size}},
        },
    }


def trial_pods(class_name: str, namespace: str, image: str) -> dict[str, Any]:
    """Return a Deployment of two pods that write to the class's trial claim and read what the other has written."""
    name = trial_name(class_name)
    about = _trial_metadata(name, namespace)
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": about,
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {TRIAL: name}},
            "template": {"metadata": {"labels": about["labels"]}, "spec": _trial_pod(name, image)},
        },
    }


def _trial_metadata(name: str, namespace: str) -> dict[str, Any]:
    return metadata(name, namespace, labels=dict(MARK, **{TRIAL: name}))


def _trial_pod(name: str, image: str) -> dict[str, Any]:
    return {
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 1,
        "securityContext": {"runAsNonRoot": True, "runAsUser": NOBODY, "runAsGroup": NOBODY},
        "affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [_another_node(name)]}},
        "containers": [
            {
                "name": "trial",
                "image": image,
                "command": ["sh", "-c", _WRITE],
                "env": [{"name": "NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
                "readinessProbe": {"exec": {"command": ["sh", "-c", _READ % ("$NAME", name)]}, "periodSeconds": 2},
                "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "64Mi"}},
                "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
                "volumeMounts": [{"name": "shared", "mountPath": "/shared"}],
            }
        ],
        "volumes": [{"name": "shared", "persistentVolumeClaim": {"claimName": name}}],
    }


def _another_node(name: str) -> dict[str, Any]:
    return {
        "weight": 100,
        "podAffinityTerm": {
            "labelSelector": {"matchLabels": {TRIAL: name}},
            "topologyKey": "kubernetes.io/hostname",
        },
    }


def image(name: str, registry: Optional[str] = "") -> str:
    """Return an image's name, with the registry of a closed network before it."""
    return "%s/%s" % (registry.rstrip("/"), name) if registry else name
