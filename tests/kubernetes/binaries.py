# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs of Kubernetes 1.20.2, of its control plane and of a node, built from Debian's source package and kept.

Nobody ships them ready to run, and no imitation of the API is worth a test. Nothing is installed on this machine:
packages are unpacked into the cache, and apt reads a configuration of its own.
"""

from __future__ import annotations

import os
import pathlib
import shutil

from brickwork_lab import host
from brickwork_lab.cache import cached

VERSION = "1.20.2"
PROGRAMS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet")
#: The compiler that 1.20 was made with; newer ones can't build it as it is.
COMPILER = ("bullseye", ("golang-1.15-go", "golang-1.15-src"))
ETCD = ("bookworm", ("etcd-server",))
SOURCE = "bookworm"
#: The one that mmdebstrap uses as well.
MIRROR = "http://deb.debian.org/debian"
#: Program that must be there -> the Debian package that brings it.
NEEDED = {"mmdebstrap": "mmdebstrap", "dpkg-source": "dpkg-dev", "ip": "iproute2", "unshare": "util-linux"}
#: The packages of Go in which a program keeps its version.
VERSIONED = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
OPENAPI = "k8s.io/kubernetes/pkg/generated/openapi"


def programs() -> pathlib.Path:
    """Return the folder of PROGRAMS; LabError with the reason if they can't be built here."""
    return cached("kubernetes", [VERSION, PROGRAMS, COMPILER, ETCD, SOURCE], _build)


def _build(folder: pathlib.Path) -> None:
    host.install_missing(NEEDED)
    work = folder / "work"
    work.mkdir()
    host.say("getting the sources of Kubernetes, etcd and a compiler (some 180 MB)")
    source = _source(work)
    compiler = _unpacked(COMPILER, work / "compiler") / "usr/lib/go-1.15"
    shutil.copy(_unpacked(ETCD, work / "etcd") / "usr/bin/etcd", folder / "etcd")
    go = _Go(compiler, work)
    host.say("building Kubernetes (about ten minutes on two cores, once)")
    _generate_openapi(go, source, work)
    _compile(go, source, folder)
    shutil.rmtree(work)


def _unpacked(packages: tuple[str, tuple[str, ...]], folder: pathlib.Path) -> pathlib.Path:
    suite, names = packages
    argv = ["mmdebstrap", "--quiet", "--variant=extract", "--mode=root", "--include=" + ",".join(names)]
    host.run([*argv, suite, str(folder)], f"getting {', '.join(names)} of {suite}")
    return folder


def _source(work: pathlib.Path) -> pathlib.Path:
    """Unpack the original sources; Debian's own changes would want Debian's libraries."""
    state = work / "apt"
    for name in ("lists/partial", "archives/partial"):
        (state / name).mkdir(parents=True)
    (state / "sources.list").write_text(f"deb-src {MIRROR} {SOURCE} main\n")
    options = [f"Dir::Etc::sourcelist={state}/sources.list", "Dir::Etc::sourceparts=/dev/null", f"Dir::Cache={state}"]
    options += [f"Dir::State::lists={state}/lists", "APT::Sandbox::User=root"]
    apt = ["apt-get", "-qq", *(word for option in options for word in ("-o", option))]
    host.run([*apt, "update"], f"reading the sources of {SOURCE}")
    host.run([*apt, "source", "--download-only", "kubernetes"], f"getting the sources of {SOURCE}", cwd=state)
    [archive] = state.glob("kubernetes_*.orig.tar.*")
    host.run(["tar", "--extract", "--file", str(archive), "--directory", str(work)], "unpacking Kubernetes")
    return work / f"kubernetes-{VERSION}"


class _Go:
    """The compiler, which looks for nothing outside of the sources."""

    def __init__(self, root: pathlib.Path, work: pathlib.Path) -> None:
        self._env = {
            "GOROOT": str(root),
            "GOPATH": str(work / "gopath"),
            "GOCACHE": str(work / "gocache"),
            "GOPROXY": "off",
            "CGO_ENABLED": "0",
            "HOME": str(work),
            "PATH": f"{root}/bin:{os.environ['PATH']}",
        }

    def build(self, source: pathlib.Path, target: pathlib.Path, *arguments: str) -> None:
        """Build programs of a source tree."""
        argv = ["go", "build", "-mod=vendor", "-trimpath", "-o", str(target), *arguments]
        self.run(argv, source, GO111MODULE="on")

    def run(self, argv: list[str], folder: pathlib.Path, **more: str) -> None:
        """Run a program that needs the compiler's environment."""
        words = [f"{key}={value}" for key, value in {**self._env, **more}.items()]
        host.run(["env", *words, *argv], f"running {pathlib.Path(argv[0]).name}", cwd=folder)


def _generate_openapi(go: _Go, source: pathlib.Path, work: pathlib.Path) -> None:
    """Make the file that the archive lacks, and that kube-apiserver does not compile without."""
    generator = work / "openapi-gen"
    go.build(source, generator, "./vendor/k8s.io/kube-openapi/cmd/openapi-gen")
    tree = work / "gopath/src/k8s.io/kubernetes"
    tree.parent.mkdir(parents=True)
    tree.symlink_to(source)
    inputs = ",".join(f"k8s.io/kubernetes/{name}" for name in _described(source))
    argv = [str(generator), "--go-header-file", "hack/boilerplate/boilerplate.generatego.txt"]
    argv += ["--output-file-base", "zz_generated.openapi", "--output-package", OPENAPI, "--input-dirs", inputs]
    go.run([*argv, "--report-filename", str(work / "violations")], tree, GO111MODULE="off", PWD=str(tree))


def _described(source: pathlib.Path) -> list[str]:
    """Return the folders of types that are part of the API's description, as the compiler finds them."""
    argv = ["grep", "--recursive", "--files-with-matches", "--include=*.go", "-e", "+k8s:openapi-gen=", "--"]
    found = host.run([*argv, "pkg", "staging/src", "vendor"], "looking for the API's types", cwd=source).split()
    return sorted({str(pathlib.Path(name.replace("staging/src/", "vendor/")).parent) for name in found})


def _compile(go: _Go, source: pathlib.Path, folder: pathlib.Path) -> None:
    major, minor, _patch = VERSION.split(".")
    values = {"gitVersion": f"v{VERSION}", "gitMajor": major, "gitMinor": minor}
    flags = " ".join(f"-X {package}.{key}={value}" for package in VERSIONED for key, value in values.items())
    for name in PROGRAMS[1:]:
        go.build(source, folder / name, "-ldflags", flags, f"./cmd/{name}")
