# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server as one object: answer(method, path, headers, body). No socket is needed; serve.py gives it one."""

import random
import re
import threading
import time
from types import SimpleNamespace

from . import blocks, database, pending, request, tokens, topology, volumes
from .jobs import Queue
from .state import State
from .wire import Answer, Failure, Refusal, compact, finished, no_content

KIB_OF_500_GIB = 500 * 1024 * 1024

_ID = "([A-Fa-f0-9]+)"
_PLAIN_TEXT = {"Content-Type": "text/plain; charset=UTF-8"}


class Faults:
    """What is to go wrong, each as often as it was added."""

    def __init__(self):
        self._texts = {}

    def add(self, call, text="", times=1):
        """Let a call on the nodes fail, such as peer_probe, device_setup or volume_create."""
        self._texts.setdefault(call, []).extend([text or call + " failed"] * times)

    def take(self, call):
        """Return the text of the failure that is due, or nothing."""
        waiting = self._texts.get(call)
        return waiting.pop(0) if waiting else ""

    def strike(self, call):
        """Raise Failure if one is due."""
        text = self.take(call)
        if text:
            raise Failure(text)


def random_ids(seed=1):
    """Return a source of ids that gives the same ones each time; the real server takes them by chance."""
    chance = random.Random(seed)
    return lambda what, **about: about["brick"] if what == "thin_pool" else "%032x" % chance.getrandbits(128)


def first(_brick_id, devices):
    """Take the first device of the ring."""
    return devices[0]


class Heketi:
    """A heketi 9.0.0 server; of version 10 it has what evacuations differ in.

    ids(what, ...) gives the ids, choose(brick id, devices) takes a device for a brick; the real server does both by
    chance. duration is the time in seconds for which a queued job is pending.
    """

    def __init__(self, admin_key="adminkey", user_key="userkey", ids=None, choose=first, clock=time, **config):
        self.keys = {"admin": admin_key, "user": user_key}
        self.ids = ids or random_ids()
        self.choose = choose
        self.clock = clock
        self.duration = config.pop("duration", 0.2)
        self.device_size = config.pop("device_size", KIB_OF_500_GIB)
        self.max_inflight = config.pop("max_inflight", 8)
        self.max_bricks = config.pop("max_bricks", 32)
        self.zone_checking = config.pop("zone_checking", "none")
        self.block_hosting_size = config.pop("block_hosting_size", 1024)
        self.log_level = config.pop("log_level", "info")
        self.version = config.pop("version", 9)
        if config:
            raise TypeError("unknown settings: %s" % ", ".join(sorted(config)))
        self.mode = "normal"
        #: Names of GlusterFS's volumes that heketi does not know, and ids of nodes that do not tell theirs.
        self.foreign = set()
        self.silent = set()
        self.faults = Faults()
        self.state = State()
        self.queue = Queue(self)
        self.generation = self.ids("generation")
        self.lock = threading.Lock()

    def restart(self):
        """Lose what is in memory: the queue, and whoever worked on a pending operation."""
        self.queue = Queue(self)
        self.mode = "normal"
        self.state.reserved_hosts.clear()
        self.state.reserved_devices.clear()
        pending.make_stale(self.state)

    def find(self, bucket, name):
        if name not in bucket:
            raise Refusal(404, "Id not found")
        return bucket[name]

    def complete_volumes(self):
        """Return the ids of the volumes that are not being created."""
        created = {
            name
            for operation in self.state.operations.values()
            for number, name in operation.changes
            if number == pending.ADD_VOLUME
        }
        return set(self.state.volumes) - created

    def refuse_if_busy(self):
        if self.queue.busy() >= self.max_inflight or self.faults.take("busy"):
            raise Refusal(429, "Server busy. Retry operation later.")

    def answer(self, method, path, headers, body=b""):
        """Return the Answer to a request."""
        with self.lock:
            self.queue.advance()
            try:
                answer = self._answer(method, path, headers, body)
            except Refusal as refusal:
                answer = refusal.answer
        return finished(answer)

    def _answer(self, method, target, headers, body):
        path = target.partition("?")[0]
        if path == "/hello":
            return Answer(200, dict(_PLAIN_TEXT), b"Hello from Heketi")
        if path == "/metrics":
            return Answer(200, {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}, _metrics(self.state))
        tokens.authorize(headers, method, path, self.keys, self.clock.time())
        if self.mode == "read-only" and method != "GET":
            raise Refusal(503, "Service disabled for maintenance")
        return _routed(self, SimpleNamespace(method=method, path=path, body=body))


