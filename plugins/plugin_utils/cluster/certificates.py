# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be done to the certificate of a machine, of what the look found there. Pure. PRIVATE."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import UnsafeChangeError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.words import step_lines


class Certificate(NamedTuple):
    """What gluster_tls would do on a machine. due says why another certificate is signed for it, "" for none.

    encrypts says whether the machine encrypts already; refusal is why nothing can be done, "" where it can.
    """

    due: str = ""
    steps: Sequence[Mapping[str, Any]] = ()
    encrypts: bool = True
    refusal: str = ""

    @property
    def is_due(self) -> bool:
        """Whether something is to be done."""
        return bool(self.due or self.steps)


#: That of a machine without TLS.
NO_CERTIFICATE = Certificate()


def read_certificate(answer: Optional[Mapping[str, Any]]) -> Certificate:
    """Return the Certificate of what the look answered, NO_CERTIFICATE for a machine that was not asked."""
    return Certificate(**answer) if answer else NO_CERTIFICATE


def refuse_certificate(host: str, certificate: Certificate, missing_packages: Optional[Sequence[str]]) -> None:
    """Raise UnsafeChangeError for a machine whose certificate can't be brought to where it is to be.

    Where packages are missing, or nobody asked for them, openssl may be among them: the machine is asked again later.
    """
    if certificate.refusal and missing_packages == []:
        raise UnsafeChangeError(f"{host}: {certificate.refusal}")


def certificate_lines(host: str, certificate: Certificate) -> list[str]:
    """Return what is to be done, for people."""
    lines = step_lines(certificate.steps, f"{host}: ")
    if certificate.due:
        lines.append(f"{host}: sign a certificate ({certificate.due})")
        lines += [] if certificate.encrypts else [f"{host}: turn on encryption"]
    return lines
