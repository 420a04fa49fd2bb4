# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of volumes, and what one set of each is made of. PRIVATE to the collection."""

from typing import List, NamedTuple, Optional, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError

#: The kinds that a user may name. "distributed-" is only a way of saying that there is more than one set.
KINDS = ("distribute", "replicate", "arbiter", "disperse")
SYNONYMS = {"distributed-replicate": "replicate", "distributed-arbiter": "arbiter", "distributed-disperse": "disperse"}
#: Kinds of old; named only so that they can be refused with the alternative.
DROPPED = ("stripe", "striped-replicate", "distributed-stripe", "distributed-striped-replicate")

DEFAULT_REPLICAS = 3
DEFAULT_DISPERSE_DATA = 4
DEFAULT_REDUNDANCY = 2


class Shape(NamedTuple):
    """Bricks of one set. replicas counts the arbiter, disperse counts all bricks; 0 where it does not apply."""

    kind: str
    replicas: int = 0
    arbiters: int = 0
    disperse: int = 0
    redundancy: int = 0

    @property
    def width(self) -> int:
        """Number of bricks of one set."""
        return max(self.replicas, self.disperse, 1)

    @property
    def counts(self) -> Tuple[int, int, int, int]:
        """What must be equal for two volumes to be of the same shape."""
        return (self.replicas, self.arbiters, self.disperse, self.redundancy)

    @property
    def data_copies(self) -> int:
        """Number of bricks of one set that each hold all of a file."""
        return max(self.replicas, 1) - self.arbiters

    @property
    def words(self) -> Tuple[str, ...]:
        """The words of C(gluster volume create) for this shape."""
        if self.disperse:
            return ("disperse", str(self.disperse), "redundancy", str(self.redundancy))
        if self.replicas:
            return ("replica", str(self.replicas)) + (("arbiter", "1") if self.arbiters else ())
        return ()

    def describe(self) -> str:
        """Return the shape in words for people."""
        if self.disperse:
            return "disperse %s+%s" % (self.disperse - self.redundancy, self.redundancy)
        if self.replicas:
            return "replica %s%s" % (self.replicas, " with an arbiter" if self.arbiters else "")
        return "distribute"


def shape_of(
    kind: str, replicas: Optional[int] = None, disperse_data: Optional[int] = None, redundancy: Optional[int] = None
) -> Shape:
    """Return the Shape that a user asked for; counts left out get the field's usual ones.

    Raises InputError, with what to write instead, for a kind that does not exist (any more) or counts that
    GlusterFS refuses.
    """
    kind = SYNONYMS.get(kind, kind)
    if kind in DROPPED:
        raise InputError(
            "type: found %s, and GlusterFS 6 dropped such volumes; write replicate or disperse, and for large files "
            "the option features.shard: on" % kind
        )
    if kind not in KINDS:
        raise InputError("type: found %r; write one of %s" % (kind, ", ".join(KINDS)))
    _refuse_stray_counts(kind, replicas, disperse_data, redundancy)
    if kind == "disperse":
        return _dispersed(_or(disperse_data, DEFAULT_DISPERSE_DATA), _or(redundancy, DEFAULT_REDUNDANCY))
    return _copied(kind, _or(replicas, DEFAULT_REPLICAS))


def keeps_copies(present: Shape, desired: Shape) -> bool:
    """Whether GlusterFS can change a volume from one to the other by adding bricks to its sets, or taking some out.

    A volume whose sets keep no copies any more would be left with one brick of each, which nobody wants by accident.
    """
    return not (present.disperse or desired.disperse) and desired.width > 1


def kept_copies(present: Shape, desired: Shape) -> int:
    """Return how many bricks of each set stay: GlusterFS never makes an arbiter of a copy, nor a copy of an arbiter."""
    if present.counts == desired.counts:
        return present.width
    return min(present.data_copies, desired.data_copies)


def copy_shapes(present: Shape, desired: Shape) -> List[Shape]:
    """Return the shapes on the way from one to the other, each with one copy more than the one before it.

    What leaves does so before the first of them. One at a time, what is new is filled from bricks that are all whole.
    """
    if present.counts == desired.counts:
        return []
    between = range(kept_copies(present, desired) + 1, desired.width)
    return [Shape("replicate", replicas=count) for count in between] + [desired]


def _or(value: Optional[int], default: int) -> int:
    return default if value is None else value


def _refuse_stray_counts(
    kind: str, replicas: Optional[int], disperse_data: Optional[int], redundancy: Optional[int]
) -> None:
    if kind != "disperse" and (disperse_data is not None or redundancy is not None):
        raise InputError(
            "disperse_data, redundancy: found with type %s; leave them out, or write type: disperse" % kind
        )
    if kind not in ("replicate", "arbiter") and replicas is not None:
        raise InputError("replicas: found with type %s; leave it out, or write type: replicate" % kind)


def _copied(kind: str, replicas: int) -> Shape:
    if kind == "distribute":
        return Shape(kind)
    if kind == "arbiter":
        if replicas != 3:
            raise InputError(
                "replicas: found %s, and an arbiter set is two copies and an arbiter; leave it out, or write 3"
                % replicas
            )
        return Shape(kind, replicas=3, arbiters=1)
    if replicas < 2:
        raise InputError("replicas: found %s; write 2 or more, or type: distribute" % replicas)
    return Shape(kind, replicas=replicas)


def _dispersed(data: int, redundancy: int) -> Shape:
    if redundancy < 1:
        raise InputError("redundancy: found %s; write 1 or more" % redundancy)
    if data <= redundancy:
        raise InputError(
            "redundancy: found %s with disperse_data %s; write less than disperse_data" % (redundancy, data)
        )
    return Shape("disperse", disperse=data + redundancy, redundancy=redundancy)
