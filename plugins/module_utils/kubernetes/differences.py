# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an API can't change of objects that exist. Pure. PRIVATE to the collection."""

from typing import Any, Dict, List, NamedTuple


class Difference(NamedTuple):
    """A field, as dots and keys, with what is there and what is wished for."""

    kind: str
    name: str
    field: str
    found: Any
    wished: Any

    def sentence(self):
        """Return it in words for people."""
        return "%s %s: %s is %s and not %s" % (
            self.kind,
            self.name,
            self.field,
            _words(self.found),
            _words(self.wished),
        )


#: What no request changes, by kind. A Secret's content is no part of this, so that none of it gets into a text.
IMMUTABLE = {
    "StorageClass": ("provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"),
    "PersistentVolume": ("spec.hostPath", "spec.volumeMode"),
    "Secret": ("type",),
}


def find_differences(wished: List[Dict[str, Any]], found: List[Dict[str, Any]]) -> List[Difference]:
    """Return what differs of the wished objects that exist, and can't be changed."""
    existing = {(one["kind"], one["metadata"]["name"], one["metadata"].get("namespace")): one for one in found}
    differences: List[Difference] = []
    for wish in wished:
        one = existing.get((wish["kind"], wish["metadata"]["name"], wish["metadata"].get("namespace")))
        for field in IMMUTABLE.get(wish["kind"], ()) if one else ():
            differences += _compare(wish, field, _at(one, field), _at(wish, field))
    return differences


def _compare(wish, field, found, wished):
    if isinstance(found, dict) and isinstance(wished, dict):
        for key in sorted(set(found) | set(wished)):
            yield from _compare(wish, "%s.%s" % (field, key), found.get(key), wished.get(key))
    elif (found or None) != (wished or None):
        yield Difference(wish["kind"], wish["metadata"]["name"], field, found, wished)


def _at(value, field):
    """Return what is at a field. The parameters of a class without any are an empty dictionary."""
    for key in field.split("."):
        value = (value or {}).get(key)
    return {} if value is None and field == "parameters" else value


def _words(value):
    return "missing" if value in (None, "") else repr(value)
