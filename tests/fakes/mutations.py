# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of programs, changed as a program's next version, a full disk or a bad day would change them."""

import copy
import re

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError, ParseError

#: What may stand where something else should.
VALUES = (None, True, False, -1, 0, 1.5, 10**400, "", "x", "-", "é", [], {}, [None], [[]], {"x": 1}, "9" * 5000)
#: What may stand in a text.
WORDS = ("", "\n", "\n\n", "\t", " ", '"', "'", "\\", "\\x", "<", ">", "</", "&x;", "=", "==", "{", "}", "[", "]", ",")
WORDS += ("-1", "9" * 400, "\0", "é", "\udc80", "null", "N/A", "error: ", 'encoding="no-such"', 'encoding="utf-16"')
#: Deeper than anybody reads.
WORDS += ("[" * 3000,)


@st.composite
def changed_texts(draw, texts):
    """A text of a list with up to three pieces cut out, doubled, or put in the place of others."""
    text = draw(st.sampled_from(texts))
    for _time in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from((0, 1, 2, 5, 20, 10**6))))
        text = text[:start] + draw(st.sampled_from(WORDS + (text[start:end] * 2,))) + text[end:]
    if draw(st.booleans()):
        # The head of an XML answer says how the rest is written.
        text = re.sub('encoding="[^"]*"', draw(st.sampled_from(('encoding="no-such"', "", 'encoding="utf-7"'))), text)
    return text


@st.composite
def changed_data(draw, values):
    """A value of a list, of dictionaries and lists, with up to three of its parts gone or something else."""
    value = copy.deepcopy(draw(st.sampled_from(values)))
    for _time in range(draw(st.integers(1, 3))):
        places = list(_places(value))
        if not places:
            return draw(st.sampled_from(VALUES))
        container, key = places[draw(st.integers(0, len(places) - 1))]
        if draw(st.booleans()):
            del container[key]
        else:
            container[key] = copy.deepcopy(draw(st.sampled_from(VALUES)))
    return value


def _places(value):
    """Yield container and key of each part of a value, however deep."""
    keys = sorted(value, key=str) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])


#: Of each parser as many as take a second or two.
fuzzed = settings(
    max_examples=300, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def only_own_errors(parse, *arguments):
    """Parse; what is raised is an error of the engine's with the program and what it said, or the test fails."""
    try:
        return parse(*arguments)
    except ParseError as error:
        assert ":" in str(error) and len(str(error)) < 1000
    except BrickworkError:
        pass
    return None
