# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from ansible_collections.brickwork.gluster.plugins.plugin_utils.kubernetes import names


def test_names_as_kubernetes_takes_them():
    assert names.subdomain_problem("a.b-1") == names.label_problem("a-1") == names.quantity_problem("1500Mi") == ""
    for wrong in ("", "A", "a_b", "-a", "a.", "a" * 254):
        assert "is no name for Kubernetes" in names.subdomain_problem(wrong)
    for wrong in ("a.b", "a" * 64, "a-"):
        assert "is no name for Kubernetes" in names.label_problem(wrong)
    for wrong in ("", "0", "1 Gi", "1GiB", "-1Gi", None):
        assert "is no size for Kubernetes" in names.quantity_problem(wrong)


def test_labels_of_any_name_fit_and_differ():
    assert names.as_label("trial", "gluster") == "trial-gluster"
    others = [names.as_label("trial", name) for name in ("a.b", "a-b", "a" * 253, "a" * 252 + "b", "a" * 45 + ".b")]
    assert len(set(others)) == len(others)
    assert [names.label_problem(label) for label in others] == [""] * len(others)
