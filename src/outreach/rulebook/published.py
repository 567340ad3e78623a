"""One FHIR ValueSet that somebody else maintains: its names, its codes, and why they may not be all.

Source: https://hl7.org/fhir/R4/valueset.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from outreach.rulebook.terms import Code, ValueSet

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None


@dataclass(frozen=True)
class Published:
    """``wrong``: why the codes cannot be relied on to be all, "" where they can."""

    path: Path
    names: frozenset[str]
    values: ValueSet
    wrong: str

    @property
    def content(self) -> frozenset[tuple[str, str]]:
        return frozenset((code.system, code.code) for code in self.values.codes)


def published(path: Path, resource: dict[str, Json]) -> Published:
    """The expansion of a ValueSet; without one, the codes that its compose lists one by one."""
    expansion, compose = as_dict(resource.get("expansion")), as_dict(resource.get("compose"))
    expanded = tuple(_contains(expansion))
    codes = tuple(_code(entry) for entry in expanded if _counts(entry)) if expanded else tuple(_listed(compose))
    title = str(resource.get("title") or resource.get("name") or resource.get("id") or "")
    wrong = _cut_off(expansion, len(expanded)) if expanded else _open(compose)
    return Published(path, _names(resource), ValueSet("", title, codes), wrong or ("" if codes else "it is empty"))


def _contains(level: dict[str, Json]) -> Iterator[dict[str, Json]]:
    """Every entry at every level."""
    for entry in map(as_dict, as_list(level.get("contains"))):
        yield entry
        yield from _contains(entry)


def _counts(entry: dict[str, Json]) -> bool:
    """An ``abstract`` entry only groups others."""
    return bool(entry.get("code") and entry.get("system")) and entry.get("abstract") is not True


def _code(entry: dict[str, Json], system: Json = None) -> Code:
    return Code(str(system or entry.get("system")), str(entry.get("code")), str(entry.get("display") or ""))


def _listed(compose: dict[str, Json]) -> Iterator[Code]:
    for include in map(as_dict, as_list(compose.get("include"))):
        for concept in map(as_dict, as_list(include.get("concept"))):
            if include.get("system") and concept.get("code"):
                yield _code(concept, include["system"])


def _open(compose: dict[str, Json]) -> str:
    """Whether a definition says more than a list of codes, which only a terminology server can expand."""
    includes = [as_dict(include) for include in as_list(compose.get("include"))]
    plain = all(
        include.get("concept") and not (include.get("filter") or include.get("valueSet")) for include in includes
    )
    return "" if plain and not compose.get("exclude") else "it is not expanded"


def _cut_off(expansion: dict[str, Json], entries: int) -> str:
    total = expansion.get("total")
    return f"its expansion holds {entries} of {total} codes" if isinstance(total, int) and total > entries else ""


def _names(resource: dict[str, Json]) -> frozenset[str]:
    """Its id, its identifiers (an OID without prefix) and the slugs of its title and its name."""
    ids = [as_dict(one).get("value") for one in as_list(resource.get("identifier"))]
    given = [str(one).removeprefix("urn:oid:") for one in (resource.get("id"), *ids) if one]
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", str(resource.get("name") or ""))
    return frozenset(name for name in (*given, slug(str(resource.get("title") or "")), slug(parted)) if name)


def slug(words: str) -> str:
    """“Office Visit” → office-visit."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def as_dict(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def as_list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
