# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Claims as a user of the cluster makes them, and what becomes of them."""

import time

from kubernetes.client import ApiException

#: Seconds; most of these take less than two, pods some more.
PATIENCE = 120


def wait_for(what, look):
    """Return what look() returns as soon as it is true."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"{what}: not within {PATIENCE} s")


class Claims:
    """The claims of one namespace, through the API's core."""

    def __init__(self, api, namespace="default"):
        self._api = api
        self._namespace = namespace

    def make(self, name, class_name, size):
        """Claim storage that many pods may write to."""
        spec = {"accessModes": ["ReadWriteMany"], "resources": {"requests": {"storage": size}}}
        self.apply({"metadata": {"name": name}, "spec": {**spec, "storageClassName": class_name}})

    def apply(self, manifest):
        """Make a claim as its manifest says."""
        self._api.create_namespaced_persistent_volume_claim(self._namespace, manifest)

    def read(self, name):
        """Return a claim, None if there is none."""
        try:
            return self._api.read_namespaced_persistent_volume_claim(name, self._namespace)
        except ApiException as error:
            if error.status != 404:
                raise
            return None

    def names(self):
        """Return the names of all claims, Endpoints and Services but the API's own."""
        lists = (
            self._api.list_namespaced_persistent_volume_claim,
            self._api.list_namespaced_endpoints,
            self._api.list_namespaced_service,
        )
        return sorted({item.metadata.name for each in lists for item in each(self._namespace).items} - {"kubernetes"})

    def bound(self, name):
        """Wait until a claim is bound and return its PersistentVolume."""
        wait_for(f"{name} is bound", lambda: self.read(name).status.phase == "Bound")
        return self._api.read_persistent_volume(self.read(name).spec.volume_name)

    def grow(self, name, size):
        """Ask for more and wait until the claim has it."""
        body = {"spec": {"resources": {"requests": {"storage": size}}}}
        self._api.patch_namespaced_persistent_volume_claim(name, self._namespace, body)
        wait_for(f"{name} has {size}", lambda: self.read(name).status.capacity["storage"] == size)

    def delete(self, name):
        """Delete a claim and wait until its PersistentVolume is gone as well."""
        volume = self.read(name).spec.volume_name
        self._api.delete_namespaced_persistent_volume_claim(name, self._namespace)
        field = f"metadata.name={volume}"
        wait_for(f"{volume} is gone", lambda: not self._api.list_persistent_volume(field_selector=field).items)

    def endpoints(self, volume):
        """Return the addresses that nodes mount a PersistentVolume from."""
        found = self._api.read_namespaced_endpoints(volume.spec.glusterfs.endpoints, self._namespace)
        return sorted(address.ip for subset in found.subsets for address in subset.addresses)
