# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judged as Kubernetes 1.20 and heketi do; what each of them says stands beside the case."""

import pytest

from ansible_collections.brickwork.gluster.plugins.plugin_utils.kubernetes.parameters import (
    class_parameters,
    parameter_problems,
    storage_problems,
)

DESIRED = {
    "resturl": "http://192.0.2.1:8080",
    "restauthenabled": True,
    "secret_name": "heketi-secret",
    "secret_namespace": "default",
}


def problems(**more):
    return list(parameter_problems(dict(DESIRED, **more)))


@pytest.mark.parametrize(
    "desired",
    [
        {},
        {"resturl": "https://heketi.example.com"},
        {"resturl": "http://[2001:db8::1]:8080/"},
        {"restuser": "admin"},
        {"gid_min": 2000, "gid_max": "2147483647"},
        {"volumetype": "none"},
        {"volumetype": "replicate"},
        {"volumetype": "replicate:2"},
        {"volumetype": "disperse:4:2"},
        {"clusterid": "0123456789abcdef0123456789abcdef"},
        {"clusterid": ["0123456789abcdef0123456789abcdef"] * 2},
        {"volumeoptions": {"client.ssl": "on", "user.heketi.zone-checking": "strict", "user.heketi.arbiter": True}},
        {"volumenameprefix": "Dept-1"},
        {"snapfactor": 1.5},
        {"snapfactor": "100"},
        {"customepnameprefix": "a" * 26},
    ],
)
def test_what_is_taken(desired):
    assert problems(**desired) == []


@pytest.mark.parametrize(
    ("desired", "words"),
    [
        ({"resturl": ""}, "resturl: the address of heketi is missing"),
        ({"resturl": "192.0.2.1:8080"}, "resturl: '192.0.2.1:8080' is no address such as"),
        ({"resturl": "http://admin:key@192.0.2.1"}, "resturl: "),
        ({"resturl": "http://192.0.2.1/heketi"}, "resturl: "),
        # 401 "Administrator access required" when it reads the queue, after the volume was made.
        ({"restuser": "user"}, "restuser: 'user' may not read what becomes of a request"),
        # gidMin must be >= 2000
        ({"gid_min": 1999}, "gid_min: 1999 is no number from 2000 to 2147483647"),
        # gidMax must be <= 2147483647
        ({"gid_max": 2147483648}, "gid_max: 2147483648 is no number"),
        ({"gid_max": "many"}, "gid_max: many is no number"),
        # must have gidMax value >= gidMin
        ({"gid_min": 3000, "gid_max": 2999}, "gid_min: 3000 is above gid_max, 2999"),
        # error parsing value for option 'volumetype'
        ({"volumetype": "mirror:3"}, "volumetype: 'mirror:3' is none of replicate:N"),
        ({"volumetype": "none:1"}, "volumetype: 'none:1' is none of"),
        ({"volumetype": "replicate:x"}, "volumetype: 'replicate:x' has something else than numbers"),
        ({"volumetype": "replicate:0"}, "volumetype: 'replicate:0'; heketi makes replicate:1 to replicate:3"),
        # Invalid replica value
        ({"volumetype": "replicate:9"}, "volumetype: 'replicate:9'; heketi makes"),
        # must have data:redundancy count set for disperse volumes
        ({"volumetype": "disperse"}, "volumetype: 'disperse'; heketi makes disperse:2:1, disperse:4:2"),
        # Invalid dispersion combination
        ({"volumetype": "disperse:3:1"}, "volumetype: 'disperse:3:1'; heketi makes"),
        ({"clusterid": "gluster"}, "clusterid: 'gluster' is no id of a cluster"),
        ({"volumeoptions": "client.ssl on"}, "volumeoptions: 'client.ssl on' is no dictionary"),
        ({"volumeoptions": {"auth.allow": "a,b"}}, "volumeoptions: 'auth.allow': 'a,b' can't be said"),
        # strconv.ParseBool takes it for no boolean, and heketi that for false: a plain replica 3 is made
        ({"volumeoptions": {"user.heketi.arbiter": "on"}}, "volumeoptions: 'user.heketi.arbiter': 'on' is taken for"),
        # should not contain '_' in its value
        ({"volumenameprefix": "dept_1"}, "volumenameprefix: 'dept_1' has something else"),
        # the value must be between 1 to 100
        ({"snapfactor": 0.5}, "snapfactor: 0.5 is no number from 1 to 100"),
        ({"snapfactor": "much"}, "snapfactor: 'much' is no number"),
        # value should be < 26 characters
        ({"customepnameprefix": "a" * 27}, "customepnameprefix: '%s' has more than 26" % ("a" * 27)),
        ({"customepnameprefix": "1a"}, "customepnameprefix: '1a' is no beginning of a Service's name"),
        ({"secret_name": "Heketi_Secret"}, "secret_name: 'Heketi_Secret' is no name for Kubernetes"),
        ({"secret_namespace": "a.b"}, "secret_namespace: 'a.b' is no name for Kubernetes"),
    ],
)
def test_what_is_refused(desired, words):
    [problem] = problems(**desired)
    assert problem.startswith(words)


def test_all_values_are_texts_and_what_is_not_given_is_left_to_kubernetes():
    assert class_parameters(DESIRED) == {
        "resturl": "http://192.0.2.1:8080",
        "restauthenabled": "true",
        "restuser": "admin",
        "secretName": "heketi-secret",
        "secretNamespace": "default",
    }
    more = {"gid_min": 40000, "snapfactor": 2, "volumeoptions": {"b": "1 MB", "a": "on"}, "clusterid": ["x", "y"]}
    found = class_parameters(dict(DESIRED, resturl="http://192.0.2.1/", restauthenabled=False, **more))
    assert found == {
        "resturl": "http://192.0.2.1",
        "restauthenabled": "false",
        "gidMin": "40000",
        "snapfactor": "2",
        "volumeoptions": "a on,b 1 MB",
        "clusterid": "x,y",
    }


def test_storage_addresses_that_endpoints_do_not_take():
    addresses = {"n1": "192.0.2.11", "n2": "gl2.example.com", "n3": "127.0.0.5", "n4": "fe80::1", "n5": "2001:db8::5"}
    found = storage_problems(addresses)
    assert [problem.split(":")[0] for problem in found] == ["n2", "n3", "n4"]
    assert "'gl2.example.com' is no IP address, which Kubernetes needs" in found[0]
    assert "'127.0.0.5' is an address that Kubernetes takes for no Endpoints" in found[1]
