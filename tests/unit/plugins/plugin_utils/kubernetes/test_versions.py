# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.kubernetes.versions import choose_way


@pytest.mark.parametrize(
    ("version", "desired", "way"),
    [
        ("v1.16.0", "auto", "heketi"),
        ("v1.20.2+k3s1", "auto", "heketi"),
        ("1.25", "auto", "heketi"),
        ("v1.25.16-gke.100", "heketi", "heketi"),
        ("1.20", "mounted", "mounted"),
        ("v1.26.0", "auto", "mounted"),
        ("1.31", "auto", "mounted"),
        ("v1.100.0", "mounted", "mounted"),
        ("2.0", "auto", "mounted"),
    ],
)
def test_the_version_decides(version, desired, way):
    assert choose_way(version, desired).name == way


def test_another_way_than_the_old_one_is_told():
    assert "Kubernetes v1.31.2 has no driver kubernetes.io/glusterfs any more" in choose_way("v1.31.2").reason
    assert choose_way("1.31", "mounted").reason == choose_way("1.25").reason == ""


@pytest.mark.parametrize(
    ("version", "desired", "words"),
    [
        ("v1.26.0", "heketi", "heketi is not possible with Kubernetes v1.26.0.*removed in 1.26.*use the way mounted"),
        ("1.15", "auto", "found Kubernetes 1.15, which has no server-side apply"),
        ("newest", "auto", "_version: found 'newest'; write a version of Kubernetes"),
        ("", "auto", "version: found ''"),
        ("1.25", "csi", "_way: found 'csi'; write one of auto, heketi, mounted"),
    ],
)
def test_what_there_is_no_way_for(version, desired, words):
    with pytest.raises(InputError, match=words):
        choose_way(version, desired)
