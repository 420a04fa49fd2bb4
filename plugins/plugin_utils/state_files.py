# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files with saved states on the controller, encrypted by ansible-vault where that is asked for. PRIVATE."""

import os
import tempfile
from typing import Any, Optional

from ansible.errors import AnsibleError
from ansible.parsing.vault import is_encrypted, match_encrypt_secret

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.state import archives_of


class StateFiles:
    """A folder of archives; vault is Ansible's, with the passwords that it was given."""

    def __init__(self, folder: str, vault: Any) -> None:
        self.folder = os.path.abspath(os.path.expanduser(folder))
        self._vault = vault

    def of(self, node: str) -> list[str]:
        """Return the paths of a node's archives, the oldest first."""
        names = os.listdir(self.folder) if os.path.isdir(self.folder) else []
        return [os.path.join(self.folder, name) for name in archives_of(node, names)]

    def read(self, path: str) -> bytes:
        """Return an archive as it was packed."""
        with open(path, "rb") as stream:
            data = stream.read()
        if not is_encrypted(data):
            return data
        try:
            return bytes(self._vault.decrypt(data))
        except AnsibleError as error:
            raise InputError(
                f"archive: found {path} encrypted, and no vault password that opens it ({error}); give the one that it "
                "was encrypted with (--vault-password-file or --vault-id)"
            ) from error

    def encrypted(self, data: bytes, vault_id: Optional[str]) -> bytes:
        """Return an archive as it is written, encrypted."""
        try:
            found = match_encrypt_secret(self._vault.secrets or [], vault_id)
        except AnsibleError as error:
            raise InputError(
                f"vault_id: found {vault_id}, and no vault password of that name ({error}); give it (--vault-id)"
            ) from error
        if not found or found[1] is None:
            raise InputError(
                "encrypt: found true, and no vault password to encrypt with; give one (--vault-password-file or "
                "--vault-id)"
            )
        return bytes(self._vault.encrypt(data, found[1], found[0]))

    def write(self, name: str, data: bytes) -> str:
        """Put an archive in place whole, for its owner only, and return its path."""
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        path = os.path.join(self.folder, name)
        handle, temporary = tempfile.mkstemp(dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
        return path
