# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the controller has of certificates: an authority of its own, or three files for each machine."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlanError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.certificate_files import (
    chosen_files,
    read_texts,
    refuse_lost_authority,
)

OWN = {"authority": "tls/ca.pem", "signing_key": "tls/ca.key"}
GIVEN = {"authority": "ca", "certificate": "n1.pem", "private_key": "n1.key"}


def texts(files, *present):
    return read_texts("n1", files, lambda path: "text of " + path if path in present else None)


def test_of_an_authority_of_ones_own_only_its_certificate_is_sent():
    assert texts(OWN, "tls/ca.pem", "tls/ca.key") == {"authority": "text of tls/ca.pem"}
    assert texts(OWN) == {}


def test_any_file_that_is_given_leaves_out_an_authority_of_ones_own():
    nothing = dict.fromkeys(GIVEN, "")
    assert chosen_files(nothing, "tls") == OWN
    assert chosen_files(GIVEN, "tls") == GIVEN
    assert chosen_files(dict(nothing, private_key="n1.key"), "tls") == dict(nothing, private_key="n1.key")


def test_certificates_that_are_given_are_given_whole():
    assert texts(GIVEN, *GIVEN.values()) == {name: "text of " + path for name, path in GIVEN.items()}
    with pytest.raises(InputError, match="on the controller: gluster_server_tls_private_key; give all three"):
        texts(GIVEN, "ca", "n1.pem")
    with pytest.raises(InputError, match="gluster_server_tls_certificate, gluster_server_tls_private_key"):
        texts(dict(GIVEN, certificate="", private_key=""), "ca")


@pytest.mark.parametrize("present", [(), ("tls/ca.pem",), ("tls/ca.key",)])
def test_a_machine_that_encrypts_needs_the_authority_that_it_trusts(present):
    with pytest.raises(PlanError, match=r"n1 encrypts already, and the controller lacks tls/ca"):
        refuse_lost_authority("n1", OWN, {"encrypts": True}, present.__contains__)
    refuse_lost_authority("n1", OWN, {"encrypts": False}, present.__contains__)
    refuse_lost_authority("n1", GIVEN, {"encrypts": True}, present.__contains__)
    refuse_lost_authority("n1", OWN, {"encrypts": True}, ("tls/ca.pem", "tls/ca.key").__contains__)
