# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every job template is run as AWX runs it: by ansible-runner, from the installed collection, with a survey's answers.

The jobs are run side by side, before the first test asks for one of them.
"""

import concurrent.futures
import os

import pytest

from ansible_collections.brickwork.gluster.tests.fakes.awx import TEMPLATES, variables_of_launch
from ansible_collections.brickwork.gluster.tests.fakes.awx_jobs import CLUSTER, NODES, VOLUME, Installed

#: What people answer, without "survey_". The paths are those of the fixture "installed".
ANSWERS = {
    "heal": {"gluster_heal_full": "true"},
    "retire": {"gluster_retire_confirm": CLUSTER},
    "state_restore": {"gluster_state_node": NODES[1], "gluster_state_archive": "archive_of_state"},
    "readdress": {"gluster_readdress_nodes": NODES[1]},
    "maintenance": {"gluster_maintenance": "leave", "gluster_maintenance_nodes": f"{NODES[0]}, {NODES[2]}"},
    "rolling": {"gluster_rolling_tasks": "tasks"},
    "move": {"gluster_move_volumes": VOLUME},
    "clone": {"gluster_clone_volume": VOLUME, "gluster_clone_name": "look"},
    "rebalance": {"gluster_rebalance_volumes": VOLUME, "gluster_rebalance_layout_only": "true"},
    "shrink": {
        "gluster_shrink_volume": VOLUME, "gluster_shrink_confirm": CLUSTER, "gluster_shrink_commit": "false",
    },
    "teardown": {"gluster_teardown_confirm": CLUSTER, "gluster_teardown_volumes": VOLUME},
    "heketi_restore": {"heketi_restore_from": "/var/lib/heketi/heketi.db.1"},
}  # fmt: skip
#: What people write beside the survey.
WRITTEN = {
    "state_backup": {"gluster_state_folder": "{answers}/states"},
    "report": {"gluster_report_path": "{answers}/report.html"},
}
#: By name: template, answers, written variables, and how the one error begins.
WRONG = {
    "variable": ("site", {}, {"gluster_volumes": "shared"}, 'gluster_volumes: found the text "shared"'),
    "query": ("health", {"gluster_health_query": "nodes["}, {}, "gluster_health_query: "),
    "replace": ("replace", {"gluster_replace_nodes": "nobody"}, {}, "gluster_replace_nodes: found nobody"),
    "backup": ("state_backup", {}, {}, "folder: it is missing"),
    "restore": ("state_restore", {"gluster_state_node": "nobody"}, {}, "gluster_state_node: found nobody"),
    "archive": (
        "state_restore", {"gluster_state_node": NODES[1], "gluster_state_archive": "/nowhere"}, {},
        "archive: found no file /nowhere",
    ),
    "rolling": ("rolling", {"gluster_rolling_tasks": "/nowhere"}, {}, "gluster_rolling_tasks: found no file /nowhere"),
    "maintenance": (
        "maintenance", {"gluster_maintenance": "enter", "gluster_maintenance_nodes": "nobody"}, {},
        "gluster_maintenance is enter and gluster_maintenance_nodes is nobody",
    ),
    "shrink": (
        "shrink", {"gluster_shrink_volume": VOLUME, "gluster_shrink_confirm": "other"}, {},
        "gluster_shrink_confirm: found other",
    ),
    "teardown": (
        "teardown", {"gluster_teardown_confirm": "other", "gluster_teardown_volumes": VOLUME}, {},
        "gluster_teardown_confirm: found other",
    ),
}  # fmt: skip
JOBS = {
    **{name: (name, ANSWERS.get(name, {}), WRITTEN.get(name, {}), False) for name in TEMPLATES},
    **{f"{name}-check": (name, ANSWERS.get(name, {}), WRITTEN.get(name, {}), True) for name in TEMPLATES},
    **{f"{name}-wrong": (*wrong[:3], False) for name, wrong in WRONG.items()},
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    return Installed(tmp_path_factory.mktemp("awx"))


@pytest.fixture(scope="module")
def jobs(installed, request):
    """The jobs of all tests of this file that were chosen."""
    chosen = {item.callspec.params["name"] for item in request.session.items if item.path.name == "test_jobs.py"}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        yield {name: pool.submit(run, installed, name) for name in sorted(chosen)}


def run(installed, name):
    playbook, answers, written, check = JOBS[name]
    given = {f"survey_{variable}": str(getattr(installed, answer, answer)) for variable, answer in answers.items()}
    own = {variable: value.format(answers=f"{installed.answers}/{name}") for variable, value in written.items()}
    return installed.run(name, playbook, variables_of_launch(playbook, given, **own), check)


@pytest.mark.parametrize("name", sorted(set(JOBS) - {f"{name}-wrong" for name in WRONG}))
def test_a_job_ends_well_and_awx_can_read_it(jobs, name):
    job = jobs[name].result()
    assert (job.status, job.rc, job.refusals()) == ("successful", 0, []), job.stdout
    assert len(job.of("playbook_on_start")) == 1
    [stats] = job.of("playbook_on_stats")
    assert stats["failures"] == stats["dark"] == {} and job.of("runner_on_ok")
    # Each line of the output belongs to an event, and each event to one before it.
    known = {event["uuid"] for event in job.events}
    assert all(event["parent_uuid"] in known for event in job.events if event.get("parent_uuid"))
    assert job.events[-1]["event"] == "playbook_on_stats"


@pytest.mark.parametrize("name", sorted(f"{name}-wrong" for name in WRONG))
def test_wrong_input_ends_the_job_with_one_error(jobs, name):
    job = jobs[name].result()
    begins = WRONG[name.removesuffix("-wrong")][3]
    [said] = job.refusals()
    assert (job.status, job.rc) == ("failed", 2) and said.startswith(begins), job.stdout
