# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.bootstrap import judge_node


def judged(stdout, ansible_version="2.19.4", **answer):
    return judge_node(dict(answer, stdout=stdout), ansible_version)


def test_what_is_there():
    assert judged("Welcome to n1\nbrickwork gluster 10.3\nbrickwork python 3.11.2 /usr/bin/python3.11\n") == {
        "python": "3.11.2",
        "interpreter": "/usr/bin/python3.11",
        "installed_by": "",
        "gluster": "10.3",
        "space": [],
        "clock_offset": None,
        "boot": "",
        "refusal": "",
    }


def test_what_was_installed():
    said = "brickwork missing apt-get\nbrickwork python 3.11.2 /usr/bin/python3\nbrickwork installed apt-get\n"
    found = judged(said)
    assert (found["installed_by"], found["python"], found["refusal"]) == ("apt-get", "3.11.2", "")


@pytest.mark.parametrize("core", ["2.17.0", "2.18.1", "2.19.4", "2.20.10", "2.21.5", "2.30.0"])
def test_el7_needs_the_last_controller_that_speaks_to_it(core):
    refusal = judged("brickwork python 3.6.8 /usr/bin/python3\n", core)["refusal"]
    assert "Python 3.6.8, and ansible-core %s" % core in refusal
    assert "ansible-core 2.16, or install Python 3." in refusal


@pytest.mark.parametrize(
    "core, python", [("2.16.19", "3.6.8"), ("2.17.0", "3.7.1"), ("2.19.4", "3.8.10"), ("2.21.5", "3.9.2")]
)
def test_pairs_that_work(core, python):
    assert judged("brickwork python %s /usr/bin/python3\n" % python, core)["refusal"] == ""


def test_a_python_for_which_no_controller_is_left():
    refusal = judged("brickwork python 3.4.10 /usr/bin/python3\n")["refusal"]
    assert refusal.endswith("nodes; install Python 3.8 or newer there")


def test_where_it_is_missing():
    assert "installs it by yum (not in check mode)" in judged("brickwork missing yum\n", rc=0)["refusal"]
    assert "neither dnf, yum nor apt-get" in judged("brickwork missing none\n", rc=0)["refusal"]


def test_what_went_wrong_is_told():
    failed = judged("brickwork missing apt-get\n", rc=100, stderr="a\nb\nE: Unable to locate package python3\n")
    assert failed["refusal"] == (
        "has no python3, and apt-get could not install it: a b E: Unable to locate package python3"
    )
    assert judged("", rc=1, msg="sudo: no")["refusal"] == "could not be asked for its Python: sudo: no"


PYTHON = "brickwork python 3.11.2 /usr/bin/python3.11\n"


def test_room_is_told_once_for_each_file_system():
    said = PYTHON + "".join(
        "brickwork space:%s\n" % line
        for line in ("/etc 2560 786432 4096 8f1", "/var 2560 786432 4096 8f1", "/tmp 100 100 4096 9a")
    )
    assert judged(said)["space"] == [
        {"path": "/etc", "free": 2560 * 4096, "size": 3 * 2**30},
        {"path": "/tmp", "free": 409600, "size": 409600},
    ]
    assert judged(said)["refusal"] == ""


def test_a_full_file_system_is_refused_by_name():
    """As seen: a traceback about temporary directories, and of health that the node does not answer."""
    found = judged("brickwork space:/var 0 786432 4096 8f1\n" + PYTHON)
    assert found["refusal"].startswith("has no room left on /var (0 B of 3 GiB free): glusterd can't write")


def test_clocks_are_compared_with_the_moment_of_the_question():
    assert judged("brickwork clock 1790000000 1790010800\n" + PYTHON)["clock_offset"] == 10800
    assert judged("brickwork clock 1790000000 1789999990\n" + PYTHON)["clock_offset"] == -10
    for text in ("brickwork clock 1790000000\n", "brickwork clock  1790000000\n", ""):
        assert judged(text + PYTHON)["clock_offset"] is None
