# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An image is written as docker save writes one, so that containerd takes it without a registry."""

import hashlib
import io
import json
import tarfile

import pytest
from images import IDLE, write_image
from pods import IMAGE, guide

NAMES = ["docker.io/library/busybox:1.36", "k8s.gcr.io/pause:3.2"]


@pytest.fixture
def archive(tmp_path):
    busybox = tmp_path / "busybox"
    busybox.write_bytes(b"a program")
    write_image(tmp_path / "image.tar", NAMES, busybox, ["sh", "busybox", "cat"])
    with tarfile.open(tmp_path / "image.tar") as archive:
        yield archive


def read(archive, name):
    return archive.extractfile(name).read()


def test_the_manifest_leads_to_config_and_layer(archive):
    [image] = json.loads(read(archive, "manifest.json"))
    assert image["RepoTags"] == NAMES
    config = read(archive, image["Config"])
    assert image["Config"] == hashlib.sha256(config).hexdigest() + ".json"
    [layer] = [read(archive, name) for name in image["Layers"]]
    assert json.loads(config)["rootfs"]["diff_ids"] == ["sha256:" + hashlib.sha256(layer).hexdigest()]
    assert json.loads(config)["config"]["Cmd"] == IDLE


def test_the_layer_has_the_program_under_all_of_its_names(archive):
    with tarfile.open(fileobj=io.BytesIO(read(archive, "layer.tar"))) as layer:
        entries = {entry.name: entry for entry in layer}
        assert layer.extractfile("bin/busybox").read() == b"a program"
    assert entries["bin/busybox"].mode == 0o755 and entries["bin/busybox"].isfile()
    assert [name for name, entry in entries.items() if entry.linkname == "busybox"] == ["bin/cat", "bin/sh"]
    assert entries["tmp"].mode == 0o1777


def test_the_guide_has_two_pods_on_one_claim():
    claim, deployment = guide()
    [volume] = deployment["spec"]["template"]["spec"]["volumes"]
    assert volume["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"] and deployment["spec"]["replicas"] == 2
    assert [one["image"] for one in deployment["spec"]["template"]["spec"]["containers"]] == [IMAGE]
