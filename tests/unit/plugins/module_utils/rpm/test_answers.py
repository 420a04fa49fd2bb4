# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What rpm 4.18 and 4.11 print."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Result
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, ParseError
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm import answers
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.records import Evr, Requirement, Trial, Unmet

HEADER = (
    "P\tglusterfs-fuse\t0\t7.5\t1.el7\tx86_64\n+\tglusterfs-client\n+\tglusterfs-fuse\n+\tglusterfs-fuse(x86-64)\n"
    "-\tattr\tattr  \n-\tglusterfs(x86-64)\tglusterfs(x86-64) = 7.5-1.el7\nP\tcowsay\t1\t3.04\t4.el7\tnoarch\n"
)
TRIAL = """warning: glusterfs-libs-7.5-1.el7.x86_64.rpm: Header V4 RSA/SHA256 Signature, key ID e451e5b5: NOKEY
error: Failed dependencies:
\tglusterfs-devel(x86-64) = 7.5-1.el7 is needed by glusterfs-api-devel-7.5-1.el7.x86_64
\tlibglusterfs.so.0()(64bit) is needed by (installed) glusterfs-gfapi-6.0-1.el7.x86_64
"""
PROBLEMS = """\tpackage glusterfs-libs-7.5-1.el7.aarch64 is intended for a different architecture
\tfile /sbin/gluster from install of glusterfs-cli-7.5-1.el7.x86_64 conflicts with file from package other-1-1.noarch
\tinstalling package glusterfs-7.5-1.el7.x86_64 needs 5MB on the / filesystem
"""


def test_headers():
    fuse, cowsay = answers.parse_packages(HEADER)
    assert fuse.nevra == "glusterfs-fuse-7.5-1.el7.x86_64"
    assert fuse.provides == ("glusterfs-client", "glusterfs-fuse", "glusterfs-fuse(x86-64)")
    assert fuse.requires == (
        Requirement("attr", "attr"),
        Requirement("glusterfs(x86-64)", "glusterfs(x86-64) = 7.5-1.el7"),
    )
    assert (cowsay.evr, cowsay.arch) == (Evr(1, "3.04", "4.el7"), "noarch")
    with pytest.raises(ParseError):
        answers.parse_packages("what is this\n")


def test_trial():
    assert answers.parse_trial(Result(0, "", "")) == Trial()
    assert answers.parse_trial(Result(2, "", TRIAL)) == Trial(
        (
            Unmet("glusterfs-devel(x86-64) = 7.5-1.el7", "glusterfs-api-devel-7.5-1.el7.x86_64"),
            Unmet("libglusterfs.so.0()(64bit)", "(installed) glusterfs-gfapi-6.0-1.el7.x86_64"),
        )
    )
    found = answers.parse_trial(Result(3, "", PROBLEMS))
    assert found.unmet == () and len(found.problems) == 3
    assert found.problems[2] == "installing package glusterfs-7.5-1.el7.x86_64 needs 5MB on the / filesystem"
    assert answers.parse_trial(Result(9, "", "")).problems == ("rpm --test ended with exit code 9",)


@pytest.mark.parametrize(
    ("line", "damaged"),
    [
        ("S.5....T.    /usr/sbin/gluster", True),
        ("missing     /usr/lib64/libgfrpc.so.0", True),
        ("..5......    /usr/sbin/glusterfsd", True),
        ("S.5....T.  c /etc/glusterfs/glusterd.vol", False),
        ("missing   c /etc/glusterfs/glusterd.vol", True),
        ("missing   d /usr/share/doc/glusterfs-7.5/README", True),
        ("S.5....T.  g /var/lib/glusterd/glusterd.info", False),
        (".......T.    /usr/sbin/gluster", False),
        ("", False),
    ],
)
def test_damage(line, damaged):
    assert answers.parse_damaged(line) is damaged


def test_configuration():
    """As rpm 4.18 prints FILES_FORMAT."""
    said = "server\tcn\t120\t/etc/server.conf\nserver\t\t9000\t/usr/sbin/server\nserver\tc\t0\t/etc/empty\n"
    assert answers.parse_configuration(said + "error: x.rpm: not an rpm package\n") == {"/etc/server.conf": "server"}


@pytest.mark.parametrize(
    ("verdict", "signed"),
    [
        ("/f/a.rpm: digests signatures OK\n", True),
        ("/f/a.rpm: digests OK\n", False),
        ("/f/a.rpm: digests SIGNATURES NOT OK\n", False),
        ("/f/a.rpm: rsa sha1 (md5) pgp md5 OK\n", True),
        ("/f/a.rpm: sha1 md5 OK\n", False),
        ("/f/a.rpm: RSA sha1 ((MD5) PGP) md5 NOT OK (MISSING KEYS: (MD5) PGP#e451e5b5)\n", False),
        ("/f/pgp.rpm:", False),
    ],
)
def test_signatures(verdict, signed):
    assert answers.is_signed(verdict) is signed


def test_checksums():
    one, two = "a" * 64, "B" * 64
    text = "# made by sha256sum\n%s  a.rpm\n%s *./set/b.rpm\n\n" % (one, two)
    assert answers.parse_checksums(text, "checksums") == {"a.rpm": one, "b.rpm": "b" * 64}
    with pytest.raises(InputError, match="checksums: found in line 2"):
        answers.parse_checksums("%s  a.rpm\nd41d8cd98f00b204e9800998ecf8427e  b.rpm" % one, "checksums")
