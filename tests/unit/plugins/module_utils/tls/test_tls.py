# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys and certificates of the real openssl, on a node whose systemd and glusterd are in memory."""

import shutil
import stat
import subprocess
import time

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import Unit
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    CommandError,
    InputError,
    ParseError,
    PlanError,
    UnsafeChangeError,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.look import look_at_certificate
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.plugins.module_utils.tls import openssl as tls_openssl
from ansible_collections.brickwork.gluster.plugins.module_utils.tls import operation as tls_operation
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.files import TlsFiles, certificate_folder
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.openssl import OpenSsl, days_left, parse_certificate
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.operation import TlsOperation, desired_tls
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="there is no program openssl")
#: A kind of key that is quickly made, and its file's name follows.
NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout"]
FIRST = [("make_key", "glusterfs.key"), ("write_authority", "glusterfs.ca")]


def openssl(*words):
    return subprocess.run(["openssl", *map(str, words)], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


class Authority:
    """An authority that signs requests."""

    def __init__(self, folder, name="pool"):
        folder.mkdir()
        self.folder = folder
        own = folder / "ca.pem"
        openssl("req", "-x509", *NEW_KEY, folder / "ca.key", "-out", own, "-days", 30, "-subj", "/CN=" + name)
        self.text = own.read_text()

    def sign(self, request, days=365):
        (self.folder / "request.pem").write_text(request)
        made = openssl("x509", "-req", "-in", self.folder / "request.pem", "-CA", self.folder / "ca.pem",
                       "-CAkey", self.folder / "ca.key", "-set_serial", 7, "-days", days)  # fmt: skip
        return made.stdout.decode()

    def issue(self, name):
        """Return a key and a certificate that nobody asked for."""
        key = self.folder / "issued.key"
        openssl("req", *NEW_KEY, key, "-out", self.folder / "r", "-subj", "/CN=" + name)
        return key.read_text(), self.sign((self.folder / "r").read_text())


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca") / "own")


@pytest.fixture(scope="module")
def other_authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca") / "other", "another")


class Node(TlsFiles):
    """A node with files of its own, and a glusterd in memory."""

    def __init__(self, folder):
        self.root = folder
        self.cluster = FakeCluster("h1")
        self.running = False
        self.commands = self

    def folder(self):
        return str(self.root)

    def units(self):
        return {"glusterd": Unit(exists=True, active=self.running)}

    def run(self, argv, doing):
        assert list(argv) == ["systemctl", "stop", "glusterd"]
        self.running = False

    def operation(self, **parameters):
        parameters = dict({"name": "node1", "renew_days": 90}, **parameters)
        gluster = Gluster(self.cluster.on("h1"), clock=FakeClock())
        return TlsOperation(self, OpenSsl(CommandRunner(), 20), self, gluster, desired_tls(parameters))

    def converge(self, check_mode=False, **parameters):
        return converge(self.operation(**parameters), check_mode)

    def look(self, **parameters):
        return look_at_certificate(self.operation(**parameters))

    def text(self, name):
        return (self.root / name).read_text()


@pytest.fixture
def node(tmp_path, monkeypatch):
    monkeypatch.setattr(tls_openssl, "_KEY_BITS", 1024)
    monkeypatch.setattr(tls_operation, "SECURE_ACCESS", str(tmp_path / "glusterd" / "secure-access"))
    return Node(tmp_path)


@pytest.fixture
def encrypted(node, authority):
    """A node that has all it needs."""
    request = node.converge(authority=authority.text).findings["request"]
    node.converge(authority=authority.text, certificate=authority.sign(request))
    return node


def kinds(plan):
    return [(step.kind, step.target.rpartition("/")[2]) for step in plan.steps]


def test_the_look_tells_what_is_due_and_changes_nothing(node, authority):
    seen = node.look(authority=authority.text)
    assert seen["due"] == "there is none that openssl can read" and not seen["encrypts"]
    assert [step["kind"] for step in seen["steps"]] == ["make_key", "write_authority"]
    assert not list(node.root.glob("*"))


def test_the_look_finds_nothing_to_do_where_all_is_there(encrypted, authority):
    assert encrypted.look(authority=authority.text) == {"due": "", "steps": [], "encrypts": True, "refusal": ""}
    assert encrypted.look(authority=authority.text, renew_days=3650)["due"].startswith("it ends on ")


def test_the_look_tells_why_nothing_can_be_done(encrypted, other_authority):
    assert "trust each other no more" in encrypted.look(authority=other_authority.text)["refusal"]


def test_from_nothing_to_an_encrypting_node(node, authority):
    node.running = True
    checked = node.converge(authority=authority.text, check_mode=True)
    assert not list(node.root.glob("*"))
    first = node.converge(authority=authority.text)
    assert (kinds(first), checked.steps) == (FIRST, first.steps)
    assert first.findings["certificate_due"] == "there is none that openssl can read"
    assert not (node.root / "glusterd").exists()
    second = node.converge(certificate=authority.sign(first.findings["request"]))
    assert kinds(second) == [("write_certificate", "glusterfs.pem"), ("stop", "glusterd"), ("encrypt", "secure-access")]
    assert not node.running
    assert (second.findings["certificate_due"], second.findings["request"]) == ("", ""), "as it is after the change"
    assert second.findings["expires"] > time.strftime("%Y-%m-%d")
    third = node.converge(authority=authority.text)
    assert (third.steps, third.findings["certificate_due"], third.findings["request"]) == ([], "", "")


def test_only_root_reads_the_key(encrypted):
    assert stat.S_IMODE((encrypted.root / "glusterfs.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((encrypted.root / "glusterfs.pem").stat().st_mode) == 0o644


def test_a_request_is_repeated_for_the_key_that_is_there(node, authority):
    """A run that was cut off before the certificate was signed."""
    node.converge(authority=authority.text)
    key = node.text("glusterfs.key")
    again = node.converge(authority=authority.text)
    assert (again.steps, again.findings["certificate_due"]) == ([], "there is none that openssl can read")
    node.converge(certificate=authority.sign(again.findings["request"]))
    assert node.text("glusterfs.key") == key


def test_a_certificate_is_renewed_for_the_same_key(encrypted, authority):
    key = encrypted.text("glusterfs.key")
    due = encrypted.converge(authority=authority.text, renew_days=400)
    assert due.findings["certificate_due"].startswith("it ends on ")
    renewed = encrypted.converge(certificate=authority.sign(due.findings["request"], 700), renew_days=400)
    assert kinds(renewed) == [("write_certificate", "glusterfs.pem")]
    assert encrypted.text("glusterfs.key") == key
    assert encrypted.converge(authority=authority.text, renew_days=400).findings["certificate_due"] == ""


def test_why_a_certificate_is_due(encrypted, authority, other_authority):
    assert encrypted.converge(name="node2").findings["certificate_due"] == "it is one for node1"
    _key, certificate = other_authority.issue("node1")
    (encrypted.root / "glusterfs.pem").write_text(certificate)
    assert encrypted.converge().findings["certificate_due"] == "it is not one for the key that is there"
    request = encrypted.converge().findings["request"]
    (encrypted.root / "glusterfs.pem").write_text(other_authority.sign(request))
    assert "unable to get local issuer" in encrypted.converge().findings["certificate_due"]


def test_a_broken_certificate_is_replaced(encrypted, authority):
    (encrypted.root / "glusterfs.pem").write_text("-----BEGIN CERTIFICATE-----\nMIIC")
    request = encrypted.converge().findings["request"]
    assert kinds(encrypted.converge(certificate=authority.sign(request))) == [("write_certificate", "glusterfs.pem")]
    assert encrypted.converge().findings["certificate_due"] == ""


def test_for_how_long_a_certificate_holds(encrypted):
    openssl, folder = OpenSsl(CommandRunner(), 20), str(encrypted.root)
    assert days_left(openssl, folder) in (364, 365)
    (encrypted.root / "glusterfs.pem").write_text("")
    assert days_left(openssl, folder) == 0


def test_what_was_issued_elsewhere(node, authority):
    key, certificate = authority.issue("node1")
    given = {"authority": authority.text, "certificate": certificate, "private_key": key}
    plan = node.converge(**given)
    assert kinds(plan) == [
        ("write_key", "glusterfs.key"),
        ("write_authority", "glusterfs.ca"),
        ("write_certificate", "glusterfs.pem"),
        ("encrypt", "secure-access"),
    ]
    assert key.strip() not in str(plan) and "PRIVATE" not in str(plan)
    assert node.converge(**given).steps == []


def test_a_certificate_that_does_not_fit(node, authority, other_authority):
    key, certificate = authority.issue("node1")
    stray, foreign = other_authority.issue("node1")
    for given, reason in (
        ({"certificate": certificate, "private_key": stray}, "not for private_key"),
        ({"certificate": foreign, "private_key": stray}, "the authority does not stand for it: unable to get"),
        ({"certificate": certificate, "private_key": key, "name": "node2"}, "common name is node1 and not node2"),
        ({"certificate": certificate}, "not for the key that is there"),
    ):
        with pytest.raises(InputError, match=reason):
            node.converge(authority=authority.text, **given)
    with pytest.raises(CommandError, match="reading a certificate"):
        node.converge(authority=authority.text, certificate="no PEM", private_key=key)
    assert not list(node.root.glob("*"))


def test_a_certificate_that_has_ended(node, authority):
    node.converge(authority=authority.text)
    request = node.converge(authority=authority.text).findings["request"]
    with pytest.raises(InputError, match="certificate has expired"):
        node.converge(certificate=authority.sign(request, days=-1))


def test_authorities_are_added_and_not_lost(encrypted, authority, other_authority):
    both = other_authority.text + authority.text
    with pytest.raises(UnsafeChangeError, match="lacks 1 of the authorities"):
        encrypted.converge(authority=other_authority.text)
    key, certificate = other_authority.issue("node1")
    given = {"authority": both, "certificate": certificate, "private_key": key}
    with pytest.raises(UnsafeChangeError, match="processes that run do not trust its authority: unable to get"):
        encrypted.converge(**given)
    assert kinds(encrypted.converge(authority=both)) == [("write_authority", "glusterfs.ca")]
    assert encrypted.converge(authority=both).findings["certificate_due"] == ""
    assert [kind for kind, _file in kinds(encrypted.converge(**given))] == ["write_key", "write_certificate"]


def test_clients_do_not_lose_their_volumes(node, authority):
    gluster = Gluster(node.cluster.on("h1"), clock=FakeClock())
    gluster.ask("volume", "create", "v", "h1:/b/1")
    gluster.ask("volume", "start", "v")
    node.running = True
    key, certificate = authority.issue("node1")
    given = {"authority": authority.text, "certificate": certificate, "private_key": key}
    with pytest.raises(UnsafeChangeError, match="the volumes v are started"):
        node.converge(**given)
    assert node.running and not list(node.root.glob("*"))
    gluster.ask("volume", "stop", "v")
    assert kinds(node.converge(**given))[-2:] == [("stop", "glusterd"), ("encrypt", "secure-access")]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"name": "a,b"}, "name: found 'a,b'"),
        ({"name": ""}, "name: found ''"),
        ({"renew_days": 0}, "renew_days: found 0"),
    ],
)
def test_wrong_options(node, given, reason):
    with pytest.raises(InputError, match=reason):
        node.converge(**given)


