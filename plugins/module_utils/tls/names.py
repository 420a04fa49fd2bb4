# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""By which names certificates know machines. Pure. PRIVATE to the collection."""

import re
from typing import Any

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError

#: A common name has 64 characters at most (X.520), and a volume lists names with commas between them.
_NAME = re.compile(r"[A-Za-z0-9_.:-]{1,64}\Z")


def common_name(option: str, name: Any) -> str:
    """Return a name that a certificate and a volume's list of names can bear; raises InputError for others."""
    if not isinstance(name, str) or not _NAME.match(name):
        raise InputError(
            "%s: found %r, and it becomes a certificate's common name; write 1 to 64 letters, digits and . : - _"
            % (option, name)
        )
    return name