def _routed(app, asked):
    if len(asked.path) > 1 and asked.path.endswith("/"):
        return _moved(asked.path.rstrip("/"))
    # Version 10 has it; version 9 does not know it, whatever the method.
    allowed = app.version == 10 and bool(re.match("/bricks/to-evict/%s\\Z" % _ID, asked.path))
    for method, pattern, handler in _ROUTES:
        match = pattern.match(asked.path)
        if match and method == asked.method:
            return handler(app, asked, *match.groups())
        allowed = allowed or bool(match)
    if allowed:
        return Answer(405, {})
    raise Refusal(404, "Invalid path or request")


def _moved(path):
    page = '<a href="%s">Moved Permanently</a>.\n\n' % path
    return Answer(301, {"Content-Type": "text/html; charset=utf-8", "Location": path}, page.encode())


def _metrics(state):
    """The real one tells of its Go runtime, too."""
    nodes = {cluster.id: len(cluster.nodes) for cluster in state.clusters.values()}
    lines = ["heketi_cluster_count %s" % len(nodes)]
    lines += ['heketi_nodes_count{cluster="%s"} %s' % pair for pair in sorted(nodes.items())]
    return ("\n".join(lines) + "\n").encode()


def _poll(app, _request, job_id):
    return app.queue.poll(job_id)


def _show_log_level(app, _request):
    return compact({"loglevel": {"glusterfs": app.log_level}})


def _set_log_level(app, asked):
    level = request.parse(asked.body, {"loglevel": {"glusterfs": str}})["loglevel"]["glusterfs"]
    if level not in ("none", "critical", "error", "warning", "info", "debug"):
        raise Refusal(422, "invalid log level: " + level)
    app.log_level = level
    return _show_log_level(app, asked)


def _show_mode(app, _request):
    return compact({"state": app.mode})


def _set_mode(app, asked):
    mode = request.parse(asked.body, {"state": str})["state"]
    request.validate({"state": request.one_of(mode, ("normal", "read-only", "local-client"))})
    app.mode = mode
    return no_content()


_ROUTES = [
    (method, re.compile(pattern.replace("ID", _ID) + r"\Z"), handler)
    for method, pattern, handler in (
        ("GET", "/queue/ID", _poll),
        ("GET", "/clusters", topology.list_clusters),
        ("POST", "/clusters", topology.create_cluster),
        ("GET", "/clusters/ID", topology.show_cluster),
        ("POST", "/clusters/ID/flags", topology.set_flags),
        ("DELETE", "/clusters/ID", topology.delete_cluster),
        ("POST", "/nodes", topology.add_node),
        ("GET", "/nodes/ID", topology.show_node),
        ("DELETE", "/nodes/ID", topology.delete_node),
        ("POST", "/nodes/ID/state", topology.set_node_state),
        ("POST", "/nodes/ID/tags", topology.tag_node),
        ("POST", "/devices", topology.add_device),
        ("GET", "/devices/ID", topology.show_device),
        ("DELETE", "/devices/ID", topology.delete_device),
        ("POST", "/devices/ID/state", topology.set_device_state),
        ("POST", "/devices/ID/tags", topology.tag_device),
        ("GET", "/devices/ID/resync", topology.resync_device),
        ("GET", "/volumes", volumes.list_volumes),
        ("POST", "/volumes", volumes.create_volume),
        ("GET", "/volumes/ID", volumes.show_volume),
        ("DELETE", "/volumes/ID", volumes.delete_volume),
        ("POST", "/volumes/ID/expand", volumes.expand_volume),
        ("POST", "/volumes/ID/clone", volumes.clone_volume),
        ("POST", "/volumes/ID/block-restriction", volumes.restrict_volume),
        ("GET", "/blockvolumes", blocks.list_blocks),
        ("POST", "/blockvolumes", blocks.create_block),
        ("GET", "/blockvolumes/ID", blocks.show_block),
        ("DELETE", "/blockvolumes/ID", blocks.delete_block),
        ("GET", "/operations", pending.counts),
        ("GET", "/operations/pending", pending.listed),
        ("GET", "/operations/pending/ID", pending.details),
        ("POST", "/operations/pending/cleanup", pending.clean_up),
        ("GET", "/internal/state/examine/gluster", database.examine),
        ("GET", "/backup/db", database.backup),
        ("GET", "/db/dump", database.dump),
        ("GET", "/db/check", database.check),
        ("GET", "/internal/logging", _show_log_level),
        ("POST", "/internal/logging", _set_log_level),
        ("GET", "/admin", _show_mode),
        ("POST", "/admin", _set_mode),
    )
]
