# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as a task: which files it writes, and when it has changed something."""

import json
from unittest import mock

import pytest

from ansible_collections.brickwork.gluster.plugins.action import gluster_report
from ansible_collections.brickwork.gluster.plugins.action.gluster_report import ActionModule
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report_files import file_mode
from ansible_collections.brickwork.gluster.tests.fakes.reported import ReportedCluster


@pytest.fixture
def cluster():
    return ReportedCluster()


@pytest.fixture
def clock(monkeypatch):
    """Let each report be made at another time."""
    times = iter(f"2026-11-28T21:30:{second:02}Z" for second in range(60))
    # Not in the module time itself: datetime reads the names of months by that, too.
    own = mock.Mock(strftime=lambda *_words: next(times))
    monkeypatch.setattr(gluster_report, "time", own)


def run(cluster, check=False, **args):
    given = {"hosts": cluster.hosts, "pool": cluster.pool, "asked": cluster.hosts[0], **args}
    task = mock.Mock(args=given, async_val=0, environment=None, delay=0)
    task.action = "brickwork.gluster.gluster_report"
    task.check_mode = check
    action = ActionModule(task, mock.Mock(), mock.Mock(check_mode=check), None, None, None)
    return action.run(None, {"hostvars": cluster.hostvars})


def test_what_differs_only_in_its_time_is_written_and_is_no_change(cluster, clock, tmp_path):
    page, data = tmp_path / "new/folder/report.html", tmp_path / "report.json"
    files = {"path": str(page), "json": str(data)}
    first = run(cluster, **files)
    assert first["changed"] and first["differing"] == [str(page), str(data)]
    assert oct(page.stat().st_mode & 0o777) == oct(data.stat().st_mode & 0o777) == "0o640"
    before = page.read_text()
    second = run(cluster, **files)
    assert not second["changed"] and second["differing"] == []
    assert page.read_text() != before and json.loads(data.read_text())["made"] == "2026-11-28T21:30:01Z"
    cluster.volume("volume00000")["options"]["user.x"] = "1"
    assert run(cluster, **files)["changed"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["new", "report.json"]
    assert [one.name for one in page.parent.iterdir()] == ["report.html"]


def test_check_mode_writes_nothing_and_tells_the_same(cluster, clock, tmp_path):
    page = tmp_path / "reports/report.html"
    assert run(cluster, check=True, path=str(page))["changed"] and not page.parent.exists()
    run(cluster, path=str(page))
    before = page.read_text()
    assert not run(cluster, check=True, path=str(page))["changed"] and page.read_text() == before


@pytest.mark.parametrize("present", ["", "<html>of another kind</html>", '<time datetime="x">'])
def test_whatever_stood_there_is_replaced(cluster, tmp_path, present):
    page, data = tmp_path / "report.html", tmp_path / "report.json"
    page.write_text(present)
    data.write_text(present or "[1]")
    answer = run(cluster, path=str(page), json=str(data), mode="600")
    assert answer["differing"] == [str(page), str(data)] and page.read_text().startswith("<!DOCTYPE html>")
    assert oct(page.stat().st_mode & 0o777) == "0o600"
    assert answer["summary"] == json.loads(data.read_text())["summary"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"path": ""}, "path: it is missing; write a file of the controller"),
        ({"path": "/tmp/"}, "path: found the folder /tmp/; write the name of a file in it"),
        ({"path": "/proc/x/report.html"}, "path: found that /proc/x/report.html can't be written ("),
        ({"path": "/tmp/x", "mode": 640}, "mode: found '640'; write the rights in quotes"),
        ({"path": "/tmp/x", "mode": "rw"}, "mode: found 'rw'; write the rights in quotes"),
    ],
)
def test_what_is_refused(cluster, wrong, message):
    answer = run(cluster, **wrong)
    assert answer["failed"] and answer["msg"].startswith(message) and not answer["changed"]


def test_rights_as_the_inventory_has_them():
    assert file_mode("gluster_report_mode", "640") == "0640"
    for wrong in (640, "0999", "06400", None, "0640\n"):
        with pytest.raises(InputError, match="gluster_report_mode: found "):
            file_mode("gluster_report_mode", wrong)
