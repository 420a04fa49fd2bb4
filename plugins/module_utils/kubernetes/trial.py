# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of the trial's claims, and what is left of them. Pure. PRIVATE to the collection."""

from typing import Any, Dict, List

#: What the provisioner's Endpoints and Services are called, before the claim's uid.
ENDPOINT_PREFIX = "glusterfs-dynamic"


def claim_problems(wished, found, events, seconds=0):
    """Return in sentences which of the wished claims have no volume after so many seconds, with their events."""
    phases = {name: one.get("status", {}).get("phase") for name, one in _by_name(found).items()}
    return [
        "claim %s of class %s is not Bound after %s s: %s"
        % (_full_name(claim), claim["spec"]["storageClassName"], seconds, _told(claim["metadata"]["name"], events))
        for claim in wished
        if phases.get(claim["metadata"]["name"]) != "Bound"
    ]


def pod_problems(wished, found, events, seconds=0):
    """Return in sentences which of the wished Deployments have pods that are not ready, with the pods' events."""
    ready = {name: one.get("status", {}).get("readyReplicas") or 0 for name, one in _by_name(found).items()}
    return [
        "of the %s pods of %s %s are ready after %s s: %s"
        % (one["spec"]["replicas"], _full_name(one), ready.get(name, 0), seconds, _told_of_pods(name, events))
        for name, one in _by_name(wished).items()
        if ready.get(name, 0) < one["spec"]["replicas"]
    ]


def _by_name(found: List[Dict[str, Any]]) -> Dict[str, Dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in found}


def _full_name(one):
    return "%s/%s" % (one["metadata"]["namespace"], one["metadata"]["name"])


def _told(name, events):
    return _joined(event for event in events if event["involvedObject"].get("name") == name)


def _told_of_pods(name, events):
    """Pods, and what makes them, are called as their Deployment, and more."""
    return _joined(event for event in events if event["involvedObject"].get("name", "").startswith(name + "-"))


def _joined(events):
    told = ["%s: %s" % (event.get("reason"), event.get("message")) for event in events if event.get("type") != "Normal"]
    return "; ".join(dict.fromkeys(told)) or "there is no event that tells why"


def leftovers(claims: List[Dict[str, Any]], classes: List[Dict[str, Any]]) -> Dict[str, List[Dict[str, Any]]]:
    """Return what is to be changed and deleted with the trial's claims.

    C(volumes) are PersistentVolumes as they must be, so that a class that retains does not retain the trial's, too.
    C(endpoints) are the Services and Endpoints of claims that were never bound, which Kubernetes forgets.
    """
    prefixes = {one["metadata"]["name"]: _endpoint_prefix(one) for one in classes}
    volumes = [_deleted_with_claim(claim["spec"]["volumeName"]) for claim in claims if claim["spec"].get("volumeName")]
    endpoints = [
        _named(kind, "%s-%s" % (prefixes[claim["spec"]["storageClassName"]], claim["metadata"]["uid"]), claim)
        for claim in claims
        if not claim["spec"].get("volumeName") and prefixes.get(claim["spec"]["storageClassName"])
        for kind in ("Endpoints", "Service")
    ]
    return {"volumes": volumes, "endpoints": endpoints}


def _endpoint_prefix(storage_class):
    """Return how the names of a class's Endpoints begin, "" for one without any."""
    if storage_class["provisioner"] != "kubernetes.io/glusterfs":
        return ""
    return (storage_class.get("parameters") or {}).get("customepnameprefix") or ENDPOINT_PREFIX


def _deleted_with_claim(name):
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name},
        "spec": {"persistentVolumeReclaimPolicy": "Delete"},
    }


def _named(kind, name, claim):
    return {
        "apiVersion": "v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": claim["metadata"]["namespace"]},
    }
