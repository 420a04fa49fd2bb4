# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Kubernetes control plane: what decides about claims, volumes and pods, and nothing that mounts or runs them."""

from __future__ import annotations

import base64
import json
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
HEKETI_WITH_BRICKS = f"http://{ADDRESS}:8081"
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
        self._start("kube-scheduler", f"--kubeconfig={self.kubeconfig}", "--leader-elect=false")
        self._await(f"{API}/api/v1/namespaces/default/serviceaccounts/default", "the controllers")
        self._start_heketi()
        self._await(f"{HEKETI}/hello", "the test server of heketi")

    def add_storage(self, url: str, addresses: list[str]) -> None:
        """Put storage nodes into a heketi, by the collection's own module."""
        nodes = [
            {"manage": [f"node{zone}"], "storage": [address], "zone": zone, "devices": [{"name": "/dev/sdb"}]}
            for zone, address in enumerate(addresses, 1)
        ]
        desired = {"url": url, "key": self.admin_key, "clusters": [{"nodes": nodes}]}
        argv = ["ansible", "localhost", "-m", "brickwork.gluster.heketi_topology", "-a", json.dumps(desired)]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def log(self, program: str) -> str:
        """Return what a program has said."""
        return (self._folder / f"{program}.log").read_text(errors="replace")

    def _write_files(self) -> None:
        argv = ["openssl", "genrsa", "-out", str(self._folder / "accounts.key"), "2048"]
        subprocess.run(argv, check=True, capture_output=True)
        (self._folder / "tokens.csv").write_text(f"{self._token},admin,admin,system:masters\n")
        self.kubeconfig.write_text(yaml.safe_dump(self._config({"certificate-authority": str(self._authority)})))

    def portable_config(self) -> dict:
        """Return the content of a kubeconfig that needs no other file."""
        authority = base64.b64encode(self._authority.read_bytes()).decode()
        return self._config({"certificate-authority-data": authority})

    def _config(self, authority: dict) -> dict:
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "test",
            "clusters": [{"name": "test", "cluster": {"server": API, **authority}}],
            "users": [{"name": "admin", "user": {"token": self._token}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "admin"}}],
        }

    def _etcd(self) -> list[str]:
        return ["--data-dir", str(self._folder / "etcd"), "--log-level", "warn"]

    def _apiserver(self) -> list[str]:
        key = str(self._folder / "accounts.key")
        return [
            "--etcd-servers=http://127.0.0.1:2379", f"--token-auth-file={self._folder}/tokens.csv",
            "--authorization-mode=RBAC", f"--cert-dir={self._folder}/certificates", f"--advertise-address={ADDRESS}",
            "--service-cluster-ip-range=10.98.0.0/24", "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={key}", f"--service-account-signing-key-file={key}",
            # Names of nodes are in no DNS here.
            "--kubelet-preferred-address-types=InternalIP",
        ]  # fmt: skip

    def _controllers(self) -> list[str]:
        # 4 is the first level at which the provisioner says what heketi answered.
        return [
            f"--kubeconfig={self.kubeconfig}", "--use-service-account-credentials", "--leader-elect=false", "--v=4",
            f"--service-account-private-key-file={self._folder}/accounts.key",
        ]  # fmt: skip

    def _start_heketi(self) -> None:
        argv = ["-m", "heketi", "--address", ADDRESS, "--port", "8080", "--duration", "0.5"]
        self._start_python("heketi", *argv)

    def start_heketi_with_bricks(self, ssh_config: pathlib.Path, disk_size: int) -> None:
        """Start a second test server, which makes real bricks in the lab; disk_size is in GiB."""
        program = pathlib.Path(__file__).resolve().parent / "heketi_with_bricks.py"
        self._start_python("heketi_with_bricks", str(program), ADDRESS, "8081", str(ssh_config), str(disk_size))
        self._await(f"{HEKETI_WITH_BRICKS}/hello", "the test server of heketi with real bricks")

    def _start_python(self, name: str, *arguments: str) -> None:
        environment = dict(os.environ, HEKETI_ADMIN_KEY=self.admin_key, HEKETI_USER_KEY=secrets.token_hex(16))
        argv = [sys.executable, *arguments]
        with (self._folder / f"{name}.log").open("wb") as log:
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
