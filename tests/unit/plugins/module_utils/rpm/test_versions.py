# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cases of rpm's own test, tests/rpmvercmp.at."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.records import Evr, Package
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.versions import compare, compare_versions, newest

CASES = """
1.0 1.0 0
1.0 2.0 -1
2.0.1 2.0.1 0
2.0 2.0.1 -1
2.0.1a 2.0.1a 0
2.0.1a 2.0.1 1
5.5p1 5.5p2 -1
5.5p10 5.5p10 0
5.5p1 5.5p10 -1
10xyz 10.1xyz -1
xyz10 xyz10 0
xyz10 xyz10.1 -1
xyz.4 xyz.4 0
xyz.4 8 -1
xyz.4 2 -1
5.5p2 5.6p1 -1
5.6p1 6.5p1 -1
6.0.rc1 6.0 1
10b2 10a1 1
1.0aa 1.0aa 0
1.0a 1.0aa -1
10.0001 10.0001 0
10.0001 10.1 0
10.0001 10.0039 -1
4.999.9 5.0 -1
20101121 20101122 -1
2_0 2_0 0
2.0 2_0 0
a a 0
a+ a_ 0
+ _ 0
1.0~rc1 1.0~rc1 0
1.0~rc1 1.0 -1
1.0~rc1 1.0~rc2 -1
1.0~rc1~git123 1.0~rc1 -1
1.0^ 1.0 1
1.0^git1 1.0^git1 0
1.0^git1 1.0 1
1.0^git1 1.0^git2 -1
1.0^git1 1.01 -1
1.0^20160101 1.0.1 -1
1.0^20160101^git1 1.0^20160101^git1 0
1.0^20160102 1.0^20160101^git1 1
1.0~rc1^git1 1.0~rc1 1
1.0^git1~pre 1.0^git1 -1
0.10.0 0.7.16 1
3.el7 3.el7_9.1 -1
"""


@pytest.mark.parametrize("case", CASES.split("\n")[1:-1])
def test_order(case):
    left, right, order = case.split()
    assert compare_versions(left, right) == int(order)
    assert compare_versions(right, left) == -int(order)


def test_epoch_goes_before_version_and_version_before_release():
    assert compare(Evr(1, "1", "1"), Evr(0, "9", "9")) == 1
    assert compare(Evr(0, "1", "9"), Evr(0, "2", "1")) == -1
    assert compare(Evr(0, "1", "1.el7"), Evr(0, "1", "1.el7")) == 0


def test_newest():
    old, new = (Package("userspace-rcu", Evr(0, *evr), "x86_64") for evr in (("0.7.16", "1.el7"), ("0.10.0", "3.el7")))
    assert newest([old, new]) is new and newest([new, old]) is new
