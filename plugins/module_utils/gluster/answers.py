# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what the gluster command prints to records. Pure. PRIVATE to the collection.

The command's exit code lies both ways (a failure with --xml mostly exits 0), so an answer is judged
by its <opRet>, and by its exit code only where it is not XML.
"""

import posixpath
import re
from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple, Type
from xml.etree import ElementTree

from ansible_collections.brickwork.gluster.plugins.module_utils.command import NOT_FOUND, TIMED_OUT, Result
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import CommandError, ParseError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import (
    Brick,
    BrickStatus,
    HealCount,
    Listed,
    NodeMigration,
    Peer,
    SelfHealDaemon,
    Task,
    Volume,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.reading import parser


class GlusterError(CommandError):
    """A refusal by gluster; op_errno is its own number for it."""

    op_errno = 0


class DaemonDown(GlusterError):
    """glusterd does not answer on this node."""


class NotInstalled(GlusterError):
    """There is no gluster command on this node."""


class Busy(GlusterError):
    """Another transaction holds the lock; worth another try."""


class TimeUp(GlusterError):
    """No answer in time. It may still be carried out: only a fresh read tells."""


class Silent(GlusterError):
    """It failed and said nothing: in the middle of a change by another command, of bricks for example."""


class CommitFailed(GlusterError):
    """Members failed in a change that this node has carried out; peers are their names. See commits.py."""

    peers: Tuple[str, ...] = ()


#: What a question about heals may end with; XML that is none comes of file names that XML can't hold.
UNREADABLE = (GlusterError, ParseError)


#: What a command ends with that nobody has judged.
UNASKED = (NotInstalled, DaemonDown, TimeUp)


class Answer(NamedTuple):
    """An answer of gluster, already judged; root is None where it is not XML."""

    failed: bool
    message: str
    op_errno: int
    root: Optional[ElementTree.Element]


_DAEMON_DOWN = "Connection failed. Please check if gluster daemon is operational"
_TIME_UP = "Error : Request timed out"
#: judge() has put the lines of a text that is no XML into one.
_SELF_HEAL_DAEMON = "Self-heal Daemon"
_HEAL_COUNT = re.compile(r"Brick (\S+:/\S*) Number of entries: (\d+)")
#: As gd_collate_errors of glusterd writes it, a line each.
_COMMIT_FAILED = re.compile(r"Commit failed on (\S+?)\.(?:\s|\Z)")
_LOCAL = "localhost"
_BUSY = ("Another transaction is in progress", "Locking failed on")


def judge(result: Result) -> Answer:
    """Return the Answer that a Result holds. Never raises: whatever is no answer is a failed one."""
    root = _xml_root(result.stdout)
    if root is None:
        said = " ".join((result.stdout.strip() + "\n" + result.stderr.strip()).split("\n")).strip()
        failed = result.rc != 0 or said.startswith((_DAEMON_DOWN, _TIME_UP))
        return Answer(failed, said or "exit code %s" % result.rc, 0, None)
    ret = _integer_or(root.findtext("opRet"), -1)
    message = (root.findtext("opErrstr") or "").strip() or (root.findtext("output") or "").strip()
    return Answer(ret != 0, message, _integer_or(root.findtext("opErrno"), 0), root)


def _xml_root(text: str) -> Optional[ElementTree.Element]:
    start = text.find("<?xml")
    if start < 0:
        return None
    try:
        return ElementTree.fromstring(text[start:].strip().encode("utf-8", "surrogateescape"))
    # An encoding that Python does not know is a LookupError, one that XML can't have a ValueError.
    except (ElementTree.ParseError, LookupError, ValueError):
        return None


def is_passing(result: Result) -> bool:
    """Whether a Result is one that another may follow in a moment, though nothing was changed by whoever asks."""
    answer = judge(result)
    return answer.failed and issubclass(_kind_of(result, answer.message), (Busy, Silent))


def refusal(argv: List[str], result: Result, answer: Answer) -> GlusterError:
    """Return the GlusterError of the right kind for a failed answer."""
    error = _kind_of(result, answer.message)(
        "%s: %s" % (" ".join(argv[:1] + words_of(argv)), answer.message or "no reason given"),
        argv,
        result.rc,
        result.stdout,
        result.stderr,
    )
    error.op_errno = answer.op_errno
    if isinstance(error, CommitFailed):
        error.peers = tuple(sorted(set(_COMMIT_FAILED.findall(answer.message))))
    return error


def _kind_of(result: Result, message: str) -> Type[GlusterError]:
    if result.rc == NOT_FOUND:
        return NotInstalled
    if result.rc == TIMED_OUT or _TIME_UP in message:
        return TimeUp
    if _DAEMON_DOWN in message:
        return DaemonDown
    if not (result.stdout.strip() or result.stderr.strip()):
        return Silent
    if any(text in message for text in _BUSY):
        return Busy
    failed = _COMMIT_FAILED.findall(message)
    # Where this node failed, no other was asked.
    return CommitFailed if failed and _LOCAL not in failed else GlusterError


def words_of(argv: Sequence[str]) -> List[str]:
    """Return the words of a command line of gluster without its options."""
    return [word for word in argv[1:] if not word.startswith("--")]


def _integer(text: Optional[str]) -> Optional[int]:
    """Return a number, or None for "N/A", "-" and what is not there; -1 is gluster's own "none"."""
    try:
        return int(text or "")
    except ValueError:
        return None


