# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The script of the entry point bootstrap, on nodes whose package tools are small programs that note their words."""

import pathlib
import shlex
import shutil
import subprocess
import sys

import pytest

from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.bootstrap import judge_node

SCRIPT = pathlib.Path(__file__).resolve().parents[3] / "roles/gluster_software/files/bootstrap.sh"
#: Installing puts a python3 where the node had none.
TOOL = '#!/bin/sh\necho "${{0##*/}} $*" >> {log}\ncase "$*" in *install*|-U*) ln -s {python} {interpreter};; esac\n'


class Node:
    """A node with some package tools, and python3 only if one of them installs it."""

    def __init__(self, folder, *tools):
        self.bin, self.log, self.interpreter = folder / "bin", folder / "log", folder / "python3"
        self.bin.mkdir()
        (self.bin / "sed").symlink_to(shutil.which("sed"))
        (self.bin / "ln").symlink_to(shutil.which("ln"))
        for tool in tools:
            self.program(tool, TOOL.format(log=self.log, python=sys.executable, interpreter=self.interpreter))

    def program(self, name, text):
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def bootstrap(self, mode="install", folder=""):
        words = " ".join(shlex.quote(str(word)) for word in (mode, self.interpreter, folder, 1790000000))
        argv = ["/bin/sh", "-c", f"set -- {words}\n{SCRIPT.read_text()}"]
        done = subprocess.run(argv, env={"PATH": str(self.bin)}, capture_output=True, text=True, check=False)
        return judge_node({"rc": done.returncode, "stdout": done.stdout, "stderr": done.stderr}, "2.19.4")

    @property
    def commands(self):
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.mark.parametrize(
    "tools, commands",
    [
        (["dnf", "yum"], ["dnf -y install python3"]),
        (["yum"], ["yum -y install python3"]),
        (
            ["apt-get"],
            [
                "apt-get -o DPkg::Lock::Timeout=120 -qq update",
                "apt-get -o DPkg::Lock::Timeout=120 -qq -y --no-install-recommends install python3 python3-apt",
            ],
        ),
    ],
)
def test_what_the_node_has_installs_it(tmp_path, tools, commands):
    node = Node(tmp_path, *tools)
    found = node.bootstrap()
    assert node.commands == commands
    assert (found["installed_by"], found["interpreter"], found["refusal"]) == (tools[0], str(node.interpreter), "")
    again = node.bootstrap()
    assert (again["installed_by"], again["python"]) == ("", found["python"])
    assert node.commands == commands


@pytest.mark.parametrize("tool, words", [("yum", "yum -y --disablerepo=* install"), ("rpm", "rpm -U")])
def test_a_folder_of_rpms(tmp_path, tool, words):
    (tmp_path / "rpms").mkdir()
    for name in ("python3-3.6.8.rpm", "python3-libs-3.6.8.rpm"):
        (tmp_path / "rpms" / name).touch()
    node = Node(tmp_path, tool)
    assert node.bootstrap(folder=tmp_path / "rpms")["installed_by"] == tool
    files = "{0}/python3-3.6.8.rpm {0}/python3-libs-3.6.8.rpm".format(tmp_path / "rpms")
    assert node.commands == [f"{words} {files}"]


def test_looking_installs_nothing(tmp_path):
    node = Node(tmp_path, "dnf")
    assert "installs it by dnf" in node.bootstrap("look")["refusal"]
    assert node.commands == []


def test_no_tool_and_a_tool_that_fails(tmp_path):
    node = Node(tmp_path)
    assert "neither dnf, yum nor apt-get" in node.bootstrap()["refusal"]
    node.program("yum", "#!/bin/sh\necho 'No package python3 available.'\nexit 1\n")
    assert node.bootstrap()["refusal"].endswith("yum could not install it: No package python3 available.")


APT = """#!/bin/sh
echo "apt-get $*" >> {log}
case "$*" in *install*) [ -e {done} ] || { echo 'E: {answer}' >&2; exit 100; }; ln -s {python} {interpreter};; esac
"""
CUT = "dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem."
COMPLETE = "dpkg --force-confdef --force-confold --configure -a"


def debian(tmp_path, answer):
    """Return a node whose apt gives that answer until dpkg has completed what it was cut off in."""
    node = Node(tmp_path)
    done = tmp_path / "done"
    words = {"log": node.log, "done": done, "answer": answer, "python": sys.executable, "interpreter": node.interpreter}
    text = APT
    for name, word in words.items():
        text = text.replace("{%s}" % name, str(word))
    node.program("apt-get", text)
    node.program("dpkg", f'#!/bin/sh\necho "dpkg $*" >> {node.log}\n: > {done}\n')
    return node


def test_an_installation_that_was_cut_off_is_completed_and_python_installed(tmp_path):
    node = debian(tmp_path, CUT)
    assert node.bootstrap()["installed_by"] == "apt-get"
    assert [command.split()[-1] for command in node.commands] == ["update", "python3-apt", "-a", "python3-apt"]
    assert node.commands[2] == COMPLETE


def test_any_other_answer_of_apt_stands(tmp_path):
    node = debian(tmp_path, "Unable to locate package python3")
    assert node.bootstrap()["refusal"].endswith("apt-get could not install it: E: Unable to locate package python3")
    assert COMPLETE not in node.commands


def test_glusterfs_is_looked_for_as_well(tmp_path):
    node = Node(tmp_path, "dnf")
    node.program("glusterfs", "#!/bin/sh\nprintf 'glusterfs 10.3\\nRepository revision: git\\n'\n")
    assert node.bootstrap("look")["gluster"] == "10.3"


def test_the_system_s_room_and_clock_are_told(tmp_path):
    node = Node(tmp_path)
    for tool in ("stat", "date"):
        (node.bin / tool).symlink_to(shutil.which(tool))
    node.interpreter.symlink_to(sys.executable)
    found = node.bootstrap()
    assert found["clock_offset"] != 0
    assert found["space"][0]["path"] == "/etc"
    assert found["space"][0]["size"] == shutil.disk_usage("/etc").total
