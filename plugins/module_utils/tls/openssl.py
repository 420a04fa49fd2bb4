# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys and certificates as the program openssl (1.0.2 or newer) reads and makes them. PRIVATE to the collection."""

import calendar
import os
import re
import time
from typing import List, Optional, Set

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Commands, Runner
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import CommandError, PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.reading import parser
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.files import CERTIFICATE
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.records import Certificate
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock

#: Seconds.
DAY = 24 * 60 * 60
#: Bits of a new RSA key, which every OpenSSL that GlusterFS was built with takes.
_KEY_BITS = 3072
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_PUBLIC_KEY = re.compile(r"-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", re.DOTALL)
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
_END = re.compile(r"^notAfter=(\w{3}) +(\d+) (\d+):(\d+):(\d+) (\d{4}) GMT$", re.MULTILINE)
_NAME = re.compile(r"^subject= *(?:.*,)?CN=((?:\\.|[^,+\n])*)", re.MULTILINE)


@parser("openssl x509")
def parse_certificate(text: str) -> Certificate:
    """Return the Certificate that C(openssl x509 -noout -subject -nameopt RFC2253 -enddate -pubkey) shows."""
    end, key, name = _END.search(text), _PUBLIC_KEY.search(text), _NAME.search(text)
    if not end or not key:
        raise ValueError("no end or no key of a certificate")
    return Certificate(name.group(1) if name else "", key.group(0), _seconds(*end.groups()))


def _seconds(month: str, day: str, hour: str, minute: str, second: str, year: str) -> int:
    # Not strptime: it reads the names of months in the language of whoever runs this.
    return calendar.timegm((int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second)))


def certificates(text: str) -> Set[str]:
    """Return the single certificates of a text that holds some, without what stands between them."""
    return {"".join(found.split()) for found in _CERTIFICATE.findall(text)}


class OpenSsl:
    """Runs openssl on files; no secret is ever an argument."""

    def __init__(self, runner: Runner, timeout: int) -> None:
        self._commands = Commands(runner, timeout)

    def require(self) -> None:
        """Raise PlanError where there is no openssl."""
        if self._commands.answer(["openssl", "version"]).rc != 0:
            raise PlanError(
                "openssl: found no such program; install the package openssl, as the role gluster_server does"
            )

    def certificate(self, path: str) -> Optional[Certificate]:
        """Return the first Certificate of a file, None where there is no file; raises CommandError for another one."""
        if not os.path.exists(path):
            return None
        shown = ["-noout", "-subject", "-nameopt", "RFC2253", "-enddate", "-pubkey"]
        return parse_certificate(self._run(["x509", "-in", path] + shown, "reading a certificate"))

    def readable_certificate(self, path: str) -> Optional[Certificate]:
        """Return the first Certificate of a file, None where there is none that can be read."""
        try:
            return self.certificate(path)
        except CommandError:
            return None

    def public_key(self, path: str) -> str:
        """Return the public key of a file with a private one, "" where there is no file."""
        if not os.path.exists(path):
            return ""
        # With an empty passphrase it fails instead of asking for one.
        shown = self._run(["pkey", "-in", path, "-pubout", "-passin", "pass:"], "reading a private key")
        return shown.strip()

    def distrust(self, authority: str, path: str) -> str:
        """Return why a certificate's file is not to be trusted with a file of authorities, "" if it is."""
        argv = ["openssl", "verify", "-CAfile", authority, "-untrusted", path, path]
        result = self._commands.answer(argv)
        # Old ones exit 0 whatever they found.
        if result.rc == 0 and result.stdout.strip().endswith(": OK"):
            return ""
        reasons = re.findall(r"^error .*?: *(.+)$", result.stderr + "\n" + result.stdout, re.MULTILINE)
        return reasons[0] if reasons else (result.stderr or result.stdout).strip() or "openssl verify says nothing"

    def make_key(self, path: str) -> None:
        """Write a new private key into an existing file."""
        self._run(["genrsa", "-out", path, str(_KEY_BITS)], "making a private key")

    def request(self, key: str, name: str) -> str:
        """Return a request for a certificate for the key in a file and a common name, as PEM."""
        argv = ["req", "-new", "-sha256", "-key", key, "-passin", "pass:", "-subj", "/CN=%s" % name]
        return self._run(argv, "making a request for a certificate")

    def _run(self, words: List[str], doing: str) -> str:
        return self._commands.run(["openssl"] + words, doing)


def days_left(openssl: OpenSsl, folder: str, clock: Clock = time) -> int:
    """Return for how many whole days the certificate in GlusterFS's folder still holds, 0 for none that can be read."""
    certificate = openssl.readable_certificate(os.path.join(folder, CERTIFICATE))
    return max(0, certificate.end - int(clock.time())) // DAY if certificate else 0
