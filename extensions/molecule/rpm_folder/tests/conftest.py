# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of this scenario share: the folder, and the machine on which errors are tried."""

import os
import pathlib

import pytest
from machines import TIME_LIMIT

#: What must not change where a folder is refused.
FINGERPRINT = "rpm -qa | sort | md5sum; ls -A /var/lib/brickwork /var/cache/brickwork 2>/dev/null; true"


@pytest.fixture(scope="session")
def folder():
    """The folder of RPMs on this machine."""
    return pathlib.Path(os.environ["LAB_RPMS"]) / "set"


class Spare:
    """The machine that is in no pool; the folder, a copy of it to spoil, and what does not fit are in its /srv."""

    name = "spare1"

    def __init__(self, lab, rpms):
        self._lab = lab
        self.bring(rpms / "set", rpms / "extra")

    def bring(self, *folders):
        """Copy folders of this machine to its /srv."""
        self._lab.copy(self.name, *folders)

    def run(self, command):
        """Run a shell command on it and return what it printed."""
        return self._lab.run(self.name, command)

    def spoil(self, command=""):
        """Make a new copy of the folder, run a command in it, and return its path."""
        self.run(f"rm -rf /srv/case; mkdir /srv/case; ln /srv/set/*.rpm /srv/case; cd /srv/case; {command or 'true'}")
        return "/srv/case"

    def start(self, path, **parameters):
        """Start the module on a folder of the machine, or of this one with remote_src=False; return its process."""
        parameters = {"remote_src": not path.startswith("http"), **parameters}
        return self._lab.start_module(self.name, "rpm_folder", path=path, **parameters)

    def install(self, path, **parameters):
        """Run the module and return what it said; fails if it fails."""
        process = self.start(path, **parameters)
        said, _nothing = process.communicate(timeout=TIME_LIMIT)
        assert process.returncode == 0, said[-6000:]
        return " ".join(said.split())

    def refused(self, path, **parameters):
        """Run the module and return what it said; fails if it does not fail, or changes anything."""
        before = self.run(FINGERPRINT)
        process = self.start(path, **parameters)
        said, _nothing = process.communicate(timeout=TIME_LIMIT)
        assert process.returncode != 0, f"this was not refused:\n{said[-6000:]}"
        assert "Traceback" not in said, said[-6000:]
        assert self.run(FINGERPRINT) == before
        return " ".join(said.split())

    def strip(self):
        """Take all packages off it again."""
        self.run("rpm -e $(rpm -qa); rm -rf /var/lib/brickwork /var/cache/brickwork; rpm -qa")


@pytest.fixture(scope="session")
def spare(lab, folder):
    """The machine to try things on."""
    return Spare(lab, folder.parent)
