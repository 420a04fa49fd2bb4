# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What glusterd is started from, as text in, text out: glusterd.vol and its environment. Pure. PRIVATE.

What is not asked for stays: the rest of glusterd.vol differs between GlusterFS 7, 9, 10 and 11, and is the package's.
"""

import re
from typing import Dict, Mapping, NamedTuple, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, ParseError

VOLFILE = "/etc/glusterfs/glusterd.vol"
_MANAGEMENT_PORT = 24007
LOWEST_PORT = 1024
_WORKING_DIRECTORY = "/var/lib/glusterd"
#: What glusterd takes where its file names no port (xlators/mgmt/glusterd/src/glusterd.c). The packages' own file names
#: 60999 as the last one.
FIRST_PORT = 49152
LAST_PORT = 65535

_OPTION = re.compile(r"^[ \t]*option[ \t]+(\S+)[ \t]+(.*?)[ \t]*$", re.MULTILINE)
_END = re.compile(r"^[ \t]*end-volume", re.MULTILINE)


class Ports(NamedTuple):
    """The ports from which glusterd takes one for each brick process."""

    first: int
    last: int


def options(text: str) -> Dict[str, str]:
    """Return the options that a glusterd.vol sets, without those that are commented out."""
    return dict(_OPTION.findall(text))


def with_option(text: str, name: str, value: str) -> str:
    """Return the glusterd.vol with that option set, where it stood or as the last one.

    Raises ParseError for a text that is no glusterd.vol.
    """
    line = "    option %s %s" % (name, value)
    pattern = re.compile(r"^[ \t]*option[ \t]+%s[ \t].*$" % re.escape(name), re.MULTILINE)
    if pattern.search(text):
        return pattern.sub(lambda _match: line, text)
    end = _END.search(text)
    if end is None:
        raise ParseError("glusterd.vol: found no end-volume in it; reinstall it from its package")
    return text[: end.start()] + line + "\n" + text[end.start() :]


def brick_ports(text: str) -> Ports:
    """Return the Ports for bricks that a glusterd.vol stands for; raises ParseError for what is no port."""
    return ports_of(options(text))


def ports_of(found: Mapping[str, str]) -> Ports:
    """Return the Ports for bricks that the options of a glusterd.vol stand for; raises ParseError as brick_ports()."""
    try:
        return Ports(int(found.get("base-port", FIRST_PORT)), int(found.get("max-port", LAST_PORT)))
    except ValueError as error:
        raise ParseError(
            "glusterd.vol: found a base-port or max-port that is no port (%s); write one from 1024 to 65535 there"
            % error
        )


def check_ports(ports: Ports) -> None:
    """Raise InputError for Ports that no brick can take, or that leave no room."""
    for name, port in zip(("base_port", "max_port"), ports):
        if not LOWEST_PORT <= port <= LAST_PORT:
            raise InputError("%s: found %s; write a port from %s to %s" % (name, port, LOWEST_PORT, LAST_PORT))
    if ports.first >= ports.last:
        raise InputError("base_port: found %s, not below max_port %s; write a range with a port for each brick" % ports)


def working_directory(text: str) -> str:
    """Return where a glusterd with that glusterd.vol keeps its pool and volumes."""
    return options(text).get("working-directory", _WORKING_DIRECTORY)


def management_port(text: str) -> int:
    """Return the port on which a glusterd with that glusterd.vol listens."""
    return int(options(text).get("transport.socket.listen-port") or _MANAGEMENT_PORT)


def assignment(text: str, name: str) -> Optional[str]:
    """Return the value that a file of a unit's environment gives to a variable, None if it gives none."""
    values = re.findall(r"^[ \t]*%s=(.*?)[ \t]*$" % re.escape(name), text, re.MULTILINE)
    return values[-1].strip("'\"") if values else None


def with_assignment(text: str, name: str, value: str) -> str:
    """Return the environment file with one value for the variable."""
    kept = [line for line in text.splitlines(True) if not re.match(r"[ \t]*%s=" % re.escape(name), line)]
    if kept and not kept[-1].endswith("\n"):
        kept.append("\n")
    return "".join(kept) + "%s=%s\n" % (name, value)
