# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, ParseError
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.advice import advice_for
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.client import (
    Heketi,
    HeketiError,
    JobLost,
    TimeUp,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.connection import connect
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.transport import (
    HttpTransport,
    NoAnswer,
    Response,
)
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.heketi.serve import serving
from ansible_collections.brickwork.gluster.tests.fakes.heketi.service import Heketi as Server
from ansible_collections.brickwork.gluster.tests.fakes.heketi_wire import Wire, client_of, new_server

FAKES = pathlib.Path(__file__).resolve().parents[4] / "fakes"
FLAGS = {"file": True, "block": True}


@pytest.fixture
def app():
    return new_server()


def new_node(client, name="n1"):
    cluster = client.change("POST", "/clusters", FLAGS)["id"]
    return client.change("POST", "/nodes", node_of(cluster, name))


def node_of(cluster, name):
    return {"cluster": cluster, "zone": 1, "hostnames": {"manage": [name], "storage": [name]}}


def refusal_of(app, **login):
    with pytest.raises(HeketiError) as error:
        client_of(app, **login).read("/clusters")
    return str(error.value)


def test_each_request_has_a_token_of_its_own_also_polls_and_what_follows(app):
    app.duration = 0.5
    wire = Wire(app)
    app.clock.sleep(0.7)
    node = new_node(client_of(app, wire=wire))
    assert node["hostnames"]["manage"] == ["n1"]
    paths = [sent.path.split("/")[1] for sent in wire.sent]
    assert paths == ["clusters", "nodes", "queue", "queue", "nodes"]
    claims = [claims_of(sent.headers) for sent in wire.sent]
    asked = [hashlib.sha256(("%s&%s" % sent[:2]).encode()).hexdigest() for sent in wire.sent]
    assert [one["qsh"] for one in claims] == asked
    assert len({one["iat"] for one in claims}) == 2
    assert all(one["exp"] == one["iat"] + 300 and one["iss"] == "admin" for one in claims)


def claims_of(headers):
    segment = headers["Authorization"].split(".")[1]
    return json.loads(base64.urlsafe_b64decode(segment + "==").decode())


@pytest.mark.parametrize(
    ("login", "said", "advice"),
    [
        ({"user": ""}, "Token missing iss claim", "no user was given"),
        ({"user": "bob"}, "Unknown user", "user bob is unknown"),
        ({"key": "wrong"}, "signature is invalid", "key is not the one that the server has for user admin"),
        ({"user": "user", "key": "userkey"}, "Administrator access required", "set user to admin"),
    ],
)
def test_a_refused_login_says_what_to_do(app, login, said, advice):
    text = refusal_of(app, **login)
    assert said in text and advice in text
    assert login.get("key", "adminkey") not in text


@pytest.mark.parametrize(
    ("shift", "said", "whose"),
    [
        (300, "Token used before issued", "the clock of this host is 300 s ahead of the server's"),
        (-900, "Token is expired by 10m0s", "the clock of this host is 900 s behind the server's"),
    ],
)
def test_clocks_that_differ_are_told_by_how_much(app, shift, said, whose):
    here = FakeClock()
    here.now = app.clock.now + shift
    with pytest.raises(HeketiError) as error:
        Heketi(Wire(app), "admin", "adminkey", clock=here).read("/clusters")
    assert said in str(error.value) and whose in str(error.value)


def test_a_busy_server_is_asked_again(app):
    client = client_of(app)
    new_node(client)
    app.faults.add("busy", times=3)
    wire = Wire(app)
    with pytest.raises(HeketiError, match="No online storage devices"):
        client_of(app, wire=wire).change("POST", "/volumes", {"size": 1})
    assert len(wire.sent) == 4


def test_a_server_that_stays_busy_is_given_up(app):
    new_node(client_of(app))
    app.faults.add("busy", times=1000)
    with pytest.raises(HeketiError, match="Server busy.*max_inflight_operations"):
        client_of(app, job_timeout=60).change("POST", "/volumes", {"size": 1})
    assert app.clock.now < 70


def test_what_takes_too_long_goes_on_by_itself(app):
    app.duration = 100
    cluster = client_of(app).change("POST", "/clusters", FLAGS)["id"]
    with pytest.raises(TimeUp, match="still at it after 10 s"):
        client_of(app, job_timeout=10).change("POST", "/nodes", node_of(cluster, "n1"))


def test_a_restart_loses_the_job(app):
    wire = Wire(app)
    client = client_of(app, wire=wire)
    cluster = client.change("POST", "/clusters", FLAGS)["id"]
    app.duration = 10
    wire.lose = lambda method, path: path.startswith("/queue") and app.restart()
    with pytest.raises(JobLost, match="may have been restarted"):
        client.change("POST", "/nodes", node_of(cluster, "n1"))


def test_a_failed_job_keeps_what_the_server_said(app):
    node = new_node(client_of(app))
    app.faults.add("device_setup", "Setup of device /dev/sdb failed (already initialized or contains data?): no")
    with pytest.raises(HeketiError, match="already initialized.*destroydata"):
        client_of(app).change("POST", "/devices", {"name": "/dev/sdb", "node": node["id"]})


def test_an_answer_that_is_no_json_is_an_error():
    class Proxy:
        def send(self, method, path, headers, body, timeout):
            return Response(200, {}, "<html>")

    with pytest.raises(ParseError, match="no JSON in the answer to /clusters .<html>"):
        Heketi(Proxy(), "admin", "key").read("/clusters")


def test_the_same_over_a_socket():
    with serving(Server(duration=0.05)) as server:
        client = Heketi(HttpTransport(server.url), "admin", "adminkey")
        node = new_node(client)
        assert client.read("/nodes/" + node["id"]) == node
        with pytest.raises(HeketiError, match="Id not found"):
            client.read("/nodes/" + "0" * 32)
        # Long enough to be sent in chunks.
        for _number in range(60):
            client.change("POST", "/clusters", FLAGS)
        assert len(client.read("/clusters")["clusters"]) == 61


def test_the_fake_is_a_program_too():
    process = subprocess.Popen(
        [sys.executable, "-m", "heketi", "--port", "0"], cwd=str(FAKES), stdout=subprocess.PIPE, universal_newlines=True
    )
    try:
        url = process.stdout.readline().split()[-1]
        assert Heketi(HttpTransport(url), "admin", "adminkey").read("/clusters") == {"clusters": []}
    finally:
        process.terminate()
        process.communicate()


MKFS = (
    "Unable to execute command on n1: Filesystem must be larger than 300MB.\n"
    "Usage: mkfs.xfs\n/* blocksize */\t\t[-b size=num]\n/* config file */\t[-c options=xxx]\n"
    + 20
    * "/* naming */\t[-n x]\n"
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (MKFS, "Unable to execute command on n1: Filesystem must be larger than 300MB."),
        (
            "Unable to execute command on n1: \nmkfs.xfs: /dev/mapper/x appears to contain a file system\n"
            "mkfs.xfs: cannot open /dev/mapper/x: busy\nTry --help\n",
            "Unable to execute command on n1: mkfs.xfs: cannot open /dev/mapper/x: busy",
        ),
        ("No space", "No space"),
        ("Usage: nothing else", "Usage: nothing else"),
    ],
)
def test_a_page_of_a_programs_help_is_not_passed_on(text, shown):
    error = HeketiError(500, text)
    assert str(error) == "heketi says: " + shown and error.text == text


