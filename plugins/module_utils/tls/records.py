# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What TLS on a node is made of. Immutable. PRIVATE to the collection."""

from typing import NamedTuple, Optional, Tuple


class Certificate(NamedTuple):
    """A certificate: its common name, its public key as PEM, and when it ends, in seconds since 1970."""

    name: str
    public_key: str
    end: int


class DesiredTls(NamedTuple):
    """What was asked for. name is the node's common name; texts are PEM, empty where the node's own stay as they are.

    renew is how long a certificate must still hold, in seconds.
    """

    name: str
    renew: int
    authority: str = ""
    certificate: str = ""
    private_key: str = ""


class ObservedTls(NamedTuple):
    """TLS of a node as it is. folder is where its GlusterFS looks for certificates, "" where there is no GlusterFS.

    public_key is that of the node's key, "" where there is none; distrust is why the desired authority (the node's own
    if none is desired) does not stand for the node's certificate, "" if it does. offered and offered_key are the
    certificate and the key that are to be installed, rejected what is wrong with them, stranger why those who encrypt
    already do not trust that certificate. running says whether glusterd runs, started are the volumes that clients may
    have mounted.
    """

    folder: str = ""
    public_key: str = ""
    certificate: Optional[Certificate] = None
    distrust: str = ""
    authority: str = ""
    certificate_text: str = ""
    request: str = ""
    encrypted: bool = False
    offered: Optional[Certificate] = None
    offered_key: str = ""
    rejected: str = ""
    stranger: str = ""
    running: bool = False
    started: Tuple[str, ...] = ()
    now: int = 0
