# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that nobody recorded: whatever a program says, a parser returns records or raises an error of the engine's.

The answers are recorded ones and samples, with pieces gone, doubled, or something else. Each run tries the same ones.
"""

import gzip
import json
import pathlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Result
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import parse_units
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import ParseError
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall import firewalld, nftables, ufw
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import answers as gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi import answers as heketi
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi import info
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.client import Heketi
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.transport import Response
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm import answers as lvm
from ansible_collections.brickwork.gluster.plugins.module_utils.reading import parser
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm import answers as rpm
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.openssl import parse_certificate
from ansible_collections.brickwork.gluster.tests.fakes.mutations import (
    changed_data,
    changed_texts,
    fuzzed,
    only_own_errors,
)

RECORDINGS = pathlib.Path(__file__).resolve().parents[3] / "recordings"


def recorded(name):
    with gzip.open(str(RECORDINGS / name), "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


ANSWERS = recorded("gluster-7.5.jsonl.gz") + recorded("gluster-10.3.jsonl.gz")
XML = sorted({row["stdout"] for row in ANSWERS if "<?xml" in row["stdout"]})
GLUSTER = (
    gluster.parse_peers,
    gluster.parse_volumes,
    gluster.parse_brick_status,
    gluster.parse_clients,
    gluster.parse_tasks,
    gluster.parse_self_heal_daemons,
    gluster.parse_heal_counts,
    gluster.parse_listed,
    gluster.parse_options,
)


@fuzzed
@given(changed_texts(XML))
def test_gluster(text):
    answer = gluster.judge(Result(0, text, ""))
    for parse in GLUSTER:
        only_own_errors(parse, answer.root)


def test_an_encoding_that_nobody_knows():
    text = '<?xml version="1.0" encoding="no-such"?><cliOutput><opRet>0</opRet></cliOutput>'
    assert gluster.judge(Result(0, text, "")).root is None


PVS = json.dumps(
    {"report": [{"pv": [{"pv_name": "/dev/sdb", "pv_uuid": "u", "vg_name": "g", "vg_tags": "a,b", "vg_free": "10"}]}]}
)
LVS = json.dumps(
    {
        "report": [
            {
                "lv": [
                    {
                        "lv_name": "l", "vg_name": "g", "lv_size": "10", "lv_tags": "", "pool_lv": "p",
                        "lv_metadata_size": "", "data_percent": "1.5", "metadata_percent": "", "lv_active": "active",
                    }
                ]
            }
        ]
    }
)  # fmt: skip
FINDMNT = 'SOURCE="/dev/mapper/g-l" TARGET="/srv/a\\x20b" FSTYPE="xfs" UUID="u"\n'
RULESET = json.dumps(
    {
        "nftables": [
            {"chain": {"family": "inet", "table": "t", "name": "input", "hook": "input", "policy": "drop"}},
            {
                "rule": {
                    "family": "inet", "table": "t", "chain": "input", "handle": 4, "comment": "brickwork x",
                    "expr": [{"drop": None}],
                }
            },
        ]
    }
)  # fmt: skip
ZONES = "public (active)\n  ports: 24007/tcp\n  rich rules: \n\trule family=ipv4 accept\n"
UFW = "Added user rules (see 'ufw status'):\nufw allow 24007/tcp comment 'brickwork x'\n"
PACKAGES = "P\tglusterfs\t0\t7.5\t1.el7\tx86_64\n+\tglusterfs\n-\tlibc\tlibc  \nP\tattr\t0\t2.4\t1\tx86_64\n"
TRIAL = "error: Failed dependencies:\n\tliburcu is needed by glusterfs-7.5-1.el7\n"
CONFIGURATION = "glusterfs\tc\t12\t/etc/glusterfs/glusterd.vol\n"
UNITS = "Id=glusterd.service\nLoadState=loaded\nActiveState=active\nActiveEnterTimestampMonotonic=123\n\nId=x.service\n"
CERTIFICATE = (
    "subject=CN=node1\nnotAfter=Jan  2 03:04:05 2030 GMT\n-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----\n"
)


def ruleset(text):
    items = nftables.parse_ruleset(text)
    return nftables.dropping_chains(items), nftables.our_rules(items, "brickwork")


TEXTS = [
    (lvm.parse_physicals, PVS),
    (lvm.parse_logicals, LVS),
    (lvm.parse_mounts, FINDMNT),
    (lambda text: lvm.parse_probe(Result(0, text, "")), "TYPE=xfs\nPTTYPE=gpt\n"),
    (ruleset, RULESET),
    (firewalld.parse_zones, ZONES),
    (lambda text: ufw.parse_rules(text, "brickwork"), UFW),
    (rpm.parse_packages, PACKAGES),
    (lambda text: rpm.parse_trial(Result(1, "", text)), TRIAL),
    (rpm.parse_configuration, CONFIGURATION),
    (rpm.parse_damaged, "S.5....T.  c /etc/glusterfs/glusterd.vol\n"),
    (lambda text: rpm.parse_checksums(text, "checksums"), "0" * 64 + "  a.rpm\n"),
    (parse_units, UNITS),
    (parse_certificate, CERTIFICATE),
]


@pytest.mark.parametrize(("parse", "sample"), TEXTS, ids=[sample.split("\n")[0][:20] for _parse, sample in TEXTS])
def test_texts(parse, sample):
    assert parse(sample) is not None

    @fuzzed
    @given(changed_texts([sample]))
    def try_it(text):
        only_own_errors(parse, text)

    try_it()


@pytest.mark.parametrize(("parse", "sample"), [TEXTS[0], TEXTS[1], TEXTS[4]], ids=["pvs", "lvs", "nft"])
def test_json_with_other_values(parse, sample):
    @fuzzed
    @given(changed_data([json.loads(sample)]))
    def try_it(data):
        only_own_errors(parse, json.dumps(data))

    try_it()


EXCHANGES = [row for row in recorded("heketi-9.0.0-http.jsonl.gz") if row["method"] == "GET" and row["status"] == 200]


def answers_of(path):
    """Return the answers to a path and below it that are JSON objects."""
    bodies = [row["response_body"] for row in EXCHANGES if row["path"].startswith(path)]
    found = {body for body in bodies if body and body.startswith("{")}
    return [json.loads(body) for body in sorted(found)][:60]


@pytest.mark.parametrize(
    ("path", "parse"),
    [
        ("/nodes/", heketi.parse_node),
        ("/devices/", heketi.parse_device),
        ("/volumes/", heketi.parse_volume),
        ("/blockvolumes/", heketi.parse_block_volume),
    ],
)
def test_heketi(path, parse):
    samples = answers_of(path)
    assert samples and all(parse(sample) for sample in samples)

    @fuzzed
    @given(changed_data(samples))
    def try_it(data):
        only_own_errors(parse, data)

    try_it()


class Changed(object):
    """A transport that answers as recorded, but for the first answers, which are changed."""

    def __init__(self, changed):
        self._changed = list(changed)
        self._recorded = {row["path"]: row["response_body"] for row in EXCHANGES}

    def send(self, method, path, headers, body, timeout):
        if self._changed:
            return Response(200, {}, self._changed.pop(0))
        found = self._recorded.get(path)
        return Response(200, {}, found) if found else Response(404, {}, "Id not found")


LISTS = [{"clusters": ["0" * 32]}, {"volumes": ["0" * 32]}, {"pendingoperations": [{"id": "0" * 32}]}, {"id": "x"}]


@fuzzed
@given(st.lists(changed_data(LISTS).map(json.dumps) | changed_texts(['{"clusters": []}']), max_size=6))
def test_heketis_whole_topology(changed):
    server = Heketi(Changed(changed), "admin", "key")
    only_own_errors(info.observe_heketi, server)


def test_an_error_says_which_program_said_what():
    @parser("lvs")
    def parse(text):
        return json.loads(text)["report"]

    with pytest.raises(ParseError, match=r"\Alvs: .*there is no 'report'.* begins: '\{\"x\": 1\}'"):
        parse('{"x": 1}')


def test_no_secret_is_in_an_error():
    with pytest.raises(ParseError) as caught:
        heketi.parse_block_volume({"id": "i", "blockvolume": {"password": "s3cret"}, "password": "s3cret"})
    assert "s3cret" not in str(caught.value) and "password" in str(caught.value)
