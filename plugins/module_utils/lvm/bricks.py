# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the bricks of this node to their wish. PRIVATE to the collection."""

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import CommandError, PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm import fstab
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.brick_plan import check_wish, plan_bricks


class BrickOperation(object):
    """Makes, grows, mounts or removes bricks."""

    def __init__(self, host, wish, tools_needed=True):
        self._host = host
        self._wish = wish
        self._tools_needed = tools_needed

    def observe(self):
        """Read disks, LVM, mounts and marks of the node once."""
        devices = sorted({brick.device.path for brick in self._wish.bricks if brick.device})
        observed = self._host.observe(devices, [(brick.mount, brick.directory) for brick in self._wish.bricks])
        if self._tools_needed and observed.missing_tools:
            raise PlanError(
                "%s lacks %s; install lvm2, thin-provisioning-tools (EL: device-mapper-persistent-data) and xfsprogs, "
                "as the role gluster_bricks does" % (observed.host, ", ".join(observed.missing_tools))
            )
        check_wish(self._wish, observed.host)
        return observed

    def plan(self, observed):
        """Return the Plan; see plan_bricks."""
        return plan_bricks(self._wish, observed)

    def perform(self, step):
        """Run one step."""
        files = self._host.files
        if step.kind == "add_fstab_line":
            files.replace(files.fstab, fstab.with_line(files.read(files.fstab), step.text))
        elif step.kind == "remove_fstab_line":
            files.replace(files.fstab, fstab.without_line(files.read(files.fstab), step.text))
        elif step.kind == "set_mark":
            self._host.directories.set(step.target, step.text)
        elif step.kind == "clear_mark":
            self._host.directories.clear(step.target)
        elif step.kind == "mount":
            self._mount(step)
        else:
            self._host.commands.run(step.argv, "running %s" % step.argv[0])

    def _mount(self, step):
        try:
            self._host.commands.run(step.argv, "running mount")
        except CommandError:
            # systemd, too, mounts what fstab names, at the moment when its volume becomes active.
            if not self._host.is_mounted(step.argv[-1]):
                raise

    def settle(self, plan):
        """Nothing to wait for: LVM and mount answer when they are done."""
