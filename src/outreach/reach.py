"""How the settings say that the server is reached, and whose records are read: ``server:`` but for its address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from outreach.rulebook.located import Located, Mapping
from outreach.rulebook.reader import Reader

KEYS = ("group", "ca_file", "aliases", "file_hosts", "identifiers_in_urls")
_ID = re.compile(r"(?=.*[A-Za-z0-9])[A-Za-z0-9\-.]{1,64}")  # https://hl7.org/fhir/R4/datatypes.html#id; not ".."


@dataclass(frozen=True)
class Reach:
    """``aliases``, ``file_hosts``, ``identifiers_in_urls`` and ``ca_file`` are as ``fhir.client.FhirClient`` has them.

    ``group``: the id of the Group whose members alone are read; "" for everybody.
    """

    group: str = ""
    ca_file: Path | None = None
    aliases: tuple[str, ...] = ()
    file_hosts: tuple[str, ...] = ()
    identifiers_in_urls: bool = False


def read_reach(reader: Reader, part: Mapping | None, folder: Path) -> Reach:
    """Read it; problems go to the reader. ``folder``: that of the settings, in which a relative path begins."""
    if part is None:
        return Reach()
    return Reach(
        _group(reader, part),
        _file(reader, part.get("ca_file"), folder),
        _addresses(reader, part.get("aliases"), "aliases"),
        _addresses(reader, part.get("file_hosts"), "file_hosts"),
        reader.flag(part.get("identifiers_in_urls"), "identifiers_in_urls", default=False),
    )


def _group(reader: Reader, part: Mapping) -> str:
    at = part.get("group")
    if at is None:
        return ""
    id_ = reader.word(at, "group").removeprefix("Group/")
    if id_ and not _ID.fullmatch(id_):
        reader.say(at, f"“{id_}” is not the id of a Group", "not-an-id", "Write it like Group/liver-clinic.")
    bulk = part.get("bulk")
    if bulk is not None and not reader.flag(bulk, "bulk", default=True):
        hint = "Remove bulk: false. Who belongs to a Group cannot be searched for on every server."
        reader.say(bulk, "the members of a Group are read by Bulk export alone", "group-needs-bulk", hint)
    return id_


def _file(reader: Reader, at: Located | None, folder: Path) -> Path | None:
    word = reader.word(at, "ca_file") if at is not None else ""
    path = folder / word
    if word and at is not None and not path.is_file():
        reader.say(at, f"there is no file “{word}”", "no-file", "It holds the certificates to trust, as PEM.")
    return path if word else None


def _addresses(reader: Reader, at: Located | None, what: str) -> tuple[str, ...]:
    found = []
    for item in reader.items(at, what):
        word = reader.word(item, what)
        if word and not re.match(r"https?://[^\s/@]+(?![^/]*@)", word):
            reader.say(
                item, f"“{word}” is not an address", "not-an-address", "Write it like https://files.example.org."
            )
        found.append(word)
    return tuple(found)
