# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole way in memory: four hosts with disks in one network, from bare to volumes, by the engine itself."""

from ansible_collections.brickwork.gluster.plugins.module_utils.command import NOT_FOUND, Result
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.info import observe_gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.marks import Mark
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pool import DesiredPeers, PeerOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume import VolumesOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volumes_plan import (
    desired_volume,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.look import look_at_gluster, without_pool
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.bricks import BrickOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.desired import desired_device, desired_host
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.host import BrickHost
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.info import observe_bricks
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import GIB
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.plan import Settings, plan_cluster
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import Node, node_disks, pool_answer
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.reference import reference_node
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster
from ansible_collections.brickwork.gluster.tests.fakes.host import FakeDirectories, FakeHost

SHARED = {"name": "shared", "type": "replicate", "size": "2GiB", "options": {"network.ping-timeout": 20}}
ARCHIVE = {"name": "archive", "type": "arbiter", "size": "1GiB"}
ZONES = {"n1": "a", "n2": "b", "n3": "c", "n4": "a"}
DEVICES = [{"path": "/dev/sdb"}, {"path": "/dev/sdc"}]


class NoFiles:
    """A node whose /var/lib/glusterd the test tells itself."""

    def read(self, path):
        return ""

    def exists(self, path):
        return False


class Site:
    """What a whole inventory of machines would be: each step of site.yml, without Ansible."""

    def __init__(self, installed=True):
        self.cluster = FakeCluster(*ZONES)
        self.hosts = {name: FakeHost({"/dev/sdb": 8 * GIB, "/dev/sdc": 8 * GIB}) for name in ZONES}
        self.directories = {name: FakeDirectories() for name in ZONES}
        self.installed = installed
        self.encrypted = False
        for name, host in self.hosts.items():
            host._gluster = self._gluster_of(name)

    def _gluster_of(self, name):
        runner = self.cluster.on(name)

        def gluster(words):
            return runner.run(["gluster"] + words, 1) if self.installed else Result(NOT_FOUND, "", "")

        return gluster

    def _local_facts(self):
        known = {"listening": True, "op_version": 100000, "uuid": ""}
        return dict(known, stored_volumes=[], encrypted=self.encrypted)

    def brick_host(self, name):
        host = self.hosts[name]
        return BrickHost(host, Gluster(host, clock=FakeClock()), host, self.directories[name], name)

    def nodes(self):
        return [self.node(name) for name in ZONES]

    def node(self, name):
        """What the look finds on one node."""
        volumes = self.cluster.machines[name].volumes if self.installed else {}
        looked = look_at_gluster(Gluster(self.hosts[name]), self.hosts[name], NoFiles(), self._local_facts)
        looked["volumes"] = {volume: "%s" % known["id"] for volume, known in volumes.items()}
        looked["known_volumes"] = len(volumes)
        devices = [desired_device(device) for device in DEVICES]
        disks = without_pool(observe_bricks(self.brick_host(name), devices, "/srv/gluster"))
        return Node(name, name, ZONES[name], DEVICES, looked, node_disks(name, looked["uuid"], disks))

    def answer(self, nodes, **more):
        """What the node that knows most tells of the pool."""
        name = reference_node(nodes).name
        gluster = Gluster(self.hosts[name], clock=FakeClock())
        seen = observe_gluster(gluster, ("pool", "volumes", "bricks"), self._local_facts)
        return pool_answer(seen)._replace(**more)

    def plan(self, *volumes, tasks=(), **settings):
        return self.planned(list(volumes), self.nodes(), Settings(**settings), tasks=tuple(tasks))

    def planned(self, volumes, nodes, settings=None, absent=(), **more):
        return plan_cluster(volumes, nodes, settings or Settings(), self.answer(nodes, **more), absent)

    def run(self, *volumes, **settings):
        """Do what site.yml does; return the plan that it followed."""
        plan = self.plan(*volumes, **settings)
        self.make_bricks(plan)
        gluster = Gluster(self.cluster.on(plan["reference"]), clock=FakeClock())
        converge(PeerOperation(gluster, DesiredPeers(tuple(plan["peers"]), True), 5, FakeClock(), lambda name: []))
        for volume in plan["volumes"]:
            desired = desired_volume(volume["parameters"])
            directories = self.cluster.directories_of(plan["reference"])
            converge(VolumesOperation(gluster, directories, [desired], 5, FakeClock(), lambda name: []))
        return plan

    def mark_bricks(self, name):
        """Give the bricks of a volume the marks that glusterd gave them, as their hosts show them."""
        volume = self.cluster.machines["n1"].volumes[name]
        for brick in volume["bricks"]:
            host, path = brick.split(":")
            self.directories[host].marks[path] = Mark(path, volume["id"], False)

    def make_bricks(self, plan, hosts=tuple(ZONES)):
        for name in hosts:
            if plan["bricks"][name]["steps"]:
                converge(BrickOperation(self.brick_host(name), desired_host(plan["bricks"][name])))
