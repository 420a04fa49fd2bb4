# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON web token that heketi wants with each request. PRIVATE to the collection."""

import base64
import hashlib
import hmac
import json

#: Seconds for which a token is good, as of heketi-cli.
LIFETIME = 300


def make_token(user: str, key: str, method: str, path: str, now: float) -> str:
    """Return a token for one request: HS256 with iss, iat, exp and qsh. path is without what follows a "?"."""
    claims = {
        "iss": user,
        "iat": int(now),
        "exp": int(now) + LIFETIME,
        "qsh": hashlib.sha256(("%s&%s" % (method, path)).encode()).hexdigest(),
    }
    signed = ".".join(_segment(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return "%s.%s" % (signed, _segment(hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest()))


def _segment(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
