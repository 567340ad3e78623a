"""The names of messages and holds: fixed, secret, and never shared by two."""

from __future__ import annotations

import hmac
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.invite import campaign_key, hold_key

SECRET = b"sixteen bytes ok"
parts = st.tuples(*[st.text(min_size=1, max_size=4)] * 4)


def test_a_key_is_the_same_for_ever() -> None:
    """Else a restart would be a second message. Lengths are eight bytes, big end first."""
    framed = b"".join(len(p).to_bytes(8, "big") + p for p in (b"campaign", b"hcc", b"p1", b"2026-03-01", b"invitation"))
    key = campaign_key(SECRET, "hcc", "p1", "2026-03-01", "invitation")
    assert key == hmac.new(SECRET, framed, sha256).hexdigest()
    assert key == "7c323b60b4eb542cc224f5946623fb036b0af5e41032ae302285591de98e4723"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c", "d", "e"), ("a", "bc", "d", "e")),
        (("a", "b", "cd", "e"), ("a", "b", "c", "de")),
        (("a|b", "c", "d", "e"), ("a", "b|c", "d", "e")),
        (("a\0", "b", "c", "d"), ("a", "\0b", "c", "d")),
        (("a", "b", "c", "d"), ("b", "a", "c", "d")),
    ],
)
def test_where_one_part_ends_matters(one: tuple[str, str, str, str], other: tuple[str, str, str, str]) -> None:
    assert campaign_key(SECRET, *one) != campaign_key(SECRET, *other)


@given(parts, parts)
def test_different_facts_have_different_keys(one: tuple[str, str, str, str], other: tuple[str, str, str, str]) -> None:
    assert (campaign_key(SECRET, *one) == campaign_key(SECRET, *other)) == (one == other)


@given(st.text(min_size=1, max_size=4), st.text(min_size=1, max_size=4), st.text(min_size=1, max_size=4))
def test_the_cut_between_two_parts_is_in_the_key(a: str, b: str, c: str) -> None:
    assert campaign_key(SECRET, a + b, c, "c", "s") != campaign_key(SECRET, a, b + c, "c", "s")


def test_another_secret_gives_other_keys() -> None:
    assert campaign_key(SECRET, "p", "x", "c", "s") != campaign_key(b"another 16 bytes", "p", "x", "c", "s")


def test_a_hold_is_of_one_slot_and_one_message() -> None:
    keys = {hold_key(SECRET, slot, campaign) for slot in ("s1", "s2") for campaign in ("c1", "c2")}
    assert len(keys) == 4
    assert hold_key(SECRET, "a", "b") not in {
        campaign_key(SECRET, "hold", "a", "b", "x"),
        campaign_key(SECRET, "a", "b", "c", "d"),
    }


@pytest.mark.parametrize("secret", [b"", b"fifteen bytes !"])
def test_a_guessable_secret_is_refused(secret: bytes) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        campaign_key(secret, "p", "x", "c", "s")


@pytest.mark.parametrize("empty", range(4))
def test_an_empty_part_is_refused(empty: int) -> None:
    facts = ["p", "x", "c", "s"]
    facts[empty] = ""
    with pytest.raises(ValueError, match="empty"):
        campaign_key(SECRET, *facts)
