# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a node has before any module runs there: its Python, its GlusterFS. Pure. PRIVATE to the collection."""

from typing import Any, Dict

#: The oldest Python 3 on nodes for each ansible-core (its module_utils/basic.py). The last holds for newer ones, too.
OLDEST_PYTHON = {(2, 16): (3, 6), (2, 17): (3, 7), (2, 18): (3, 8), (2, 19): (3, 8), (2, 20): (3, 9), (2, 21): (3, 9)}
_INSTALL = "install python3 there"


def judge_node(answer, ansible_version):
    """Return what the role's bootstrap.sh found on a node.

    answer is the task's result. Of what is returned, python (its version) and interpreter (its path) are "" where there
    is none, installed_by is the tool that installed it, gluster is the version of GlusterFS, "" for none, and refusal
    is why the run can't go on, with the remedy, "" where it can.
    """
    said = _said(answer.get("stdout", ""))
    python, _space, path = said.get("python", "").partition(" ")
    refusal = _too_old(python, ansible_version) if python else _missing(said.get("missing"), answer)
    return {
        "python": python,
        "interpreter": path,
        "installed_by": said.get("installed", ""),
        "gluster": said.get("gluster", ""),
        "refusal": refusal,
    }


def _said(text):
    lines = [line.strip().split(" ", 2) for line in text.splitlines() if line.startswith("brickwork ")]
    return {words[1]: words[2] for words in lines if len(words) == 3}


def _too_old(version, ansible_version):
    core = _numbers(ansible_version)
    oldest = OLDEST_PYTHON.get(core, max(OLDEST_PYTHON.values()))
    python = _numbers(version)
    if python >= oldest:
        return ""
    fitting = [pair for pair, least in OLDEST_PYTHON.items() if least <= python]
    remedy = "install Python %s or newer there" % _dotted(oldest)
    if fitting:
        remedy = "run from a controller with ansible-core %s, or %s" % (_dotted(max(fitting)), remedy)
    return "has Python %s, and ansible-core %s on the controller needs Python %s or newer on nodes; %s" % (
        version,
        ansible_version,
        _dotted(oldest),
        remedy,
    )


def _numbers(version):
    return tuple(int(number) for number in version.split(".")[:2])


def _dotted(numbers):
    return ".".join(str(number) for number in numbers)


def _missing(tool, answer):
    said = _last_words(answer)
    if tool is None:
        return "could not be asked for its Python: %s" % said
    if tool == "none":
        return "has no python3, and neither dnf, yum nor apt-get; " + _INSTALL
    if answer.get("rc"):
        return "has no python3, and %s could not install it: %s" % (tool, said)
    return (
        "has no python3, and without it nothing more can be looked at; the playbook site installs it by %s (not in "
        "check mode), or %s" % (tool, _INSTALL)
    )


def _last_words(answer: Dict[str, Any]) -> str:
    text = answer.get("stderr") or answer.get("msg") or answer.get("stdout") or "no reason given"
    return " ".join(text.strip().splitlines()[-3:])
