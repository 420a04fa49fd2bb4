# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the look tells of a role's own files, services and accounts, so that the plan knows whether it is due. PRIVATE.

No secret leaves the node. Of a file that holds a short one the controller sends a keyed sum, with a random key of this
run only, and is told whether it is the file's. The plain sum of a long random text, such as a private key, nobody can
guess.
"""

import hashlib
import hmac
import os
import pwd
import stat
from grp import getgrgid
from typing import Any, Callable, Dict, Iterable, Iterator, Optional, Sequence

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Commands
from ansible_collections.brickwork.gluster.plugins.module_utils.files import TextFiles
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.operation import OPENING_SPEC
from ansible_collections.brickwork.gluster.plugins.module_utils.reading import parser

_NAMES = {"type": "list", "elements": "str", "default": []}
#: The suboptions, as the module takes them.
MANAGED_SPEC: Dict[str, Dict[str, Any]] = {
    "files": _NAMES,
    "keyed_sums": {"type": "dict", "default": {}, "no_log": True},
    "sums": {"type": "dict", "default": {}},
    "services": _NAMES,
    "accounts": _NAMES,
    "kernel_modules": _NAMES,
    "public_keys": dict(_NAMES, no_log=False),
    "texts": _NAMES,
    "packages": {"type": "dict"},
    "firewall": {"type": "dict", "options": OPENING_SPEC},
}
_KINDS = ((stat.S_ISREG, "file"), (stat.S_ISDIR, "directory"), (stat.S_ISLNK, "link"))
_AT_ONCE = 1 << 20


def look_at_managed(commands: Commands, params: Dict[str, Any]) -> Dict[str, Any]:
    """Return what is there of all that params name, but for packages and the firewall."""
    return {
        "files": _found(describe_file, params["files"]),
        "keyed_sums": {path: has_keyed_sum(path, keyed) for path, keyed in params["keyed_sums"].items()},
        "sums": {note: has_sum(note, paths) for note, paths in params["sums"].items()},
        "services": services(commands, params["services"]),
        "accounts": _found(describe_account, params["accounts"]),
        "kernel_modules": {name: is_loaded(name) for name in params["kernel_modules"]},
        "public_keys": {path: public_key(commands, path) for path in params["public_keys"]},
        "texts": {path: TextFiles().read(path) for path in params["texts"]},
    }


def _found(describe: Callable[[str], Optional[Dict[str, Any]]], names: Iterable[str]) -> Dict[str, Any]:
    """Return what is said of those that are there."""
    described = ((name, describe(name)) for name in names)
    return {name: said for name, said in described if said is not None}


def describe_file(name: str) -> Optional[Dict[str, Any]]:
    """Return kind, owner, group and mode of a path, a file's sum, and a link's target; None for nothing there.

    ~NAME/ at its beginning is the home of an account.
    """
    path = os.path.expanduser(name)
    try:
        state = os.lstat(path)
    except OSError:
        return None
    kind = next((word for test, word in _KINDS if test(state.st_mode)), "other")
    said = {
        "kind": kind,
        "owner": _name(pwd.getpwuid, state.st_uid),
        "group": _name(getgrgid, state.st_gid),
        "mode": "%04o" % stat.S_IMODE(state.st_mode),
    }
    if kind == "file":
        said["digest"] = sum_of([path])
    return dict(said, target=os.readlink(path)) if kind == "link" else said


def _name(lookup: Callable[[int], Sequence[Any]], number: int) -> str:
    try:
        return str(lookup(number)[0])
    except KeyError:
        return str(number)


def sum_of(paths: Iterable[str]) -> str:
    """Return the sha256 of files, one after the other as cat(1) has them; those that are not there count as empty."""
    total = hashlib.sha256()
    for path in paths:
        for block in _blocks(path):
            total.update(block)
    return total.hexdigest()


def _blocks(path: str) -> Iterator[bytes]:
    try:
        with open(path, "rb") as stream:
            while True:
                block = stream.read(_AT_ONCE)
                if not block:
                    return
                yield block
    except OSError:
        return


def keyed_sum(key: str, content: bytes) -> str:
    """Return what nobody can guess the content from who does not know the key."""
    return hmac.new(key.encode("ascii"), content, hashlib.sha256).hexdigest()


def has_keyed_sum(path: str, keyed: str) -> bool:
    """Whether a file has the sum of KEY:SUM."""
    key, _colon, desired = keyed.partition(":")
    return os.path.isfile(path) and hmac.compare_digest(keyed_sum(key, b"".join(_blocks(path))), desired)


def has_sum(note: str, paths: Iterable[str]) -> bool:
    """Whether a note, as sha256sum(1) writes it, has the sum of those files."""
    return TextFiles().read(note).split()[:1] == [sum_of(paths)]


def services(commands: Commands, names: Sequence[str]) -> Dict[str, Dict[str, bool]]:
    """Return of units, by their full names, whether they are active and enabled."""
    if not names:
        return {}
    argv = ["systemctl", "show", "-p", "Id", "-p", "ActiveState", "-p", "UnitFileState"]
    return parse_services(commands.run(argv + list(names), "reading the units"))


@parser("systemctl show")
def parse_services(text: str) -> Dict[str, Dict[str, bool]]:
    """Return the units of C(systemctl show): blocks of NAME=VALUE with empty lines between."""
    blocks = [dict(line.split("=", 1) for line in block.splitlines()) for block in text.strip().split("\n\n")]
    return {
        block["Id"]: {
            "active": block.get("ActiveState") == "active",
            "enabled": block.get("UnitFileState") == "enabled",
        }
        for block in blocks
    }


def describe_account(name: str) -> Optional[Dict[str, Any]]:
    """Return home, shell and comment of an account, None for none."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return {"home": entry.pw_dir, "shell": entry.pw_shell, "comment": entry.pw_gecos}


def is_loaded(name: str, folder: str = "/sys/module", built_in: str = "") -> bool:
    """Whether the kernel has a module now: one that was loaded, or one that is built in."""
    if os.path.isdir(os.path.join(folder, name)):
        return True
    listed = TextFiles().read(built_in or "/lib/modules/%s/modules.builtin" % os.uname().release)
    return "%s.ko" % name in [os.path.basename(line).replace("-", "_") for line in listed.splitlines()]


def public_key(commands: Commands, path: str) -> str:
    """Return type and key of the public half of a private key, "" where there is none."""
    if not os.path.isfile(path):
        return ""
    answer = commands.answer(["ssh-keygen", "-y", "-P", "", "-f", path])
    return " ".join(answer.stdout.splitlines()[0].split()[:2]) if answer.rc == 0 and answer.stdout else ""
