"""A line that the fast reader could not take: what is certain in it is recovered, the rest is quarantined.

Certain: a byte order mark before it, whole resources one after another on one line, a control or broken character
in words meant for people (``display``, ``text``, ``name``) or in a part that is not read. A resource is recovered
as its declared fields alone. Not certain, so never repaired: cut JSON, stray commas, another type, a list where an
object belongs, a broken character in an id, code, date or reference.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from outreach.flatten.lines import Line
from outreach.flatten.places import Node

_BOM = b"\xef\xbb\xbf"
_SPACE = " \t\r\n"  # JSON's own; Python's isspace knows many more
_WORDS = frozenset({"display", "text", "name", "valueString"})
_LOOK_FOR_PERSON = 1024 * 1024
_ID = rb"([A-Za-z0-9._\-]{1,64})"  # as of R4, and with the underscore that some servers have besides
_REFERENCE = rb'"reference"\s*:\s*"(?:[^"\s]*/)?Patient/' + _ID + rb'(?:/_history/[^"]*)?"'
# What stands in the object before the reference may be an object itself: an identifier.
_SUBJECT = re.compile(rb'"(?:subject|patient|beneficiary|actor)"\s*:\s*\{(?:[^{}]|\{[^{}]*\})*?' + _REFERENCE)
_ANY = re.compile(_REFERENCE)
_PATIENT = re.compile(rb'^\s*\{\s*"resourceType"\s*:\s*"Patient"\s*,\s*"id"\s*:\s*"' + _ID + rb'"')
_SURROGATE = re.compile("[\ud800-\udfff]")  # what stands for a byte that is not UTF-8, or half a character
_BROKEN = re.compile("[\x00-\x1f\ud800-\udfff]")

Json = None | bool | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True)
class Unsure(Exception):
    """Why a line cannot be recovered; never what stands in it."""

    reason: str


def mend(line: Line, resource: str, shape: Node) -> list[Json]:
    """The resources on a line, each cut down to ``shape``.

    Raises:
        Unsure: not everything on the line is certain. Then nothing of it is taken.
    """
    if line.fault:
        raise Unsure(line.fault)
    return [_fitted(found, resource, shape) for found in _objects(line.text.removeprefix(_BOM))]


def people_of(text: bytes) -> frozenset[str]:
    """The Patients a broken line is about: as its subjects, or where none stands there, whomever it refers to."""
    text = text[:_LOOK_FOR_PERSON].removeprefix(_BOM).replace(b"\\/", b"/")
    if own := _PATIENT.match(text):
        return frozenset([own[1].decode()])
    return frozenset(found.decode() for found in _SUBJECT.findall(text) or _ANY.findall(text))


def identity_of(text: bytes, resource: str) -> str | None:
    """The id of the one resource a broken line holds, if it plainly begins with it."""
    begins = rb'^\s*\{\s*"resourceType"\s*:\s*"' + resource.encode() + rb'"\s*,\s*"id"\s*:\s*"' + _ID + rb'"'
    found = re.match(begins, text.removeprefix(_BOM))
    return found[1].decode() if found else None


def _objects(text: bytes) -> list[Json]:
    words = text.decode("utf-8", "surrogateescape").rstrip(_SPACE)
    found: list[Json] = []
    try:
        at = _past_space(words, 0)
        while at < len(words) or not found:
            value, at = _DECODER.raw_decode(words, at)
            found.append(value)
            at = _past_space(words, at)
    except RecursionError:
        raise Unsure("nested-too-deep") from None
    except ValueError:
        raise Unsure("not-json") from None
    return found


def _past_space(words: str, at: int) -> int:
    while at < len(words) and words[at] in _SPACE:
        at += 1
    return at


def _first_wins(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    return dict(reversed(pairs))


# Of a key given twice the first counts, as in the fast reader. Numbers stay the text they were.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_first_wins, parse_int=str, parse_float=str, parse_constant=str, strict=False
)


def _fitted(found: Json, resource: str, shape: Node) -> Json:
    if not isinstance(found, dict):
        raise Unsure("not-a-resource")
    if found.get("resourceType") != resource:
        raise Unsure("wrong-type" if isinstance(found.get("resourceType"), str) else "not-a-resource")
    identity = found.get("id")
    if not isinstance(identity, str) or not identity or identity[0] in "[{":
        raise Unsure("no-id")
    if identity[0] == " " or "/" in identity:
        raise Unsure("odd-id")
    return _cut(found, shape, "")


def _cut(value: Json, node: Node, name: str) -> Json:
    if value is None:
        return None
    if node.many:
        if not isinstance(value, list):
            raise Unsure(f"not-a-list:{name}")
        return [_cut(each, Node(fields=node.fields), name) for each in value]
    if node.fields:
        if not isinstance(value, dict):
            raise Unsure(f"not-an-object:{name or 'resource'}")
        return {key: _cut(value.get(key), child, key) for key, child in node.fields if key in value}
    return _scalar(value, name)


def _scalar(value: Json, name: str) -> Json:
    if isinstance(value, list | dict):
        raise Unsure(f"not-a-value:{name}")
    if not isinstance(value, str):
        return value
    if name in _WORDS:
        return _SURROGATE.sub("\ufffd", value)
    if _BROKEN.search(value):
        raise Unsure(f"broken-character:{name}")
    return value
