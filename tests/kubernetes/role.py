# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role gluster_storageclass, run as a user runs it, and what came of it."""

import os
import re
import subprocess
import sys

import yaml

PREFIX = "gluster_storageclass_"
RECAP = re.compile(r"changed=(\d+) .* failed=(\d+) ")


class Said:
    """What a run of ansible-playbook has printed, and how it ended."""

    def __init__(self, done):
        self._text = done.stdout + done.stderr
        found = RECAP.search(self._text)
        assert found, self._text
        self._changed, self._failed = (int(number) for number in found.groups())

    def succeeded(self):
        """Return the text of a run that went well."""
        assert not self._failed, self._text
        return self._text

    def changed(self):
        """Return the text of a run that changed something."""
        assert self._changed, self.succeeded()
        return self.succeeded()

    def unchanged(self):
        """Return the text of a run that found everything as desired."""
        assert not self._changed, self.succeeded()
        return self.succeeded()

    def failed(self):
        """Return the text of a run that was refused."""
        assert self._failed, self._text
        return self._text


class Role:
    """The role with settings that hold for each run."""

    def __init__(self, folder, **settings):
        self._folder = folder
        self._settings = settings

    def run(self, *arguments, **settings):
        """Run the role; settings are its variables without the prefix."""
        variables = {PREFIX + name: value for name, value in {**self._settings, **settings}.items()}
        play = {
            "hosts": "localhost",
            "gather_facts": False,
            "vars": {**variables, "ansible_python_interpreter": sys.executable},
            "roles": ["brickwork.gluster.gluster_storageclass"],
        }
        playbook = self._folder / "play.yml"
        playbook.write_text(yaml.safe_dump([play]))
        argv = ["ansible-playbook", "-i", "localhost,", "-c", "local", *arguments, str(playbook)]
        environment = {**os.environ, "ANSIBLE_NOCOLOR": "1", "ANSIBLE_RETRY_FILES_ENABLED": "0"}
        return Said(subprocess.run(argv, capture_output=True, text=True, check=False, env=environment))
