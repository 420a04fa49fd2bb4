# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks at a node in one call, and asks it by a shell script only where the module can't run there."""

import shlex
import time
from typing import Any, Optional

from ansible import __version__ as ansible_version
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.bootstrap import judge_node, judge_words, script

_MODULE = "brickwork.gluster.gluster_node_info"
#: Where every supported system has its Python 3, but those without a package of that name.
_USUAL = "/usr/bin/python3"
_Answer = dict[str, Any]


class ActionModule(ActionBase):
    """The module, at once where the usual interpreter is there."""

    TRANSFERS_FILES = False
    _supports_check_mode = True

    def run(self, tmp: Optional[str] = None, task_vars: Optional[_Answer] = None) -> _Answer:
        """Return the module's answer with what the node has (node)."""
        result = super().run(tmp, task_vars)
        named = self._named_interpreter(task_vars or {})
        answer = self._look(named or _USUAL, task_vars or {})
        if "looked" in answer:
            node = judge_words(answer.pop("said", {}), ansible_version)
        else:
            said = self._ask_by_script(named)
            node = judge_node(said, ansible_version)
            if not node["refusal"]:
                answer = self._look(node["interpreter"], task_vars or {})
                answer.pop("said", None)
        if node["refusal"] and not (answer.get("failed") and "looked" in answer):
            answer = {"failed": True, "msg": f"{(task_vars or {}).get('inventory_hostname')} {node['refusal']}"}
        answer.pop("looked", None)
        return {**result, **answer, "node": node, "changed": bool(node["installed_by"])}

    def _named_interpreter(self, task_vars: _Answer) -> str:
        """Return the interpreter that the inventory names; Ansible's own words for "look for one" name none."""
        named = str(self._templar.template(task_vars.get("ansible_python_interpreter") or ""))
        return named if named.startswith("/") else ""

    def _look(self, interpreter: str, task_vars: _Answer) -> _Answer:
        arguments = dict(self._task.args, asked=str(int(time.time())))
        chosen = dict(task_vars, ansible_python_interpreter=interpreter)
        return self._execute_module(module_name=_MODULE, module_args=arguments, task_vars=chosen)

    def _ask_by_script(self, named: str) -> _Answer:
        install = boolean(self._task.args.get("python_install", False)) and not self._task.check_mode
        folder = str(self._task.args.get("python_folder") or "")
        words = ["install" if install else "look", named, folder, str(int(time.time()))]
        return self._low_level_execute_command("set -- {}\n{}".format(" ".join(map(shlex.quote, words)), script()))
