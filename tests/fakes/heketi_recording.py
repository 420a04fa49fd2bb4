# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recorded exchanges of a real heketi 9.0.0, and what of them was chance.

The real server takes ids by chance, and the device of each brick. Whoever replays the recording must therefore give
the same ones to the same things, and learns them from the answers: a node's id from the answer to its request, a
brick's id and device from the first answer that shows the brick. Nothing else is taken from the recording: whether a
device may hold a brick, how many bricks there are and how large, and what every answer says, is the fake's own work.
"""

import base64
import gzip
import hmac
import json
import pathlib
import re

from ansible_collections.brickwork.gluster.tests.fakes.heketi.service import random_ids

FILE = pathlib.Path(__file__).resolve().parents[1] / "recordings" / "heketi-9.0.0-http.jsonl.gz"
#: Sequence numbers at which the recording begins with a new server.
SERVERS = (1, 10001, 20001)

_TOKEN = re.compile(r"<JWT (?:alg=(\w+)|header=(\{.*?\})) claims=(\{.*?\})(?: key=(\w+))?>")


def exchanges(first):
    """Return the exchanges with the server whose first one is given."""
    last = min([number for number in SERVERS if number > first] or [10**9])
    with gzip.open(str(FILE), "rt", encoding="utf-8") as lines:
        return [row for row in map(json.loads, lines) if first <= row["seq"] < last]


def headers_of(row, keys, now):
    """Return the request's headers with a token that has the recorded claims at the time now."""
    given = row["request_headers"]
    return {name: _TOKEN.sub(lambda found: _token(found, keys, now), given[name]) for name in given}


def _token(found, keys, now):
    algorithm = found.group(1) or json.loads(found.group(2))["alg"]
    claims = json.loads(found.group(3))
    timed = {name: _timed(value, now) for name, value in claims.items()}
    text = ".".join(_segment(json.dumps(part).encode()) for part in ({"alg": algorithm, "typ": "JWT"}, timed))
    digest = {"HS256": "sha256", "HS384": "sha384"}.get(algorithm, "sha256")
    key = keys.get(found.group(4) or claims["iss"], "some other key")
    return "%s.%s" % (text, _segment(hmac.new(key.encode(), text.encode(), digest).digest()))


def _timed(value, now):
    shift = re.match(r"now([+-]\d+)\Z", str(value))
    return int(now) + int(shift.group(1)) if shift else value


