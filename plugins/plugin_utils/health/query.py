# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A question to the judged cluster, as a JMESPath expression. PRIVATE to the collection."""

from collections.abc import Mapping
from typing import Any

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import one_line

try:
    import jmespath
    from jmespath.exceptions import JMESPathError
except ImportError:
    jmespath = None

#: What gluster_info tells of the pool, as the document has it.
_PARTS = ("volumes", "bricks", "tasks", "heal", "split_brain")


def query_expression(option: str, value: Any) -> str:
    """Return an expression; raises InputError for one that is none, and where there is no library to read it."""
    text = one_line(option, value)
    if jmespath is None:
        raise InputError(
            f"{option}: found no Python library jmespath on the controller; install it for the Python that runs "
            "Ansible (pip install jmespath), or leave the query out"
        )
    try:
        jmespath.compile(text)
    except JMESPathError as error:
        raise InputError(
            f"{option}: found {text}, which is no JMESPath expression ({_reason(error)}); write one as "
            "https://jmespath.org/specification.html says"
        ) from error
    return text


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def answer_query(option: str, expression: str, document: Mapping[str, Any]) -> Any:
    """Return the part of a document that an expression asks for, None for what is not in it."""
    text = query_expression(option, expression)
    try:
        return jmespath.search(text, document)
    except JMESPathError as error:
        raise InputError(
            f"{option}: found {text}, which has no answer here ({_reason(error)}); write one that fits what "
            "judge_health documents"
        ) from error


def judged_cluster(
    judged: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]], pool: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what can be asked: problems and notes, the nodes, and what one of them told of the pool."""
    told = {part: pool.get(part) or ([] if part != "split_brain" else {}) for part in _PARTS}
    peers = (pool.get("pool") or {}).get("peers") or []
    return {**judged, "nodes": [_node(name, look) for name, look in sorted(nodes.items())], "peers": peers, **told}


def _node(name: str, look: Mapping[str, Any]) -> dict[str, Any]:
    disks = look.get("disks") or {}
    return {
        "name": name,
        "answers": "gluster" in look,
        "gluster": {key: value for key, value in (look.get("gluster") or {}).items() if key != "volumes"},
        "devices": disks.get("devices") or [],
        "bricks": disks.get("bricks") or [],
    }
