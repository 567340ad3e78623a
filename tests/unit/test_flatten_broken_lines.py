"""A broken line costs itself: its neighbours stay as they are, and it is mended or set aside with a reason."""

from __future__ import annotations

import json

import pytest

from unit.test_flatten_support import PROVENANCE, Row, Sent, concept, flat, line, ndjson, observation, resource

GOOD = [observation(f"good-{n}", valueQuantity={"value": n, "unit": "%"}) for n in range(6)]
MINE = observation("mine", subject={"reference": "Patient/me"}, code=concept("777-3", text="Platelets"))
TEXT = line(MINE)


def with_(**fields: object) -> bytes:
    return line({**MINE, **fields})


def instead(old: bytes, new: bytes) -> bytes:
    """My line with one spot changed."""
    assert TEXT.count(old) == 1
    return TEXT.replace(old, new)


def neighbours(rows: list[Row]) -> list[Row]:
    """Good rows, without where they came from."""
    return [{k: v for k, v in row.items() if k not in PROVENANCE} for row in rows if row["id"].startswith("good-")]


@pytest.fixture(scope="module")
def untouched(tmp_path_factory) -> list[Row]:
    return neighbours(flat(tmp_path_factory.mktemp("good"), Observation=GOOD).rows("observation"))


def amid(sent: Sent) -> list[Sent]:
    return [*GOOD[:3], sent, *GOOD[3:]]