def _segment(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Chance:
    """Gives the ids and devices that the recorded server took by chance, and others where no answer shows them."""

    def __init__(self, rows):
        self._rows = rows
        self._answers = [_json(row) for row in rows]
        self._bricks = {}
        for answer in self._answers:
            for brick in _bricks_in(answer):
                self._bricks.setdefault(brick["id"], brick)
        self._others = random_ids(seed=2)
        self._given = set()
        self._dealt = {}
        self.position = 0

    def ids(self, what, **about):
        """Return the id of what the request at the position makes, such as a node."""
        found = getattr(self, "_" + what)(**about)
        if found is None or (found in self._given and what != "thin_pool"):
            return self._others(what, **about)
        self._given.add(found)
        return found

    def choose(self, brick_id, devices):
        """Return the device that the recorded brick is on; it must be one of those that the fake allows."""
        if brick_id not in self._bricks:
            return devices[0]
        wanted = self._bricks[brick_id]["device"]
        allowed = [device for device in devices if device.id == wanted]
        assert allowed, "heketi put brick %s on device %s, which the fake does not allow" % (brick_id, wanted)
        return allowed[0]

    def polls(self, position):
        """Return the answers to polls of the job that the request at a position queued, with their positions."""
        path = self._rows[position]["response_headers"].get("Location")
        later = range(position + 1, len(self._rows))
        return [(index, self._rows[index]) for index in later if path and self._rows[index]["path"] == path]

    def pending_polls(self, position):
        return len([row for _index, row in self.polls(position) if row["response_headers"].get("X-Pending")])

    def _result(self):
        ends = [row for _index, row in self.polls(self.position) if row["status"] in (204, 303, 500)]
        return ends[0] if ends else None

    def _from_result(self, **_about):
        result = self._result()
        location = result["response_headers"].get("Location") if result else None
        return location.rpartition("/")[2] if location else None

    _node = _blockvolume = _from_result

    def _queue(self):
        return self._rows[self.position]["response_headers"].get("Location", "").rpartition("/")[2] or None

    def _cluster(self):
        return self._answers[self.position]["id"]

    def _generation(self):
        dumps = [answer for answer in self._answers if "dbattributeentries" in answer]
        return dumps[0]["dbattributeentries"]["DB_GENERATION_ID"]["Value"] if dumps else None

    def _device(self, node, name):
        result = self._result()
        if result is None or result["status"] != 204:
            return None
        for answer in self._answers[self.position :]:
            for device_id, of_node, its_name in _devices_in(answer):
                if (of_node, its_name) == (node, name) and device_id not in self._given:
                    return device_id
        return self._device_of_bricks(node, name)

    def _device_of_bricks(self, node, name):
        """Return a device that answers show as the place of bricks only: by its name, if its own answer tells it."""
        names = {answer["id"]: answer["name"] for answer in self._answers if "storage" in answer}
        devices = {brick["device"] for brick in self._bricks.values() if brick["node"] == node} - self._given
        fitting = sorted(device for device in devices if names.get(device, name) == name)
        return next((device for device in fitting if device in names), fitting[0] if fitting else None)

    def _volume(self, name=None, clone_of=None):
        if clone_of:
            texts = self._changes(clone_of)
            return next((change["id"] for change in texts if change["description"] == "Expand volume to"), None)
        if self._rows[self.position]["path"] == "/blockvolumes":
            return self._first("blockhostingvolume")
        return self._from_result()

    def _first(self, key):
        return next((answer[key] for answer in self._answers[self.position :] if key in answer), None)

    def _changes(self, about):
        """Return the changes of the operation that changes something, if an answer tells them."""
        for answer in self._answers[self.position :]:
            changes = answer.get("changes", ())
            if about in [change["id"] for change in changes]:
                return changes
        return []

    def _operation(self, kind, changes):
        """An operation is listed only while it is under way, or after it failed and before the next request."""
        for answer in self._answers[self.position : self._end_of_operation()]:
            for entry in answer.get("pendingoperations", ()):
                told = [one for one in self._answers if one.get("id") == entry["id"] and "changes" in one]
                about = {change["id"] for change in told[0]["changes"]} if told else set()
                mine = about & {name for _change, name in changes} if told else entry["id"] not in self._given
                if entry["type_name"] == kind and mine:
                    return entry["id"]
        return None

    def _end_of_operation(self):
        polls = self.polls(self.position)
        if polls and polls[-1][1]["status"] in (204, 303):
            return polls[-1][0]
        later = range(self.position + 1, len(self._rows))
        return next((index for index in later if self._rows[index]["method"] != "GET"), len(self._rows))

    def _brick(self, volume=None, size=None, clone_of=None):
        if clone_of:
            cloned = [one["id"] for one in self._bricks.values() if "brick_" + clone_of in one["path"]]
            return next((one for one in cloned if one != clone_of), None)
        key = (self.position, volume)
        if key not in self._dealt:
            self._dealt[key] = _dealt(self._next_bricks(volume))
        fitting = [one["id"] for one in self._dealt[key] if one["size"] == size and one["id"] not in self._given]
        if fitting:
            return fitting[0]
        adding = [change["id"] for change in self._changes(volume) if change["description"] == "Add brick"]
        return adding[0] if adding else None

    def _next_bricks(self, volume):
        """Return the new bricks of a volume in the first answer that shows any."""
        for answer in self._answers[self.position :]:
            new = [one for one in _bricks_in(answer) if one["volume"] == volume and one["id"] not in self._given]
            if new:
                return new
        return []

    def _thin_pool(self, brick):
        dumps = [answer["brickentries"] for answer in self._answers if brick in answer.get("brickentries", ())]
        return dumps[0][brick]["LvmThinPool"].partition("_")[2] if dumps else None


def _dealt(bricks):
    """Return the bricks of one or more sets in an order in which neighbours are on different nodes.

    The answers list them by id, so which of them are a set is not known, only that a set has no node twice.
    """
    by_node = sorted(bricks, key=lambda one: (one["node"], one["id"]))
    nodes = [one["node"] for one in by_node]
    most = max([nodes.count(node) for node in nodes] or [1])
    return [one for start in range(most) for one in by_node[start::most]]


def _json(row):
    try:
        answer = json.loads(row["response_body"])
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _devices_in(answer):
    """Return id, node and name of the devices in the answer about a node, or in a dump."""
    dumped = answer.get("deviceentries", {}).values()
    devices = [device for device in answer.get("devices", ()) if isinstance(device, dict)]
    return [(one["Info"]["id"], one["NodeId"], one["Info"]["name"]) for one in dumped] + [
        (one["id"], answer["id"], one["name"]) for one in devices
    ]


def _bricks_in(answer):
    if "brickentries" in answer:
        return [entry["Info"] for entry in answer["brickentries"].values()]
    places = [answer] + [device for device in answer.get("devices", ()) if isinstance(device, dict)]
    return [brick for place in places if isinstance(place.get("bricks"), list) for brick in place["bricks"]]
