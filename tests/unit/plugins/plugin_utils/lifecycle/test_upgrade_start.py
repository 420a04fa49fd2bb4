# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps nodes from being started that were all stopped for an upgrade, and that perhaps have booted meanwhile."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.look import packed, without_pool
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.info import observe_bricks
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.upgrade_start import start_problems
from ansible_collections.brickwork.gluster.tests.fakes.site import ARCHIVE, SHARED, ZONES, Site

ROOT = "/srv/gluster"


@pytest.fixture
def site():
    made = Site()
    made.run(SHARED, ARCHIVE)
    return made


def looks(site, **versions):
    """Return what the look answers on each node, with large parts as text, as the module returns it."""
    return {
        name: packed(
            {
                "gluster": {"version": versions.get(name, "10.3"), "uuid": "", "volumes": {}},
                "disks": without_pool(observe_bricks(site.brick_host(name), [], ROOT)),
            }
        )
        for name in ZONES
    }


def mount_of(site, name, host="n2"):
    return next(target for target in site.hosts[host].mounted if target.startswith(f"{ROOT}/{name}-"))


def test_with_one_version_and_all_bricks_in_their_places_they_are_started(site):
    assert start_problems(looks(site)) == []


def test_several_versions_are_named_by_node(site):
    [said] = start_problems(looks(site, n3="10.5"))
    assert "these have several: n1 10.3, n2 10.3, n3 10.5, n4 10.3; write the whole version in" in said


def test_a_brick_that_a_boot_has_not_mounted_is_named_with_what_to_do_and_one_that_was_given_up_is_not(site):
    mount = mount_of(site, "shared")
    site.hosts["n2"].mounted.pop(mount)
    [said] = start_problems(looks(site))
    name = mount.rpartition("/")[2]
    assert said == (
        f"n2: brick {name} is not in its place: nothing is mounted at {mount}; a boot may take a minute to mount it, "
        f"so run this again first; then mount it (mount {mount}), or take its line out of /etc/fstab if its "
        "disk is dead"
    )
    fstab = site.hosts["n2"].texts["/etc/fstab"]
    site.hosts["n2"].texts["/etc/fstab"] = "".join(line for line in fstab.splitlines(True) if mount not in line)
    assert start_problems(looks(site)) == []


def test_what_is_in_the_place_of_a_brick_is_named(site):
    machine, mount = site.hosts["n2"], mount_of(site, "shared")
    own = machine.mounted[mount]
    machine.volumes["vg0/home"] = dict(machine.volumes[own], tags=set(), uuid="8b2a5df0-6f0e-4d57-9a39-64c2f0b4b0ab")
    machine.mounted[mount] = "vg0/home"
    [said] = start_problems(looks(site))
    assert "/dev/mapper/vg0-home is mounted there; a boot may take" in said and "then unmount that, mount it (" in said
    machine.volumes[own.partition("/")[0] + "/0123abcd_0"] = dict(machine.volumes[own], tags=set(), content=["brick"])
    machine.mounted[mount] = own.partition("/")[0] + "/0123abcd_0"
    [said] = start_problems(looks(site))
    assert "would serve old files: its snapshot /dev/mapper/" in said


def test_a_disk_that_is_gone_holds_up_no_other_volume(site):
    """GlusterFS starts no volume without the folder of a brick, and all others."""
    machine, mount = site.hosts["n2"], mount_of(site, "shared")
    del machine.volumes[machine.mounted.pop(mount)]
    assert start_problems(looks(site)) == []
