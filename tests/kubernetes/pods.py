# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pods as a user of the cluster has them: started, looked at, and gone into."""

import pathlib
import re

import yaml
from claims import wait_for
from kubernetes import client, stream

GUIDE = pathlib.Path(__file__).resolve().parents[2] / "docs/kubernetes.md"
#: The role's own; the guide's comes from a registry.
IMAGE = "busybox:1.36"


def guide():
    """Return the claim and the Deployment of the guide, with an image that every node has, and each pod on its own."""
    blocks = re.findall(r"^```yaml\n(.*?)^```$", GUIDE.read_text(), re.DOTALL | re.MULTILINE)
    [manifests] = [list(yaml.safe_load_all(text)) for text in blocks if "kind: Deployment" in text]
    claim, deployment = manifests
    template = deployment["spec"]["template"]
    for container in template["spec"]["containers"]:
        container["image"] = IMAGE
    set_apart(template)
    return claim, deployment


def set_apart(template):
    """Have no two pods of a template on one node; the scheduler itself only prefers that, and is not bound to."""
    term = {"labelSelector": {"matchLabels": template["metadata"]["labels"]}, "topologyKey": "kubernetes.io/hostname"}
    template["spec"]["affinity"] = {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}


class Pods:
    """The pods of one Deployment."""

    def __init__(self, api_client, manifest, namespace="default"):
        # Going into a pod replaces what a client sends requests with, so it has one of its own.
        self._inside = client.CoreV1Api(client.ApiClient(api_client.configuration))
        self._api = client.CoreV1Api(api_client)
        self._apps = client.AppsV1Api(api_client)
        self._namespace = namespace
        self._name = manifest["metadata"]["name"]
        labels = manifest["spec"]["selector"]["matchLabels"]
        self._labels = ",".join(f"{key}={value}" for key, value in labels.items())
        self._manifest = manifest

    def start(self):
        """Start them and return their names as soon as all are ready."""
        self._apps.create_namespaced_deployment(self._namespace, self._manifest)
        return self.ready()

    def ready(self):
        """Wait until all are ready; return name -> node."""
        count = self._manifest["spec"]["replicas"]

        def all_ready():
            ready = {pod.metadata.name: pod.spec.node_name for pod in self._list() if _is_ready(pod)}
            return ready if len(ready) == count else None

        return wait_for(f"{self._name} has {count} pods that are ready", all_ready)

    def _list(self):
        return self._api.list_namespaced_pod(self._namespace, label_selector=self._labels).items

    def run(self, name, script):
        """Run a shell script in a pod and return what it printed; fails if it fails."""
        session = stream.stream(
            self._inside.connect_get_namespaced_pod_exec, name, self._namespace, command=["sh", "-ec", script],
            stdout=True, stderr=True, stdin=False, tty=False, _preload_content=False,
        )  # fmt: skip
        session.run_forever(timeout=120)
        said, errors = session.read_stdout(), session.read_stderr()
        assert session.returncode == 0, f"{name}: {script}: {said}{errors}"
        return said

    def delete_one(self, name):
        """Delete a pod of the Deployment, which makes a successor."""
        self._api.delete_namespaced_pod(name, self._namespace)

    def delete(self):
        """Delete the Deployment and wait until its pods are gone."""
        self._apps.delete_namespaced_deployment(self._name, self._namespace)
        wait_for(f"the pods of {self._name} are gone", lambda: not self._list())


def _is_ready(pod):
    containers = pod.status.container_statuses
    return not pod.metadata.deletion_timestamp and bool(containers) and all(one.ready for one in containers)
