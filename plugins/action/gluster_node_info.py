# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks at a node in one call, and asks it by a shell script only where the module can't run there."""

import os
import shlex
import time
from collections.abc import Mapping
from typing import Any, Optional

from ansible import __version__ as ansible_version
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.loader import lookup_loader
from ansible.utils.display import Display

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.bootstrap import judge_node, judge_words, script
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.certificate_files import (
    read_texts,
    refuse_lost_authority,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.questions import questions
from ansible_collections.brickwork.gluster.plugins.plugin_utils.rpm_files import (
    find_folder,
    is_on_controller,
    list_files,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.waiting_action import TellingAction

_MODULE = "brickwork.gluster.gluster_node_info"
#: Where every supported system has its Python 3, but those without a package of that name.
_USUAL = "/usr/bin/python3"
_Answer = dict[str, Any]


class ActionModule(TellingAction):
    """The module, at once where the usual interpreter is there."""

    MODULE = "gluster_node_info"
    TRANSFERS_FILES = False
    _supports_check_mode = True

    def run(self, tmp: Optional[str] = None, task_vars: Optional[_Answer] = None) -> _Answer:
        """Return the module's answer with what the node has (node)."""
        result, variables = super().run(tmp, task_vars), task_vars or {}
        if self._templar.template(variables.get("gluster_state") or "") == "lost":
            # It does not come back: to wait for its answer would only take time.
            return {**result, "lost": True, "changed": False}
        host = str(variables.get("inventory_hostname"))
        options = self._options(host, variables)
        files = (options.get("tls") or {}).get("files") or {}
        try:
            answer = self._seen(self._arguments(host, options, files), variables)
            refuse_lost_authority(host, files, answer.get("certificate") or {}, os.path.isfile)
        except BrickworkError as error:
            return {**result, "failed": True, "msg": str(error)}
        return {**result, **answer}

    def _options(self, host: str, variables: _Answer) -> _Answer:
        """Return the module's options as the task, or the variables of the role, have them."""
        if not boolean(self._task.args.get("from_role", False)):
            return dict(self._task.args)

        def read(name: str) -> Any:
            return self._templar.template(variables[name]) if name in variables else None

        return questions(host, variables["groups"], read)

    def _arguments(self, host: str, options: _Answer, files: Mapping[str, str]) -> _Answer:
        """Return the module's arguments, with what is to be told of files on the controller."""
        arguments = dict(options, asked=str(int(time.time())))
        if arguments.get("bricks"):
            arguments["bricks"] = {**arguments["bricks"], "devices": _looked_at(arguments["bricks"].get("devices", []))}
        if is_on_controller(arguments.get("rpm_folder") or {}):
            folder = find_folder(str(arguments["rpm_folder"]["path"]), self._find_needle)
            arguments["rpm_folder"] = {**arguments["rpm_folder"], "brought": list_files(folder)}
        if files:
            wanted = {key: value for key, value in arguments["tls"].items() if key != "files"}
            arguments["tls"] = {**wanted, **read_texts(host, files, self._text_of)}
        return arguments

    def _text_of(self, path: str) -> Optional[str]:
        """Return the text of a file on the controller, None for none. One that ansible-vault has encrypted stays so."""
        if not os.path.isfile(path):
            return None
        lookup = lookup_loader.get("file", loader=self._loader, templar=self._templar)
        return str(lookup.run([os.path.abspath(path)], variables={}, rstrip=False)[0])

    def _seen(self, arguments: _Answer, variables: _Answer) -> _Answer:
        named = self._named_interpreter(variables)
        answer = self._look(arguments, named or _USUAL, variables)
        if "looked" in answer:
            node = judge_words(answer.pop("said", {}), ansible_version)
        else:
            with self._told(variables):
                said = self._ask_by_script(named, arguments)
            node = judge_node(said, ansible_version)
            if not node["refusal"]:
                answer = self._look(arguments, node["interpreter"], variables)
                answer.pop("said", None)
        host = str(variables.get("inventory_hostname"))
        if node["refusal"] and not (answer.get("failed") and "looked" in answer):
            answer = {"failed": True, "msg": f"{host} {node['refusal']}"}
        answer.pop("looked", None)
        if node["installed_by"]:
            Display().display(f"{host} had no python3; {node['installed_by']} installed {node['python']}")
        return {**answer, **_found(node, named), "node": node, "changed": bool(node["installed_by"])}

    def _named_interpreter(self, variables: _Answer) -> str:
        """Return the interpreter that the inventory names; Ansible's own words for "look for one" name none."""
        named = str(self._templar.template(variables.get("ansible_python_interpreter") or ""))
        return named if named.startswith("/") else ""

    def _look(self, arguments: _Answer, interpreter: str, variables: _Answer) -> _Answer:
        chosen = dict(variables, ansible_python_interpreter=interpreter)
        return self._execute_module(module_name=_MODULE, module_args=arguments, task_vars=chosen)

    def _ask_by_script(self, named: str, arguments: _Answer) -> _Answer:
        install = boolean(arguments.get("python_install", False)) and not self._task.check_mode
        folder = str(arguments.get("python_folder") or "")
        words = ["install" if install else "look", named, folder, str(int(time.time()))]
        return self._low_level_execute_command("set -- {}\n{}".format(" ".join(map(shlex.quote, words)), script()))


def _looked_at(devices: Any) -> Any:
    """Return disks as the module takes them; what is to become of them is for the plan."""
    if not isinstance(devices, list):
        return devices
    return [
        {key: value for key, value in device.items() if key != "state"} if isinstance(device, Mapping) else device
        for device in devices
    ]


def _found(node: Mapping[str, Any], named: str) -> _Answer:
    """Return the fact that spares Ansible its own search for an interpreter, where the inventory names none."""
    if named or not node["interpreter"]:
        return {}
    return {"ansible_facts": {"discovered_interpreter_python": node["interpreter"]}}
