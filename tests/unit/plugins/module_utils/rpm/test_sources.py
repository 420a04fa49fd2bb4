# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Only what differs is brought or fetched."""

import functools
import http.server
import os
import threading
from collections import namedtuple

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import CommandError, InputError, PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm import sources
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.host import NodeFiles

FILES = {"a.rpm": b"of a", "b c.rpm": b"of b"}


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "folder"
    place.mkdir()
    for name, content in FILES.items():
        (place / name).write_bytes(content)
    (place / "README").write_text("no package")
    return place


def place_all(files):
    for file in files:
        if file.path != file.place:
            NodeFiles().move(file.path, file.place)


def test_folder_of_the_node(folder):
    source = sources.NodeFolder(str(folder))
    assert source.missing() == []
    assert [(file.name, file.path == file.place, file.size) for file in source.files()] == [
        ("a.rpm", True, 4),
        ("b c.rpm", True, 4),
    ]


def test_no_folder_and_an_empty_one(tmp_path):
    with pytest.raises(InputError, match="path: found no folder .*nowhere"):
        sources.NodeFolder(str(tmp_path / "nowhere")).files()
    with pytest.raises(InputError, match=r"path: found no file \*.rpm in"):
        sources.NodeFolder(str(tmp_path)).files()


def brought(folder, staging, names=(), **paths):
    listed = [
        {"name": name, "sha256": sources.sha256_of(str(folder / name)), "size": 4, "path": paths.get(name)}
        for name in sorted(FILES)
    ]
    return sources.BroughtFolder(listed, str(staging))


def test_folder_of_the_controller(folder, tmp_path):
    staging = tmp_path / "staging"
    assert brought(folder, staging).missing() == ["a.rpm", "b c.rpm"]
    came = {}
    for name in FILES:
        came[name] = str(tmp_path / name)
        with open(came[name], "wb") as stream:
            stream.write(FILES[name])
    source = brought(folder, staging, **came)
    assert source.missing() == []
    assert [file.path for file in source.files()] == [came["a.rpm"], came["b c.rpm"]]
    place_all(source.files())
    assert all(file.path == file.place for file in source.files()), "the same source sees that they are in place"
    assert oct(os.stat(str(staging / "a.rpm")).st_mode & 0o777) == "0o644"
    assert not os.path.exists(came["a.rpm"])
    assert brought(folder, staging).missing() == []
    (folder / "a.rpm").write_bytes(b"new!")
    assert brought(folder, staging).missing() == ["a.rpm"]


def test_no_space(folder, tmp_path, monkeypatch):
    status = namedtuple("Status", ["f_bavail", "f_frsize"])(1, 4096)
    monkeypatch.setattr(os, "statvfs", lambda _path: status)
    with pytest.raises(PlanError, match="need 16 MiB in .*staging, and 4 KiB are free there"):
        brought(folder, tmp_path / "staging").missing()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words):
        self.server.asked.append((self.command, self.path))


@pytest.fixture
def server(folder, monkeypatch):
    monkeypatch.chdir(str(folder.parent))
    one = http.server.HTTPServer(("127.0.0.1", 0), Quiet)
    one.asked = []
    threading.Thread(target=functools.partial(one.serve_forever, poll_interval=0.01), daemon=True).start()
    yield one
    one.shutdown()
    one.server_close()


def url(server):
    return "http://127.0.0.1:%d/folder" % server.server_port


def web_folder(server, tmp_path, names=()):
    temporary = tmp_path / ("temporary%d" % len(list(tmp_path.iterdir())))
    temporary.mkdir()
    client = sources.WebClient(5)
    return sources.WebFolder(url(server), list(names), str(temporary), client, str(tmp_path / "staging"))


def test_folder_on_a_web_server(server, folder, tmp_path):
    source = web_folder(server, tmp_path)
    files = source.files()
    assert [file.name for file in files] == ["a.rpm", "b c.rpm"]
    assert all("temporary" in file.path for file in files) and not (tmp_path / "staging").exists()
    place_all(files)
    assert all(file.path == file.place for file in source.files())
    server.asked.clear()
    assert [file.path for file in web_folder(server, tmp_path).files()] == [file.place for file in files]
    asked = [command for command, path in server.asked if path != "/folder/"]
    assert asked == ["HEAD", "HEAD"], "nothing is fetched again"
    (folder / "a.rpm").write_bytes(b"new content")
    server.asked.clear()
    web_folder(server, tmp_path).files()
    assert ("GET", "/folder/a.rpm") in server.asked and ("GET", "/folder/b%20c.rpm") not in server.asked


def test_web_server_without_an_index(server, folder, tmp_path):
    (folder / "index.html").write_text("<html>nothing</html>")
    with pytest.raises(InputError, match="found no link to a file .*name the files in files"):
        web_folder(server, tmp_path).files()
    assert [file.name for file in web_folder(server, tmp_path, ["a.rpm"]).files()] == ["a.rpm"]
    with pytest.raises(CommandError, match="nowhere.rpm: Not Found|nowhere.rpm: File not found"):
        web_folder(server, tmp_path, ["nowhere.rpm"]).files()


def test_links_elsewhere_are_not_followed(server, folder, tmp_path):
    links = ["http://elsewhere.example/x.rpm", "../y.rpm", "..%2fz.rpm", "sub/z.rpm", "/folder/a.rpm", "b%20c.rpm"]
    (folder / "index.html").write_text("".join('<a href="%s">x</a>' % link for link in links))
    assert [file.name for file in web_folder(server, tmp_path).files()] == ["a.rpm", "b c.rpm"]
