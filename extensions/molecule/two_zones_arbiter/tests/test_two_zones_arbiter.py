# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two sites and an arbiter: each site has all data, and the loss of one stops nobody."""


def test_the_arbiter_is_on_the_third_machine(lab):
    volume = lab.volume("shared")
    assert volume["Number of Bricks"] == "1 x (2 + 1) = 3"
    assert volume["bricks"][2].startswith("192.168.72.103:")


def test_the_arbiter_keeps_names_and_no_data(lab):
    lab.run("client1", "dd if=/dev/urandom of=/mnt/shared/file bs=1M count=4 conv=fsync status=none")
    sizes = [lab.run(node, "stat -c %s /srv/gluster/shared-*/brick/file") for node in lab.nodes]
    assert sizes == ["4194304", "4194304", "0"]


def test_plan_sees_nothing_to_do(lab):
    assert "nothing to do" in lab.play("plan").without_change().text
