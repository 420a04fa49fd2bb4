# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role writes manifests that each version of Kubernetes takes, without an API."""

import base64
import copy
import json
import os
import pathlib
import re
import stat
import subprocess
import sys

import jsonschema
import kubernetes_validate
import pytest
import yaml

from ansible_collections.brickwork.gluster.tests.fakes.heketi.serve import serving
from ansible_collections.brickwork.gluster.tests.fakes.heketi.service import Heketi as Server

ROOT = pathlib.Path(__file__).resolve().parents[3]
#: kubernetes-validate knows 1.25 and newer; of 1.20 its schemas of then are kept here.
OLD = json.loads((ROOT / "tests/recordings/kubernetes-1.20.0-schemas.json").read_text())
NEWEST = kubernetes_validate.latest_version()
WITH_DRIVER = ["1.20", "1.25"]
VERSIONS = [*WITH_DRIVER, "1.31", NEWEST]
KEY = "a key that nobody may see"
ROLE = "brickwork.gluster.gluster_storageclass"
CLASS = {"name": "gluster", "default": True, "reclaim_policy": "Retain", "mount_options": ["log-level=WARNING"]}
HEKETI = {
    "gid_min": 40000,
    "gid_max": 50000,
    "volumetype": "replicate:3",
    "volumeoptions": {"client.ssl": "on"},
    "snapfactor": 1.5,
}
VOLUME = {"name": "media", "path": "/srv/shared/media", "size": "10Gi", "claim": {"name": "media"}}


def validate(manifest, version):
    """Raise an error unless a version of Kubernetes takes the manifest, and knows each of its fields."""
    if version != "1.20":
        kubernetes_validate.validate(manifest, version, strict=True)
        return
    name = OLD["kinds"]["%s/%s" % (manifest["apiVersion"], manifest["kind"])]
    schema = {"$ref": "#/definitions/" + name, "definitions": OLD["definitions"]}
    jsonschema.Draft202012Validator(schema).validate(manifest)


