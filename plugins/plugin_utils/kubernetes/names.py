# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and sizes that the API of Kubernetes takes. Pure. PRIVATE to the collection."""

import hashlib
import re
from typing import Any

_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_LABEL_ONLY = re.compile(_LABEL + r"\Z")
_SUBDOMAIN = re.compile(r"%s(\.%s)*\Z" % (_LABEL, _LABEL))
_QUANTITY = re.compile(r"[1-9][0-9]*(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)?\Z")


def subdomain_problem(name: Any) -> str:
    """Return what is wrong with the name of a class, a Secret or a PersistentVolume, "" if it is well."""
    if not _SUBDOMAIN.match(str(name)) or len(str(name)) > 253:
        return "%r is no name for Kubernetes: small letters, digits, - and ., at most 253 of them" % name
    return ""


def label_problem(name: Any) -> str:
    """Return what is wrong with the name of a namespace, "" if it is well."""
    if not _LABEL_ONLY.match(str(name)) or len(str(name)) > 63:
        return "%r is no name for Kubernetes: small letters, digits and -, at most 63 of them" % name
    return ""


def quantity_problem(size: Any) -> str:
    """Return what is wrong with a size, "" if it is well."""
    if not _QUANTITY.match(str(size)):
        return "%r is no size for Kubernetes; write for example 10Gi" % size
    return ""


def as_label(prefix: str, name: str) -> str:
    """Return a name that fits a label, made of a prefix and any name; different names stay different."""
    plain = "%s-%s" % (prefix, name)
    if len(plain) <= 63 and "." not in plain:
        return plain
    return "%s-%s" % (plain.replace(".", "-")[:52].rstrip("-"), hashlib.sha256(name.encode()).hexdigest()[:10])
