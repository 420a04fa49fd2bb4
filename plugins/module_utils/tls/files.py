# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where GlusterFS on this node looks for its key, its certificate and the authorities that it trusts. PRIVATE."""

import glob
import os
import re
import shutil
import tempfile
from typing import Iterable, Mapping, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.files import TextFiles

#: Where this file is, glusterd and clients encrypt what they say to glusterd (libglusterfs/src/glusterfs/glusterfs.h).
SECURE_ACCESS = "/var/lib/glusterd/secure-access"
KEY, CERTIFICATE, AUTHORITY = "glusterfs.key", "glusterfs.pem", "glusterfs.ca"
#: The part of GlusterFS that opens the files, in which their names were fixed as it was built: /usr/lib/ssl on Debian,
#: /etc/ssl on EL.
_TRANSPORTS = ("/usr/lib*/glusterfs/*/rpc-transport/socket.so", "/usr/lib/*/glusterfs/*/rpc-transport/socket.so")
_BUILT_IN = re.compile(rb"\0(/[\x21-\x7e]+)/glusterfs\.pem\0")


def certificate_folder(patterns: Iterable[str] = _TRANSPORTS) -> str:
    """Return the folder of GlusterFS's certificates, "" where there is no GlusterFS."""
    for path in sorted(path for pattern in patterns for path in glob.glob(pattern)):
        with open(path, "rb") as stream:
            found = _BUILT_IN.search(stream.read())
        if found:
            return found.group(1).decode("ascii")
    return ""


def certificate_paths(folder: str) -> Tuple[str, str, str]:
    """Return the three files of a node that GlusterFS reads, with the key as the first."""
    return os.path.join(folder, KEY), os.path.join(folder, CERTIFICATE), os.path.join(folder, AUTHORITY)


class TlsFiles(TextFiles):
    """Files of this machine, and drafts of them that nobody else can read."""

    def folder(self) -> str:
        """Return certificate_folder() of this machine."""
        return certificate_folder()

    def drafts(self, texts: Mapping[str, str]) -> str:
        """Put texts into files of a new folder that only root can enter, and return the folder."""
        folder = tempfile.mkdtemp(prefix="brickwork-tls-")
        for name, text in texts.items():
            with open(os.path.join(folder, name), "w") as stream:
                stream.write(text)
        return folder

    def remove_drafts(self, folder: str) -> None:
        """Remove what drafts() made."""
        shutil.rmtree(folder)
