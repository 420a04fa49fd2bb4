# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an API can't change of objects that exist. Pure. PRIVATE to the collection."""

from collections.abc import Iterator
from typing import Any, NamedTuple


class Difference(NamedTuple):
    """A field, as dots and keys, with what is there and what is desired."""

    kind: str
    name: str
    field: str
    found: Any
    desired: Any

    def sentence(self) -> str:
        """Return it in words for people."""
        return "%s %s: %s is %s and not %s" % (
            self.kind,
            self.name,
            self.field,
            _words(self.found),
            _words(self.desired),
        )


#: What no request changes, by kind. A Secret's content is no part of this, so that none of it gets into a text.
IMMUTABLE = {
    "StorageClass": ("provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"),
    "PersistentVolume": ("spec.hostPath", "spec.volumeMode"),
    "Secret": ("type",),
}


def find_differences(desired: list[dict[str, Any]], found: list[dict[str, Any]]) -> list[Difference]:
    """Return what differs of the desired objects that exist, and can't be changed."""
    existing = {(one["kind"], one["metadata"]["name"], one["metadata"].get("namespace")): one for one in found}
    differences: list[Difference] = []
    for thing in desired:
        one = existing.get((thing["kind"], thing["metadata"]["name"], thing["metadata"].get("namespace")))
        for field in IMMUTABLE.get(thing["kind"], ()) if one else ():
            differences += _compare(thing, field, _at(one, field), _at(thing, field))
    return differences


def _compare(thing: dict[str, Any], field: str, found: Any, desired: Any) -> Iterator[Difference]:
    if isinstance(found, dict) and isinstance(desired, dict):
        for key in sorted(set(found) | set(desired)):
            yield from _compare(thing, "%s.%s" % (field, key), found.get(key), desired.get(key))
    elif (found or None) != (desired or None):
        yield Difference(thing["kind"], thing["metadata"]["name"], field, found, desired)


def _at(value: Any, field: str) -> Any:
    """Return what is at a field. The parameters of a class without any are an empty dictionary."""
    for key in field.split("."):
        value = (value or {}).get(key)
    return {} if value is None and field == "parameters" else value


def _words(value: Any) -> str:
    return "missing" if value in (None, "") else repr(value)
