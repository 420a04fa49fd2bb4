# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An image of containers, written as docker save writes it, so that no registry is needed."""

from __future__ import annotations

import hashlib
import io
import json
import pathlib
import tarfile

#: What runs where a container has no command of its own; it ends as soon as it is asked to.
IDLE = ["/bin/sh", "-c", "trap 'exit 0' TERM; while :; do sleep 1; done"]
_FILES = {
    "etc/passwd": b"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
    "etc/group": b"root:x:0:\nnogroup:x:65534:\n",
}
_FOLDERS = {"bin": 0o755, "etc": 0o755, "root": 0o700, "tmp": 0o1777}


def write_image(target: pathlib.Path, names: list[str], busybox: pathlib.Path, applets: list[str]) -> None:
    """Write an archive with one image, known by all of these names: a static busybox and links for its applets."""
    layer = _layer(busybox.read_bytes(), applets)
    config = json.dumps(
        {
            "architecture": "amd64",
            "os": "linux",
            "config": {"Cmd": IDLE, "Env": ["PATH=/bin"]},
            "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]},
        }
    ).encode()
    config_name = hashlib.sha256(config).hexdigest() + ".json"
    manifest = [{"Config": config_name, "RepoTags": names, "Layers": ["layer.tar"]}]
    with tarfile.open(target, "w") as archive:
        for name, content in (
            (config_name, config),
            ("layer.tar", layer),
            ("manifest.json", json.dumps(manifest).encode()),
        ):
            _add_file(archive, name, content, 0o644)


def _layer(busybox: bytes, applets: list[str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, mode in _FOLDERS.items():
            archive.addfile(_entry(name, mode, type=tarfile.DIRTYPE))
        _add_file(archive, "bin/busybox", busybox, 0o755)
        for name in sorted(set(applets) - {"busybox"}):
            archive.addfile(_entry("bin/" + name, 0o777, type=tarfile.SYMTYPE, linkname="busybox"))
        for name, content in _FILES.items():
            _add_file(archive, name, content, 0o644)
    return buffer.getvalue()


def _add_file(archive: tarfile.TarFile, name: str, content: bytes, mode: int) -> None:
    archive.addfile(_entry(name, mode, size=len(content)), io.BytesIO(content))


def _entry(name: str, mode: int, **more: object) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.mode = mode
    for field, value in more.items():
        setattr(entry, field, value)
    return entry
