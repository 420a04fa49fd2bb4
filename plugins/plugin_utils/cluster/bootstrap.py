# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a node has before any module runs there: its Python, its GlusterFS. Pure. PRIVATE to the collection."""

import os
from typing import Any, Dict, Iterable, List, Optional, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import MIB, format_size

#: The oldest Python 3 on nodes for each ansible-core (its module_utils/basic.py). The last holds for newer ones, too.
OLDEST_PYTHON: Dict[Tuple[int, ...], Tuple[int, ...]] = {
    (2, 16): (3, 6),
    (2, 17): (3, 7),
    (2, 18): (3, 8),
    (2, 19): (3, 8),
    (2, 20): (3, 9),
    (2, 21): (3, 9),
}
_SCRIPT = os.path.join(os.path.dirname(__file__), "../../../roles/gluster_software/files/bootstrap.sh")
_INSTALL = "install python3 there"
#: Bytes below which a file system is full: Ansible can't put a module there, nor glusterd what it is told.
_FULL = 4 * MIB


def script() -> str:
    """Return the script that asks a node without Python; it stands in the role gluster_software."""
    with open(_SCRIPT, encoding="utf-8") as file:
        return file.read()


def judge_node(answer: Dict[str, Any], ansible_version: str) -> Dict[str, Any]:
    """Return what the role's bootstrap.sh found on a node; answer is the task's result. See judge_words."""
    return judge_words(_said(answer.get("stdout", "")), ansible_version, answer)


def judge_words(said: Dict[str, str], ansible_version: str, answer: Optional[Dict[str, Any]] = None) -> Dict[str, Any]:
    """Return what a node has, of the words of bootstrap.sh or of the look.

    Of what is returned, python (its version) and interpreter (its path) are "" where there
    is none, installed_by is the tool that installed it, gluster is the version of GlusterFS, "" for none, and refusal
    is why the run can't go on, with the remedy, "" where it can. space are the file systems of the system, each with
    path, free and size in bytes; clock_offset is by how many seconds the node's clock is ahead of the controller's,
    null where it did not tell. boot is another text after each boot, "" where the script was asked.
    """
    python, _space, path = said.get("python", "").partition(" ")
    space = _file_systems(said)
    refusal = _too_old(python, ansible_version) if python else _missing(said.get("missing"), answer or {})
    return {
        "python": python,
        "interpreter": path,
        "installed_by": said.get("installed", ""),
        "gluster": said.get("gluster", ""),
        "space": space,
        "clock_offset": _clock_offset(said.get("clock", "")),
        "boot": said.get("boot", ""),
        "refusal": _full(space) or refusal,
    }


def _file_systems(said: Dict[str, str]) -> List[Dict[str, Any]]:
    """Return path, free and size of each file system once, by the first of its paths."""
    found: Dict[str, Dict[str, Any]] = {}
    for key, text in said.items():
        words = text.split()
        if key.startswith("space:") and len(words) == 4:
            free, size, block = (int(word) for word in words[:3])
            found.setdefault(words[3], {"path": key[len("space:") :], "free": free * block, "size": size * block})
    return list(found.values())


def _full(space: List[Dict[str, Any]]) -> str:
    full = ["%s (%s of %s free)" % _shown(place) for place in space if place["free"] < _FULL <= place["size"]]
    if not full:
        return ""
    return (
        "has no room left on %s: glusterd can't write what it is told, nor Ansible what it needs; make room there"
        % (" and ".join(full))
    )


def _shown(place: Dict[str, Any]) -> Any:
    return place["path"], format_size(place["free"]), format_size(place["size"])


def _clock_offset(text: str) -> Optional[int]:
    words = text.split()
    return int(words[1]) - int(words[0]) if len(words) == 2 and all(word.isdigit() for word in words) else None


def _said(text: str) -> Dict[str, str]:
    lines = [line.strip().split(" ", 2) for line in text.splitlines() if line.startswith("brickwork ")]
    return {words[1]: words[2] for words in lines if len(words) == 3}


def _too_old(version: str, ansible_version: str) -> str:
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


def _numbers(version: str) -> Tuple[int, ...]:
    return tuple(int(number) for number in version.split(".")[:2])


def _dotted(numbers: Iterable[int]) -> str:
    return ".".join(str(number) for number in numbers)


def _missing(tool: Optional[str], answer: Dict[str, Any]) -> str:
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
