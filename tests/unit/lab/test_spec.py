# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wrong spec is refused with the key that is wrong; a good one becomes kernel arguments and connections."""

import pathlib

import pytest
import yaml
from brickwork_lab import connection, guest, image
from brickwork_lab.errors import LabError
from brickwork_lab.kernel import Kernel
from brickwork_lab.spec import load_spec, parse_spec

SPECS = sorted((pathlib.Path(__file__).resolve().parents[2] / "lab/specs").glob("*.yml"))
FAST = Kernel("7.0", pathlib.Path("/tree/modules"), pathlib.Path("/tree"))
SLOW = Kernel("6.1", pathlib.Path("/usr/lib/uml/modules"), None)


def data(**changes):
    one = {"name": "node1", "address": "10.0.0.2", "zone": "a", "disks": ["8G", "1G"]}
    two = {"name": "node2", "address": "10.0.0.3", "memory": "1G"}
    return {"name": "test", "network": "10.0.0.0/24", "guests": [one, two], **changes}


def guests(**changes):
    return data(guests=[{"name": "node1", "address": "10.0.0.2", **changes}])


def test_guests_without_python_lack_nothing_else():
    assert image.bare_packages(parse_spec(data(), "here")) == list(image.BARE)
    without = image.bare_packages(parse_spec(data(python=False), "here"))
    assert set(image.BARE) - set(without) == {"python3", "python3-apt"}


def test_guests_with_the_packages_installed():
    spec = parse_spec(data(packages=["attr", "lvm2"], include=["rpm"]), "here").with_packages_installed()
    assert spec.packages == () and image.bare_packages(spec) == [*image.BARE, "attr", "lvm2", "rpm"]


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_the_specs_of_the_examples_are_good(path):
    assert load_spec(path).guests


def test_the_caller_may_ask_for_another_name_and_suite():
    spec = load_spec(SPECS[0], name="mine", suite="trixie")
    assert (spec.name, spec.suite) == ("mine", "trixie")
    assert load_spec(SPECS[0], name=None, suite=None) == load_spec(SPECS[0])
    with pytest.raises(LabError, match="potato"):
        load_spec(SPECS[0], suite="potato")


def test_lists_of_packages():
    spec = parse_spec(data(packages=["attr"], include=["rpm", "dnf"]), "spec.yml")
    assert (spec.packages, spec.include) == (("attr",), ("rpm", "dnf"))


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (data(name=""), "name"),
        (data(network=None), "network"),
        (data(guests=[]), "guests"),
        (data(name="Two Words"), "name"),
        (data(colour="red"), "colour"),
        (data(suite="potato"), "suite"),
        (data(upgrades=["bullseye"]), "upgrades: 'bullseye'"),
        (data(suite="trixie", upgrades=["bookworm"]), "upgrades: 'bookworm'"),
        (data(kernel="slow"), "kernel"),
        (guests(disk=["8G"]), "disk"),
        (guests(disks=["much"]), "much"),
        (guests(disks=["1G"] * 14), "disks"),
        (guests(memory="lots"), "lots"),
        (guests(address="10.9.0.2"), "address"),
        (guests(address="10.0.0.1"), "address"),
        (guests(name="node_1"), "name"),
        (data(guests=[{"name": "node1"}]), "address"),
        (data(guests=[{"name": "a", "address": "10.0.0.2"}, {"name": "b", "address": "10.0.0.2"}]), "address"),
        (data(guests=[{"name": "a", "address": "10.0.0.2"}, {"name": "a", "address": "10.0.0.3"}]), "name"),
    ],
)
def test_what_is_wrong_is_named(wrong, named):
    with pytest.raises(LabError, match=rf"spec\.yml.*{named}"):
        parse_spec(wrong, "spec.yml")


def test_a_guest_inherits_memory_and_has_no_disk_by_itself():
    spec = parse_spec(data(memory="700M"), "spec.yml")
    assert [one.memory for one in spec.guests] == ["700M", "1G"]
    assert spec.guest("node2").disks == ()
    assert spec.gateway == "10.0.0.1"
    with pytest.raises(LabError, match="node9.*node1, node2"):
        spec.guest("node9")


def test_kernel_arguments_of_both_kernels():
    spec = parse_spec(data(), "spec.yml")
    fast, slow = (guest.kernel_arguments(spec, spec.guests[1], kernel, "/s", "/i") for kernel in (FAST, SLOW))
    assert "seccomp=auto" in fast
    assert any(word.startswith("vec0:transport=tap,ifname=tap1,") for word in fast)
    assert any(word.startswith("eth0=tuntap,tap1,") for word in slow)
    assert not any(word.startswith(("vec0", "seccomp")) for word in slow)
    assert all("mem=1G" in words and "ubda=/s/node2.cow,/i" in words for words in (fast, slow))


def test_disks_and_identity_of_a_guest():
    spec, other = parse_spec(data(), "spec.yml"), parse_spec(data(name="other"), "spec.yml")
    words = guest.kernel_arguments(spec, spec.guests[0], FAST, "/s", "/i")
    assert {"ubdb=/s/node1-sdb.img", "ubdc=/s/node1-sdc.img"} <= set(words)
    # The same guest of another lab, and another guest of this one, are other machines.
    identities = {
        word
        for one, number in ((spec, 0), (spec, 1), (other, 0))
        for word in guest.kernel_arguments(one, one.guests[number], FAST, "/s", "/i")
        if word.startswith("systemd.machine_id=")
    }
    assert len(identities) == 3


def test_connections_belong_to_one_lab():
    spec = parse_spec(data(), "spec.yml")
    state = pathlib.Path("/state/test")
    assert "ControlPath /state/test/cm-%n" in connection.ssh_config(spec, state, pathlib.Path("/image"))
    assert "ip netns exec bwlab-test nc" in connection.ssh_config(spec, state, pathlib.Path("/image"))
    hosts = yaml.safe_load(connection.inventory(spec, state))["all"]["hosts"]
    assert sorted(hosts) == ["node1", "node2"]
    assert "ControlPath=/state/test/cm-%n" in hosts["node1"]["ansible_ssh_common_args"]


def test_a_guest_installs_from_its_own_suite_and_what_leads_to_later_ones_is_fetched_beside_it():
    spec = parse_spec(data(suite="bullseye", packages=["attr"], upgrades=["bookworm", "trixie"]), "spec.yml")
    source = guest.own_files(spec, spec.guests[0])["etc/apt/sources.list.d/lab.list"]
    assert "/bullseye/ ./" in source
    argv = image.mmdebstrap_argv(spec, pathlib.Path("/tree"), pathlib.Path("/image/packages"))
    fetched = [word.rpartition(" ")[2] for word in argv if "archives/*.deb /image" in word]
    assert fetched == ["/image/packages/", "/image/bookworm/", "/image/trixie/"]
    assert argv[-2:] == ["bullseye", "/tree"]
