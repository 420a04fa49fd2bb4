# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files on the controller that certificates come from: an authority of one's own, or certificates given. PRIVATE.

files are the paths by the names of gluster_tls's options. An authority of one's own signs with signing_key; without
it, all three of a machine's files are given.
"""

from collections.abc import Callable, Mapping
from typing import Any, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlanError

_Files = Mapping[str, str]
_GIVEN = ("authority", "certificate", "private_key")
_SIGNING_KEY = "signing_key"


def chosen_files(given: Mapping[str, Any], folder: str) -> dict[str, str]:
    """Return the files: those that are given, if any is, else those of an authority of one's own in a folder."""
    files = {name: str(given.get(name) or "") for name in _GIVEN}
    return files if any(files.values()) else {"authority": f"{folder}/ca.pem", _SIGNING_KEY: f"{folder}/ca.key"}


def read_texts(host: str, files: _Files, read: Callable[[str], Optional[str]]) -> dict[str, str]:
    """Return the texts of the files for gluster_tls; read returns None where there is no file.

    Raises InputError for certificates that are only half given. An authority that is still to be made has no text.
    """
    if files.get(_SIGNING_KEY):
        authority = read(files["authority"])
        return {} if authority is None else {"authority": authority}
    texts = {name: read(files[name]) if files.get(name) else None for name in _GIVEN}
    missing = [f"gluster_server_tls_{name}" for name, text in texts.items() if text is None]
    if missing:
        raise InputError(
            f"gluster_server_tls is true on {host}, and these are no files on the controller: "
            f"{', '.join(missing)}; give "
            "all three, or leave all out to have an authority of your own made"
        )
    return {name: text for name, text in texts.items() if text is not None}


def refuse_lost_authority(host: str, files: _Files, answer: Mapping[str, Any], exists: Callable[[str], bool]) -> None:
    """Raise PlanError where a machine encrypts, and the authority that signed for it is not on the controller.

    A new authority would be a stranger to all machines. answer is what the look found of the machine's certificate.
    """
    if not files.get(_SIGNING_KEY) or not answer.get("encrypts"):
        return
    lost = [files[name] for name in ("authority", _SIGNING_KEY) if not exists(files[name])]
    if lost:
        raise PlanError(
            f"gluster_server_tls_folder: {host} encrypts already, and the controller lacks {' and '.join(lost)}, the "
            "authority that signed its certificate; bring it back, or write the folder where it is"
        )
