# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Kubernetes control plane without any node: what decides about claims and volumes, and nothing that mounts them."""

from __future__ import annotations

import os
import pathlib
import secrets
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
#: An address of the namespace; the API's server wants one that is no loopback.
ADDRESS = "10.99.0.1"
HEKETI = f"http://{ADDRESS}:8080"
API = f"https://{ADDRESS}:6443"
#: Seconds. All of it takes 15 on an idle machine.
PATIENCE = 180


class ControlPlane:
    """etcd, the API's server, the controllers, and a test server of heketi. They end with their namespace."""

    def __init__(self, programs: pathlib.Path, folder: pathlib.Path) -> None:
        self._programs = programs
        self._folder = folder
        self.admin_key = secrets.token_hex(16)
        self.kubeconfig = folder / "kubeconfig"
        self._token = secrets.token_hex(16)
        #: Made by the API's server when it starts.
        self._authority = folder / "certificates/apiserver.crt"

    def start(self) -> None:
        """Start everything and return when claims can be made."""
        self._write_files()
        self._start("etcd", *self._etcd())
        self._start("kube-apiserver", *self._apiserver())
        self._await(f"{API}/readyz", "the API's server")
        self._start("kube-controller-manager", *self._controllers())
        self._await(f"{API}/api/v1/namespaces/default/serviceaccounts/default", "the controllers")
        self._start_heketi()
        self._await(f"{HEKETI}/hello", "the test server of heketi")

    def log(self, program: str) -> str:
        """Return what a program has said."""
        return (self._folder / f"{program}.log").read_text(errors="replace")

    def _write_files(self) -> None:
        argv = ["openssl", "genrsa", "-out", str(self._folder / "accounts.key"), "2048"]
        subprocess.run(argv, check=True, capture_output=True)
        (self._folder / "tokens.csv").write_text(f"{self._token},admin,admin,system:masters\n")
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "test",
            "clusters": [{"name": "test", "cluster": {"server": API, "certificate-authority": str(self._authority)}}],
            "users": [{"name": "admin", "user": {"token": self._token}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "admin"}}],
        }
        self.kubeconfig.write_text(yaml.safe_dump(config))

    def _etcd(self) -> list[str]:
        return ["--data-dir", str(self._folder / "etcd"), "--log-level", "warn"]

    def _apiserver(self) -> list[str]:
        key = str(self._folder / "accounts.key")
        return [
            "--etcd-servers=http://127.0.0.1:2379", f"--token-auth-file={self._folder}/tokens.csv",
            "--authorization-mode=RBAC", f"--cert-dir={self._folder}/certificates", f"--advertise-address={ADDRESS}",
            "--service-cluster-ip-range=10.98.0.0/24", "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={key}", f"--service-account-signing-key-file={key}",
        ]  # fmt: skip

    def _controllers(self) -> list[str]:
        # 4 is the first level at which the provisioner says what heketi answered.
        return [
            f"--kubeconfig={self.kubeconfig}", "--use-service-account-credentials", "--leader-elect=false", "--v=4",
            f"--service-account-private-key-file={self._folder}/accounts.key",
        ]  # fmt: skip

    def _start_heketi(self) -> None:
        environment = dict(os.environ, HEKETI_ADMIN_KEY=self.admin_key, HEKETI_USER_KEY=secrets.token_hex(16))
        argv = [sys.executable, "-m", "heketi", "--address", ADDRESS, "--port", "8080", "--duration", "0.5"]
        with (self._folder / "heketi.log").open("wb") as log:
            subprocess.Popen(argv, cwd=ROOT / "tests/fakes", env=environment, stdout=log, stderr=subprocess.STDOUT)

    def _start(self, program: str, *arguments: str) -> None:
        with (self._folder / f"{program}.log").open("wb") as log:
            argv = [str(self._programs / program), *arguments]
            subprocess.Popen(argv, stdout=log, stderr=subprocess.STDOUT, cwd=self._folder)

    def _await(self, url: str, what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self._answers(url):
                return
            time.sleep(0.3)
        raise TimeoutError(f"{what} did not answer within {PATIENCE} s; its log is in {self._folder}")

    def _answers(self, url: str) -> bool:
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {self._token}"})
        try:
            context = ssl.create_default_context(cafile=self._authority)
            with urllib.request.urlopen(request, timeout=5, context=context):
                return True
        except (urllib.error.URLError, OSError):
            return False
