# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One guest: its own files, its disks, and the process that it is."""

from __future__ import annotations

import hashlib
import io
import pathlib
import shlex
import subprocess
import tarfile

from brickwork_lab.image import CONFIG_DISK
from brickwork_lab.kernel import Kernel
from brickwork_lab.made import Made
from brickwork_lab.network import REPOSITORY_PORT, inside, tap
from brickwork_lab.spec import Guest, Spec


def own_files(spec: Spec, guest: Guest) -> dict[str, str]:
    """Return the files that differ from guest to guest."""
    names = "".join(f"{other.address} {other.name}\n" for other in spec.guests)
    files = {
        "etc/hosts": f"127.0.0.1 localhost\n{names}",
        "etc/hostname": f"{guest.name}\n",
        "etc/systemd/network/10-lab.network": (
            f"[Match]\nName=vec0 eth0\n[Network]\nAddress={guest.address}/{spec.prefix}\nLinkLocalAddressing=no\n"
        ),
    }
    # Bullseye's apt refuses the index of a repository that offers nothing.
    if spec.packages:
        source = f"deb [trusted=yes] http://{spec.gateway}:{REPOSITORY_PORT}/{spec.suite}/ ./\n"
        files["etc/apt/sources.list.d/lab.list"] = source
    return files


def pack(files: dict[str, str]) -> bytes:
    """Return the files as a tar archive."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, text in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(text.encode()), 0o644
            archive.addfile(entry, io.BytesIO(text.encode()))
    return buffer.getvalue()


def name_hash(spec: Spec, guest: Guest, system_disk: int = 0) -> str:
    """Return 32 hexadecimal digits: the same for the same guest of the same lab with the same system disk."""
    words = [spec.name, guest.name] + ([str(system_disk)] if system_disk else [])
    return hashlib.sha256("/".join(words).encode()).hexdigest()[:32]


def kernel_arguments(
    spec: Spec, guest: Guest, kernel: Kernel, state: str, image: str, system_disk: int = 0
) -> list[str]:
    """Return the kernel's command line; state and image are the folders as the kernel sees them.

    system_disk counts how often the guest got a new one: a new system has another machine-id.
    """
    device = tap(spec, guest)
    number = name_hash(spec, guest)
    hardware = f"02:42:{number[0:2]}:{number[2:4]}:{number[4:6]}:{number[6:8]}"
    disks = [f"ubd{letter}={state}/{guest.name}-sd{letter}.img" for letter in disk_letters(guest)]
    if kernel.is_fast:
        # Without gro the guest drops the large frames that other guests send: 16 MiB took 67 s instead of 3.
        network = [f"vec0:transport=tap,ifname={device},depth=128,gro=1,mac={hardware}", "seccomp=auto"]
    else:
        network = [f"eth0=tuntap,{device},{hardware}"]
    return [
        f"mem={guest.memory}", f"umid={guest.name}", f"uml_dir={state}/uml/", f"ubda={state}/{guest.name}.cow,{image}",
        *disks, f"{CONFIG_DISK}={state}/{guest.name}.tar", "root=/dev/ubda", "rw", *network,
        "con=null", "con0=null,fd:1", "ssl=null", "net.ifnames=0", "quiet",
        f"systemd.hostname={guest.name}", f"systemd.machine_id={name_hash(spec, guest, system_disk)}",
    ]  # fmt: skip


def disk_letters(guest: Guest) -> list[str]:
    """Return the letters of a guest's data disks."""
    return [chr(ord("b") + number) for number in range(len(guest.disks))]


def prepare(spec: Spec, guest: Guest, state: pathlib.Path) -> None:
    """Make the guest's disks; those that are there keep their content."""
    (state / f"{guest.name}.tar").write_bytes(pack(own_files(spec, guest)))
    for letter, size in zip(disk_letters(guest), guest.disks, strict=True):
        disk = state / f"{guest.name}-sd{letter}.img"
        if not disk.exists():
            disk.touch()
            subprocess.run(["truncate", "-s", size, str(disk)], check=True)


def start(spec: Spec, guest: Guest, made: Made, state: pathlib.Path) -> int:
    """Start the guest and return its process number; the process leads a session of its own."""
    argv = inside(spec, ["sh", "-ec", boot_script(spec, guest, made, state)])
    with (state / f"{guest.name}.log").open("ab") as console:
        process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True
        )
    return process.pid


def boot_script(spec: Spec, guest: Guest, made: Made, state: pathlib.Path) -> str:
    """Return the shell script that becomes the guest.

    "ip netns exec" has given it a mount namespace of its own, so no mount of it is seen outside or outlives it.
    """
    kernel, image = made.kernel, made.image
    if kernel.root is None:
        arguments = kernel_arguments(spec, guest, kernel, str(state), str(image / "base.img"), made.system_disk)
        return "exec linux.uml " + shlex.join(arguments)
    root = shlex.quote(str(kernel.root))
    binds = {"/proc": "proc", shlex.quote(str(state)): "lab", shlex.quote(str(image)): "cache"}
    mounts = [f"mount --bind {source} {root}/{target}" for source, target in binds.items()]
    arguments = shlex.join(kernel_arguments(spec, guest, kernel, "/lab", "/cache/base.img", made.system_disk))
    start_kernel = f"exec chroot {root} /usr/bin/linux.uml {arguments}"
    return "; ".join([*mounts, f"mount --rbind /dev {root}/dev", start_kernel])
