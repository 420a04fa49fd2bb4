#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_tls
short_description: Install a machine's key and certificate, and turn on encryption
version_added: 1.0.0
description:
  - Creates a private key if there is none. The key never leaves the machine. While a certificate is due, the module
    returns the public key and a certificate request. A second call with the signed certificate, O(certificate),
    completes the work.
  - An authority should use only the public key from the machine, as P(brickwork.gluster.sign_certificate#filter) does.
    The name and the usages in a request are claims of the machine.
  - Installs a key and a certificate that were made elsewhere in one call, with O(private_key).
  - Asks GlusterFS itself where it looks for these files. C(/usr/lib/ssl) on Debian, C(/etc/ssl) on EL.
  - As soon as the certificate is usable, creates C(/var/lib/glusterd/secure-access), which makes glusterd and clients
    encrypt their connections to glusterd.
  - Needs the program C(openssl).
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.changes
options:
  name:
    description:
      - The common name in the machine's certificate. Volumes identify the machine by it (C(auth.ssl-allow)).
    type: str
    required: true
  authority:
    description:
      - The certificates of the authorities that the machine trusts, as PEM. They are not changed if not given.
      - On a machine that encrypts, a list without an authority that it trusts is refused. To change authorities, give
        the old and the new ones first.
    type: str
  certificate:
    description: The machine's certificate as PEM, followed by intermediate certificates, if there are any.
    type: str
  private_key:
    description: The key of O(certificate) as PEM, without a passphrase, if the machine is not to create its own.
    type: str
  renew_days:
    description: A certificate is due if it ends within this number of days.
    type: int
    default: 90
notes:
  - To turn on encryption, the module stops glusterd. Start it afterwards on all nodes. A glusterd that encrypts can't
    talk to one that does not, so this is refused while a volume is started.
  - Running processes keep the certificates that they have read. Restart servers by M(brickwork.gluster.gluster_daemon)
    with O(brickwork.gluster.gluster_daemon#module:certificates=true). Clients read new files at their next mount.
seealso:
  - module: brickwork.gluster.gluster_daemon
  - plugin: brickwork.gluster.sign_certificate
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Make a key, and see whether a certificate is due
  brickwork.gluster.gluster_tls:
    name: "{{ inventory_hostname }}"
    authority: "{{ lookup('ansible.builtin.file', 'tls/ca.pem') }}"
  register: tls

- name: Sign the certificate on the controller, and put it in place
  brickwork.gluster.gluster_tls:
    name: "{{ inventory_hostname }}"
    certificate: >-
      {{ tls.public_key | brickwork.gluster.sign_certificate(inventory_hostname, 730,
         lookup('ansible.builtin.file', 'tls/ca.pem'), lookup('ansible.builtin.file', 'tls/ca.key')) }}
  when: tls.public_key | default('') | length > 0
"""

RETURN = r"""
certificate_due:
  description: Why the machine needs a new certificate, empty if it needs none.
  returned: success, where GlusterFS is installed
  type: str
  sample: it ends on 2027-02-01
public_key:
  description: The machine's public key as PEM, empty if no certificate is due.
  returned: success, where GlusterFS is installed
  type: str
  sample: "-----BEGIN PUBLIC KEY-----\n..."
request:
  description: A certificate request for the machine's key as PEM, empty if no certificate is due.
  returned: success, where GlusterFS is installed
  type: str
  sample: "-----BEGIN CERTIFICATE REQUEST-----\n..."
expires:
  description: The day on which the present certificate ends, empty if there is none.
  returned: success, where GlusterFS is installed
  type: str
  sample: "2027-02-01"
steps:
  description: The steps that were taken, or in check mode would be taken. They are the same in both.
  returned: success
  type: list
  elements: dict
  contains:
    kind:
      description: What kind of change.
      type: str
    target:
      description: What is changed.
      type: str
    command:
      description: The command that the step stands for.
      type: str
    destroys:
      description: Whether the step destroys data.
      type: bool
  sample:
    - kind: make_key
      target: /etc/ssl/glusterfs.key
      command: openssl genrsa -out /etc/ssl/glusterfs.key
      destroys: false
    - kind: encrypt
      target: /var/lib/glusterd/secure-access
      command: this file makes glusterd and clients encrypt
      destroys: false
steps_done:
  description: The steps that were done before one failed.
  returned: when a step failed
  type: list
  elements: dict
  sample:
    - kind: make_key
      target: /etc/ssl/glusterfs.key
      command: openssl genrsa -out /etc/ssl/glusterfs.key
      destroys: false
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: encrypt
    target: /var/lib/glusterd/secure-access
    command: this file makes glusterd and clients encrypt
    destroys: false
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import DaemonHost
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.files import TlsFiles
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.openssl import OpenSsl
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.operation import (
    TLS_SPEC,
    TlsOperation,
    desired_tls,
)


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(COMMON_SPEC, **TLS_SPEC)


def main() -> None:
    module = AnsibleModule(
        argument_spec=argument_spec(),
        supports_check_mode=True,
        required_by={"private_key": "certificate"},
    )
    desired = desired_or_fail(module, desired_tls)
    runner, limit = CommandRunner(), module.params["command_timeout"]
    operation = TlsOperation(
        TlsFiles(),
        OpenSsl(runner, limit),
        DaemonHost(runner, limit),
        Gluster(runner, limit),
        desired,
        installed_needed=not module.check_mode,
    )
    run(module, operation)


if __name__ == "__main__":
    main()
