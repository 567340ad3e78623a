"""Lines looked at a chunk at a time are the lines of the file, wherever it was cut."""

from __future__ import annotations

import zlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import ServerFault
from outreach.pull import line_feeds
from outreach.pull.line_feeds import LineFeeds
from outreach.pull.lines import Lines

USUAL = (b'{"resourceType":"Observation","id":"a"}', b'{"resourceType": "Observation","id":"b"}')
ODD = (
    b'{"id":"c","resourceType":"Observation"}',
    b"no JSON",
    b'{"resourceType":"Obs',
    b'{"resourceType":"Observation"',
)
BLANK = (b"", b" \t", b"\r")
OTHER = (
    b'{"resourceType":"Patient"}',
    b'{"resourceType":"ObservationDefinition"}',
    b'{"id":"d","resourceType":"Patient"}',
)

lines_of = st.lists(st.sampled_from((*USUAL * 4, *ODD, *BLANK)), max_size=40)
cuts = st.lists(st.integers(0, 1500), max_size=8)


def _taken(text: bytes, cuts: list[int]) -> Lines:
    lines = Lines("Observation")
    places = [0, *sorted(cuts), len(text)]
    for begin, end in pairwise(places):
        lines.take(text[begin:end])
    return lines


@given(lines_of, cuts)
def test_every_line_that_is_not_blank_counts_once(of, cuts):
    text = b"".join(line + b"\n" for line in of)
    lines, real = _taken(text, cuts), [line for line in of if line.strip()]
    assert (lines.count, lines.bytes, lines.crc32) == (len(real), len(text), zlib.crc32(text))
    assert not lines.tail
    ends = {real[0], real[-1]} if real else {b""}
    assert lines.ends_are_ours() == (ends <= {*USUAL, ODD[0]})


@given(lines_of, st.integers(0, 40), st.sampled_from(OTHER), cuts)
def test_a_line_of_another_type_is_found_wherever_it_stands(of, place, other, cuts):
    text = b"".join(line + b"\n" for line in (*of[:place], other, *of[place:]))
    with pytest.raises(ServerFault, match="another type"):
        _taken(text, cuts)


def test_what_follows_the_last_line_feed_waits():
    lines = _taken(USUAL[0] + b"\n" + USUAL[1], [])
    assert (lines.count, lines.tail) == (1, USUAL[1])


@given(st.lists(st.binary(max_size=100).map(lambda text: text.replace(b"a", b"\n")), max_size=6), st.integers(0, 60))
def test_line_feeds_are_found_in_chunks_of_any_length_one_after_another(chunks, small):
    feeds = LineFeeds()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line_feeds, "SMALL", small)
        for chunk in chunks:
            assert feeds.places(chunk).tolist() == [place for place, byte in enumerate(chunk) if byte == 10]
