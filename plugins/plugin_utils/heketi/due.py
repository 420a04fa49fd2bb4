# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role heketi has to do, of what the look found on heketi's host and on the nodes. Pure. PRIVATE.

The role's variables say what is desired (roles/heketi/vars); its tasks write from the same ones.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.brickwork.gluster.plugins.module_utils.managed import keyed_sum
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.looks import LOOK, is_absent, unpacked
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.words import step_lines
from ansible_collections.brickwork.gluster.plugins.plugin_utils.heketi.bricks import restoring_commands
from ansible_collections.brickwork.gluster.plugins.plugin_utils.heketi.settings import (
    VERSIONS,
    environment,
    option_problems,
)

_Data = Mapping[str, Any]
#: What of a file or folder is compared, and what is said where it differs.
_COMPARED = (("kind", "is of another kind"), ("target", "leads elsewhere"), ("digest", "differs"))
_RIGHTS = ("owner", "group", "mode")


def keyed_sums(desired: _Data, path: str) -> dict[str, str]:
    """Return what tells on heketi's host whether its environment file is the desired one, and what nobody can guess.

    The file holds heketi's keys, which may be short. The key of the sum is random, and never leaves this run. Settings
    that the role refuses have none.
    """
    version = str(desired["version"])
    if not version.isdigit() or int(version) not in VERSIONS or option_problems(desired["options"], int(version)):
        return {}
    key = secrets.token_hex(32)
    return {path: f"{key}:{keyed_sum(key, environment(desired).encode('utf-8'))}"}


def server_steps(look: _Data, desired: _Data) -> dict[str, Any]:
    """Return in words what is to be done on heketi's host (steps), and whether heketi can be asked before (is_asked).

    It can where it runs, was started with what is there, and has the desired keys and settings.
    """
    seen: _Data = look.get("managed") or {}
    if not seen:
        return {"steps": ["install, configure and start heketi"], "is_asked": False}
    install, configure = _install_steps(desired, seen), _configure_steps(desired, seen)
    start = _start_steps(desired, seen)
    steps = [*install, *_key_steps(desired, seen), *configure, *_firewall_steps(seen), *start]
    return {"steps": steps + _backup_steps(desired, seen), "is_asked": not (install or configure or start)}


def _install_steps(desired: _Data, seen: _Data) -> list[str]:
    steps = _package_steps(seen)
    differing = _differing(_installed_files(desired), seen["files"])
    if differing:
        steps.append("install heketi {version} from {source}: ".format(**desired) + ", ".join(differing))
    account = seen["accounts"].get("heketi")
    if account is None or account["home"] != desired["data_folder"] or account["shell"] != desired["shell"]:
        steps.append("make heketi's account")
    return steps + [f"make the folder {words}" for words in _differing(desired["folders"], seen["files"])]


def _package_steps(seen: _Data) -> list[str]:
    missing = seen.get("missing_packages", [])
    return ["install " + ", ".join(missing)] if missing else []


def _installed_files(desired: _Data) -> list[_Data]:
    """Return the files that installing brings, as far as they are known before."""
    files: list[_Data] = []
    if desired["source"] in ("binary", "tarball"):
        rights = {"owner": "root", "group": "root", "mode": "0755"}
        files = [
            dict(rights, path=each["path"], digest=str(each["checksum"]).rpartition(":")[2])
            for each in desired["downloads"]
        ]
    if desired["source"] != "binary":
        files.append({"path": desired["program"]})
    return files + [{"path": path} for path in desired["clients"].get(desired["source"], [])]


def _key_steps(desired: _Data, seen: _Data) -> list[str]:
    public = seen["public_keys"].get(desired["key"], "")
    kind = public.split()[0] if public else ""
    return [] if desired["key_type"] in kind else ["make the key of heketi, and let it in on every storage node"]


def _configure_steps(desired: _Data, seen: _Data) -> list[str]:
    if not any(each["path"] in seen["files"] for each in desired["files"]):
        return ["configure heketi"]
    differing = _differing(desired["files"], seen["files"])
    unequal = [path for path, same in seen["keyed_sums"].items() if not same]
    differing += [f"{path} differs" for path in unequal if path in seen["files"]]
    return ["configure heketi: " + ", ".join(differing)] if differing else []


def _firewall_steps(seen: _Data) -> list[str]:
    return step_lines(seen.get("firewall") or [], "open heketi's port: ")


def _start_steps(desired: _Data, seen: _Data) -> list[str]:
    service = seen["services"].get("heketi.service") or {}
    if not service.get("active"):
        return ["start heketi"]
    if not seen["sums"].get(desired["note"]):
        return ["restart heketi: what it was started with has changed"]
    return [] if service["enabled"] else ["start heketi at every boot"]