class Role:
    """The role, run by ansible-playbook with manifests_only."""

    def __init__(self, folder):
        self.folder = folder
        self.manifests = folder / "manifests"

    def run(self, *options, **desired):
        return self.run_all([desired], *options)

    def run_all(self, runs, *options):
        """Run the role once for each desired, in one play."""
        given = {"key": KEY, "resturl": "http://192.0.2.1:8080", "path": "/srv/shared/claims", "test": True}
        given["manifests_only"] = str(self.manifests)
        roles = [{"role": ROLE, "vars": _prefixed({**given, **desired})} for desired in runs]
        play = [{"hosts": "localhost", "gather_facts": False, "roles": roles}]
        (self.folder / "play.yml").write_text(yaml.safe_dump(play))
        return self.run_playbook("play.yml", *options)

    def run_playbook(self, *words):
        program = pathlib.Path(sys.executable).parent / "ansible-playbook"
        environment = dict(os.environ, ANSIBLE_NOCOLOR="1", ANSIBLE_HOME=str(self.folder))
        done = subprocess.run(
            [str(program), *words],
            cwd=self.folder, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert KEY not in done.stdout + done.stderr
        assert base64.b64encode(KEY.encode()).decode() not in done.stdout + done.stderr
        return done

    def changed(self, *options, **desired):
        """Run with success and return how many tasks have changed something."""
        done = self.run(*options, **desired)
        assert done.returncode == 0, done.stdout + done.stderr
        return int(re.search(r"changed=(\d+)", done.stdout).group(1))

    def refused(self, **desired):
        """Run without success and return what was said."""
        done = self.run(**desired)
        assert done.returncode == 2 and not self.manifests.exists(), done.stdout
        return done.stdout + done.stderr


def _prefixed(variables):
    return {"gluster_storageclass_" + name: value for name, value in variables.items()}


def read(folder):
    """Return all manifests of a folder."""
    return [one for path in sorted(folder.iterdir()) for one in yaml.safe_load_all(path.read_text())]


@pytest.fixture
def role(tmp_path):
    return Role(tmp_path)


def desired(version):
    """Return classes and volumes with all that this version's way can have."""
    if version in WITH_DRIVER:
        return {"version": version, "classes": [{**CLASS, **HEKETI}]}
    return {"version": version, "classes": [CLASS], "volumes": [VOLUME]}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Folders with all manifests, by version of Kubernetes."""
    role = Role(tmp_path_factory.mktemp("role"))
    folders = {version: role.folder / version for version in ("1.25", "1.31")}
    done = role.run_all([{**desired(version), "manifests_only": str(folder)} for version, folder in folders.items()])
    assert done.returncode == 0, done.stdout + done.stderr
    # Within one way the manifests are the same for all versions.
    return {version: folders["1.25" if version in WITH_DRIVER else "1.31"] for version in VERSIONS}


@pytest.fixture(params=VERSIONS)
def rendered(request, folders):
    """A version of Kubernetes, and all manifests for it."""
    return request.param, read(folders[request.param])


def test_kubernetes_takes_what_is_written(rendered):
    version, manifests = rendered
    for manifest in manifests:
        validate(manifest, version)
    kinds = {manifest["kind"] for manifest in manifests}
    assert {"StorageClass", "PersistentVolumeClaim", "Deployment"} < kinds
    assert ("Secret" in kinds) == (version in WITH_DRIVER)
    assert ("PersistentVolume" in kinds) == (version not in WITH_DRIVER)


BREAKS = {
    "StorageClass": lambda one: (
        one["parameters"].update(gidMin=40000) if "parameters" in one else one.pop("provisioner")
    ),
    "PersistentVolumeClaim": lambda one: one["spec"].update(accessModes="ReadWriteMany"),
    "Deployment": lambda one: one["spec"].pop("selector"),
    "Secret": lambda one: one.update(key="x"),
    "PersistentVolume": lambda one: one["spec"]["hostPath"].pop("path"),
    "ConfigMap": lambda one: one["data"].update(more=1),
    "ClusterRole": lambda one: one["rules"][0].pop("verbs"),
    "ClusterRoleBinding": lambda one: one["subjects"][0].pop("kind"),
    "ServiceAccount": lambda one: one.update(spec={}),
    "Namespace": lambda one: one["metadata"].update(labels=["a"]),
}


def test_the_schemas_find_what_is_wrong(rendered):
    version, manifests = rendered
    for manifest in manifests:
        broken = copy.deepcopy(manifest)
        BREAKS[manifest["kind"]](broken)
        with pytest.raises(jsonschema.ValidationError):
            validate(broken, version)


def test_the_version_decides_about_the_way(rendered):
    version, manifests = rendered
    [made] = [manifest for manifest in manifests if manifest["kind"] == "StorageClass"]
    by_heketi = made["provisioner"] == "kubernetes.io/glusterfs"
    assert by_heketi == (version in WITH_DRIVER)


def test_runs_that_are_checked_cut_off_and_repeated(role):
    assert role.changed("--check", "--diff", **desired("1.20")) > 0
    assert not role.manifests.exists()
    assert role.changed("--diff", "-vvv", **desired("1.20")) == 4
    (role.manifests / "storage.yml").unlink()
    secret = role.manifests / "secret.yml"
    secret.write_text("half")
    secret.chmod(0o644)
    assert role.changed("--diff", **desired("1.20")) == 2
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    [made] = yaml.safe_load_all(secret.read_text())
    assert base64.b64decode(made["data"]["key"]).decode() == KEY
    for other in ("storage.yml", "trial.yml"):
        assert KEY not in (role.manifests / other).read_text()
    assert role.changed("-vvv", **desired("1.20")) == 0


def test_everything_that_is_wrong_is_told_before_anything_is_written(role):
    wrong = [{"name": "a", "restuser": "user"}, {"name": "b", "volumetype": "replicate:9"}]
    said = role.refused(version="1.20", classes=wrong, key="")
    for words in ("a: restuser: ", "b: volumetype: 'replicate:9'", "gluster_storageclass_key: the key"):
        assert words in said


def test_without_an_api_the_version_has_to_be_told(role):
    assert "say for which version of Kubernetes" in role.refused(classes=[CLASS])


def ask_heketi(role, url, key):
    """Run what asks heketi with the key that Kubernetes gets, with a plan of two classes at one heketi."""
    parameters = {"resturl": url, "restauthenabled": "true", "restuser": "admin"}
    objects = [{"kind": "StorageClass", "parameters": parameters}] * 2 + [{"kind": "StorageClass"}, {"kind": "Secret"}]
    task = {"ansible.builtin.include_role": {"name": ROLE, "tasks_from": "ask_heketi"}}
    given = {"gluster_storageclass_plan": {"objects": objects}, "gluster_storageclass_key": key}
    play = [{"hosts": "localhost", "gather_facts": False, "vars": given, "tasks": [task]}]
    (role.folder / "ask.yml").write_text(yaml.safe_dump(play))
    return role.run_playbook("ask.yml")


def test_a_wrong_key_is_found_before_a_claim_is(role):
    """Kubernetes tells of it in a log of its control plane only."""
    with serving(Server(KEY)) as server:
        done = ask_heketi(role, server.url, KEY)
        assert done.returncode == 0 and done.stdout.count("ok: [localhost") == 1, done.stdout
        done = ask_heketi(role, server.url, "some other key that is wrong")
        said = " ".join(done.stdout.split())
        assert done.returncode == 2 and "signature is invalid" in said, said
        assert "key is not the one that the server has for user admin" in said
    # Where it can't be asked from here, that is no finding.
    done = ask_heketi(role, server.url, KEY)
    assert done.returncode == 0, done.stdout


def test_an_api_that_is_not_there_is_told(role):
    said = role.refused(classes=[CLASS], manifests_only="", kubeconfig="/nowhere/config")
    assert "gluster_storageclass_kubeconfig: localhost can't ask the API of Kubernetes: " in said
    assert "/nowhere/config" in said


def test_the_playbook_does_it_once_for_all_nodes(role):
    variables = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    variables.update(_prefixed({**desired("1.20"), "manifests_only": str(role.manifests)}))
    groups = {
        "heketi": {"hosts": {"h1": {"heketi_address": "192.0.2.7", "heketi_port": 18080, "heketi_admin_key": KEY}}},
        "kubernetes": {"hosts": {"w1": {}, "w2": {}}, "vars": variables},
    }
    inventory = role.folder / "inventory.yml"
    inventory.write_text(yaml.safe_dump(groups))
    words = ["-e", json.dumps({"gluster_storageclass_test": True, "gluster_storageclass_test_pods": False})]
    done = role.run_playbook("-i", str(inventory), *words, "brickwork.gluster.kubernetes")
    assert done.returncode == 0, done.stdout + done.stderr
    changed = dict(re.findall(r"^(w\d) .* changed=(\d)", done.stdout, re.MULTILINE))
    assert changed == {"w1": "4", "w2": "0"}
    secret, storage, trial = read(role.manifests)
    assert base64.b64decode(secret["data"]["key"]).decode() == KEY
    assert storage["parameters"]["resturl"] == "http://192.0.2.7:18080"
    assert trial["kind"] == "PersistentVolumeClaim"
