# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates that the controller makes for machines. PRIVATE to the collection.

Of a machine nothing but its public key is taken: its name, what the certificate is good for and how long it holds come
from the inventory. So no machine gets a certificate for another one, or one that makes certificates.
"""

import datetime
from typing import Any

# ansible-core itself needs it on a controller, but not where only its documentation is read.
try:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
except ImportError as error:
    MISSING = str(error)
else:
    MISSING = ""

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.names import common_name

#: Bits of an RSA key below which it is none.
LEAST_BITS = 2048
#: No clock is off by more.
_EARLIER = datetime.timedelta(days=1)
_USAGES = ("digital_signature", "key_encipherment")
_OTHER_USAGES = (
    "content_commitment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only",
    "decipher_only",
)  # fmt: skip


def sign_certificate(public_key: str, name: str, days: int, authority: str, authority_key: str) -> str:
    """Return a machine's certificate as PEM, all else as PEM, too; raises InputError for what can't be signed."""
    if MISSING:
        raise InputError("cryptography: the controller's Python lacks it (%s); install it by pip" % MISSING)
    common_name("gluster_server_tls_name", name)
    key = _public_key(public_key, name)
    signer = _private_key(authority_key)
    issuer = _authority(authority, signer)
    made = _described(key, name, days, issuer).sign(signer, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM).decode("ascii")


def _public_key(text: str, name: str) -> Any:
    try:
        key = serialization.load_pem_public_key(text.encode())
    except ValueError as error:
        raise InputError(
            "public_key: found no public key in what %s sent (%s); remove glusterfs.key there, and run again"
            % (name, error)
        )
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < LEAST_BITS:
        raise InputError(
            "public_key: found one of %s with %s bits, and %s are the least; remove it there (glusterfs.key), and the "
            "next run makes another one" % (name, key.key_size, LEAST_BITS)
        )
    if not isinstance(key, (rsa.RSAPublicKey, ec.EllipticCurvePublicKey)):
        raise InputError(
            "public_key: found one of %s that is neither RSA nor of an elliptic curve; remove it there (glusterfs.key)"
            % name
        )
    return key


def _private_key(text: str) -> Any:
    try:
        return serialization.load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise InputError(
            "gluster_server_tls_folder: found no private key without a passphrase in ca.key (%s); put the authority's "
            "there" % error
        )


def _authority(text: str, signer: Any) -> "x509.Certificate":
    """Return the authority's certificate. Its file may hold those of older or newer ones, too."""
    try:
        found = x509.load_pem_x509_certificates(text.encode())
    except ValueError as error:
        raise InputError(
            "gluster_server_tls_folder: found no certificate in ca.pem (%s); put the authority's there" % error
        )
    own = signer.public_key().public_numbers()
    for certificate in found:
        key = certificate.public_key()
        if isinstance(key, (rsa.RSAPublicKey, ec.EllipticCurvePublicKey)) and key.public_numbers() == own:
            return certificate
    raise InputError(
        "gluster_server_tls_folder: found a ca.key that is not that of ca.pem; put both files of one authority there"
    )


def _described(key: Any, name: str, days: int, issuer: "x509.Certificate") -> "x509.CertificateBuilder":
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + datetime.timedelta(days=int(days)))
    )
    return _with_extensions(builder, key, issuer.public_key())


def _with_extensions(builder: "x509.CertificateBuilder", key: Any, issuer_key: Any) -> "x509.CertificateBuilder":
    """Every machine of a pool is server and client, and none an authority."""
    usage = dict(dict.fromkeys(_USAGES, True), **dict.fromkeys(_OTHER_USAGES, False))
    purposes = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    return (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )
