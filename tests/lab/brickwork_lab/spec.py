# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a lab is made of: reads and checks the YAML spec. Pure but for reading the file."""

from __future__ import annotations

import dataclasses
import ipaddress
import pathlib
import re

import yaml

from brickwork_lab.errors import LabError

_SIZE = re.compile(r"^\d+[MG]$")
_NAME = re.compile(r"^[a-z][a-z0-9-]{0,30}$")
#: Debian suites that the lab knows to build.
SUITES = ("bullseye", "bookworm", "trixie")
KERNELS = ("auto", "fast", "distribution")


@dataclasses.dataclass(frozen=True)
class Guest:
    """One machine. disks are the sizes of its data disks, seen there as /dev/sdb, /dev/sdc and so on."""

    name: str
    address: str
    zone: str = "default"
    memory: str = "600M"
    disks: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Spec:
    """A lab: its guests and what they have in common.

    packages is what their repository serves, include what they have beside the bare system. upgrades are the later
    suites to which they can go: the repository serves what that takes. python is whether they have python3 at first.
    """

    name: str
    network: str
    guests: tuple[Guest, ...]
    suite: str = "bookworm"
    memory: str = "600M"
    packages: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    upgrades: tuple[str, ...] = ()
    kernel: str = "auto"
    python: bool = True

    @property
    def gateway(self) -> str:
        """Address of the lab's bridge, where the package repository is."""
        return str(next(ipaddress.ip_network(self.network).hosts()))

    @property
    def prefix(self) -> int:
        """Length of the network's prefix."""
        return ipaddress.ip_network(self.network).prefixlen

    def with_packages_installed(self) -> Spec:
        """Return the spec of guests that have from the start what these could install."""
        return dataclasses.replace(self, packages=(), include=(*self.include, *self.packages))

    def guest(self, name: str) -> Guest:
        """Return the guest of that name; LabError if there is none."""
        for guest in self.guests:
            if guest.name == name:
                return guest
        raise LabError(f"{self.name} has no guest {name}; it has {', '.join(guest.name for guest in self.guests)}")


def load_spec(path: pathlib.Path, **instead: str | None) -> Spec:
    """Return the checked Spec of a file; LabError names the key that is wrong. instead replaces keys of the file."""
    try:
        data = yaml.safe_load(path.read_text())
    except (OSError, yaml.YAMLError) as error:
        raise LabError(f"{path}: {error}") from error
    return parse_spec({**data, **{key: value for key, value in instead.items() if value}}, str(path))


def parse_spec(data: dict, where: str) -> Spec:
    """Return the Spec that the data of a file stand for."""
    _refuse_unknown_keys(data, Spec, where)
    for key in ("name", "network", "guests"):
        if not data.get(key):
            raise LabError(f"{where}: {key} is missing")
    memory = data.get("memory", "600M")
    guests = tuple(_guest(guest, memory, where) for guest in data["guests"])
    lists = {key: tuple(data.get(key, ())) for key in ("packages", "include", "upgrades")}
    spec = Spec(**{**data, **lists, "guests": guests})
    _check(spec, where)
    return spec


def _refuse_unknown_keys(data: dict, kind: type, where: str) -> None:
    known = {field.name for field in dataclasses.fields(kind)}
    unknown = sorted(set(data) - known)
    if unknown:
        raise LabError(f"{where}: {', '.join(unknown)}: no such key; known are {', '.join(sorted(known))}")


def _guest(data: dict, memory: str, where: str) -> Guest:
    _refuse_unknown_keys(data, Guest, where)
    for key in ("name", "address"):
        if key not in data:
            raise LabError(f"{where}: a guest has no {key}")
    return Guest(**{"memory": memory, **data, "disks": tuple(data.get("disks", ()))})


def _check(spec: Spec, where: str) -> None:
    if not _NAME.match(spec.name):
        raise LabError(f"{where}: name {spec.name!r}; use at most 31 small letters, digits and -")
    if spec.suite not in SUITES:
        raise LabError(f"{where}: suite {spec.suite!r}; known are {', '.join(SUITES)}")
    for suite in spec.upgrades:
        if suite not in SUITES[SUITES.index(spec.suite) + 1 :]:
            raise LabError(f"{where}: upgrades: {suite!r}; known are later ones than {spec.suite}: {', '.join(SUITES)}")
    if spec.kernel not in KERNELS:
        raise LabError(f"{where}: kernel {spec.kernel!r}; known are {', '.join(KERNELS)}")
    for key in ("name", "address"):
        values = [getattr(guest, key) for guest in spec.guests]
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            raise LabError(f"{where}: {key} {', '.join(twice)} is given to two guests")
    for guest in spec.guests:
        _check_guest(guest, spec, where)


def _check_guest(guest: Guest, spec: Spec, where: str) -> None:
    if not _NAME.match(guest.name):
        raise LabError(f"{where}: guest name {guest.name!r}; use small letters, digits and -")
    if len(guest.disks) > 13:
        raise LabError(f"{where}: {guest.name} has {len(guest.disks)} disks; 13 at most")
    for size in (*guest.disks, guest.memory):
        if not _SIZE.match(str(size)):
            raise LabError(f"{where}: {guest.name}: size {size!r}; write for example 8G or 600M")
    network = ipaddress.ip_network(spec.network)
    if ipaddress.ip_address(guest.address) not in network or guest.address == spec.gateway:
        raise LabError(f"{where}: {guest.name}: address {guest.address} is not free in {spec.network}")
