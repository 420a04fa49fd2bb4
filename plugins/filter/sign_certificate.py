# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine's certificate, made on the controller of its public key."""

DOCUMENTATION = """
name: sign_certificate
short_description: Make a machine's certificate of its public key
version_added: 1.0.0
author: Brickwork contributors (@brickwork)
description:
  - Make a certificate for a public key, on the controller, with the key of an authority of one's own.
  - Of the machine nothing but its public key is taken. The certificate is for a server and a client, and never for an
    authority.
  - The authority's key does not leave the controller, and is in no argument of a task.
positional: name, days, authority, authority_key
options:
  _input:
    description: The machine's public key as PEM, RSA of at least 2048 bits or of an elliptic curve.
    type: str
    required: true
  name:
    description: The machine's name in its certificate, the common name.
    type: str
    required: true
  days:
    description: For how many days it holds.
    type: int
    required: true
  authority:
    description: The certificate of the authority as PEM. Others may stand beside it.
    type: str
    required: true
  authority_key:
    description: Its private key as PEM, without a passphrase.
    type: str
    required: true
"""

EXAMPLES = """
- name: Put a certificate in place
  brickwork.gluster.gluster_tls:
    name: "{{ inventory_hostname }}"
    certificate: >-
      {{ tls.public_key | brickwork.gluster.sign_certificate(inventory_hostname, 730,
         lookup('ansible.builtin.file', 'tls/ca.pem'), lookup('ansible.builtin.file', 'tls/ca.key')) }}
"""

RETURN = """
_value:
  description: The certificate as PEM.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError
from ansible_collections.brickwork.gluster.plugins.plugin_utils import certificates


def sign_certificate(public_key: Any, name: Any, days: Any, authority: Any, authority_key: Any) -> str:
    """Return the certificate; see DOCUMENTATION."""
    try:
        return certificates.sign_certificate(str(public_key), str(name), int(days), str(authority), str(authority_key))
    except BrickworkError as error:
        raise AnsibleFilterError("sign_certificate: %s" % error)


class FilterModule:
    """The filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by name."""
        return {"sign_certificate": sign_certificate}
