# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node's key, certificate and authorities, and whether glusterd encrypts. PRIVATE to the collection."""

import hashlib
import os
import time
from typing import Any, Dict, List, Mapping, Optional, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import GLUSTERD, DaemonHost, Unit
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlanError, UnsafeChangeError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import answers
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.files import (
    AUTHORITY,
    CERTIFICATE,
    KEY,
    SECURE_ACCESS,
    TlsFiles,
    certificate_paths,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.names import common_name
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.openssl import DAY, OpenSsl, certificates
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.records import DesiredTls, ObservedTls
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock

#: What is asked of a machine's certificate, as parameters of a module.
TLS_SPEC = {
    "name": {"type": "str", "required": True},
    "authority": {"type": "str"},
    "certificate": {"type": "str"},
    "private_key": {"type": "str", "no_log": True},
    "renew_days": {"type": "int", "default": 90},
}


def desired_tls(parameters: Mapping[str, Any]) -> DesiredTls:
    """Return the DesiredTls of the module's parameters; raises InputError for a name that is none, and days below 1."""
    days = parameters["renew_days"]
    common_name("name", parameters["name"])
    if days < 1:
        raise InputError("renew_days: found %s; write 1 or more" % days)
    texts = {name: _with_end(parameters.get(name)) for name in ("authority", "certificate", "private_key")}
    return DesiredTls(name=parameters["name"], renew=days * DAY, **texts)


def _with_end(text: Optional[str]) -> str:
    return text.strip() + "\n" if text and text.strip() else ""


def plan_tls(desired: DesiredTls, observed: ObservedTls) -> Plan:
    """Return the Plan from the observed TLS of a node to the desired one.

    Raises InputError for a key or certificate that does not fit, UnsafeChangeError for what would part a node
    from its pool or clients from their volumes.
    """
    _refuse_offered(desired, observed)
    _refuse_other_authority(desired, observed)
    due = why_due(desired, observed)
    steps = _key_steps(desired, observed) + _text_steps(desired, observed)
    if desired.certificate or not due:
        steps += _encryption_steps(observed)
    before, after = _shown(desired, observed)
    return Plan(steps, before, after)


def tls_findings(desired: DesiredTls, observed: ObservedTls) -> Dict[str, Any]:
    """Return why a certificate is due, the key for one and a request where there is a key, and when the node's ends."""
    due = why_due(desired, observed)
    return {
        "certificate_due": due,
        "public_key": observed.public_key if due else "",
        "request": observed.request if due else "",
        "expires": _date(observed),
    }


def why_due(desired: DesiredTls, observed: ObservedTls) -> str:
    """Return why the node needs another certificate than it has, "" if it needs none."""
    certificate = observed.certificate
    if certificate is None:
        return "there is none that openssl can read"
    if certificate.public_key != observed.public_key:
        return "it is not one for the key that is there"
    if certificate.name != desired.name:
        return "it is one for %s" % (certificate.name or "no name")
    if observed.distrust:
        return "the authority does not stand for it: %s" % observed.distrust
    if certificate.end < observed.now + desired.renew:
        return "it ends on %s" % _day(certificate.end)
    return ""


def _refuse_offered(desired: DesiredTls, observed: ObservedTls) -> None:
    if not desired.certificate:
        return
    if observed.rejected:
        raise InputError(observed.rejected)
    if observed.stranger:
        raise UnsafeChangeError(
            "certificate: processes that run do not trust its authority: %s; first give old and new authorities "
            "without it, then let clients mount anew, and give it after that" % observed.stranger
        )
    key = observed.offered_key if desired.private_key else observed.public_key
    option = "private_key" if desired.private_key else "the key that is there"
    offered = observed.offered
    if offered is None or offered.public_key != key:
        raise InputError("certificate: found one that is not for %s; give the one that belongs to it" % option)
    if offered.name != desired.name:
        raise InputError(
            "certificate: its common name is %s and not %s, by which volumes know the node; name the node so, or give "
            "another certificate" % (offered.name or "empty", desired.name)
        )


def _refuse_other_authority(desired: DesiredTls, observed: ObservedTls) -> None:
    """Processes that run trust what they read at their start, and nobody whom only another file stands for."""
    lost = certificates(observed.authority) - certificates(desired.authority)
    if desired.authority and observed.encrypted and lost:
        raise UnsafeChangeError(
            "authority: it lacks %s of the authorities that %s holds, so this node and the rest of the pool would "
            "trust each other no more; give a file with old and new ones until every machine was restarted with it"
            % (len(lost), os.path.join(observed.folder, AUTHORITY))
        )


def _key_steps(desired: DesiredTls, observed: ObservedTls) -> List[Step]:
    path = os.path.join(observed.folder, KEY)
    if desired.private_key:
        differs = observed.offered_key != observed.public_key
        return [Step("write_key", path, text="the key of the option private_key")] if differs else []
    return [] if observed.public_key else [Step("make_key", path, ("openssl", "genrsa", "-out", path))]


def _text_steps(desired: DesiredTls, observed: ObservedTls) -> List[Step]:
    texts = (
        ("write_authority", AUTHORITY, desired.authority, observed.authority),
        ("write_certificate", CERTIFICATE, desired.certificate, observed.certificate_text),
    )
    return [
        Step(kind, os.path.join(observed.folder, name), text=_digest(text))
        for kind, name, text, found in texts
        if text and text != found
    ]


def _encryption_steps(observed: ObservedTls) -> List[Step]:
    """Encrypting is for all or none: a glusterd that does can't talk to one that does not."""
    if observed.encrypted:
        return []
    if observed.started:
        raise UnsafeChangeError(
            "glusterd does not encrypt yet, and the volumes %s are started: their clients would lose them; stop the "
            "volumes (state: stopped), run again, unmount the clients, and start the volumes"
            % ", ".join(observed.started)
        )
    stop = [Step("stop", GLUSTERD, ("systemctl", "stop", GLUSTERD))] if observed.running else []
    return stop + [Step("encrypt", SECURE_ACCESS, text="this file makes glusterd and clients encrypt")]


def _shown(desired: DesiredTls, observed: ObservedTls) -> Tuple[Dict[str, Any], Dict[str, Any]]:
    before = {
        "authority": _digest(observed.authority),
        "certificate": _digest(observed.certificate_text),
        "encrypted": observed.encrypted,
    }
    digests = {"authority": _digest(desired.authority), "certificate": _digest(desired.certificate)}
    return before, dict(before, encrypted=True, **{name: digest for name, digest in digests.items() if digest})


def _digest(text: str) -> str:
    return "sha256:%s" % hashlib.sha256(text.encode("utf-8")).hexdigest() if text else ""


def _date(observed: ObservedTls) -> str:
    return _day(observed.certificate.end) if observed.certificate else ""


def _day(seconds: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(seconds))


class TlsOperation(Operation[ObservedTls]):
    """Takes a node to its desired state. What runs already is restarted by gluster_daemon, one node after the other."""

    def __init__(
        self,
        files: TlsFiles,
        openssl: OpenSsl,
        daemon: DaemonHost,
        gluster: Gluster,
        desired: DesiredTls,
        clock: Clock = time,
        installed_needed: bool = True,
    ) -> None:
        self._files = files
        self._openssl = openssl
        self._daemon = daemon
        self._gluster = gluster
        self._desired = desired
        self._clock = clock
        self._installed_needed = installed_needed

    def observe(self) -> ObservedTls:
        """Read the node's key, certificate and authorities, and those that are desired, with openssl."""
        folder = self._files.folder()
        if not folder:
            return self._nothing()
        self._openssl.require()
        key, certificate, authority = certificate_paths(folder)
        public_key = self._openssl.public_key(key)
        running = self._daemon.units().get(GLUSTERD, Unit()).active
        encrypted = self._files.exists(SECURE_ACCESS)
        observed = ObservedTls(
            folder=folder,
            public_key=public_key,
            certificate=self._openssl.readable_certificate(certificate),
            authority=self._files.read(authority),
            certificate_text=self._files.read(certificate),
            request=self._openssl.request(key, self._desired.name) if public_key else "",
            encrypted=encrypted,
            running=running,
            started=() if encrypted or not running else self._started(),
            now=int(self._clock.time()),
        )
        return self._with_drafts(observed)

    def _nothing(self) -> ObservedTls:
        if self._installed_needed:
            raise PlanError("glusterfs: found no rpc-transport/socket.so; install GlusterFS, as gluster_server does")
        return ObservedTls(now=int(self._clock.time()))

    def _started(self) -> Tuple[str, ...]:
        try:
            return tuple(volume.name for volume in self._gluster.volumes() if volume.is_started)
        except answers.DaemonDown:
            return ()

    def _with_drafts(self, observed: ObservedTls) -> ObservedTls:
        """Return what was observed with what openssl says of the desired texts."""
        texts = {
            AUTHORITY: self._desired.authority,
            CERTIFICATE: self._desired.certificate,
            KEY: self._desired.private_key,
        }
        folder = self._files.drafts({name: text for name, text in texts.items() if text})
        try:
            return self._judged(observed, {name: os.path.join(folder, name) for name in texts})
        finally:
            self._files.remove_drafts(folder)

    def _judged(self, observed: ObservedTls, drafts: Mapping[str, str]) -> ObservedTls:
        _key, certificate, present = certificate_paths(observed.folder)
        authority = drafts[AUTHORITY] if self._desired.authority else present
        if observed.certificate:
            observed = observed._replace(distrust=self._openssl.distrust(authority, certificate))
        if not self._desired.certificate:
            return observed
        distrust = self._openssl.distrust(authority, drafts[CERTIFICATE])
        trusted = not (observed.encrypted and observed.authority)
        return observed._replace(
            stranger="" if trusted else self._openssl.distrust(present, drafts[CERTIFICATE]),
            offered=self._openssl.certificate(drafts[CERTIFICATE]),
            offered_key=self._openssl.public_key(drafts[KEY]),
            rejected="certificate: the authority does not stand for it: %s" % distrust if distrust else "",
        )

    def plan(self, observed: ObservedTls) -> Plan:
        """Return the Plan; see plan_tls."""
        return plan_tls(self._desired, observed) if observed.folder else Plan([], {}, {})

    def findings(self, observed: ObservedTls) -> Dict[str, Any]:
        """Return what tls_findings tells; nothing of a node without GlusterFS."""
        return tls_findings(self._desired, observed) if observed.folder else {}

    def perform(self, step: Step) -> None:
        """Take one step."""
        if step.kind == "make_key":
            self._files.make(step.target, self._openssl.make_key)
        elif step.kind == "stop":
            self._daemon.commands.run(step.argv, "stopping glusterd")
        else:
            text, mode = self._content(step.kind)
            self._files.replace(step.target, text, mode)

    def _content(self, kind: str) -> Tuple[str, int]:
        """Return what a step writes, and who may read it."""
        return {
            "write_key": (self._desired.private_key, 0o600),
            "write_authority": (self._desired.authority, 0o644),
            "write_certificate": (self._desired.certificate, 0o644),
            "encrypt": ("", 0o600),
        }[kind]

    def settle(self, plan: Plan) -> None:
        """Nothing to wait for: openssl is done when it ends, and so is a file that was written."""
