# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A guest boots as it was made, whatever flags a later call has; only a new system disk makes it another machine."""

import pathlib

import pytest
from brickwork_lab import guest, lab, network
from brickwork_lab.errors import LabError
from brickwork_lab.kernel import Kernel
from brickwork_lab.made import read_made
from brickwork_lab.spec import parse_spec

SPEC = {
    "name": "try",
    "network": "10.1.2.0/24",
    "packages": ["lvm2"],
    "guests": [{"name": "node1", "address": "10.1.2.3"}, {"name": "node2", "address": "10.1.2.4"}],
}
KERNEL = Kernel("7.2", pathlib.Path("/modules"), pathlib.Path("/tree"))


@pytest.fixture
def started(monkeypatch, tmp_path):
    """The kernels and images that guests were started with; no process is started."""
    calls = []
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(network, "exists", lambda spec: True)
    monkeypatch.setattr(guest, "prepare", lambda spec, one, state: (state / f"{one.name}.cow").touch())
    monkeypatch.setattr(guest, "start", lambda spec, one, made, state: calls.append((one.name, made)) or 1)
    monkeypatch.setattr(lab.Lab, "_record", lambda self, name, pid: None)
    monkeypatch.setattr(lab.Lab, "_wait", lambda self, guests: None)
    monkeypatch.setattr(lab.Lab, "_build", lambda self: (KERNEL, pathlib.Path("/image-" + "-".join(self.spec.include))))
    for name in ("_write_connection", "_serve"):
        monkeypatch.setattr(lab.Lab, name, lambda self, image: None)
    monkeypatch.setattr(network, "network_up", lambda spec: None)
    return calls


def up(spec):
    made = lab.Lab(spec)
    made.state.mkdir(parents=True, exist_ok=True)
    made._up()
    return made


def test_power_on_without_the_flags_of_up_boots_the_same_image(started):
    spec = parse_spec(SPEC, "spec")
    up(spec.with_packages_installed())
    lab.Lab(spec).power_on(["node1"])
    up(spec)
    assert [(name, str(made.image)) for name, made in started] == [
        ("node1", "/image-lvm2"),
        ("node2", "/image-lvm2"),
        ("node1", "/image-lvm2"),
        ("node1", "/image-lvm2"),
        ("node2", "/image-lvm2"),
    ]
    assert {made.kernel for _name, made in started} == {KERNEL}


def test_a_new_system_disk_is_another_machine_with_the_same_network_card(started):
    spec = parse_spec(SPEC, "spec")
    running = up(spec)
    running.new_system_disk(["node1"])
    assert not (running.state / "node1.cow").exists()
    running.power_on(["node1"])
    [before, _other, after] = [
        guest.kernel_arguments(spec, spec.guests[0], KERNEL, "/s", "/i", made.system_disk) for _name, made in started
    ]
    assert [word for word in after if word not in before] == [
        word for word in after if word.startswith("systemd.machine_id=")
    ]
    assert read_made(running.state, "node2").system_disk == 0


def test_a_guest_that_was_never_made_is_not_powered_on(started):
    made = lab.Lab(parse_spec(SPEC, "spec"))
    made.state.mkdir(parents=True)
    with pytest.raises(LabError, match="node1 was never started; run up"):
        made.power_on(["node1"])


def test_a_guest_that_has_all_its_packages_is_given_no_empty_repository():
    """As seen: bullseye's apt can't read the index of one, and no package could be looked for."""
    spec = parse_spec(SPEC, "spec")
    assert "etc/apt/sources.list.d/lab.list" in guest.own_files(spec, spec.guests[0])
    installed = spec.with_packages_installed()
    assert "etc/apt/sources.list.d/lab.list" not in guest.own_files(installed, installed.guests[0])
