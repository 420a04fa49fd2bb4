# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may ask: heketi's JSON web tokens, with its texts for everything that can be wrong with one."""

import base64
import hashlib
import hmac
import json
import re

from .wire import Refusal

#: Seconds that a token may be from the future.
LEEWAY = 120

_DIGESTS = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}


def authorize(headers, method, path, keys, now):
    """Raise Refusal unless the token in the headers gives leave; keys are those of admin and user."""
    token = _token(headers.get("Authorization"))
    try:
        claims = _claims(token, keys, now)
    except ValueError as problem:
        raise Refusal(401, "Invalid JWT token: %s" % problem)
    if claims.get("qsh") != hashlib.sha256(("%s&%s" % (method, path)).encode()).hexdigest():
        raise Refusal(401, "Invalid qsh claim in token")
    if claims["iss"] != "admin" and path != "/volumes":
        raise Refusal(401, "Administrator access required")


def _token(header):
    if not header:
        raise Refusal(401, "Required authorization token not found")
    words = header.split(" ")
    if len(words) != 2 or words[0].lower() != "bearer":
        raise Refusal(400, "Authorization header format must be Bearer {token}")
    return words[1]


def _claims(token, keys, now):
    segments = token.split(".")
    if len(segments) != 3:
        raise ValueError("token contains an invalid number of segments")
    header, claims = (json.loads(_decoded(segment).decode()) for segment in segments[:2])
    if header.get("alg") not in _DIGESTS:
        raise ValueError("Unexpected signing method: %s" % header.get("alg"))
    key = _key_of(claims, keys)
    signed = hmac.new(key.encode(), ".".join(segments[:2]).encode(), _DIGESTS[header["alg"]]).digest()
    if not hmac.compare_digest(signed, _decoded(segments[2])):
        raise ValueError("signature is invalid (client and server secrets may not match)")
    _check_times(claims, now)
    return claims


def _decoded(segment):
    wrong = re.search(r"[^A-Za-z0-9_-]", segment)
    if wrong or len(segment) % 4 == 1:
        raise ValueError("illegal base64 data at input byte %s" % (wrong.start() if wrong else len(segment)))
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def _key_of(claims, keys):
    if "iss" not in claims:
        raise ValueError("Token missing iss claim")
    if claims["iss"] not in keys:
        raise ValueError("Token missing iss claim" if claims["iss"] == "" else "Unknown user")
    return keys[claims["iss"]]


def _check_times(claims, now):
    late = int(now) - claims.get("exp", 0)
    if late > 0:
        raise ValueError("Token is expired by %s" % _go_duration(late))
    if claims.get("iat", 0) > now + LEEWAY:
        raise ValueError("Token used before issued (client and server clocks may differ)")
    if claims.get("nbf", 0) > now:
        raise ValueError("token is not valid yet")


def _go_duration(seconds):
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return "%dh%dm%ds" % (hours, minutes, seconds)
    return "%dm%ds" % (minutes, seconds) if minutes else "%ds" % seconds
