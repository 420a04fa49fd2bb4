# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two nodes with kubelets, and volumes of GlusterFS on the lab's machines: pods read what the others have written.

The tests are steps of one way, in this order.
"""

import contextlib
import copy
import os
import pathlib
import subprocess

import pytest
from brickwork_lab.lab import Lab
from brickwork_lab.network import tap
from brickwork_lab.spec import load_spec
from claims import Claims, wait_for
from control_plane import HEKETI_WITH_BRICKS, ROOT
from images import write_image
from node import IMAGES, SYSCTLS, Node, Settings, cgroups
from pods import Pods, guide, set_apart
from role import Role

CLASS = {
    "name": "bricks",
    "gid_min": 40000,
    "gid_max": 50000,
    "volumetype": "replicate:3",
    "volumeoptions": {"network.ping-timeout": 10},
}
CLAIM, DEPLOYMENT = guide()
CLAIM["spec"]["storageClassName"] = CLASS["name"]
MEDIA = {"name": "media", "path": "/srv/pods/media", "size": "1Gi", "claim": {"name": "media"}}
#: GiB of each storage node's disk that heketi may give out.
DISK = 38


class Storage:
    """The lab's machines, which have the bricks."""

    def __init__(self):
        self.lab = Lab(load_spec(ROOT / "tests/lab/specs/kubernetes.yml"))
        self.addresses = [guest.address for guest in self.lab.spec.guests]

    def run(self, name, script):
        """Run a shell script on a storage node and return what it printed."""
        done = subprocess.run(self.lab.ssh_argv(name) + [script], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{name}: {script}: {done.stdout}{done.stderr}"
        return done.stdout

    def gluster(self, words):
        """Return what a gluster command prints on the first storage node."""
        return self.run("node1", f"gluster --mode=script {words} 2>&1")

    def everywhere(self, script):
        """Return what a shell script prints on each storage node."""
        return [self.run(guest.name, script) for guest in self.lab.spec.guests]

    @contextlib.contextmanager
    def cut_off(self, name):
        """Pull a storage node's cable out of the bridge, and put it in again at the end."""
        cable = ["ip", "link", "set", tap(self.lab.spec, self.lab.spec.guest(name))]
        subprocess.run([*cable, "nomaster"], check=True)
        try:
            yield
        finally:
            subprocess.run([*cable, "master", "br0"], check=True)

    def has_spread(self, volume):
        """Whether a rebalance has come to its end; it has no answer while it begins."""
        said = self.run("node1", f"gluster --mode=script volume rebalance {volume} status 2>&1 || true")
        return "completed" in said and "in progress" not in said

    def heal(self, volume):
        """Ask for a volume to be healed, and return whether it is.

        It would be by itself, but GlusterFS may look every ten minutes only, and refuses to be asked while a node is
        coming back.
        """
        self.run("node1", f"gluster --mode=script volume heal {volume} || true")
        return self.unhealed(volume) == 0

    def unhealed(self, volume):
        """Return how many files of a volume wait to be healed; None while a brick does not tell."""
        said = self.run("node1", f"gluster --mode=script volume heal {volume} info summary 2>&1 || true")
        counts = [line.split(": ")[1] for line in said.splitlines() if line.startswith("Total Number of entries:")]
        return sum(map(int, counts)) if counts and all(count.isdigit() for count in counts) else None


def sysctls():
    """Return what this machine has set of what a kubelet would change."""
    return {name: pathlib.Path("/proc/sys", name).read_text() for name in SYSCTLS}


@pytest.fixture(scope="module")
def storage(plane):
    """The Storage, as one pool, known to a heketi that makes real bricks on it."""
    storage = Storage()
    storage.everywhere("systemctl enable --now glusterd")
    for address in storage.addresses[1:]:
        storage.gluster(f"peer probe {address}")
    wait_for("all are peers", lambda: storage.gluster("pool list").count("Connected") == 3)
    plane.start_heketi_with_bricks(storage.lab.state / "ssh_config", DISK)
    plane.add_storage(HEKETI_WITH_BRICKS, storage.addresses)
    return storage


@pytest.fixture(scope="module")
def nodes(plane, storage, api, tmp_path_factory):
    """Two nodes that are ready; they end with the module, whatever happens in it."""
    tree = pathlib.Path(os.environ["KUBERNETES_TREE"])
    busybox = tree / "bin/busybox"
    image = tmp_path_factory.mktemp("image") / "image.tar"
    applets = subprocess.run([busybox, "--list"], check=True, capture_output=True, text=True).stdout.split()
    write_image(image, IMAGES, busybox, applets)
    made = [Node(settings) for settings in _settings(storage.lab, tree)]
    before = sysctls()
    try:
        for node in made:
            node.start(plane.portable_config(), image)
        wait_for("both nodes are ready", lambda: ready_nodes(api) == [node.name for node in made])
        assert sysctls() == before
        yield made
    finally:
        for node in made:
            node.end()
        api.delete_collection_node()


def _settings(lab, tree):
    programs = pathlib.Path(os.environ["KUBERNETES_PROGRAMS"])
    workers = lab.state / "workers"
    return [
        Settings(name, number, f"192.168.77.{50 + number}", lab.spec.gateway, workers / name, tree, programs)
        for number, name in enumerate(("worker1", "worker2"), 1)
    ]


def ready_nodes(api):
    """Return the names of the nodes that are ready."""
    return [
        node.metadata.name
        for node in api.list_node().items
        if any(one.type == "Ready" and one.status == "True" for one in node.status.conditions or [])
    ]


@pytest.fixture
def role(plane, api, tmp_path):
    """The role, set to the heketi with real bricks."""
    return Role(tmp_path, kubeconfig=str(plane.kubeconfig), resturl=HEKETI_WITH_BRICKS, key=plane.admin_key)


@pytest.fixture
def claims(api):
    return Claims(api)


@pytest.fixture(scope="module")
def web(api):
    """The pods of the guide."""
    return Pods(api.api_client, DEPLOYMENT)


def claim_of(name):
    """Return the guide's claim for a declared folder of that name."""
    claim = copy.deepcopy(CLAIM)
    claim["metadata"]["name"] = name
    claim["spec"].update(storageClassName="", resources={"requests": {"storage": MEDIA["size"]}})
    return claim


def deployment_of(name):
    """Return the guide's Deployment under another name, on the claim of that name."""
    deployment = copy.deepcopy(DEPLOYMENT)
    deployment["metadata"]["name"] = name
    template = deployment["spec"]["template"]
    deployment["spec"]["selector"]["matchLabels"] = template["metadata"]["labels"] = {"app": name}
    template["spec"]["volumes"][0]["persistentVolumeClaim"]["claimName"] = name
    set_apart(template)
    return deployment


def read_all(pods, name):
    """Return what a pod reads of the ten files."""
    return pods.run(name, "cat /data/file-*").split()


def test_the_two_pods_of_the_guide_read_each_others_files(nodes, role, claims, web):
    role.run(classes=[CLASS]).changed()
    claims.apply(CLAIM)
    claims.bound("shared")
    found = web.start()
    assert sorted(found.values()) == ["worker1", "worker2"]
    one, other = found
    web.run(one, "for n in 0 1 2 3 4 5 6 7 8 9; do echo $n > /data/file-$n; done")
    assert read_all(web, other) == list("0123456789")
    web.run(other, "echo changed > /data/file-0")
    assert read_all(web, one)[0] == "changed"


def test_a_successor_reads_what_was_written_before(web):
    before = web.ready()
    gone = next(iter(before))
    web.delete_one(gone)
    [successor] = set(wait_for("there is a successor", lambda: gone not in web.ready() and web.ready())) - set(before)
    assert len(read_all(web, successor)) == 10


def test_growth_is_seen_in_the_pods(storage, claims, web):
    def sizes():
        """Return how large the volume is for each pod, in MiB."""
        counts = [web.run(name, "stat -f -c '%b %S' /data").split() for name in web.ready()]
        return [int(blocks) * int(size) // 2**20 for blocks, size in counts]

    before = sizes()
    assert all(4500 < size <= 5120 for size in before), before
    claims.grow("shared", "7Gi")
    wait_for("both pods see 2 GiB more", lambda: all(size > 6500 for size in sizes()))
    volume = claims.bound("shared").spec.glusterfs.path
    wait_for("its files are spread", lambda: storage.has_spread(volume))
    assert all(len(read_all(web, name)) == 10 for name in web.ready())


def test_pods_go_on_while_a_storage_node_is_cut_off(storage, claims, web):
    volume = claims.bound("shared").spec.glusterfs.path
    one, other = web.ready()
    with storage.cut_off("node3"):
        # It waits for network.ping-timeout and does not fail.
        web.run(one, "for n in 0 1 2 3 4 5 6 7 8 9; do echo later > /data/file-$n; done")
        assert read_all(web, other) == ["later"] * 10
        assert storage.unhealed(volume) is None
    wait_for("all is healed", lambda: storage.heal(volume))


def test_the_trial_of_the_role_has_its_pods_on_both_nodes(api, role, claims):
    role.run(classes=[CLASS], test=True, test_keep=True).succeeded()
    found = api.list_namespaced_pod("default", label_selector="brickwork.gluster/trial=brickwork-trial-bricks").items
    assert sorted(pod.spec.node_name for pod in found) == ["worker1", "worker2"]
    said = role.run(classes=[CLASS], test=True).succeeded()
    assert "each of two pods sees the other one" in " ".join(said.split())
    assert claims.read("brickwork-trial-bricks") is None


def test_a_declared_folder_of_a_mounted_volume_is_shared_as_well(nodes, storage, api, claims, role):
    """The newer way: every node has mounted a volume, and a PersistentVolume is a folder in it."""
    source = f"{storage.addresses[0]}:/{claims.bound('shared').spec.glusterfs.path}"
    for node in nodes:
        node.run("mkdir", "-p", "/srv/pods")
        node.run("mount", "-t", "glusterfs", source, "/srv/pods")
    nodes[0].run("install", "--directory", "--mode=0777", "/srv/pods/media")
    role.run(volumes=[MEDIA], way="mounted", resturl="", key="").changed()
    claims.apply(claim_of("media"))
    claims.bound("media")
    pods = Pods(api.api_client, deployment_of("media"))
    found = pods.start()
    assert sorted(found.values()) == ["worker1", "worker2"]
    one, other = found
    pods.run(one, "echo hello > /data/greeting")
    assert pods.run(other, "cat /data/greeting").split() == ["hello"]
    assert nodes[1].run("cat", "/srv/pods/media/greeting").split() == ["hello"]
    pods.delete()
    api.delete_namespaced_persistent_volume_claim("media", "default")
    api.delete_persistent_volume("media")
    wait_for("the claim is gone", lambda: not claims.read("media"))
    field = "metadata.name=media"
    wait_for("its volume is gone", lambda: not api.list_persistent_volume(field_selector=field).items)
    for node in nodes:
        node.run("umount", "/srv/pods")


def test_nothing_is_left_when_all_is_deleted(nodes, storage, claims, web):
    web.delete()
    claims.delete("shared")
    wait_for("Endpoints and Services are gone", lambda: not claims.names())
    wait_for("no volume is mounted", lambda: not any(node.volumes_mounted() for node in nodes))
    wait_for("no client of GlusterFS runs", lambda: not any("glusterfs" in node.run("busybox", "ps") for node in nodes))
    assert "No volumes present" in storage.gluster("volume list")
    assert storage.everywhere("lvs --noheadings; grep heketi /etc/fstab /proc/mounts || true") == [""] * 3
    for node in nodes:
        node.end()
        assert not cgroups(node.name)
