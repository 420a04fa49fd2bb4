# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is shown of modules that wait in silence, and when each host speaks."""

import pathlib

import pytest
import yaml

from ansible_collections.brickwork.gluster.plugins.doc_fragments.heketi import ModuleDocFragment
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.silences import SILENCES, line, turns

PLUGINS = pathlib.Path(__file__).resolve().parents[5] / "plugins"


def documented(name):
    text = (PLUGINS / f"modules/{name}.py").read_text()
    own = yaml.safe_load(text.split('DOCUMENTATION = r"""')[1].split('"""')[0])["options"]
    shared = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"] if name.startswith("heketi") else {}
    return {**shared, **own}


@pytest.mark.parametrize("name", sorted(SILENCES))
def test_limit_and_states_are_those_that_the_module_documents(name):
    options = documented(name)
    # A wait with a limit of its own would make the one that is told untrue.
    others = [one for one in options if one.endswith("_timeout") and one != "command_timeout"]
    assert SILENCES[name].seconds == (None if others else options.get("timeout", {}).get("default"))
    assert set(SILENCES[name].words) - {""} <= set(options.get("state", {}).get("choices", ()))


@pytest.mark.parametrize("name", sorted(SILENCES))
def test_each_has_its_action_under_its_name(name):
    assert f'MODULE = "{name}"' in (PLUGINS / f"action/{name}.py").read_text()


def test_a_line_names_host_what_is_waited_for_since_when_and_the_limit_that_was_asked():
    node = SILENCES["gluster_node"]
    assert line("node2", node, {"state": "active", "timeout": 300}, 12.3) == (
        "node2: the node comes back into service: glusterd starts: for 12 s (each wait: at most 300 s)"
    )
    assert line("node2", node, {"state": "maintenance"}, 5).endswith("glusterd end: for 5 s (each wait: at most 120 s)")
    assert line("a", SILENCES["lvm_brick"], {}, 200).endswith("mounts: for 3 min"), "no limit, none said"


def test_however_many_hosts_wait_no_more_than_four_speak_at_once():
    hosts = [f"node{number}" for number in range(1, 11)]
    said = [turns(5, hosts, host) for host in hosts]
    assert [one.first for one in said] == [5] * 4 + [10] * 4 + [15] * 2
    assert {one.then for one in said} == {15}
    assert turns(5, hosts[:4], "node4") == (5, 5) and turns(60, (), "node1") == (60, 60)


def test_it_never_speaks_without_a_pause():
    assert turns(0, ["a"], "a") == (1, 1)


def test_nobody_is_told_that_a_transaction_of_rpms_may_be_cut_off():
    for name, silence in SILENCES.items():
        assert ("Ctrl-C is safe" in silence.interrupted) == (name not in ("install_packages", "rpm_folder")), name
