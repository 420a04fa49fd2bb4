# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Defaults that several parts of the collection share. PRIVATE to the collection."""

#: Folder of the bricks' mount points.
ROOT = "/srv/gluster"
#: How bricks are mounted.
MOUNT_OPTIONS = "noatime,inode64"