def _integer_or(text: Optional[str], default: int) -> int:
    number = _integer(text)
    return default if number is None else number


def _present(text: Optional[str]) -> Optional[int]:
    number = _integer(text)
    return number if number is not None and number >= 0 else None


@parser("gluster")
def parse_peers(root: ElementTree.Element) -> Tuple[Peer, ...]:
    """Return the Peers of C(pool list) or C(peer status)."""
    return tuple(_peer(element) for element in root.iter("peer"))


def _peer(element: ElementTree.Element) -> Peer:
    names = [name.text for name in element.iter("hostname") if name.text]
    return Peer(
        uuid=element.findtext("uuid", ""),
        names=tuple(sorted(set(names), key=names.index)),
        connected=element.findtext("connected") == "1",
        state=_integer(element.findtext("state")),
        state_text=element.findtext("stateStr", ""),
    )


@parser("gluster")
def parse_volumes(root: ElementTree.Element) -> List[Volume]:
    """Return the Volumes of C(volume info)."""
    return [_volume(element) for element in root.iter("volume") if element.find("bricks") is not None]


def _volume(element: ElementTree.Element) -> Volume:
    def count(tag: str) -> int:
        return _integer_or(element.findtext(tag), 0)

    return Volume(
        name=element.findtext("name", ""),
        volume_id=element.findtext("id", ""),
        status=element.findtext("statusStr", ""),
        # A plain distributed volume says 1, which is no replication at all.
        replicas=count("replicaCount") if count("replicaCount") > 1 else 0,
        arbiters=count("arbiterCount"),
        disperse=count("disperseCount"),
        redundancy=count("redundancyCount"),
        bricks=tuple(_brick(brick) for brick in element.findall("bricks/brick")),
        options={
            option.findtext("name", ""): option.findtext("value", "") for option in element.findall("options/option")
        },
        snapshots=count("snapshotCount"),
        type_text=element.findtext("typeStr", ""),
    )


def _brick(element: ElementTree.Element) -> Brick:
    host, path = split_brick(element.findtext("name") or (element.text or ""))
    return Brick(
        host,
        path,
        element.findtext("hostUuid") or element.get("uuid") or "",
        element.findtext("isArbiter") == "1",
    )


def split_brick(text: str) -> Tuple[str, str]:
    """Return host and path of C(host:/path), the path without doubled slashes and dots (gluster keeps /./).

    The host may be an IPv6 address, so it ends at the colon before the first slash.
    Raises ParseError when there is no such thing.
    """
    host, colon, path = text.strip().partition(":/")
    if not colon or not host:
        raise ParseError("bricks: found %r; write host:/absolute/path" % text)
    return host, posixpath.normpath("/" + path.lstrip("/"))


