# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The unit that mounts what a boot could not mount. What it does is tried on real machines (scenario power_cut)."""

import configparser
import pathlib

UNIT = pathlib.Path(__file__).resolve().parents[3] / "roles/gluster_client/files/brickwork-mounts.service"


def test_it_repeats_until_all_is_mounted_and_its_end_ends_no_mount():
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str
    unit.read(UNIT)
    service = unit["Service"]
    # All words are ones that systemd 219 (EL 7) knows.
    assert service["ExecStart"] == "/bin/mount --all --types glusterfs"
    assert service["Restart"] == "on-failure"
    # A mount's process lives in the unit's control group; more starts than five in ten seconds would be the last.
    assert service["KillMode"] == "process" and int(service["RestartSec"]) > 2
    assert "remote-fs.target" in unit["Unit"]["After"], "the boot tries first"
    assert unit["Install"]["WantedBy"] == "multi-user.target"
