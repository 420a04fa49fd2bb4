# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a text may look like before it reaches a command line, a file or a unit. Pure. PRIVATE to the collection.

Each function takes the name of the option and what was given, and returns the text in its one normal form; for anything
else it raises InputError with the option, what was found and what to write instead. Patterns end with backslash-Z: a
dollar sign would accept a newline at the end.
"""

import ipaddress
import json
import re
from typing import Any

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError

#: The name is part of its bricks' names, and device-mapper takes 127 for volume group and logical volume together.
LONGEST_VOLUME_NAME = 90
#: Parts that no logical volume's name may have (lvm2, lib/misc/lvm-string.c).
RESERVED_PARTS = tuple(
    "_cdata _cmeta _corig _cvol _iorig _imeta _mimage _mlog _pmspare _rimage _rmeta _tdata _tmeta _vdata _vorigin "
    "_wcorig".split()
)

#: What no file system may be mounted over.
SYSTEM_FOLDERS = frozenset("/ /bin /boot /dev /etc /lib /lib64 /proc /root /run /sbin /sys /tmp /usr /var".split())
_LONGEST_SHOWN = 60
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_VOLUME_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*\Z")
_OPTION_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\Z")
_PATH = re.compile(r"/[\w.:@+=~/-]*\Z")
_MOUNT_OPTION = re.compile(r"[A-Za-z_][\w.:@+=~/%\[\]-]*\Z")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\Z")
_HOST_AND_BRICK = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?:[A-Za-z0-9_][A-Za-z0-9_-]*\Z")
_PACKAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9+._-]*\Z")
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9+._~^-]*\Z")
_ACCOUNT = re.compile(r"[a-z_][a-z0-9_-]{0,31}\Z")
_URL = re.compile(r"https?://(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?(/[A-Za-z0-9._~:/@!&()*+,;=%-]*)?\Z")
_WORD = re.compile(r"[\w./][\w.:/@+=~%$&?{}\[\]-]*\Z")
_UNIT_PATH = re.compile(r"/[A-Za-z0-9_./-]*\Z")
_ADDRESS_PATTERN = re.compile(r"!?[A-Za-z0-9*?\[][A-Za-z0-9.:*?/_\[\]-]*\Z")
_GFID_PATH = re.compile(r"gfid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_SCHEDULE = re.compile(r"[A-Za-z0-9*][A-Za-z0-9*:.,/ ~+_-]*\Z")


def shown(value: Any) -> str:
    """Return what was found as a message shows it: one line, not too long, a text in double quotes."""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + "..."


def one_line(option: str, value: Any) -> str:
    """Return a text of one line without control characters: they would become lines of a file or more commands."""
    if not isinstance(value, str):
        raise InputError("%s: found %s; write a text" % (option, shown(value)))
    if _CONTROL.search(value):
        raise InputError(
            "%s: found %s with a line break or control character; write one plain line" % (option, shown(value))
        )
    return value


def _matching(option: str, value: Any, pattern: Any, what: str) -> str:
    text = one_line(option, value)
    if not pattern.match(text):
        raise InputError("%s: found %s; write %s" % (option, shown(value), what))
    return text


def volume_name(option: str, value: Any) -> str:
    """Return the name of a volume that GlusterFS and LVM both take."""
    name = _matching(option, value, _VOLUME_NAME, "letters, digits, - and _, not beginning with -")
    if len(name) > LONGEST_VOLUME_NAME:
        raise InputError(
            "%s: found a name of %s characters, %s; write at most %s, as it is part of the names of its bricks"
            % (option, len(name), shown(name), LONGEST_VOLUME_NAME)
        )
    return logical_name(option, name)


def logical_name(option: str, name: str) -> str:
    """Return the name of a volume or brick if LVM takes it in a logical volume's, behind C(brick_) or C(pool_)."""
    reserved = [part for part in RESERVED_PARTS if part in "_" + name]
    if reserved:
        raise InputError(
            "%s: found %s, and LVM keeps names of logical volumes with %s for itself (brick_%s); write another name"
            % (option, shown(name), ", ".join(reserved), name)
        )
    return name


def option_name(option: str, value: Any) -> str:
    """Return the name of a volume option."""
    return _matching(option, value, _OPTION_NAME, "letters, digits and . _ -, not beginning with -")


def argument(option: str, value: Any) -> str:
    """Return a value for gluster's command line, which takes C(--log-file=) and others of its own at any place."""
    text = one_line(option, value)
    if text.strip().startswith("--") or not text.strip():
        raise InputError(
            "%s: found %s, which gluster would not take as a value; write the value itself" % (option, shown(value))
        )
    return text


