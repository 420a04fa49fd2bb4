# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection with small programs in the place of its modules, for roles and playbooks run by ansible-playbook."""

import importlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = pathlib.Path(sys.executable).with_name("ansible-playbook")
LOCAL = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
#: Seconds after which a playbook is ended that does not come to an end.
TIME_LIMIT = 300
#: Seconds after which Ctrl-C is pressed once more.
AGAIN = 30
_PROGRAM = """#!{python}
# WANT_JSON
import json, os, sys
arguments = json.load(open(sys.argv[1]))
host = os.environ.get("STUB_HOST", "")
with open({log!r}, "a") as log:
    log.write(json.dumps([{name!r}, host, arguments]) + "\\n")
print(json.dumps({answer}))
"""


class StandIns:
    """The collection with its modules replaced, each by what Python makes of an expression over host and arguments.

    Action plugins that are named are the collection's own, all others are left out.
    """

    def __init__(self, folder, actions=()):
        self._folder = folder
        self._log = folder / "log"
        self._log.touch()
        collection = folder / "ansible_collections/brickwork/gluster"
        for name in ("modules", "action"):
            (collection / "plugins" / name).mkdir(parents=True)
        for name in ("roles", "meta", "galaxy.yml", "playbooks"):
            (collection / name).symlink_to(ROOT / name)
        for plugins in (ROOT / "plugins").iterdir():
            if plugins.name not in ("modules", "action"):
                (collection / "plugins" / plugins.name).symlink_to(plugins)
        for name in actions:
            (collection / f"plugins/action/{name}.py").symlink_to(ROOT / f"plugins/action/{name}.py")
        for name in (path.stem for path in (ROOT / "plugins/modules").glob("*.py")):
            self.module(name, "dict(failed=True, msg='no stand-in for this module')")

    def module(self, name, answer, collection="brickwork.gluster"):
        """Put a program in the place of a module."""
        modules = self._folder / "ansible_collections" / collection.replace(".", "/") / "plugins/modules"
        modules.mkdir(parents=True, exist_ok=True)
        text = _PROGRAM.format(python=sys.executable, log=str(self._log), name=name, answer=answer)
        (modules / f"{name}.py").write_text(text)

    def play(self, tasks, **variables):
        """Run tasks on the hosts a, b and c, which are this machine; return what was said, and the exit code."""
        play = {
            "hosts": "all", "gather_facts": False, "vars": variables, "tasks": tasks,
            "environment": {"STUB_HOST": "{{ inventory_hostname }}"},
        }  # fmt: skip
        return self.write_and_run([play], {"all": {"hosts": {name: {} for name in "abc"}}})

    def write_and_run(self, plays, inventory):
        """Run plays; see run."""
        (self._folder / "play.yml").write_text(yaml.safe_dump(plays))
        return self.run("play.yml", inventory)

    def run(self, playbook, inventory, *words):
        """Run a playbook on an inventory of hosts which are this machine; return what was said, and the exit code."""
        done = subprocess.run(**self._started(playbook, inventory, *words), check=False, timeout=TIME_LIMIT)
        return done.stdout, done.returncode

    def interrupt(self, plays, inventory, sign):
        """Run plays, with Ctrl-C at the first line that has the sign; return what was said, and the exit code.

        ansible-core seldom waits for ever then: for the lock of a queue, with which it has ended a worker. People press
        Ctrl-C once more, and so does this after a while; the exit code is that of the signal then.
        """
        (self._folder / "play.yml").write_text(yaml.safe_dump(plays))
        said = []
        started = self._started("play.yml", inventory)
        with subprocess.Popen(**started, preexec_fn=_heed_ctrl_c, start_new_session=True) as process:
            limit = threading.Timer(TIME_LIMIT, os.killpg, (process.pid, signal.SIGKILL))
            limit.start()
            again = threading.Timer(AGAIN, os.killpg, (process.pid, signal.SIGINT))
            for line in process.stdout:
                if sign in line and not any(sign in before for before in said):
                    # As a terminal does: to all processes of the program.
                    os.killpg(process.pid, signal.SIGINT)
                    again.start()
                said.append(line)
            limit.cancel()
            again.cancel()
        return "".join(said), process.returncode

    def _started(self, playbook, inventory, *words):
        inventory = {**inventory, "all": {**inventory.get("all", {}), "vars": LOCAL}}
        (self._folder / "hosts.yml").write_text(yaml.safe_dump(inventory))
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
        environment.update(ANSIBLE_COLLECTIONS_PATH=str(self._folder), ANSIBLE_NOCOLOR="1", COLUMNS="1000")
        return {
            "args": [str(TOOL), "-i", "hosts.yml", *words, playbook], "cwd": self._folder, "env": environment,
            "text": True, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT,
        }  # fmt: skip

    def calls(self, module=None):
        """Return host and arguments of each call of a module, or all calls with the module's name before them."""
        lines = [json.loads(line) for line in self._log.read_text().splitlines()]
        read = [[name, host, _as_read(name, arguments)] for name, host, arguments in lines]
        return [call[1:] for call in read if call[0] == module] if module else read


def _as_read(module, arguments):
    """Return arguments as a module reads them: before ansible-core 2.19, a template makes text of a number."""
    if not (ROOT / f"plugins/modules/{module}.py").exists():
        return arguments
    found = importlib.import_module(f"ansible_collections.brickwork.gluster.plugins.modules.{module}")
    return _with_numbers(arguments, getattr(found, "argument_spec", dict)())


def _with_numbers(arguments, options):
    return {name: _with_number(value, options.get(name, {})) for name, value in arguments.items()}


def _with_number(value, option):
    if isinstance(value, list):
        return [_with_number(one, {**option, "type": option.get("elements")}) for one in value]
    if isinstance(value, dict):
        return _with_numbers(value, option.get("options") or {})
    return int(value) if option.get("type") == "int" and value is not None else value


def _heed_ctrl_c():
    """What a shell starts in the background ignores Ctrl-C, and so do all programs that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
