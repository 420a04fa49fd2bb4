# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The test server of heketi with real bricks: what it answers is the fake's, what it says exists does, in the lab.

As a program it is given its address, its port, the lab's ssh_config and the GiB of each disk; keys come from the
environment. The commands are those that heketi 10.4.1 was recorded with, but for the volume groups, which are made
with the first brick.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from typing import NamedTuple

from ansible_collections.brickwork.gluster.tests.fakes.heketi.jobs import Queue
from ansible_collections.brickwork.gluster.tests.fakes.heketi.serve import Server
from ansible_collections.brickwork.gluster.tests.fakes.heketi.service import Heketi, random_ids
from ansible_collections.brickwork.gluster.tests.fakes.heketi.wire import Failure

GLUSTER = "gluster --mode=script --timeout=600"


class Brick(NamedTuple):
    """A brick as commands need it; sizes are in KiB."""

    id: str
    host: str
    disk: str
    group: str
    path: str
    size: int
    pool: int
    metadata: int

    @property
    def mount(self) -> str:
        """Where its file system is mounted; the brick is a folder in there."""
        return os.path.dirname(self.path)

    @property
    def place(self) -> str:
        """What GlusterFS calls it."""
        return f"{self.host}:{self.path}"


class Volume(NamedTuple):
    """A volume as commands need it: its bricks set by set."""

    name: str
    gid: int
    options: tuple[str, ...]
    sets: tuple[tuple[Brick, ...], ...]

    @property
    def bricks(self) -> list[Brick]:
        """All of its bricks, in order."""
        return [brick for one in self.sets for brick in one]


def described(state) -> dict[str, Volume]:
    """Return id -> Volume of what the fake keeps, without what is only being made."""
    return {
        volume.id: Volume(
            volume.name,
            volume.gid,
            tuple(option for option in volume.options if option),
            tuple(tuple(_brick(state, state.bricks[brick_id]) for brick_id in one) for one in volume.sets),
        )
        for volume in state.volumes.values()
        if not volume.pending
    }


def _brick(state, brick) -> Brick:
    device = state.devices[brick.device]
    host = state.nodes[brick.node].storage[0]
    return Brick(brick.id, host, device.name, f"vg_{device.id}", brick.path, brick.size, brick.pool, brick.metadata)


def make_brick(brick: Brick, gid: int) -> str:
    """Return the script that makes a brick on its host."""
    device = f"/dev/mapper/{brick.group}-brick_{brick.id}"
    pool = f"--poolmetadatasize {brick.metadata}K --chunksize 256K --size {brick.pool}K"
    pool += f" --thin {brick.group}/tp_{brick.id}"
    return f"""set -e
vgs {brick.group} >/dev/null 2>&1 || {{
  pvcreate -qq --metadatasize=128M --dataalignment=256K {brick.disk}
  vgcreate -qq --physicalextentsize=4M --autobackup=n {brick.group} {brick.disk}
}}
mkdir -p {brick.mount}
lvcreate -qq --autobackup=n {pool} --virtualsize {brick.size}K --name brick_{brick.id}
mkfs.xfs -q -i size=512 -n size=8192 {device}
echo "{device} {brick.mount} xfs rw,inode64,noatime,nouuid 1 2" >> /etc/fstab
mount -o rw,inode64,noatime,nouuid {device} {brick.mount}
mkdir {brick.path}
chown :{gid} {brick.path}
chmod 2775 {brick.path}"""


def drop_brick(brick: Brick) -> str:
    """Return the script that removes a brick from its host, and the volume group with the last one."""
    return f"""set -e
umount {brick.mount}
lvremove -qq --autobackup=n -f {brick.group}/tp_{brick.id}
sed -i /brick_{brick.id}/d /etc/fstab
rmdir {brick.mount}
[ "$(lvs --noheadings {brick.group})" ] || {{ vgremove -qq {brick.group}; pvremove -qq {brick.disk}; }}"""


def make_volume(volume: Volume) -> str:
    """Return the script that makes a volume of its bricks, on the host of the first one."""
    replica = f"replica {len(volume.sets[0])}" if len(volume.sets[0]) > 1 else ""
    options = [f"{GLUSTER} volume set {volume.name} {option}" for option in volume.options]
    places = " ".join(brick.place for brick in volume.bricks)
    lines = [f"{GLUSTER} volume create {volume.name} {replica} {places}", *options]
    return "\n".join(["set -e", *lines, f"{GLUSTER} volume start {volume.name}"])


def grow_volume(volume: Volume, new: list[Brick]) -> str:
    """Return the script that adds bricks to a volume and spreads its files over all of them."""
    places = " ".join(brick.place for brick in new)
    return f"set -e\n{GLUSTER} volume add-brick {volume.name} {places}\n{GLUSTER} volume rebalance {volume.name} start"


def drop_volume(volume: Volume) -> str:
    """Return the script that deletes a volume and leaves its bricks."""
    return f"set -e\n{GLUSTER} volume stop {volume.name} force\n{GLUSTER} volume delete {volume.name}"


class Bricks:
    """Makes real what a state says. run(host, script) runs a script on a storage node."""

    def __init__(self, run) -> None:
        self._run = run
        self._made: dict[str, Volume] = {}

    def follow(self, state) -> None:
        """Make, grow and delete volumes until they are as the state says."""
        wanted = described(state)
        for volume_id in sorted(set(self._made) - set(wanted)):
            self._delete(self._made.pop(volume_id))
        for volume_id, volume in wanted.items():
            made = self._made.get(volume_id)
            if made != volume:
                self._make(volume, made)
                self._made[volume_id] = volume

    def _make(self, volume: Volume, made: Volume | None) -> None:
        new = [brick for brick in volume.bricks if not made or brick not in made.bricks]
        for brick in new:
            self._run(brick.host, make_brick(brick, volume.gid))
        self._run(volume.bricks[0].host, grow_volume(volume, new) if made else make_volume(volume))

    def _delete(self, volume: Volume) -> None:
        self._run(volume.bricks[0].host, drop_volume(volume))
        for brick in volume.bricks:
            self._run(brick.host, drop_brick(brick))


class FollowedQueue(Queue):
    """The fake's queue, whose jobs end only when follow() has made real what they say."""

    def __init__(self, app, follow) -> None:
        super().__init__(app)
        self._follow = follow

    def add(self, finish, throttled=False):
        """Queue a job."""

        def finish_for_real():
            place = finish()
            self._follow()
            return place

        return super().add(finish_for_real, throttled)


def run_by_ssh(config: str):
    """Return run(host, script); a script that fails is a Failure with its last words, as an answer of heketi's."""

    def run(host: str, script: str) -> None:
        done = subprocess.run(
            ["ssh", "-F", config, host, script], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        print(f"{host}: exit code {done.returncode}: {script}\n{done.stdout}{done.stderr}", flush=True)
        if done.returncode:
            raise Failure(done.stderr.strip() or f"exit code {done.returncode}")

    return run


def main() -> None:
    """Serve until the end."""
    address, port, config, disk_size = sys.argv[1:]
    app = Heketi(
        os.environ["HEKETI_ADMIN_KEY"],
        os.environ["HEKETI_USER_KEY"],
        ids=random_ids(random.getrandbits(64)),
        device_size=int(disk_size) * 1024 * 1024,
    )
    bricks = Bricks(run_by_ssh(config))
    app.queue = FollowedQueue(app, lambda: bricks.follow(app.state))
    Server(app, (address, int(port))).serve_forever()


if __name__ == "__main__":
    main()