def absolute_path(option: str, value: Any) -> str:
    """Return an absolute path without doubled or final slashes and without C(.); C(..) is refused."""
    text = _matching(option, value, _PATH, "an absolute path of letters, digits and . _ : @ + = ~ -")
    parts = [part for part in text.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise InputError("%s: found %s; write the path without .." % (option, shown(value)))
    return "/" + "/".join(parts)


def mount_point(option: str, value: Any) -> str:
    """Return the path of a mount point, which hides what was there: none of the system's own folders."""
    path = absolute_path(option, value)
    if path in SYSTEM_FOLDERS or path.startswith(("/dev/", "/proc/", "/sys/")):
        raise InputError("%s: found %s, a folder of the system; write one of its own" % (option, shown(value)))
    return path


def mount_options(option: str, value: Any) -> str:
    """Return mount options with commas and no blanks between them, as one word of fstab has to be."""
    words = [word.strip(" ") for word in one_line(option, value).split(",")]
    wrong = [word for word in words if not _MOUNT_OPTION.match(word)]
    if wrong:
        raise InputError(
            "%s: found %s in %s; write options with commas between them, such as noatime,inode64"
            % (option, shown(wrong[0]), shown(value))
        )
    return ",".join(words)


def address(option: str, value: Any) -> str:
    """Return the IP address or the name by which other machines reach a machine."""
    text = one_line(option, value)
    if _is_ip(text):
        return _reachable(option, text)
    # What has only digits and dots was meant as an IP address.
    if len(text) > 253 or not _HOST.match(text) or re.match(r"[0-9.]+\Z", text) or ".." in text:
        raise InputError(
            "%s: found %s; write the IP address of the machine, without /24, or its host name" % (option, shown(value))
        )
    if text.lower().partition(".")[0] == "localhost":
        raise InputError(
            "%s: found %s, which each machine is for itself; write its own address" % (option, shown(value))
        )
    return text


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def _reachable(option: str, text: str) -> str:
    ip = ipaddress.ip_address(text)
    if ip.is_loopback or ip.is_unspecified or ip.is_multicast:
        raise InputError(
            "%s: found %s, which no other machine can reach; write the address of an interface of this machine"
            % (option, shown(text))
        )
    return str(ip)


def network(option: str, value: Any) -> str:
    """Return a network such as C(192.168.72.0/24). One with a zone (C(%eth0)) is refused."""
    text = one_line(option, value)
    try:
        # Without its size it would be the network of one address.
        if "%" in text or "/" not in text:
            raise ValueError(text)
        return str(ipaddress.ip_network(text))
    except ValueError:
        raise InputError("%s: found %s; write a network such as 192.168.72.0/24" % (option, shown(value)))


def package_name(option: str, value: Any) -> str:
    """Return the name of a package."""
    return _matching(option, value, _PACKAGE, "the name of a package: letters, digits and + . _ -")


def file_name(option: str, value: Any) -> str:
    """Return the name of a file, without any folder."""
    return _matching(option, value, _FILE_NAME, "the name of a file without a folder: letters, digits and + . _ ~ ^ -")


def account(option: str, value: Any) -> str:
    """Return the name of a user account."""
    return _matching(option, value, _ACCOUNT, "the name of an account: small letters, digits, _ and -, at most 32")


def url(option: str, value: Any) -> str:
    """Return an address of the web."""
    return _matching(option, value, _URL, "an address such as http://192.168.72.1:8080")


def schedule(option: str, value: Any) -> str:
    """Return a calendar expression of systemd's (systemd.time(7))."""
    return _matching(option, value, _SCHEDULE, "a time as systemd's OnCalendar has it, such as daily or Mon 03:00")


def device_path(option: str, value: Any) -> str:
    """Return the path of a disk."""
    path = absolute_path(option, value)
    if not path.startswith("/dev/") or path == "/dev/":
        raise InputError("%s: found %s; write the path of a disk, such as /dev/sdb" % (option, shown(value)))
    return path


def rpm_file(option: str, value: Any) -> str:
    """Return the name of an RPM, without any folder."""
    name = file_name(option, value)
    if not name.endswith(".rpm"):
        raise InputError(
            "%s: found %s; write the name of an RPM, such as glusterfs-7.5-1.el7.x86_64.rpm" % (option, shown(value))
        )
    return name


def word(option: str, value: Any) -> str:
    """Return one word of a command line or a file, without blanks and quotes, that can't be taken for an option."""
    return _matching(option, value, _WORD, "one word without blanks and quotes, not beginning with -")


def unit_path(option: str, value: Any) -> str:
    """Return an absolute path that a unit of systemd's takes as it is."""
    path = absolute_path(option, value)
    if not _UNIT_PATH.match(path):
        raise InputError("%s: found %s; write an absolute path of letters, digits and . _ -" % (option, shown(value)))
    return path


def address_pattern(option: str, value: Any) -> str:
    """Return an address or a pattern of addresses as sshd's C(from=) has it."""
    return _matching(option, value, _ADDRESS_PATTERN, "an address, a network or a pattern such as 192.168.72.*")


def host_and_brick(option: str, value: Any) -> str:
    """Return a brick as the plan names one that no volume uses: HOST:NAME, a host of the inventory and its brick."""
    return _matching(option, value, _HOST_AND_BRICK, "HOST:NAME, a host of the inventory and the name of its brick")


def present_name(option: str, value: Any) -> str:
    """Return the name of a volume that GlusterFS has, whether or not a new one may be called so."""
    return _matching(option, value, _VOLUME_NAME, "the name of a volume: letters, digits, - and _")


def volume_path(option: str, value: Any) -> str:
    """Return a path in a volume, from the volume's root, in its normal form; or C(gfid:) with a gfid. No C(..)."""
    text = argument(option, value)
    if _GFID_PATH.match(text):
        return text
    parts = [part for part in text.split("/") if part not in ("", ".")]
    if not text.startswith("/") or ".." in parts:
        raise InputError(
            "%s: found %s; write the path from the volume's root, such as /folder/file, or gfid: and the gfid"
            % (option, shown(value))
        )
    return "/" + "/".join(parts)
