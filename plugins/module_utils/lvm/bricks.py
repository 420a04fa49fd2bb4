# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the bricks of this node to their desired state. PRIVATE to the collection."""

import posixpath
import time

from ansible_collections.brickwork.gluster.plugins.module_utils.command import NOT_FOUND, require_success
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError, VerifyError
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm import fstab
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.brick_plan import check_desired, plan_bricks
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.host import BrickHost
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import DesiredHost, ObservedHost
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock

#: Seconds that a device may be in use by somebody else before it counts as taken.
_BUSY_FOR = 30


class BrickOperation(Operation[ObservedHost]):
    """Makes, grows, mounts or removes bricks."""

    def __init__(
        self, host: BrickHost, desired: DesiredHost, tools_needed: bool = True, clock: Clock = time
    ) -> None:
        self._host = host
        self._desired = desired
        self._tools_needed = tools_needed
        self._clock = clock

    def observe(self) -> ObservedHost:
        """Read disks, LVM, mounts and marks of the node once."""
        devices = sorted({brick.device.path for brick in self._desired.bricks if brick.device})
        observed = self._host.observe(devices, [(brick.mount, brick.directory) for brick in self._desired.bricks])
        if self._tools_needed and observed.missing_tools:
            raise PlanError(
                "devices: %s lacks %s; install lvm2, thin-provisioning-tools (EL: device-mapper-persistent-data) and "
                "xfsprogs, as the role gluster_bricks does" % (observed.host, ", ".join(observed.missing_tools))
            )
        check_desired(self._desired, observed.host)
        return observed

    def plan(self, observed: ObservedHost) -> Plan:
        """Return the Plan; see plan_bricks."""
        return plan_bricks(self._desired, observed)

    def perform(self, step: Step) -> None:
        """Run one step."""
        if step.kind.endswith("_fstab_line"):
            self._write_fstab(step)
        elif step.kind == "order_glusterd":
            self._host.files.replace(step.target, step.text, 0o644)
        elif step.kind == "set_mark":
            self._host.directories.set(step.target, step.text)
        elif step.kind == "clear_mark":
            self._host.directories.clear(step.target)
        elif step.kind == "make_filesystem":
            self._make_filesystem(step)
        elif step.kind == "mount":
            self._mount(step)
        elif step.kind == "make_brick_directory":
            self._make_brick_directory(step)
        elif step.kind == "add_label_rule":
            self._add_label_rule(step)
        else:
            self._host.commands.run(step.argv, "running %s" % step.argv[0])

    def _write_fstab(self, step: Step) -> None:
        files = self._host.files
        text = files.read(files.fstab)
        if step.kind == "add_fstab_line":
            text = fstab.with_line(text, step.text)
        elif step.kind == "remove_fstab_line":
            text = fstab.without_line(text, step.text)
        else:
            text = fstab.with_repaired(text, step.target, step.text)
        files.replace(files.fstab, text)
        if step.kind == "repair_fstab_line":
            # Where the old line named a device that is not there, systemd would take the new mount away again.
            self._host.commands.answer(["systemctl", "daemon-reload"])

    def _add_label_rule(self, step: Step) -> None:
        result = self._host.commands.answer(step.argv)
        if result.rc == NOT_FOUND:
            raise PlanError(
                "bricks: %s has SELinux and no semanage; install policycoreutils-python-utils (EL7: "
                "policycoreutils-python)" % self._host.name
            )
        require_success(step.argv, result, "running semanage")

    def _make_filesystem(self, step: Step) -> None:
        """Make a file system, also where systemd still waits for the brick's device and tries to mount it at once.

        That fails, as there is nothing to mount yet; but meanwhile the device is in use.
        """
        result = self._host.commands.answer(step.argv)
        deadline = self._clock.monotonic() + _BUSY_FOR
        while "Device or resource busy" in result.stderr and self._clock.monotonic() < deadline:
            self._clock.sleep(1)
            result = self._host.commands.answer(step.argv)
        require_success(step.argv, result, "running %s" % step.argv[0])

    def _mount(self, step: Step) -> None:
        """Mount a brick and look whether it is mounted. The step's text is the device.

        mount is no proof: with nofail in fstab it succeeds where the device is not there, and it fails where systemd,
        which mounts what fstab names as soon as that becomes active, was faster.
        """
        target, device = step.argv[-1], step.text
        result = self._host.commands.answer(step.argv)
        if self._host.is_mounted(device, target):
            return
        require_success(step.argv, result, "running mount")
        raise VerifyError(
            "bricks: mount said nothing, and %s is not mounted at %s on %s; no brick directory is made there; see "
            "dmesg and 'systemctl status' for the mount" % (device, target, self._host.name)
        )

    def _make_brick_directory(self, step: Step) -> None:
        """Make the directory of a brick, unless its file system has other things: an empty one would count as new."""
        directory = step.argv[-1]
        mount = posixpath.dirname(directory)
        place = self._host.place(mount, directory)
        if not (place.directory_exists or place.mount_is_empty or place.problem):
            raise VerifyError(
                "bricks: the file system at %s on %s holds something, and found no folder %s in it; look for the "
                "brick's files there, as in lost+found, and move them back" % (mount, self._host.name, directory)
            )
        self._host.commands.run(step.argv, "running mkdir")

    def settle(self, plan: Plan) -> None:
        """Have systemd read the new files that order glusterd, once for all: it takes seconds. A boot does it, too.

        There is nothing to wait for: LVM and mount answer when they are done.
        """
        if any(step.kind == "order_glusterd" for step in plan.steps):
            self._host.commands.answer(["systemctl", "daemon-reload"])