SET_ASIDE: dict[str, tuple[bytes, str, str | None]] = {
    # what: the line, the reason, the person when the line plainly names one
    "cut off in the middle": (TEXT[: len(TEXT) // 2 + 60], "not-json", "me"),
    "cut off before the person": (TEXT[:40], "not-json", None),
    "no quotes": (b"{resourceType: Observation, id: mine}", "not-json", None),
    "single quotes": (TEXT.replace(b'"', b"'"), "not-json", None),
    "a comma behind": (TEXT + b",", "not-json", "me"),
    "a comma inside": (instead(b'"final", ', b'"final",, '), "not-json", "me"),
    "an array around": (b"[" + TEXT + b"]", "not-a-resource", "me"),
    "a comment behind": (TEXT + b" // sic", "not-json", "me"),
    "a page of HTML": (b"<html><body>502 Bad Gateway</body></html>", "not-json", None),
    "a number": (b"42", "not-a-resource", None),
    "a string": (b'"Observation"', "not-a-resource", None),
    "null": (b"null", "not-a-resource", None),
    "an empty object": (b"{}", "not-a-resource", None),
    "a number with a leading zero": (instead(b'"final"', b"007"), "not-json", "me"),
    "zero bytes": (b"\x00" * 40, "not-json", None),
    "a control character": (b"\x1c", "not-json", None),
    "UTF-16": (TEXT.decode().encode("utf-16"), "not-json", None),
    "another type": (line(resource("Condition", "mine", subject={"reference": "Patient/me"})), "wrong-type", "me"),
    "no type": (instead(b'"resourceType": "Observation", ', b""), "not-a-resource", "me"),
    "type in other case": (instead(b'"resourceType"', b'"resourcetype"'), "not-a-resource", "me"),
    "no id": (instead(b'"id": "mine", ', b""), "no-id", "me"),
    "an empty id": (instead(b'"mine"', b'""'), "no-id", "me"),
    "an id that is a list": (instead(b'"mine"', b'["mine"]'), "no-id", "me"),
    "an id that is an object": (instead(b'"mine"', b'{"value": "mine"}'), "no-id", "me"),
    "bytes that are not UTF-8 in a code": (instead(b'"777-3"', b'"777\xff3"'), "broken-character:code", "me"),
    "half a character in a code": (instead(b'"777-3"', b'"777\\ud800"'), "broken-character:code", "me"),
    "a tab in a date": (instead(b"2025-10-01", b"2025\t10-01"), "broken-character:effectiveDateTime", "me"),
    "one coding where a list belongs": (
        with_(code={"coding": {"code": "777-3"}, "text": "t"}),
        "not-a-list:coding",
        "me",
    ),
    "words where a coding belongs": (with_(code={"coding": ["777-3"], "text": "t"}), "not-an-object:coding", "me"),
    "a subject in words": (with_(subject="Patient/me"), "not-an-object:subject", None),
    "a list of subjects": (with_(subject=[{"reference": "Patient/me"}]), "not-an-object:subject", "me"),
    "a list of quantities": (with_(valueQuantity=[{"value": 1}]), "not-an-object:valueQuantity", "me"),
    "a bare quantity": (with_(valueQuantity=1.5), "not-an-object:valueQuantity", "me"),
    "two halves interleaved": (TEXT[:30] + TEXT, "not-json", "me"),
    "a good one and half of another": (TEXT + TEXT[:-20], "not-json", "me"),
    "its subject also named otherwise": (
        with_(subject={"identifier": {"value": "7"}, "reference": "Patient/me"})[:-1], "not-json", "me"),
    "a slash that is escaped": (TEXT.replace(b"Patient/me", rb"Patient\/me")[:-1], "not-json", "me"),
    "a name with an underscore": (TEXT.replace(b"Patient/me", b"Patient/m_e")[:-1], "not-json", "m_e"),
    "words about others as well": (with_(performer=[{"reference": "Patient/you"}])[:-1], "not-json", "me"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "people"),
    [
        (with_(participant=[{"actor": {"reference": "Patient/you"}}]), ["me", "you"]),
        (with_(subject=None, focus=[{"reference": "Patient/you"}, {"reference": "Patient/me"}]), ["me", "you"]),
    ],
)
def test_everybody_a_broken_line_is_about_is_set_aside(tmp_path, sent, people):
    """A visit of two people; a line of which the subject was lost."""
    night = flat(tmp_path, Observation=amid(sent[:-1]))
    assert night.quarantine == [("Observation.ndjson", 4, person, "not-json") for person in people]
    assert (night.report.quarantined, night.report.resources["Observation"]) == (1, len(GOOD) + 1)


@pytest.mark.parametrize("what", SET_ASIDE)
def test_it_is_set_aside_with_its_place_and_reason(tmp_path, untouched, what):
    broken, reason, person = SET_ASIDE[what]
    night = flat(tmp_path, Observation=amid(broken))
    assert neighbours(night.rows("observation")) == untouched
    assert night.quarantine == [("Observation.ndjson", 4, person, reason)]
    assert {row["type"] for row in night.rows("quarantine")} == {"Observation"}
    assert len(night.rows("observation")) == len(GOOD)
    assert (night.report.quarantined, night.report.lines) == (1, {"Observation.ndjson": len(GOOD) + 1})


MENDED: dict[str, bytes] = {
    "a byte order mark": b"\xef\xbb\xbf" + TEXT,
    "space around it": b" \t" + TEXT + b"  \r",
    "the same key twice, the first counts": instead(b'"id": "mine", ', b'"id": "mine", "id": "yours", '),
    "bytes that are not UTF-8 where nobody reads": with_(note="x").replace(b'"x"', b'"\xe9\xff"'),
    "half a character where nobody reads": with_(note="x").replace(b'"x"', b'"\\udc00"'),
    "a tab where nobody reads": with_(note="x").replace(b'"x"', b'"\t"'),
    "a number of a thousand digits": with_(note=1).replace(b'"note": 1', b'"note": ' + b"7" * 1000),
    "lists in lists in lists": with_(note=[]).replace(b"[]}", b"[" * 200 + b"]" * 200 + b"}"),
    "NaN where nobody reads": with_(note=1).replace(b'"note": 1', b'"note": NaN'),
}


@pytest.mark.parametrize("what", MENDED)
def test_what_is_certain_is_taken_as_if_nothing_were_wrong(tmp_path, untouched, what):
    night = flat(tmp_path, Observation=amid(MENDED[what]))
    assert neighbours(night.rows("observation")) == untouched
    assert night.quarantine == []
    (mine,) = (row for row in night.rows("observation") if row["id"] == "mine")
    (plain,) = flat(_fresh(tmp_path), Observation=[MINE]).rows("observation")
    assert {k: v for k, v in mine.items() if k != "file"} == {k: v for k, v in plain.items() if k != "file"}


def _fresh(folder):
    (folder / "plain").mkdir()
    return folder / "plain"


def test_a_broken_character_in_words_is_shown_as_broken(tmp_path, untouched):
    """Latin-1 in a display must not cost somebody a diagnosis."""
    night = flat(tmp_path, Observation=amid(instead(b"Platelets", b"Thrombozyten f\xfcr")))
    assert neighbours(night.rows("observation")) == untouched
    (mine,) = (row for row in night.rows("observation") if row["id"] == "mine")
    assert (mine["code"], mine["display"]) == ("777-3", "Thrombozyten f\ufffdr")
    assert (night.report.mended, night.report.quarantined) == (1, 0)


@pytest.mark.parametrize("between", [b"", b" ", b"\t", b"\r"])
def test_two_whole_resources_on_one_line_are_two(tmp_path, untouched, between):
    night = flat(tmp_path, Observation=amid(TEXT + between + TEXT.replace(b'"mine"', b'"also-mine"')))
    assert neighbours(night.rows("observation")) == untouched
    assert {row["id"] for row in night.rows("observation")} >= {"mine", "also-mine"}
    assert (night.quarantine, night.report.mended) == ([], 1)


@pytest.mark.parametrize("before", range(8))
def test_a_misshapen_part_in_any_script_is_set_aside(tmp_path, untouched, before):
    """The engine quotes it in its message and cuts the quotation at some byte, within a character or not."""
    night = flat(tmp_path, Observation=amid(line({**MINE, "subject": "x" * before + "ấ" * 500}).decode()))
    raw = json.dumps({**MINE, "subject": "x" * before + "ấ𐀀" * 200}, ensure_ascii=False)
    again = flat(_fresh(tmp_path), Observation=amid(raw))
    assert neighbours(night.rows("observation")) == neighbours(again.rows("observation")) == untouched
    assert night.quarantine == again.quarantine == [("Observation.ndjson", 4, None, "not-an-object:subject")]


@pytest.mark.parametrize("where", [0, 3, 6])
def test_the_place_of_a_broken_line_does_not_matter(tmp_path, untouched, where):
    lines: list[Sent] = [*GOOD[:where], b"{", *GOOD[where:]]
    night = flat(tmp_path, Observation=lines)
    assert neighbours(night.rows("observation")) == untouched
    assert night.quarantine == [("Observation.ndjson", where + 1, None, "not-json")]


def test_blank_lines_are_no_lines_but_count_for_the_place(tmp_path, untouched):
    blank: list[Sent] = [b"", b"  ", b"\t\r", b"\x0b\x0c"]
    night = flat(tmp_path, Observation=[*blank, *GOOD, b"nonsense", *blank])
    assert neighbours(night.rows("observation")) == untouched
    assert night.quarantine == [("Observation.ndjson", 11, None, "not-json")]
    assert night.report.lines == {"Observation.ndjson": len(GOOD) + 1}


def test_a_resource_over_several_lines_is_several_broken_lines(tmp_path, untouched):
    pretty = json.dumps(MINE, indent=1)
    night = flat(tmp_path, Observation=amid(pretty))
    assert neighbours(night.rows("observation")) == untouched
    assert len(night.quarantine) == pretty.count("\n") + 1


def test_a_broken_patient_is_still_somebody(tmp_path):
    cut = b'{"resourceType":"Patient","id":"p-9","birthDate":"1960-'
    night = flat(tmp_path, Patient=[resource("Patient", "p-1"), cut])
    assert night.quarantine == [("Patient.ndjson", 2, "p-9", "not-json")]
    assert [row["id"] for row in night.rows("person")] == ["p-1"]


def test_many_broken_lines_between_many_good_ones(tmp_path):
    """Thousands, so that the engine reads the file in several pieces at once."""
    sent: list[Sent] = []
    for n in range(20_000):
        sent.append(observation(f"o{n}", text={"div": "x" * 1500}))
        if n % 97 == 0:
            sent.append(b'{"resourceType":"Observation","id":"b%d"' % n)
    wanted = [at for at, each in enumerate(sent, 1) if isinstance(each, bytes)]
    night = flat(tmp_path, Observation=sent)
    assert [row["id"] for row in night.rows("observation")] == [f"o{n}" for n in range(20_000)]
    assert [at for _, at, _, _ in night.quarantine] == wanted


def test_no_reason_holds_what_stood_in_the_line(tmp_path):
    secret = b'{"resourceType":"Observation","id":"x","status":"Mrs Miller","code":{"coding":{"code":"Mrs Miller"}}}'
    night = flat(tmp_path, Observation=[secret, secret[:-1], b"Mrs Miller"])
    assert "Miller" not in str(night.quarantine) + str(night.report)


def test_a_broken_line_and_bytes_are_counted_alike(tmp_path):
    """Each non-blank line gave a resource or was set aside."""
    lines = [broken for broken, _, _ in SET_ASIDE.values()]
    night = flat(tmp_path, Observation=[*GOOD, *lines])
    assert ndjson(lines).count(b"\n") == len(lines) + SET_ASIDE["UTF-16"][0].count(b"\n")
    assert night.report.lines["Observation.ndjson"] == len(GOOD) + night.report.quarantined


def test_a_resource_of_which_another_line_can_be_read_is_one_resource(tmp_path):
    """Whatever is set aside beside it: a broken line of another, twice, and one that does not tell whose it is."""
    other = TEXT.replace(b'"mine"', b'"other"')
    night = flat(tmp_path, Observation=[*GOOD, MINE, TEXT[:-9], other[:-9], other[:-9], "<html>"])
    assert night.report.resources["Observation"] == len(GOOD) + 3
    assert night.report.quarantined == 4
