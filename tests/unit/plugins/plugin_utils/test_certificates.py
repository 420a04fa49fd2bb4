# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the controller signs, as the real openssl sees it."""

import shutil
import subprocess

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.brickwork.gluster.plugins.filter.sign_certificate import sign_certificate

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="there is no program openssl")
CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout"]


def openssl(*words, given=""):
    done = subprocess.run(
        ["openssl", *map(str, words)],
        check=True,
        input=given,
        capture_output=True,
        text=True,
    )
    return done.stdout


class Authority:
    def __init__(self, folder):
        openssl("req", "-x509", *CURVE, folder / "ca.key", "-out", folder / "ca.pem", "-days", 30, "-subj", "/CN=pool")
        self.folder, self.text, self.key = folder, (folder / "ca.pem").read_text(), (folder / "ca.key").read_text()

    def sign(self, public_key, name="node1", days=365):
        return sign_certificate(public_key, name, days, self.text, self.key)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(
    params=[[], ["-addext", "basicConstraints=critical,CA:TRUE"]], ids=["for-another-name", "for-an-authority"]
)
def hostile(request, tmp_path):
    """A request as a hostile node makes it, and its key's public half."""
    words = ["req", "-new", *CURVE, tmp_path / "key", "-subj", "/CN=another", "-addext", "subjectAltName=DNS:another"]
    return openssl(*words, *request.param), openssl("pkey", "-in", tmp_path / "key", "-pubout")


def test_only_the_key_is_the_machines_own(authority, hostile, tmp_path):
    """Whatever it asked for: name, extensions and lifetime are those of the inventory."""
    asked, public_key = hostile
    made = authority.sign(public_key)
    (tmp_path / "made.pem").write_text(made)
    shown = openssl("x509", "-in", tmp_path / "made.pem", "-noout", "-text")
    assert "another" in openssl("req", "-noout", "-text", given=asked)
    assert "another" not in shown and "CA:TRUE" not in shown and "Certificate Sign" not in shown
    assert "CA:FALSE" in shown and "TLS Web Server Authentication, TLS Web Client Authentication" in shown
    assert openssl("x509", "-noout", "-subject", "-nameopt", "RFC2253", given=made).strip() == "subject=CN=node1"
    assert openssl("x509", "-noout", "-pubkey", given=made) == public_key
    for purpose in ("sslserver", "sslclient"):
        said = openssl("verify", "-purpose", purpose, "-CAfile", authority.folder / "ca.pem", tmp_path / "made.pem")
        assert said.strip().endswith(": OK")


def test_a_request_is_no_public_key(authority, hostile):
    with pytest.raises(AnsibleFilterError, match="found no public key in what node1 sent"):
        authority.sign(hostile[0])


def test_what_a_machine_signs_with_its_certificate_is_worth_nothing(authority, tmp_path):
    openssl("req", "-new", *CURVE, tmp_path / "key", "-subj", "/CN=x", "-out", tmp_path / "r")
    (tmp_path / "node.pem").write_text(authority.sign(openssl("pkey", "-in", tmp_path / "key", "-pubout")))
    signing = ["-CA", tmp_path / "node.pem", "-CAkey", tmp_path / "key", "-set_serial", 5]
    openssl("x509", "-req", "-in", tmp_path / "r", *signing, "-out", tmp_path / "below.pem")
    with pytest.raises(subprocess.CalledProcessError):
        openssl(
            "verify",
            "-CAfile",
            authority.folder / "ca.pem",
            "-untrusted",
            tmp_path / "node.pem",
            tmp_path / "below.pem",
        )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"public_key": "ssh-ed25519 AAAA"}, "found no public key"),
        ({"name": "a,b"}, "gluster_server_tls_name"),
        ({"name": "a\n"}, "gluster_server_tls_name"),
        ({"authority_key": "x"}, "no private key without a passphrase in ca.key"),
        ({"authority": "x"}, "no certificate in ca.pem"),
    ],
)
def test_what_cannot_be_signed_is_named(authority, hostile, changes, told):
    desired = {
        "public_key": hostile[1],
        "name": "n",
        "days": 9,
        "authority": authority.text,
        "authority_key": authority.key,
    }
    with pytest.raises(AnsibleFilterError, match=told):
        sign_certificate(**dict(desired, **changes))


def test_a_weak_key_and_a_key_of_another_kind(authority, tmp_path):
    openssl("genrsa", "-out", tmp_path / "weak", 1024)
    with pytest.raises(AnsibleFilterError, match="with 1024 bits"):
        authority.sign(openssl("pkey", "-in", tmp_path / "weak", "-pubout"))
    openssl("genpkey", "-algorithm", "ed25519", "-out", tmp_path / "other")
    with pytest.raises(AnsibleFilterError, match="neither RSA nor"):
        authority.sign(openssl("pkey", "-in", tmp_path / "other", "-pubout"))


def test_the_authority_among_others(authority, hostile, tmp_path):
    other = Authority(tmp_path)
    made = sign_certificate(hostile[1], "n", 9, other.text + authority.text, authority.key)
    assert "CN=pool" in openssl("x509", "-noout", "-issuer", "-nameopt", "RFC2253", given=made)
    with pytest.raises(AnsibleFilterError, match="is not that of ca.pem"):
        sign_certificate(hostile[1], "n", 9, other.text, authority.key)