def test_without_gluster(node, authority):
    node.folder = lambda: ""
    with pytest.raises(PlanError, match="install GlusterFS"):
        node.converge(authority=authority.text)
    operation = TlsOperation(
        node, None, node, None, desired_tls({"name": "n", "renew_days": 1}), installed_needed=False
    )
    assert converge(operation, check_mode=True).steps == []


def test_drafts_leave_nothing(node, tmp_path, monkeypatch, authority):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    node.converge(authority=authority.text)
    assert not list(tmp_path.glob("brickwork-tls-*"))


def test_the_folder_is_the_one_that_gluster_was_built_with(tmp_path):
    (tmp_path / "socket.so").write_bytes(b"\x7fELF\0\0/usr/lib/ssl/dhparam.pem\0/usr/lib/ssl/glusterfs.pem\0/x\0")
    assert certificate_folder([str(tmp_path / "socket.so")]) == "/usr/lib/ssl"
    (tmp_path / "socket.so").write_bytes(b"built without TLS")
    assert certificate_folder([str(tmp_path / "socket.so")]) == ""


def test_certificates_of_old_and_new_openssl():
    key = "-----BEGIN PUBLIC KEY-----\nMII=\n-----END PUBLIC KEY-----"
    end = "notAfter=Feb  4 16:03:00 2027 GMT\n"
    old = parse_certificate("subject= CN=node1,O=Storage\n" + end + key)
    new = parse_certificate("subject=O=Storage,CN=node1\n" + end + key)
    assert old == new == ("node1", key, 1801756980)
    assert parse_certificate("subject=O=Storage\n" + end + key).name == ""
    with pytest.raises(ParseError):
        parse_certificate("subject=CN=node1\n")
