# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon import settings
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import ParseError

#: As the package of 10.3 has it; 7.5's has "#   option base-port 49152" and max-port, too.
VOLFILE = """volume management
    type mgmt/glusterd
    option working-directory /var/lib/glusterd
    option transport-type socket
    option ping-timeout 0
#   option lock-timer 180
#   option base-port 49152
    option max-port  60999
end-volume
"""
#: As Debian's package has it.
ENVIRONMENT = "## Set custom log file\n# LOG_LEVEL='INFO'\n\n# GLUSTERD_OPTIONS=''\n"


def test_what_is_commented_out_is_not_set():
    assert settings.options(VOLFILE) == {
        "working-directory": "/var/lib/glusterd",
        "transport-type": "socket",
        "ping-timeout": "0",
        "max-port": "60999",
    }


def test_only_the_option_that_was_asked_for_changes():
    changed = settings.with_option(settings.with_option(VOLFILE, "max-port", "50099"), "base-port", "50000")
    kept = VOLFILE.replace("    option max-port  60999\n", "")
    ours = "    option max-port 50099\n    option base-port 50000\n"
    assert changed == kept.replace("end-volume", ours + "end-volume")
    assert settings.with_option(changed, "base-port", "50000") == changed
    assert settings.brick_ports(changed) == (50000, 50099)


def test_a_value_is_text_and_no_pattern():
    assert r"option working-directory /a\1" in settings.with_option(VOLFILE, "working-directory", r"/a\1")


def test_what_is_no_glusterd_vol_is_left_alone():
    with pytest.raises(ParseError, match="no end-volume"):
        settings.with_option("", "max-port", "1")


def test_ports_of_a_file_that_names_none():
    assert settings.brick_ports(VOLFILE) == (49152, 60999)
    assert settings.brick_ports("") == (49152, 65535)
    with pytest.raises(ParseError, match="no port"):
        settings.brick_ports("option max-port many")


def test_working_directory():
    assert settings.working_directory("") == "/var/lib/glusterd"
    assert settings.working_directory("option working-directory /data/glusterd") == "/data/glusterd"


def test_environment():
    assert settings.assignment(ENVIRONMENT, "LOG_LEVEL") is None
    debug = settings.with_assignment(ENVIRONMENT, "LOG_LEVEL", "DEBUG")
    assert debug == ENVIRONMENT + "LOG_LEVEL=DEBUG\n"
    assert settings.with_assignment(debug, "LOG_LEVEL", "INFO") == ENVIRONMENT + "LOG_LEVEL=INFO\n"
    assert settings.assignment("LOG_LEVEL='WARNING'", "LOG_LEVEL") == "WARNING"
    assert settings.with_assignment("A=1", "LOG_LEVEL", "INFO") == "A=1\nLOG_LEVEL=INFO\n"
