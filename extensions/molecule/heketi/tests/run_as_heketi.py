# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run on heketi's host as heketi's account: takes pairs of host and command as JSON, and runs them as heketi does.

Each is a session of its own with heketi's key. heketi works on all bricks of a volume at once, and so does this:
neighbours for different nodes run together, what gluster does alone. Prints as JSON what failed: host, command, text.
"""

import json
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

SSH = ["ssh", "-F", "/dev/null", "-i", "/etc/heketi/ssh_key", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes"]
SSH += ["-o", "UserKnownHostsFile=/etc/heketi/known_hosts", "-o", "LogLevel=ERROR"]
#: The way in is tried by the role's own check; a new connection for each of so many would only take time.
SSH += ["-o", "ControlMaster=auto", "-o", "ControlPath=/tmp/heketi-%h", "-o", "ControlPersist=60"]


#: What a recording calls the physical volume of any disk.
RECORDED_UUID = re.compile("lvm-pv-uuid-[A-Za-z0-9-]+")


def of_this_disk(host, command):
    """Return a command with the uuid that the disk has here; heketi 10 asks for it, and calls the disk by it then."""
    if not RECORDED_UUID.search(command):
        return command
    asked = "/bin/bash -c 'sudo /usr/sbin/lvm pvs -o pv_name,pv_uuid,vg_name --reportformat=json /dev/sdb'"
    said = subprocess.check_output([*SSH, "heketi-ssh@" + host, asked], stdin=subprocess.DEVNULL)
    return RECORDED_UUID.sub("lvm-pv-uuid-" + json.loads(said)["report"][0]["pv"][0]["pv_uuid"], command)


def run(host, command):
    """Run a command; one that a rebalance is in the way of is tried again until that is over."""
    command = of_this_disk(host, command)
    for _attempt in range(60):
        done = subprocess.run(
            [*SSH, "heketi-ssh@" + host, command],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        if done.returncode == 0 or "rebalance" not in done.stdout.lower():
            break
        time.sleep(1)
    return [] if done.returncode == 0 else [[host, command, done.stdout]]


def batches(asked):
    """Return the pairs in order, as lists of those that run together."""
    found = []
    for host, command in asked:
        alone = "gluster" in command
        if not found or alone or "gluster" in found[-1][-1][1] or host in [other for other, _command in found[-1]]:
            found.append([])
        found[-1].append((host, command))
    return found


def main():
    failed = []
    with ThreadPoolExecutor(4) as pool:
        for batch in batches(json.load(sys.stdin)):
            failed += [failure for failures in pool.map(lambda pair: run(*pair), batch) for failure in failures]
    print(json.dumps(failed))


if __name__ == "__main__":
    main()
