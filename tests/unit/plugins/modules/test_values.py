# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values given to modules stay values: none becomes an option of a program, or a line of a file."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.operation import desired_daemon
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.records import opening
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.options import wanted_options
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volumes_plan import desired_volume
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.desired import desired_folder
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.sources import WebFolder
from ansible_collections.brickwork.gluster.plugins.modules.gluster_peer import desired_peer


class Page:
    """A web server with one index page."""

    def __init__(self, text):
        self._text = text

    def text(self, _url):
        """Return the page."""
        return self._text


def volume(**parameters):
    return desired_volume(dict({"name": "v", "bricks": ["n1:/b"]}, **parameters))


def packages(*names):
    return desired_folder({"path": "/srv", "packages": names, "whole_set": True, "allow_downgrade": False})


def files(*names):
    return WebFolder("http://x/", list(names), "/tmp", Page(""))


def linked(link):
    return WebFolder("http://x/", None, "/tmp", Page('<a href="%s">x</a>' % link)).files()


@pytest.mark.parametrize(
    "give",
    [
        lambda: wanted_options({"auth.allow": "--log-file=/etc/passwd"}),
        lambda: wanted_options({"auth.allow": "--remote-host=n9"}),
        lambda: wanted_options({"auth.allow": "10.0.0.1\n10.0.0.2"}),
        lambda: wanted_options({"--mode": "script"}),
        lambda: wanted_options({"auth.allow\n": "x"}),
        lambda: volume(bricks=["--remote-host=n9:/b"]),
        lambda: volume(bricks=["n1:/b/../../etc"]),
        lambda: volume(bricks=["n1:/b\n"]),
        lambda: volume(reset_options=["--remote-host=n9"]),
        lambda: desired_peer({"peers": ["--remote-host=n9"], "state": "present"}),
        lambda: desired_peer({"peers": ["n1\n"], "state": "present"}),
        lambda: desired_daemon({"working_directory": "/var/lib/glusterd\n    option rpc-auth-allow-insecure on"}),
        lambda: desired_daemon({"working_directory": "var/lib"}),
        lambda: opening((), "fe80::%eth0 accept/64"),
        lambda: opening((), "10.0.0.0/8\n"),
        lambda: packages("--nogpgcheck"),
        lambda: packages("glusterfs", "a b"),
        lambda: packages("x\n"),
        lambda: files("../up.rpm"),
        lambda: files("--root=x.rpm"),
        lambda: files("x.rpm\n"),
        lambda: linked("%00x.rpm"),
        lambda: linked("a%0ab.rpm"),
    ],
)
def test_values_stay_values(give):
    with pytest.raises(InputError, match="found .*; write "):
        give()


def test_ordinary_values_pass():
    assert wanted_options({"cluster.read-subvolume-index": -1}) == {"cluster.read-subvolume-index": "-1"}
    assert volume(bricks=["n1:/srv/b-1/brick"]).bricks[0].path == "/srv/b-1/brick"
    assert desired_peer({"peers": ["n1.example.com", "10.0.0.2"], "state": "absent", "lost": []}).peers == (
        "n1.example.com",
        "10.0.0.2",
    )
    assert packages("glusterfs-server", "libstdc++").packages == ("glusterfs-server", "libstdc++")
    assert desired_daemon({"working_directory": "/var//lib/x/"}).options == {"working-directory": "/var/lib/x"}
