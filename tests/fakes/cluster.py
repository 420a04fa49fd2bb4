# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A trusted storage pool in memory that answers the gluster command as the recordings show it.

Only what the engine asks for, with the refusals that it must handle. Every machine of the cluster can be asked.
"""

import copy
import posixpath
import uuid
from xml.sax.saxutils import escape

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Result
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.marks import Mark

#: What every new volume of GlusterFS 7 to 11 has. 11 refuses to set the first, to whatever value.
NEW_OPTIONS = {"nfs.disable": "on", "storage.fips-mode-rchecksum": "on"}
_NAMESPACE = uuid.UUID("8b2a5df0-6f0e-4d57-9a39-64c2f0b4b0aa")


def uuid_of(text):
    """Return the same uuid for the same text, so that tests can be repeated."""
    return str(uuid.uuid5(_NAMESPACE, text))


class PowerCut(Exception):
    """The node went away in the middle."""


class Machine:
    """A machine with a glusterd; volumes are those of its pool."""

    def __init__(self, name):
        self.name = name
        self.uuid = uuid_of(name)
        self.up = True
        self.peers = []
        self.volumes = {}
        self.rejected_by = set()


class Moving:
    """A rebalance or removal of bricks: its kind, the bricks that are removed, and by machine how far that is."""

    def __init__(self, kind, machines, status, bricks=()):
        self.kind = kind
        self.bricks = list(bricks)
        self.machines = {name: {"status": status, "files": 3, "failures": 0, "skipped": 0} for name in machines}

    def now(self, status, **numbers):
        """All machines are as far as this."""
        for machine in self.machines.values():
            machine.update(numbers, status=status)

    @property
    def status(self):
        """As C(volume status) tells it."""
        found = {machine["status"] for machine in self.machines.values()}
        return "in progress" if "in progress" in found else sorted(found)[0]


class FakeCluster:
    """Machines in one network. C(on(name)) gives the command runner of one of them."""

    def __init__(self, *names):
        self.machines = {name: Machine(name) for name in names}
        self.directories = {}
        self.busy = 0
        self.fail_next = {}
        self.commands = []
        #: By brick (host:path): its process, if it is another than 7, and None where it has none.
        self.processes = {}
        #: By brick: its port, if it is another than 49152; None where glusterd does not know it, as below GlusterFS 10.
        self.ports = {}
        self.version = "10.3"
        #: Of the pool, and by address those of clients, where they are others.
        self.op_version = self.max_op_version = 100000
        self.client_versions = {}
        #: (host, path) of bricks that no command brings back.
        self.dead = set()
        #: Volumes that another transaction holds: the status of all volumes leaves them out.
        self.held = set()
        #: By brick: the addresses of its clients. By volume: its tasks, each kind and status.
        self.clients = {}
        self.tasks = {}
        #: (host, path) of directories without a mark; those of them on the root file system; and whether glusterd read
        #: its volumes before they were there.
        self.folders = set()
        self.on_root = set()
        self.read_too_early = False
        #: By brick: how many entries wait for healing; the folders that wait for ever, each with its gfid and its path.
        self.pending = {}
        self.stuck = {}
        #: By volume: with which words its heal info fails. By brick: the files of it that are in split-brain.
        self.heal_failures = {}
        self.split_brain = {}
        #: By folder in split-brain: the names in it that stand for different files. Paths whose copies have one time.
        self.conflicts = {}
        self.ties = set()
        #: By volume: how many more changes of it are refused since another transaction holds its lock.
        self.locked = {}
        #: By the first words of a change ("set v"): the machines that fail in it, and whether they have it after that.
        self.commit_failures = {}
        #: After how many commands the run is cut off, if it is.
        self.cut_after = None
        self._have_daemons_heal()
        #: By volume: the rebalance or removal of bricks that it has; whether such a one takes time or ends at once.
        self.moving = {}
        self.moves_slowly = False
        #: By brick: the device of its file system, where glusterd tells of one.
        self.devices = {}
        #: By brick: its bytes in all and those that are free, where they are known. By volume: its snapshots.
        self.sizes = {}
        self.snapshots = {}
        #: By snapshot its volume, and whether it is active; whether the bricks are on thin pools.
        self.snapshot_states = {}
        self.is_thin = True
        #: By another address the machine that is at it. By machine the further names that the pool knows it by.
        #: Addresses that clients do not reach, and machines that have not heard of further names.
        self.aliases = {}
        self.known_names = {}
        self.unreachable = set()
        self.deaf = set()

    def _have_daemons_heal(self):
        #: Machines whose self-heal daemon has died.
        self.dead_healers = set()
        #: Volumes of which a glusterd has lost the self-heal daemon, as 10.3 may, until a start with force.
        self.lost_healers = set()
        #: Why the self-heal daemons do nothing, if they don't.
        self.heal_refusal = ""
        #: Whether glusterd notes on the old bricks what new copies lack, as it does where a client reaches them.
        self.marks_new_copies = True
        #: Whether the others of a set list what a brick lacks that was just taken up.
        self.lists_new_bricks = False

    def at(self, address):
        """Return the machine that is at an address, None for nobody."""
        return self.machines.get(self.aliases.get(address, address))

    @property
    def snapshot_names(self):
        """By volume the names of the snapshots that were made."""
        found = {}
        for name, (volume, _state) in self.snapshot_states.items():
            found.setdefault(volume, []).append(name)
        return found

    def on(self, name):
        """Return what runs commands on that machine."""
        return _Runner(self, self.machines[name])

    def form_pool(self, *names):
        """Make one pool of the machines at once."""
        for name in names:
            self.machines[name].peers = [other for other in names if other != name]
            self.machines[name].volumes = self.machines[names[0]].volumes

    def directories_of(self, name):
        """Return the brick directories of a machine as BrickDirectories shows them."""
        return _Directories(self, name)


class _Directories:
    def __init__(self, cluster, host):
        self._cluster = cluster
        self._host = host

    def read(self, path):
        mark = self._cluster.directories.get((self._host, path))
        return Mark(path, mark[0], mark[1]) if mark else None

    def exists(self, path):
        return (self._host, path) in self._cluster.directories or (self._host, path) in self._cluster.folders

    def is_on_root(self, path):
        return (self._host, path) in self._cluster.on_root

    def is_pristine(self, path):
        return self._cluster.directories.get((self._host, path), (None, True))[1]

    def set(self, path, volume_id):
        self._cluster.directories[(self._host, path)] = (volume_id, True)

    def clear(self, path):
        del self._cluster.directories[(self._host, path)]


class _Runner:
    def __init__(self, cluster, machine):
        self.cluster = cluster
        self.machine = machine

    def run(self, argv, timeout):
        if argv[0] == "hostname":
            return Result(0, self.machine.name + "\n", "")
        assert argv[:2] == ["gluster", "--mode=script"] or argv == ["gluster", "--version"], argv
        if argv[1] == "--version":
            return Result(0, "glusterfs %s\n" % self.cluster.version, "")
        words = [word for word in argv[1:] if not word.startswith("--")]
        remote = [word.split("=")[1] for word in argv if word.startswith("--remote-host=")]
        machine = self.cluster.at(remote[0]) if remote else self.machine
        if machine is None or not machine.up:
            return Result(1, "Connection failed. Please check if gluster daemon is operational.\n", "")
        return Gluster(self.cluster, machine).answer(words, reading=bool(remote))


def success(body=""):
    return _xml(0, 0, "", body)


def failure(message, errno=30800):
    return _xml(-1, errno, message, "")


def _xml(ret, errno, message, body):
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cliOutput><opRet>%s</opRet>' % ret
    return Result(
        0, "%s<opErrno>%s</opErrno><opErrstr>%s</opErrstr>%s</cliOutput>\n" % (head, errno, escape(message), body), ""
    )


class Gluster:
    """The gluster command on one machine; a failure exits 0, as it does."""

    def __init__(self, cluster, machine):
        self.cluster = cluster
        self.machine = machine

    def answer(self, words, reading=False):
        name = "_" + "_".join(words[:2]).replace("-", "_")
        if self.cluster.cut_after is not None and len(self.cluster.commands) >= self.cluster.cut_after:
            raise PowerCut(" ".join(words))
        self.cluster.commands.append(" ".join(words))
        changes = words[:2] not in (["pool", "list"], ["volume", "info"], ["volume", "get"])
        if changes and self.cluster.busy:
            self.cluster.busy -= 1
            return failure("Another transaction is in progress. Please try again after some time.", 30802)
        if changes and self.cluster.locked.get(words[2], 0):
            self.cluster.locked[words[2]] -= 1
            return failure("Another transaction is in progress for %s. Please try again after some time." % words[2], 0)
        planned = self.cluster.fail_next.pop(words[1], None) or self.cluster.fail_next.pop(" ".join(words[1:3]), None)
        if planned is not None:
            return planned
        failing = self.cluster.commit_failures.pop(" ".join(words[1:3]), None)
        if failing is not None:
            return self._fail_to_commit(failing, lambda: getattr(self, name)(*words[2:]))
        return getattr(self, name)(*words[2:])

    def _fail_to_commit(self, failing, change):
        """As glusterd does: nobody takes anything back, and the text has a line for each that failed."""
        before = copy.deepcopy(self.machine.volumes)
        change()
        for machine, has_it in failing.items():
            if not has_it:
                self.cluster.machines[machine].volumes = copy.deepcopy(before)
        lines = ["Commit failed on %s. Please check log file for details." % machine for machine in failing]
        return failure("\n".join(lines))

    def _peer(self, name):
        peer = self.cluster.machines[name]
        left = self.machine.name not in peer.peers and peer.name in self.machine.peers
        rejected = left or peer.name in self.machine.rejected_by or self.machine.name in peer.rejected_by
        state, text = (6, "Peer Rejected") if rejected else (3, "Peer in Cluster")
        further = () if self.machine.name in self.cluster.deaf else self.cluster.known_names.get(name, ())
        names = "".join("<hostname>%s</hostname>" % one for one in [name, *further])
        return (
            "<peer><uuid>%s</uuid><hostname>%s</hostname><hostnames>%s</hostnames>"
            "<connected>%d</connected><state>%d</state><stateStr>%s</stateStr></peer>"
            % (peer.uuid, name, names, peer.up, state, text)
        )

    def _pool_list(self):
        local = "<peer><uuid>%s</uuid><hostname>localhost</hostname><connected>1</connected></peer>" % self.machine.uuid
        return success("<peerStatus>%s%s</peerStatus>" % ("".join(map(self._peer, self.machine.peers)), local))

    def _peer_probe(self, name):
        peer = self.cluster.at(name)
        if peer is None or not peer.up:
            return failure("Probe returned with Transport endpoint is not connected", 107)
        if name == self.machine.name or name in self.machine.peers:
            return success()
        if peer.name in self.machine.peers:
            # One more name of a member, behind those that it has, and the others hear of it.
            self.cluster.known_names.setdefault(peer.name, []).append(name)
            return success()
        if peer.uuid == self.machine.uuid:
            return failure("Peer uuid (host %s) is same as local uuid" % name, 5)
        if peer.peers or peer.volumes:
            return failure("%s is either already part of another cluster or having volumes configured" % name, 3)
        self.cluster.form_pool(self.machine.name, *(self.machine.peers + [name]))
        return success()

    def _peer_detach(self, name):
        rest = [other for other in self.machine.peers if other != name]
        self.cluster.form_pool(self.machine.name, *rest)
        self.cluster.machines[name].peers = []
        self.cluster.machines[name].volumes = {}
        return success()

    def _volume_info(self, name=None):
        volumes = self.machine.volumes
        if name is not None and name not in volumes:
            return failure("Volume does not exist", 30806)
        chosen = [volumes[name]] if name else [volumes[key] for key in sorted(volumes)]
        return success("<volInfo><volumes>%s</volumes></volInfo>" % "".join(map(self._volume_xml, chosen)))

    def _volume_xml(self, volume):
        volume = dict(volume, snapshotCount=self.cluster.snapshots.get(volume["name"], 0)
                      + len(self.cluster.snapshot_names.get(volume["name"], ())))  # fmt: skip
        counts = "".join("<%s>%s</%s>" % (tag, volume[tag], tag) for tag in sorted(volume) if tag.endswith("Count"))
        width, arbiters = volume["replicaCount"], volume["arbiterCount"]
        bricks = "".join(
            self._brick_xml(brick, bool(arbiters) and index % width == width - 1)
            for index, brick in enumerate(volume["bricks"])
        )
        options = "".join(
            "<option><name>%s</name><value>%s</value></option>" % (name, escape(value))
            for name, value in sorted(volume["options"].items())
        )
        return (
            "<volume><name>%s</name><id>%s</id><statusStr>%s</statusStr>%s<bricks>%s</bricks><options>%s</options></volume>"
            % (
                volume["name"],
                volume["id"],
                volume["status"],
                counts,
                bricks,
                options,
            )
        )

    def _brick_xml(self, brick, is_arbiter):
        host = brick.partition(":")[0]
        text = "<brick uuid='%s'>%s<name>%s</name><hostUuid>%s</hostUuid><isArbiter>%d</isArbiter></brick>"
        owner = self.cluster.at(host).uuid
        return text % (owner, brick, brick, owner, is_arbiter)

    def _volume_create(self, name, *words):
        if name in self.machine.volumes:
            return failure("Volume %s already exists" % name, 0)
        counts, bricks = _shape_and_bricks(words)
        refused = self._refuse_bricks(bricks)
        if refused:
            return refused
        identity = uuid_of("%s %s" % (name, len(self.cluster.commands)))
        for brick in bricks:
            self.cluster.directories[tuple(brick.split(":"))] = (identity, True)
        self.machine.volumes[name] = dict(
            counts, name=name, id=identity, status="Created", bricks=list(bricks), options=dict(NEW_OPTIONS)
        )
        return success()

    def _refuse_bricks(self, bricks):
        """Check in glusterd's order: what it looked at before the refusal keeps its mark."""
        for brick in bricks:
            host, path = brick.split(":")
            if (host, path) in self.cluster.directories:
                return failure("%s is already part of a volume" % path)
            if host not in [self.machine.name] + self.machine.peers:
                return failure("Host %s is not in 'Peer in Cluster' state" % host)
            if not self.cluster.machines[host].up:
                return failure("Host %s not connected" % host)
            if host == self.machine.name:
                self.cluster.directories[(host, path)] = (uuid_of("never " + brick), True)
        for brick in bricks:
            self.cluster.directories.pop(tuple(brick.split(":")), None)
        return None

    def _volume_add_brick(self, name, *words):
        counts, bricks = _shape_and_bricks(words)
        volume = self.machine.volumes[name]
        refused = self._refuse_copies(volume, counts, bricks, words[-1]) if words[0] == "replica" else None
        refused = refused or self._refuse_bricks(bricks)
        if refused:
            return refused
        if words[0] == "replica":
            self._add_copies(volume, counts, bricks)
        else:
            volume["bricks"].extend(bricks)
        for brick in bricks:
            self.cluster.directories[tuple(brick.split(":"))] = (volume["id"], True)
        return success()

    def _refuse_copies(self, volume, counts, bricks, last):
        """As glusterd does. The same number of copies again would add a set."""
        present, wanted = volume["replicaCount"], counts["replicaCount"]
        if volume["disperseCount"]:
            return failure("Volume %s cannot be converted from dispersed to replicated-dispersed" % volume["name"], 0)
        if wanted < present:
            return failure("Incorrect replica count (%s) supplied. Volume already has (%s)" % (wanted, present), 0)
        if len(bricks) * present != len(volume["bricks"]) * (wanted - present):
            return failure("Operation failed", 0)
        if volume["arbiterCount"]:
            return failure("Increasing replica count for arbiter volumes is not supported.")
        # As 10.3 counts: of all sets, and only where there are copies already.
        hosts = [brick.split(":")[0] for brick in bricks]
        present_hosts = {brick.split(":")[0] for brick in volume["bricks"]}
        if last != "force" and present > 1 and (len(set(hosts)) < len(hosts) or present_hosts & set(hosts)):
            return failure(
                "Multiple bricks of a replicate volume are present on the same server. This setup is not optimal."
            )
        down = [brick for brick in volume["bricks"] if self.cluster.processes.get(brick, 7) is None]
        if down:
            return failure(
                "Brick %s is down, changing replica count needs all the bricks to be up to avoid data loss"
                % down[0].split(":")[1]
            )
        return None

    def _add_copies(self, volume, counts, bricks):
        """New bricks stand behind those of their set, and those list what the new ones lack."""
        present, more = volume["replicaCount"], counts["replicaCount"] - volume["replicaCount"]
        sets = [volume["bricks"][first : first + present] for first in range(0, len(volume["bricks"]), present)]
        volume["bricks"][:] = [
            brick for number, own in enumerate(sets) for brick in [*own, *bricks[number * more : (number + 1) * more]]
        ]
        volume.update(replicaCount=counts["replicaCount"], arbiterCount=counts["arbiterCount"])
        if self.cluster.marks_new_copies:
            self.cluster.pending.update({brick: 1 for own in sets for brick in own})

    def _volume_reset_brick(self, name, brick, *words):
        if words == ("start",):
            self.cluster.processes[brick] = None
            return success()
        if self.cluster.read_too_early:
            self.cluster.directories[tuple(brick.split(":"))] = (self.machine.volumes[name]["id"], True)
            return failure(
                "Pre Validation failed on h1. When destination brick is new, please use gluster volume replace-brick "
                "<volname> <src-brick> <dst-brick> commit force"
            )
        if words[0] != brick:
            return self._rename(name, brick, words[0])
        return self._take_up(name, brick)

    def _rename(self, name, old, new):
        """As glusterd does: a brick that runs, or is of another machine, keeps its name. The files stay."""
        if self.cluster.processes.get(old, 7) is not None:
            return failure(
                "Source brick must be stopped. Please use gluster volume reset-brick <volname> <dst-brick> start."
            )
        if self.cluster.at(new.split(":")[0]) is not self.cluster.at(old.split(":")[0]):
            return failure("Brick not available.It may be containing or be contained by an existing brick.")
        bricks = self.machine.volumes[name]["bricks"]
        bricks[bricks.index(old)] = new
        self.cluster.directories[tuple(new.split(":"))] = self.cluster.directories.pop(tuple(old.split(":")))
        self.cluster.processes.pop(old)
        clients = self.cluster.clients.pop(old, ())
        self.cluster.clients[new] = () if new.split(":")[0] in self.cluster.unreachable else clients
        self.cluster.processes[new] = None if tuple(new.split(":")) in self.cluster.dead else 8
        return success()

    def _volume_replace_brick(self, name, old, new, *_words):
        bricks = self.machine.volumes[name]["bricks"]
        bricks[bricks.index(old)] = new
        self.cluster.processes.pop(old, None)
        return self._take_up(name, new)

    def _take_up(self, name, brick):
        place = tuple(brick.split(":"))
        self.cluster.directories[place] = (self.machine.volumes[name]["id"], False)
        self.cluster.processes[brick] = None if place in self.cluster.dead else 8
        if self.cluster.lists_new_bricks:
            volume = self.machine.volumes[name]
            width = max(volume["replicaCount"], volume["disperseCount"])
            first = volume["bricks"].index(brick) // width * width
            others = [one for one in volume["bricks"][first : first + width] if one != brick]
            self.cluster.pending.update({one: 1 for one in others if self.cluster.processes.get(one, 7) is not None})
        return success()

    def _snapshot_list(self, volume):
        names = self.cluster.snapshot_names.get(volume, ())
        shown = "".join("<snapshot>%s</snapshot>" % name for name in names)
        return success("<snapList><count>%s</count>%s</snapList>" % (len(names), shown))

    def _snapshot_create(self, name, volume, *_words):
        if not self.cluster.is_thin:
            return failure(
                "Snapshot is supported only for thin provisioned LV. Ensure that all bricks of %s are thinly "
                "provisioned LV." % volume
            )
        if name in self.cluster.snapshot_states:
            return failure("Snapshot %s already exists" % name)
        self.cluster.snapshot_states[name] = [volume, "Stopped"]
        return success()

    def _snapshot_activate(self, name):
        self.cluster.snapshot_states[name][1] = "Started"
        return success()

    def _snapshot_info(self, name):
        """The form of cli-xml-output.c, and the refusal as it was recorded."""
        if name not in self.cluster.snapshot_states:
            return failure("Snapshot (%s) does not exist" % name)
        volume = "<snapVolume><name>0f</name><status>%s</status></snapVolume>" % self.cluster.snapshot_states[name][1]
        shown = "<snapshots><snapshot><name>%s</name>%s</snapshot></snapshots>" % (name, volume)
        return success("<snapInfo><count>1</count>%s</snapInfo>" % shown)

    def _snapshot_clone(self, name, snapshot):
        if name in self.machine.volumes:
            return failure("Volume with name:%s already exists" % name)
        volume, state = self.cluster.snapshot_states[snapshot]
        if state != "Started":
            return failure("Snapshot %s is not activated" % snapshot)
        origin = self.machine.volumes[volume]
        hosts = [brick.split(":")[0] for brick in origin["bricks"]]
        bricks = ["%s:/run/gluster/snaps/0f/brick%s/b" % (host, number) for number, host in enumerate(hosts, 1)]
        self.machine.volumes[name] = dict(origin, name=name, id=uuid_of(name), status="Created", bricks=bricks)
        self.cluster.directories.update({tuple(brick.split(":")): (uuid_of(name), False) for brick in bricks})
        return success()

    def _snapshot_delete(self, name):
        if self.cluster.snapshot_states.pop(name, None) is None:
            return failure("Snapshot (%s) does not exist" % name)
        return success()

    def _volume_set(self, name, *words):
        if name == "all":
            self.cluster.op_version = int(words[1])
            return success()
        if "nfs.disable" in words[::2]:
            return failure("option : nfs.disable does not exist")
        if "cluster.granular-entry-heal" in words[::2] and self.machine.volumes[name]["status"] == "Started":
            return failure("Use the command volume heal %s granular-entry-heal {enable | disable}" % name)
        self.machine.volumes[name]["options"].update(zip(words[::2], words[1::2]))
        return success()

    def _volume_get(self, name, _all):
        if name == "all":
            versions = {"op": self.cluster.op_version, "max-op": self.cluster.max_op_version}
            options = {"cluster.%s-version" % key: str(version) for key, version in versions.items()}
        else:
            options = dict({"performance.cache-size": "32MB (DEFAULT)"}, **self.machine.volumes[name]["options"])
        line = "<Opt><Option>%s</Option><Value>%s</Value></Opt>"
        return success("<volGetopts>%s</volGetopts>" % "".join(line % option for option in sorted(options.items())))

    def _volume_reset(self, name, option):
        if option.startswith("user."):
            return failure("Option %s does not exist\nDid you mean cluster.nufa?" % option)
        self.machine.volumes[name]["options"].pop(option, None)
        return success()

    def _volume_start(self, name, *force):
        """As seen: with force it gives a mark to directories that lack it, and says success whatever it starts."""
        volume = self.machine.volumes[name]
        if force:
            self._start_offline(volume)
            self.cluster.lost_healers.discard(name)
            return success()
        if volume["status"] == "Started":
            return failure("Volume %s already started" % name)
        self.machine.volumes[name]["status"] = "Started"
        return success()

    def _start_offline(self, volume):
        for brick in volume["bricks"]:
            place = tuple(brick.split(":"))
            directory = self.cluster.directories.setdefault(place, (volume["id"], True))
            if directory[0] == volume["id"] and place not in self.cluster.dead:
                self.cluster.processes.pop(brick, None)

    def _volume_stop(self, name):
        self.machine.volumes[name]["status"] = "Stopped"
        return success()

    def _volume_delete(self, name):
        del self.machine.volumes[name]
        return success()

    def _volume_rebalance(self, name, *words):
        moving = self.cluster.moving.get(name)
        rebalance = moving if moving and moving.kind == "Rebalance" else None
        if words in (("status",), ("stop",)):
            if rebalance is None:
                return Result(1, failure("Rebalance not started for volume %s." % name).stdout, "")
            if words == ("stop",):
                del self.cluster.moving[name]
            return success("<volRebalance>%s</volRebalance>" % self._moved_xml(moving))
        if moving and moving.kind == "Remove brick":
            return failure("A remove-brick task on volume %s is not yet committed." % name)
        if moving and moving.status.endswith("in progress"):
            return failure("Rebalance on %s is already started" % name)
        hosts = sorted({brick.split(":")[0] for brick in self.machine.volumes[name]["bricks"]})
        end = "in progress" if self.cluster.moves_slowly else "completed"
        self.cluster.moving[name] = Moving("Rebalance", hosts, "fix-layout " * ("fix-layout" in words) + end)
        return success()

    def _moved_xml(self, moving):
        line = (
            "<node><nodeName>%s</nodeName><id>%s</id><files>%s</files><size>4096</size><lookups>9</lookups>"
            "<failures>%s</failures><skipped>%s</skipped><statusStr>%s</statusStr><runtime>1.00</runtime></node>"
        )
        numbers = ("files", "failures", "skipped", "status")
        return "".join(
            line % (name, self.cluster.machines[name].uuid, *(one[number] for number in numbers))
            for name, one in sorted(moving.machines.items())
        )

    def _volume_remove_brick(self, name, *words):
        """As recorded; what is removed keeps its mark and its files."""
        if words[0] == "replica":
            return self._remove_copies(self.machine.volumes[name], int(words[1]), list(words[2:-1]), words[-1])
        bricks, word = list(words[:-1]), words[-1]
        moving, volume = self.cluster.moving.get(name), self.machine.volumes[name]
        if not set(bricks) <= set(volume["bricks"]):
            return failure("Incorrect brick %s for volume %s" % (bricks[0], name), 0)
        if word == "start":
            return self._start_removal(name, bricks)
        if moving is None or moving.kind != "Remove brick":
            return failure("remove-brick not started for volume %s." % name)
        if sorted(moving.bricks) != sorted(bricks):
            return failure("Incorrect brick for volume %s" % name)
        if word == "status":
            return success("<volRemoveBrick>%s</volRemoveBrick>" % self._moved_xml(moving))
        if word == "commit" and moving.status == "in progress":
            return failure("Pre Validation failed on h1. use 'force' option as migration is in progress")
        del self.cluster.moving[name]
        if word == "commit":
            volume["bricks"] = [brick for brick in volume["bricks"] if brick not in bricks]
        return success()

    def _remove_copies(self, volume, copies, bricks, word):
        width = volume["replicaCount"]
        sets = [volume["bricks"][first : first + width] for first in range(0, len(volume["bricks"]), width)]
        if any(len(set(own) & set(bricks)) != width - copies for own in sets):
            return failure("Remove exactly %s brick(s) from each subvolume." % (width - copies), 0)
        if volume["arbiterCount"] and any(own[-1] not in bricks for own in sets):
            return failure("Remove arbiter brick(s) only when converting from arbiter to replica 2 subvolume.", 0)
        if word != "force":
            return failure("Migration of data is not needed when reducing replica count. Use the 'force' option")
        volume["bricks"][:] = [brick for brick in volume["bricks"] if brick not in bricks]
        volume.update(replicaCount=copies, arbiterCount=0)
        for brick in bricks:
            # It has been used, and so it is empty no more.
            self.cluster.directories[tuple(brick.split(":"))] = (volume["id"], False)
        return success()

    def _start_removal(self, name, bricks):
        moving = self.cluster.moving.get(name)
        if moving and moving.kind == "Remove brick":
            return failure("An earlier remove-brick task exists for volume %s." % name)
        if moving and moving.status.endswith("in progress"):
            return failure("Rebalance is in progress. Please retry after completion")
        hosts = sorted({brick.split(":")[0] for brick in bricks})
        end = "in progress" if self.cluster.moves_slowly else "completed"
        self.cluster.moving[name] = Moving("Remove brick", hosts, end, bricks)
        return success()

    def _volume_status(self, name, *words):
        volumes = self.machine.volumes
        if name != "all" and volumes[name]["status"] != "Started":
            return failure("Volume %s is not started" % name)
        chosen = [
            volumes[key] for key in sorted(volumes) if name == key or (name == "all" and key not in self.cluster.held)
        ]
        shown = "".join(self._status_xml(volume, words) for volume in chosen if volume["status"] == "Started")
        return success("<volStatus><volumes>%s</volumes></volStatus>" % shown)

    def _status_xml(self, volume, words):
        nodes = "".join(self._node_xml(brick, "detail" in words) for brick in volume["bricks"])
        nodes += "" if words else self._healers_xml(volume)
        line = "<task><type>%s</type><statusStr>%s</statusStr></task>"
        tasks = "".join(line % task for task in self.cluster.tasks.get(volume["name"], ()))
        moving = self.cluster.moving.get(volume["name"])
        if moving:
            bricks = "".join("<brick>%s</brick>" % brick for brick in moving.bricks)
            task = "<task><type>%s</type><statusStr>%s</statusStr><params>%s</params></task>"
            tasks += task % (moving.kind, moving.status, bricks)
        return "<volume><volName>%s</volName>%s<tasks>%s</tasks></volume>" % (volume["name"], nodes, tasks)

    def _healers_xml(self, volume):
        """Each member has one, also without a brick of the volume, where that has copies and healing is on."""
        kind = {"replicaCount": "", "disperseCount": "disperse-"}
        options = ["cluster.%sself-heal-daemon" % kind[tag] for tag in kind if volume[tag] > 1]
        if not options or volume["options"].get(options[0]) == "off":
            return ""
        line = (
            "<node><hostname>Self-heal Daemon</hostname><path>%s</path><peerid>%s</peerid><status>%d</status>"
            "<port>N/A</port><pid>%s</pid></node>"
        )
        names = [self.machine.name, *self.machine.peers]
        members = [self.cluster.machines[name] for name in names if self.cluster.machines[name].up]
        pids = {one.name: -1 if one.name in self.cluster.dead_healers else 9 for one in members}
        return "".join(line % (one.name, one.uuid, pids[one.name] > 0, pids[one.name]) for one in members)

    def _node_xml(self, brick, with_detail):
        host, path = brick.split(":")
        if not self.cluster.at(host).up:
            return ""
        pid, port = self.cluster.processes.get(brick, 7), self.cluster.ports.get(brick, 49152)
        sizes, device = self.cluster.sizes.get(brick), self.cluster.devices.get(brick)
        client = "<client><hostname>%s:49151</hostname><opVersion>%s</opVersion></client>"
        versions = self.cluster.client_versions
        clients = "".join(
            client % (address, versions.get(address, self.cluster.op_version))
            for address in self.cluster.clients.get(brick, ())
        )
        return (
            "<node><hostname>%s</hostname><path>%s</path><status>%d</status><port>%s</port><pid>%s</pid>"
            "<clientsStatus>%s</clientsStatus>%s%s</node>"
        ) % (
            host,
            path,
            pid is not None,
            "N/A" if port is None else port,
            -1 if pid is None else pid,
            clients,
            "<sizeTotal>%s</sizeTotal><sizeFree>%s</sizeFree>" % sizes if sizes else "",
            "<device>%s</device>" % device if with_detail and device else "",
        )

    def _volume_heal(self, name, *words):
        if not words:
            return self._heal(name)
        bricks = self.machine.volumes[name]["bricks"]
        if words[0] == "granular-entry-heal":
            self.machine.volumes[name]["options"]["cluster.granular-entry-heal"] = words[1]
            return Result(
                0, "%s granular entry heal on volume %s has been successful \n" % (words[1].title(), name), ""
            )
        if words == ("statistics", "heal-count"):
            return self._heal_count(name, bricks)
        if words[0] == "split-brain":
            return self._resolve(bricks, words[1], words[-1])
        if name in self.cluster.heal_failures:
            return failure(self.cluster.heal_failures[name], 5)
        tell = {("info", "split-brain"): self._split_brain_xml, ("info",): self._waiting_xml}
        shown = "".join(map(tell.get(words, self._summary_xml), bricks))
        return success("<healInfo><bricks>%s</bricks></healInfo>" % shown)

    def _heal_count(self, name, bricks):
        """Text, with --xml too."""
        said = "Gathering count of entries to be healed on volume %s has been " % name
        if self.machine.volumes[name].get("disperse"):
            why = "This command is supported for only volume of replicated type. Volume %s is not of type replicate"
            return Result(255, "", said + "unsuccessful:\n" + why % name)
        if "not running" in self.cluster.heal_refusal:
            return Result(255, "", said + "unsuccessful:\n" + self.cluster.heal_refusal)
        counts = [
            "\nBrick %s\nNumber of entries: %s\n" % (brick, self._waiting_on(brick)) for brick in bricks
        ]
        return Result(0, said + "successful \n" + "".join(counts), "")

    def _summary_xml(self, brick):
        return (
            "<brick><name>%s</name><status>Connected</status><numberOfEntriesInHealPending>%s"
            "</numberOfEntriesInHealPending><numberOfEntriesInSplitBrain>%s</numberOfEntriesInSplitBrain></brick>"
        ) % (brick, self.cluster.pending.get(brick, 0), len(self.cluster.split_brain.get(brick, ())))

    def _waiting_xml(self, brick):
        """Entries have the same name on all bricks, as the same file has."""
        files = [(at, "/%s" % at) for at in range(self.cluster.pending.get(brick, 0))]
        shown = "".join('<file gfid="%s">%s</file>' % file for file in files + self.cluster.stuck.get(brick, []))
        return "<brick><name>%s</name>%s<status>Connected</status></brick>" % (brick, shown)

    def _waiting_on(self, brick):
        return self.cluster.pending.get(brick, 0) + len(self.cluster.stuck.get(brick, []))

    def _split_brain_xml(self, brick):
        files = self.cluster.split_brain.get(brick, ())
        shown = "".join('<file gfid="%s">%s</file>' % (gfid, escape(file)) for gfid, file in files)
        return "<brick><name>%s</name>%s<status>Connected</status></brick>" % (brick, shown)

    def _resolve(self, bricks, policy, path):
        """Text, with --xml too; the exit code tells nothing of names that stand for different files."""
        is_tie = path in self.cluster.ties and policy != "source-brick"
        folder, name = posixpath.split(path)
        if name in self.cluster.conflicts.get(folder, ()):
            if is_tie:
                said = "Lookup failed on %s:Input/output error.\nNo difference in mtime for file %s\n"
                return Result(0, said % (path, path), "")
            self.cluster.conflicts[folder].remove(name)
            return Result(0, "GFID split-brain resolved for file %s\n" % path, "")
        listed = {entry for brick in bricks for entry in self.cluster.split_brain.get(brick, ())}
        gfids = {gfid for gfid, file in listed if path in (file, "gfid:" + gfid)}
        if not gfids:
            return Result(1, "Healing %s failed: File not in split-brain.\nVolume heal failed.\n" % path, "")
        if is_tie:
            return Result(1, "Healing %s failed: No difference in mtime.\nVolume heal failed.\n" % path, "")
        self._unlist(bricks, lambda gfid, _file: gfid in gfids)
        return Result(0, "Healed %s.\n" % path, "")

    def _unlist(self, bricks, is_healed):
        for brick in bricks:
            entries = self.cluster.split_brain.get(brick, ())
            self.cluster.split_brain[brick] = [entry for entry in entries if not is_healed(*entry)]

    def _heal(self, name):
        """All at once; the answer is text, with --xml too."""
        said = "Launching heal operation to perform index self heal on volume %s has been " % name
        lost = "Self-heal daemon is not running. Check self-heal daemon log file."
        refusal = self.cluster.heal_refusal or (lost if name in self.cluster.lost_healers else "")
        if refusal:
            return Result(1, "", "%sunsuccessful:\n%s\n" % (said, refusal))
        bricks = self.machine.volumes[name]["bricks"]
        for brick in bricks:
            self.cluster.pending.pop(brick, None)
        listed = {entry for brick in bricks for entry in self.cluster.split_brain.get(brick, ())}
        healed = {gfid for gfid, file in listed if self.cluster.conflicts.get(file) == []}
        self._unlist(bricks, lambda gfid, _file: gfid in healed)
        return Result(0, said + "successful \nUse heal info commands to check status.\n", "")


def _shape_and_bricks(words):
    counts = {"replicaCount": 1, "arbiterCount": 0, "disperseCount": 0, "redundancyCount": 0}
    tags = {
        "replica": "replicaCount",
        "arbiter": "arbiterCount",
        "disperse": "disperseCount",
        "redundancy": "redundancyCount",
    }
    words = list(words)
    while words and words[0] in tags:
        count, number = words.pop(0), words.pop(0)
        counts[tags[count]] = int(number)
    bricks = [word for word in words if word != "force"]
    return dict(counts, brickCount=len(bricks), snapshotCount=0), bricks