@parser("gluster")
def parse_snapshot_status(root: ElementTree.Element) -> str:
    """Return the state of the one snapshot of C(snapshot info NAME)."""
    return str(root.findtext("snapInfo/snapshots/snapshot/snapVolume/status", ""))


@parser("gluster")
def parse_brick_status(root: ElementTree.Element) -> Dict[str, List[BrickStatus]]:
    """Return by volume name the BrickStatus records of C(volume status), with sizes and devices if it was C(detail)."""
    return {
        volume.findtext("volName", ""): [_brick_status(node) for node in volume.findall("node") if _is_brick(node)]
        for volume in root.iter("volume")
    }


def _is_brick(node: ElementTree.Element) -> bool:
    # Daemons stand in the same list: their host name is the daemon's title and their path the host.
    return (node.findtext("path") or "").startswith("/")


def _brick_status(node: ElementTree.Element) -> BrickStatus:
    return BrickStatus(
        host=node.findtext("hostname", ""),
        path=posixpath.normpath(node.findtext("path", "")),
        online=node.findtext("status") == "1",
        port=_present(node.findtext("port")),
        pid=_present(node.findtext("pid")),
        size=_present(node.findtext("sizeTotal")),
        free=_present(node.findtext("sizeFree")),
        device=node.findtext("device") or "",
    )


@parser("gluster")
def parse_clients(root: ElementTree.Element) -> Dict[str, Dict[str, List[str]]]:
    """Return by volume and brick (C(host:/path)) the addresses of its clients, of C(volume status clients)."""
    return {
        volume.findtext("volName", ""): {
            "%s:%s" % (node.findtext("hostname", ""), posixpath.normpath(node.findtext("path", ""))): _addresses(node)
            for node in volume.findall("node")
            if _is_brick(node)
        }
        for volume in root.iter("volume")
    }


@parser("gluster")
def parse_client_versions(root: ElementTree.Element) -> Dict[str, int]:
    """Return by address the lowest op-version of what is connected from there, of C(volume status clients)."""
    found: Dict[str, int] = {}
    for client in root.findall("volStatus/volumes/volume/node/clientsStatus/client"):
        address = client.findtext("hostname", "").rpartition(":")[0]
        version = _integer_or(client.findtext("opVersion"), 0)
        if address and version:
            found[address] = min(version, found.get(address, version))
    return found


def _addresses(node: ElementTree.Element) -> List[str]:
    # address:port; an address of IPv6 has colons, too.
    named = [client.findtext("hostname", "") for client in node.findall("clientsStatus/client")]
    return sorted({name.rpartition(":")[0] for name in named if name})


@parser("gluster")
def parse_tasks(root: ElementTree.Element) -> List[Task]:
    """Return the Tasks of C(volume status) (without C(detail), which leaves them out)."""
    return [
        Task(
            volume.findtext("volName", ""),
            task.findtext("type", ""),
            task.findtext("statusStr", ""),
            tuple("%s:%s" % split_brick(brick.text or "") for brick in task.findall("params/brick")),
        )
        for volume in root.iter("volume")
        for task in volume.findall("tasks/task")
    ]


@parser("gluster")
def parse_self_heal_daemons(root: ElementTree.Element) -> List[SelfHealDaemon]:
    """Return the SelfHealDaemons of C(volume status) (without C(detail), which leaves them out).

    There are none of members that are away, and none of volumes that keep no copies, or whose healing is switched off.
    """
    return [
        SelfHealDaemon(volume.findtext("volName", ""), node.findtext("peerid", ""), node.findtext("status") == "1")
        for volume in root.iter("volume")
        for node in volume.findall("node")
        if node.findtext("hostname") == _SELF_HEAL_DAEMON
    ]


