# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""rancher's local-path-provisioner, giving out folders of a volume that every node has mounted. Pure. PRIVATE."""

from typing import Any

from ansible_collections.brickwork.gluster.plugins.plugin_utils.kubernetes.manifests import MARK, metadata

#: Other than upstream's, since some clusters come with a local-path-provisioner for local disks.
NAME = "brickwork-shared"
#: A folder is one of the volume, and no empty mount point, if it has this file.
GUARD = ".brickwork-volume"

_SETUP = """\
#!/bin/sh
set -eu
if [ ! -e "$(dirname "$VOL_DIR")/%s" ]; then
    echo "the volume is not mounted on this node" >&2
    exit 1
fi
mkdir -m 0777 -p "$VOL_DIR"
"""
_TEARDOWN = """\
#!/bin/sh
set -eu
if [ ! -e "$(dirname "$VOL_DIR")/%s" ]; then
    echo "the volume is not mounted on this node" >&2
    exit 1
fi
rm -rf "$VOL_DIR"
"""
_HELPER_POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: helper-pod
spec:
  containers:
    - name: helper-pod
      image: "%s"
      imagePullPolicy: IfNotPresent
"""


def local_path_manifests(names_of: dict[str, str], path: str, images: dict[str, str]) -> list[dict[str, Any]]:
    """Return what makes local-path-provisioner give out folders of one path that every node has mounted.

    names_of has C(namespace) and C(provisioner), the name by which classes know it; images has C(provisioner) and
    C(pod). Its own names are other than upstream's, since some clusters come with one for local disks.
    """
    return [
        _namespace(names_of["namespace"]),
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata(NAME, names_of["namespace"])},
        _role(),
        _binding(names_of["namespace"]),
        _config(names_of["namespace"], path, images["pod"]),
        _deployment(names_of, images["provisioner"]),
    ]


def _namespace(namespace: str) -> dict[str, Any]:
    # Its pods mount the path from their node, which the stricter levels of pod security forbid.
    labels = dict(MARK, **{"pod-security.kubernetes.io/enforce": "privileged"})
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata(namespace, labels=labels)}


def _rule(group: str, resources: str, verbs: str) -> dict[str, Any]:
    return {"apiGroups": [group], "resources": resources.split(), "verbs": verbs.split()}


def _role() -> dict[str, Any]:
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": metadata(NAME),
        "rules": [
            _rule("", "nodes persistentvolumeclaims configmaps pods/log", "get list watch"),
            _rule("", "persistentvolumes pods", "get list watch create patch update delete"),
            _rule("", "events", "create patch"),
            _rule("storage.k8s.io", "storageclasses", "get list watch"),
        ],
    }


def _binding(namespace: str) -> dict[str, Any]:
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": metadata(NAME),
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": NAME},
        "subjects": [{"kind": "ServiceAccount", "name": NAME, "namespace": namespace}],
    }


def _config(namespace: str, path: str, pod_image: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata(NAME, namespace),
        "data": {
            "config.json": '{"nodePathMap": [], "sharedFileSystemPath": "%s"}' % path,
            "setup": _SETUP % GUARD,
            "teardown": _TEARDOWN % GUARD,
            "helperPod.yaml": _HELPER_POD % pod_image,
        },
    }


def _deployment(names_of: dict[str, str], provisioner_image: str) -> dict[str, Any]:
    labels = {"app.kubernetes.io/name": NAME}
    command = ["local-path-provisioner", "start", "--config", "/etc/config/config.json"]
    command += ["--provisioner-name", names_of["provisioner"], "--service-account-name", NAME]
    command += ["--configmap-name", NAME, "--helper-pod-file", "/etc/config/helperPod.yaml"]
    container = {
        "name": "provisioner",
        "image": provisioner_image,
        "imagePullPolicy": "IfNotPresent",
        "command": command,
        "env": [{"name": "POD_NAMESPACE", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}}],
        "volumeMounts": [{"name": "config", "mountPath": "/etc/config/"}],
    }
    pod = {
        "serviceAccountName": NAME,
        "containers": [container],
        "volumes": [{"name": "config", "configMap": {"name": NAME}}],
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(NAME, names_of["namespace"]),
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": dict(MARK, **labels)}, "spec": pod},
        },
    }
