# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Claims, classes and events as Kubernetes 1.20.2 has them, in tests/recordings/kubernetes-1.20.2-objects.json."""

import json
import pathlib

from ansible_collections.brickwork.gluster.plugins.plugin_utils.kubernetes.trial import (
    claim_problems,
    leftovers,
    pod_problems,
)

RECORDED = json.loads(
    (pathlib.Path(__file__).resolve().parents[4] / "recordings" / "kubernetes-1.20.2-objects.json").read_text()
)
CLASSES, CLAIMS, ENDPOINTS = (RECORDED[kind] for kind in ("classes", "claims", "endpoints"))
#: The recording leaves the uids of events out; here each claim's is its name and "-uid".
EVENTS = [
    dict(event, involvedObject=dict(event["involvedObject"], uid=event["involvedObject"]["name"] + "-uid"))
    for event in RECORDED["events"]
]


def pending(name, uid, class_name="gluster"):
    """Return a claim as it is before it has a volume."""
    claim = json.loads(json.dumps(CLAIMS[0]))
    claim["metadata"].update(name=name, uid=uid)
    claim["spec"].update(storageClassName=class_name)
    del claim["spec"]["volumeName"]
    claim["status"] = {"phase": "Pending"}
    return claim


def told(claim, found=None):
    """Return what is told of one claim."""
    return claim_problems([claim], [claim] if found is None else found, EVENTS, 60)


def test_a_bound_claim_is_no_problem():
    assert [claim["status"]["phase"] for claim in CLAIMS] == ["Bound", "Bound"]
    assert claim_problems(CLAIMS, CLAIMS, EVENTS) == []


def test_a_claim_without_a_volume_tells_what_its_events_say():
    [problem] = told(pending("t-key", "t-key-uid", "f-key"))
    assert problem.startswith("claim default/t-key of class f-key is not Bound after 60 s: ProvisioningFailed: ")
    assert problem.endswith("failed to create volume: see kube-controller-manager.log for details")
    [problem] = told(pending("t-gid", "t-gid-uid"))
    assert problem.endswith("gidMin must be >= 2000")


def test_events_of_an_earlier_claim_of_the_same_name_are_not_told():
    [problem] = told(pending("t-gid", "made later"))
    assert problem.endswith("there is no event that tells why")


def test_a_claim_that_is_not_there_is_a_problem():
    assert len(told(CLAIMS[0], found=[])) == len(told(CLAIMS[0], found=[CLAIMS[1]])) == 1


def test_what_is_left_of_claims_that_were_never_bound_is_what_kubernetes_left():
    uids = [one["metadata"]["name"][len("glusterfs-dynamic-") :] for one in ENDPOINTS]
    assert len(uids) == 5
    left = leftovers([pending("t", uid) for uid in uids], CLASSES)
    assert left["volumes"] == []
    assert [one["metadata"]["name"] for one in left["endpoints"] if one["kind"] == "Endpoints"] == [
        one["metadata"]["name"] for one in ENDPOINTS
    ]
    assert {one["kind"] for one in left["endpoints"]} == {"Endpoints", "Service"}
    assert {one["metadata"]["namespace"] for one in left["endpoints"]} == {"default"}


def test_the_class_says_how_its_endpoints_are_called():
    left = leftovers([pending("rep", "u", "gluster-r3")], CLASSES)
    assert {one["metadata"]["name"] for one in left["endpoints"]} == {"cust-u"}
    other = [dict(CLASSES[0], provisioner="brickwork.gluster/shared")]
    assert leftovers([pending("x", "u")], other) == {"volumes": [], "endpoints": []}


def test_the_volume_of_a_bound_claim_goes_with_it_whatever_its_class_says():
    left = leftovers(CLAIMS, CLASSES)
    assert left["endpoints"] == []
    assert [one["metadata"]["name"] for one in left["volumes"]] == [one["spec"]["volumeName"] for one in CLAIMS]
    assert {one["spec"]["persistentVolumeReclaimPolicy"] for one in left["volumes"]} == {"Delete"}


def deployment(name="trial-a", **status):
    metadata = {"name": name, "namespace": "default", "uid": name + "-uid"}
    return {"kind": "Deployment", "metadata": metadata, "spec": {"replicas": 2}, "status": status}


def owned(kind, name, owner):
    metadata = {"name": name, "uid": name + "-uid", "ownerReferences": [{"uid": owner + "-uid"}]}
    return {"kind": kind, "metadata": metadata}


def failed(name, message, kind="Warning"):
    """Return an event of the object whose uid is its name and "-uid"."""
    about = {"name": name, "uid": name + "-uid"}
    return {"type": kind, "reason": "FailedMount", "message": message, "involvedObject": about}


def test_pods_that_are_not_ready_tell_what_their_events_say():
    mine = [owned("ReplicaSet", "trial-a-1", "trial-a"), owned("Pod", "trial-a-1-x", "trial-a-1")]
    events = [failed("trial-a-1-x", "unknown filesystem type 'glusterfs'")] * 2
    events += [failed("trial-a-1", "quota"), failed("trial-a-1-x", "all is well", "Normal")]
    desired = [deployment()]
    assert pod_problems(desired, [deployment(readyReplicas=2)], events) == []
    assert pod_problems(desired, [deployment(readyReplicas=1), *mine], events, 9) == [
        "of the 2 pods of default/trial-a 1 are ready after 9 s: "
        "FailedMount: unknown filesystem type 'glusterfs'; FailedMount: quota"
    ]
    for found in ([], desired):
        [problem] = pod_problems(desired, found, [])
        assert problem.startswith("of the 2 pods of default/trial-a 0 are ready after 0 s: there is no event")


def test_events_of_earlier_pods_and_of_a_class_whose_name_begins_alike_are_not_told():
    alike = [deployment("trial-a-b"), owned("ReplicaSet", "trial-a-b-1", "trial-a-b")]
    found = [deployment(), *alike, owned("Pod", "trial-a-b-1-x", "trial-a-b-1")]
    [problem] = pod_problems(
        [deployment()], found, [failed("trial-a-b-1-x", "alike"), failed("trial-a-0-x", "earlier")]
    )
    assert problem.endswith("there is no event that tells why")
