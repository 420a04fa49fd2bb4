# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import (
    EXTENT,
    GIB,
    KIB,
    MAX_CHUNK,
    MAX_POOL_METADATA,
    METADATA_PER_CHUNK,
    MIB,
    brick_footprint,
    format_size,
    parse_size,
    pool_chunk_size,
    pool_metadata_size,
    usable_size,
    whole_gib,
)

SIZES = st.integers(1, 512 * 1024 * GIB)


@pytest.mark.parametrize(
    "text, size",
    [
        ("10GiB", 10 * GIB),
        ("10G", 10 * GIB),
        ("10 gb", 10 * GIB),
        ("1.5G", 3 * GIB // 2),
        ("512M", 512 * MIB),
        (" 64 KiB ", 64 * KIB),
        ("4096B", 4096),
        ("9007199254740993B", 9007199254740993),
    ],
)
def test_sizes_as_people_write_them(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text",
    [
        *["", "ten", "-1G", "10X", "1e9", None, "10 GiB/s", "10", 10, 10.5],
        *["0GiB", "9EiB", "1" * 400 + "GiB", "1" * 15 + "PiB", "1GiB\n\nx"],
    ],
)
def test_what_is_no_size_is_named_with_its_option(text):
    with pytest.raises(InputError, match="^limit: found .*; write a size with its unit, such as 10GiB"):
        parse_size(text, "limit")


def test_heketi_counts_in_whole_gib_with_a_unit():
    assert (whole_gib("10GiB"), whole_gib("1TiB"), whole_gib(None)) == (10, 1024, 0)
    for wrong in (10, "10", "1500MiB"):
        with pytest.raises(InputError, match="^size: found .*; write .*GiB"):
            whole_gib(wrong)


@pytest.mark.parametrize("size, text", [(0, "0 B"), (1023, "1023 B"), (3 * GIB // 2, "1.5 GiB"), (20 * GIB, "20 GiB")])
def test_sizes_are_shown_in_the_largest_unit(size, text):
    assert format_size(size) == text


@given(SIZES)
def test_a_pools_metadata_is_whole_extents_within_lvms_bounds(size):
    metadata = pool_metadata_size(size)
    assert metadata % EXTENT == 0
    assert EXTENT <= metadata <= MAX_POOL_METADATA


@given(SIZES, st.sampled_from([64 * KIB, 256 * KIB, 1280 * KIB]))
def test_metadata_can_map_the_whole_pool(size, alignment):
    chunk = pool_chunk_size(size, alignment)
    assert chunk % alignment == 0
    assert chunk >= MAX_CHUNK or size // chunk * METADATA_PER_CHUNK <= pool_metadata_size(size)


@given(SIZES)
def test_a_footprint_never_shrinks_as_a_brick_grows(size):
    assert size < brick_footprint(size) <= brick_footprint(size + EXTENT)


def test_a_volume_group_gives_less_than_its_device():
    assert usable_size(8 * GIB) == 8 * GIB - EXTENT
    assert usable_size(KIB) == 0