@pytest.mark.parametrize(
    ("text", "advice", "other"),
    [
        (
            "Setup of device /dev/sdz failed (already initialized or contains data?): No device found for /dev/sdz.",
            "there is no such device on the node; look there with lsblk",
            "destroydata",
        ),
        (
            "Failed to remove device, error: Cannot replace brick 0a as it is source brick for data to be healed",
            "wait until gluster volume heal VOLUME info shows none",
            "documentation",
        ),
        (
            "Setup of device /dev/sdb failed (already initialized or contains data?): Can't open /dev/sdb exclusively.",
            "destroydata: true on this one device",
            "lsblk",
        ),
    ],
)
def test_advice_is_about_the_reason(text, advice, other):
    told = advice_for(text, "admin", None)
    assert advice in told and other not in told


def test_nobody_listens():
    with serving(Server()) as server:
        url = server.url
    with pytest.raises(NoAnswer, match="%s.*refused.*is heketi running" % url):
        Heketi(HttpTransport(url), "admin", "adminkey").read("/clusters")


def test_a_server_that_says_nothing_in_time_is_given_up():
    app = Server()
    with serving(app) as server:
        client = Heketi(HttpTransport(server.url), "admin", "adminkey", request_timeout=0.2)
        with app.lock, pytest.raises(NoAnswer, match="timed out"):
            client.read("/clusters")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    if not shutil.which("openssl"):
        pytest.skip("no openssl here to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    files = [str(folder / name) for name in ("cert.pem", "key.pem")]
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=heketi -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(command.split() + ["-out", files[0], "-keyout", files[1]], check=True, stderr=subprocess.DEVNULL)
    return files


def test_tls_with_its_own_authority(certificate):
    with serving(Server(), certificate=certificate[0], key=certificate[1]) as server:
        assert Heketi(HttpTransport(server.url, certificate[0]), "admin", "adminkey").read("/clusters") == {
            "clusters": []
        }
        with pytest.raises(NoAnswer, match="certificate.*ca_path takes the authority"):
            Heketi(HttpTransport(server.url), "admin", "adminkey").read("/clusters")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"url": "heketi:8080"}, "url: found 'heketi:8080'; write an address that begins with http"),
        ({"ca_path": "/nowhere/ca.pem"}, "ca_path: found no PEM file at /nowhere/ca.pem"),
    ],
)
def test_wrong_parameters_are_named(given, problem):
    params = {"url": "http://h", "user": "admin", "key": "k", "ca_path": None, "command_timeout": 1, "timeout": 1}
    with pytest.raises(InputError) as error:
        connect(dict(params, **given))
    assert problem in str(error.value)


def test_bodies_are_json_and_reads_have_none(app):
    wire = Wire(app)
    client = client_of(app, wire=wire)
    client.change("POST", "/clusters", FLAGS)
    client.read("/clusters")
    posted, got = wire.sent
    assert json.loads(posted.body.decode()) == FLAGS and posted.headers["Content-Type"] == "application/json"
    assert got.body is None and "Content-Type" not in got.headers
