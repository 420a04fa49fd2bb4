# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sudoers lines cover every command that a heketi was seen to run on a node, and not others."""

import fnmatch
import gzip
import json
import pathlib
import re
import shlex

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.sudoers import commands, sudoers

RECORDINGS = pathlib.Path(__file__).resolve().parents[4] / "recordings"
VERSIONS = {9: "9.0.0", 10: "10.4.1"}


def recorded(version):
    """Return the words of each command that follows sudo in the recording."""
    with gzip.open(str(RECORDINGS / ("heketi-%s-node-commands.jsonl.gz" % VERSIONS[version])), "rt") as lines:
        said = [json.loads(line).get("command") for line in lines]
    # As bash sees them: first the word behind -c, then that one's own words.
    inner = [shlex.split(command)[2:] for command in said if command]
    return [shlex.split(" ".join(words))[1:] for words in inner]


def allowed(words, version, **options):
    """Whether sudo would run these words: the program by its name, the arguments by its kind of pattern."""
    given = " ".join(words[1:])
    return any(
        program.rpartition("/")[2] == words[0].rpartition("/")[2]
        and (given == "" if pattern == '""' else fnmatch.fnmatchcase(given, pattern))
        for program, pattern in commands(version, **options)
    )


@pytest.mark.parametrize("version", sorted(VERSIONS))
def test_every_recorded_command_is_allowed(version):
    seen = recorded(version)
    refused = [words for words in seen if not allowed(words, version)]
    print("heketi %s: %s commands, %s refused" % (VERSIONS[version], len(seen), len(refused)))
    assert len(seen) > 180 and not refused


@pytest.mark.parametrize("version", sorted(VERSIONS))
def test_every_kind_of_command_is_needed(version):
    """What is in no recording is what heketi's source has beside it: snapshots, block volumes, its examiner."""
    seen = recorded(version)
    unseen = {
        "%s %s" % (program.rpartition("/")[2], pattern)
        for program, pattern in commands(version)
        if not any(
            program.rpartition("/")[2] == words[0].rpartition("/")[2]
            and fnmatch.fnmatchcase(" ".join(words[1:]), pattern)
            for words in seen
        )
    }
    known = (
        'gluster-block|--reportformat|separator=/|/dev/mapper/\\*$|snaps/|mount ""|udevadm|wipefs|pvs|ls /var|pvremove'
    )
    assert {line for line in unseen if not re.search(known, line)} == set()


@pytest.mark.parametrize(
    "command",
    [
        "bash",
        "cat /etc/shadow",
        "systemctl stop glusterd",
        "mount /dev/sdb /etc",
        "mkdir -p /etc/x",
        "chmod 4755 /bin/bash",
        "sed -i.save s/x/y/ /etc/passwd",
        "rmdir /srv",
        "wipefs --all /etc/passwd",
        "lvremove -f vg_0",
        "mkfs.xfs -i size=512 -n size=8192 /dev/sda",
        "awk 'BEGIN {system(\"sh\")}'",
    ],
)
def test_other_commands_are_not(command):
    assert not any(allowed(shlex.split(command), version) for version in VERSIONS)


def test_fstab_may_be_another_file():
    words = ["sed", "-i.save", "/brick_0/d", "/var/lib/heketi/fstab"]
    assert not allowed(words, 9) and allowed(words, 9, fstab="/var/lib/heketi/fstab")


def test_the_file():
    text = sudoers("heketi-ssh", 9)
    assert "heketi-ssh ALL=(root) NOPASSWD: /usr/sbin/gluster --mode\\=script *\n" in text
    assert "secure_path=" in text and "!requiretty" in text
    assert sudoers("root", 9) == ""
