# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pods run, run here: with a folder in the place of the volume."""

import os
import subprocess

import pytest

from ansible_collections.brickwork.gluster.plugins.plugin_utils.kubernetes import local_path, manifests

POD = manifests.trial_pods("gluster", "default", "image")["spec"]["template"]["spec"]["containers"][0]
WRITE, READ = POD["command"][-1], POD["readinessProbe"]["exec"]["command"][-1]
#: It waits for ever when it has written.
WAIT = "while :; do sleep 1; done"


def run(script, **environment):
    """Return whether a script succeeds."""
    script = script.replace(WAIT, ":")
    done = subprocess.run(
        ["sh", "-c", script],
        env=dict(os.environ, **environment),
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def pods(folder):
    """Return a function that writes, and one that reads, as a pod of that name."""
    here = {"write": WRITE.replace("/shared", str(folder)), "read": READ.replace("/shared", str(folder))}
    return lambda what, pod: run(here[what], NAME="brickwork-trial-gluster-" + pod)


def test_pods_are_ready_when_each_reads_what_the_other_has_written(tmp_path):
    pod = pods(tmp_path)
    assert WAIT in WRITE
    assert not pod("read", "one")
    assert pod("write", "one") and not pod("read", "one")
    assert pod("write", "two") and pod("read", "one") and pod("read", "two")
    assert not pod("read", "three")


def test_pods_that_share_nothing_are_never_ready(tmp_path):
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        pod = pods(folder)
        assert pod("write", name) and pod("write", name) and not pod("read", name)


@pytest.mark.parametrize("script", ["setup", "teardown"])
def test_no_folder_is_made_or_deleted_where_the_volume_is_not_mounted(tmp_path, script):
    config = local_path.local_path_manifests(
        {"namespace": "n", "provisioner": "p"}, "/x/y", {"provisioner": "", "pod": ""}
    )
    [data] = [one["data"] for one in config if one["kind"] == "ConfigMap"]
    folder = tmp_path / "pvc 1"
    if script == "teardown":
        (folder / "files").mkdir(parents=True)
    assert not run(data[script], VOL_DIR=str(folder))
    assert folder.exists() == (script == "teardown")
    (tmp_path / local_path.GUARD).write_text("")
    assert run(data[script], VOL_DIR=str(folder))
    assert folder.exists() == (script == "setup")
    assert (tmp_path / local_path.GUARD).exists()
    if script == "setup":
        assert folder.stat().st_mode & 0o777 == 0o777
