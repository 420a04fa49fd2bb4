#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_tls
short_description: Give a machine its key and certificate, and have glusterd encrypt
version_added: 0.1.0
description:
  - Makes a private key where there is none, which never leaves the machine, and returns its public half, and a request
    for a certificate, as long as one is due. With the certificate that an authority made, O(certificate), a second call
    completes.
  - An authority should take no more than the public key from a machine, as P(brickwork.gluster.sign_certificate#filter)
    does. What a request says of its name and of what the certificate is good for is said by the machine.
  - A key and a certificate that come from elsewhere are put in place in one call, with O(private_key).
  - Where GlusterFS looks for them is read from GlusterFS itself. C(/usr/lib/ssl) on Debian, C(/etc/ssl) on EL.
  - As soon as its certificate is good for use, the machine is told to encrypt what is said to and from glusterd, with
    C(/var/lib/glusterd/secure-access). glusterd is stopped for that, and is to be started afterwards on all nodes,
    since one that encrypts can't talk to one that does not; so this is refused while a volume is started.
  - Processes that run keep what they have read. Servers are restarted by M(brickwork.gluster.gluster_daemon) with
    O(brickwork.gluster.gluster_daemon#module:certificates=true), clients read new files when they mount.
  - Needs the program C(openssl).
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.changes
options:
  name:
    description:
      - The machine's name in its certificate, the common name, by which volumes know it (C(auth.ssl-allow)).
    type: str
    required: true
  authority:
    description:
      - The certificates of the authorities that the machine trusts, as PEM. They stay as they are if not given.
      - A machine that encrypts does not lose one that it trusts. To change authorities, give old and new ones first.
    type: str
  certificate:
    description: The machine's certificate as PEM, and after it those between it and the authority, if there are any.
    type: str
  private_key:
    description: The key of O(certificate) as PEM, without a passphrase, if the machine shall not have one of its own.
    type: str
  renew_days:
    description: A certificate is due when it ends within so many days.
    type: int
    default: 90
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
  description: Why the machine needs another certificate than it has, empty if it needs none.
  returned: success, where GlusterFS is installed
  type: str
  sample: it ends on 2027-02-01
public_key:
  description: The public half of the machine's key as PEM, empty where no certificate is due.
  returned: success, where GlusterFS is installed
  type: str
  sample: "-----BEGIN PUBLIC KEY-----\n..."
request:
  description: A request for a certificate for the machine's key as PEM, empty where none is due.
  returned: success, where GlusterFS is installed
  type: str
  sample: "-----BEGIN CERTIFICATE REQUEST-----\n..."
expires:
  description: The day on which the certificate ends that was there, empty where there was none.
  returned: success, where GlusterFS is installed
  type: str
  sample: "2027-02-01"
steps:
  description: The steps that were taken, or in check mode would be; the same in both.
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

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import DaemonHost
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.files import TlsFiles
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.openssl import OpenSsl
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.operation import TlsOperation, desired_tls


def argument_spec():
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        name={"type": "str", "required": True},
        authority={"type": "str"},
        certificate={"type": "str"},
        private_key={"type": "str", "no_log": True},
        renew_days={"type": "int", "default": 90},
    )


def main():
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