def _backup_steps(desired: _Data, seen: _Data) -> list[str]:
    timer = seen["services"].get("heketi-backup.timer") or {"active": False, "enabled": False}
    if desired["backup"]:
        return [] if timer["active"] and timer["enabled"] else ["start the copies of heketi's database"]
    return ["stop the copies of heketi's database"] if timer["active"] or timer["enabled"] else []


def node_steps(look: _Data, desired: _Data) -> list[str]:
    """Return in words what is to be done on a storage node, so that heketi can work there."""
    seen: _Data = look.get("managed") or {}
    if not seen:
        return ["let heketi in"]
    steps = _package_steps(seen)
    unloaded = [name for name in desired["modules"] if not seen["kernel_modules"].get(name)]
    if unloaded:
        steps.append("load " + ", ".join(unloaded))
    steps += _way_steps(desired, seen)
    disks = (unpacked(look) or {}).get("disks") or {}
    return steps + (["bring back heketi's bricks"] if restoring_commands(disks, desired["settings"]) else [])


def _way_steps(desired: _Data, seen: _Data) -> list[str]:
    if not any(each["path"] in seen["files"] for each in desired["files"]):
        return ["let heketi in"]
    differing = _differing(desired["files"], seen["files"]) + _account_words(desired, seen) + _unsafe(desired, seen)
    differing += [f"{path} is there" for path in desired["absent"] if path in seen["files"]]
    return ["let heketi in: " + ", ".join(differing)] if differing else []


def _account_words(desired: _Data, seen: _Data) -> list[str]:
    if not desired["key"]:
        return ["heketi has no key yet"]
    if desired["user"] == "root":
        lines = [line for text in seen["texts"].values() for line in text.splitlines()]
        return [] if any(desired["root_line"] in line for line in lines) else ["root does not let in heketi's key"]
    account = seen["accounts"].get(desired["user"])
    as_desired = account and account["comment"] == desired["comment"] and account["shell"] == desired["shell"]
    return [] if as_desired else [f"the account {desired['user']}"]


def _unsafe(desired: _Data, seen: _Data) -> list[str]:
    """Return the folders above that others than root can change; the role refuses such a node, and says why."""
    return [f"{path} can be changed by others" for path in desired["parents"] if _is_open(seen["files"].get(path))]


def _is_open(state: Any) -> bool:
    if state is None:
        return False
    mode = int(state["mode"], 8)
    return state["owner"] != "root" or bool(mode & 0o022 and not mode & 0o1000)


def _differing(desired: Iterable[_Data], files: _Data) -> list[str]:
    """Return which of the desired files and folders are not as they are desired, and why."""
    said = [(each["path"], _difference(each, files.get(each["path"]))) for each in desired]
    return [f"{path} {words}" for path, words in said if words]


def _difference(desired: _Data, state: Any) -> str:
    if state is None:
        return "is missing"
    for field, words in _COMPARED:
        if field in desired and state.get(field) != desired[field]:
            return words
    return "has other rights" if any(desired.get(field, state[field]) != state[field] for field in _RIGHTS) else ""


def known_hosts(hostvars: Mapping[str, _Data], servers: Iterable[str], port: Any, before: str) -> str:
    """Return the text of heketi's known_hosts. Lines of a node that can't be asked now stay as they were before."""
    lines: list[str] = []
    for name in sorted(servers):
        facts = hostvars[name]
        address = facts.get("heketi_manage") or facts.get("gluster_address")
        label = str(address) if int(port) == 22 else f"[{address}]:{port}"
        keys = _host_keys(facts)
        lines += [f"{label} {key}" for key in keys] or [
            line for line in before.splitlines() if line.split()[:1] == [label]
        ]
    return "".join(f"{line}\n" for line in lines)


def _host_keys(facts: _Data) -> list[str]:
    """Return the public keys of a node's sshd: as the role read them, else as the look did."""
    read = facts.get("heketi_host_keys") or {}
    managed = (facts.get(LOOK) or {}).get("managed") or {}
    texts = managed.get("texts") or {}
    lines = read.get("stdout_lines") or "".join(texts[path] for path in texts if "/ssh_host_" in path).splitlines()
    return [" ".join(line.split()[:2]) for line in sorted(lines)]


def silent_nodes(hostvars: Mapping[str, _Data], servers: Sequence[str]) -> list[str]:
    """Return the storage nodes that did not answer the look."""
    return [name for name in servers if is_absent(hostvars[name].get(LOOK))]