@parser("gluster")
def parse_migration(root: ElementTree.Element) -> Tuple[NodeMigration, ...]:
    """Return by member what it has moved, of the status of a rebalance or of a remove-brick.

    The sum over all is left out: it calls a migration failed that still runs on another member.
    """
    return tuple(
        _node_migration(node) for kind in ("volRebalance", "volRemoveBrick") for node in root.findall(kind + "/node")
    )


def _node_migration(node: ElementTree.Element) -> NodeMigration:
    files, size, scanned, failures, skipped = (
        _integer_or(node.findtext(tag), 0) for tag in ("files", "size", "lookups", "failures", "skipped")
    )
    status, seconds = node.findtext("statusStr", ""), float(node.findtext("runtime") or 0)
    return NodeMigration(node.findtext("id", ""), files, size, scanned, failures, skipped, status, seconds)


@parser("gluster")
def parse_heal_counts(root: ElementTree.Element) -> List[HealCount]:
    """Return the HealCounts of C(volume heal NAME info summary)."""
    return [_heal_count(brick) for brick in root.findall("healInfo/bricks/brick")]


def _heal_count(brick: ElementTree.Element) -> HealCount:
    # A brick that is down answers with its counters inside the status text: no number is taken from there.
    return HealCount(
        brick=brick.findtext("name", ""),
        connected=brick.findtext("status") == "Connected",
        pending=_integer(brick.findtext("numberOfEntriesInHealPending")),
        split_brain=_integer(brick.findtext("numberOfEntriesInSplitBrain")),
    )


@parser("gluster")
def parse_snapshots(root: ElementTree.Element) -> List[str]:
    """Return the names of C(snapshot list VOLUME)."""
    return [snapshot.text or "" for snapshot in root.findall("snapList/snapshot")]


@parser("gluster")
def parse_cheap_heal_counts(text: str) -> List[HealCount]:
    """Return HealCounts without split-brain of what C(volume heal NAME statistics heal-count) prints."""
    return [HealCount(brick, True, int(count), None) for brick, count in _HEAL_COUNT.findall(text)]


@parser("gluster")
def parse_entries(root: ElementTree.Element) -> List[str]:
    """Return what C(volume heal NAME info [split-brain]) names, each once: by its path where a brick knows that."""
    found: Dict[str, str] = {}
    for entry in root.findall("healInfo/bricks/brick/file"):
        gfid, name = entry.get("gfid", ""), entry.text or ""
        if name and (gfid not in found or found[gfid].startswith("<gfid:")):
            found[gfid] = name
    return list(found.values())


@parser("gluster")
def parse_listed(root: ElementTree.Element) -> List[Listed]:
    """Return what each brick lists in C(volume heal NAME info), with or without C(split-brain)."""
    return [
        _listed(brick.findtext("name", ""), entry)
        for brick in root.findall("healInfo/bricks/brick")
        for entry in brick.findall("file")
    ]


def _listed(name: str, entry: ElementTree.Element) -> Listed:
    text = entry.text or ""
    return Listed("%s:%s" % split_brick(name), entry.get("gfid", ""), text if text.startswith("/") else "")


def resolution_problem(text: str, path: str) -> str:
    """Return why C(volume heal NAME split-brain) left a path as it is, "" where nothing of it is in split-brain now.

    The answer is text, also with --xml, and its exit code says nothing: it is 0 for a gfid split-brain that stays. A
    path may hold any words, so whole lines are compared.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    good = (
        "Healed %s." % path,
        "GFID split-brain resolved for file %s" % path,
        "Healing %s failed: File not in split-brain." % path,
    )
    if any(line in good for line in lines):
        return ""
    told = [line for line in lines if line != "Volume heal failed."]
    return " ".join(told) or "no reason given"


@parser("gluster")
def parse_options(root: ElementTree.Element) -> Dict[str, str]:
    """Return name and value of C(volume get); 10.3 marks what nobody set, in XML too."""
    return {
        option.findtext("Option", ""): (option.findtext("Value") or "").replace(" (DEFAULT)", "")
        for option in root.iter("Opt")
    }
