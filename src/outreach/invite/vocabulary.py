"""What letters in one language must say and must never say: words.<language>.yaml beside the templates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from outreach.errors import Problem, Refused, at_file
from outreach.invite.reading import Index, plain


class Reading(BaseModel):
    """The index for this language and its limit; a site may be stricter than this, not laxer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    index: Index
    at_most: float = Field(default=6, le=6)  #: flesch-kincaid
    at_least: float = Field(default=65, ge=65)  #: szigriszt-pazos

    @property
    def limit(self) -> str:
        return f"{self.at_most:g} is the most" if self.index == "flesch-kincaid" else f"{self.at_least:g} is the least"

    def allows(self, score: float) -> bool:
        return score <= self.at_most if self.index == "flesch-kincaid" else score >= self.at_least


class Vocabulary(BaseModel):
    """One language. Words and phrases are compared without regard to capitals and accents."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    never_in_subject: tuple[str, ...] = Field(min_length=1)  #: beginnings of words
    never: tuple[str, ...] = Field(min_length=1)  #: beginnings of words; in the subject too
    must_say: dict[str, tuple[str, ...]] = Field(min_length=1)  #: one phrase of each
    reading: Reading | None = None  #: None where no index for the language is known: people must judge


def vocabulary(folder: Path, language: str) -> Vocabulary:
    """Read words.<language>.yaml.

    Raises:
        Refused: there is none, it is not YAML, or it has a wrong, missing or unknown key.
    """
    path = folder / f"words.{language}.yaml"
    if not path.is_file():
        hint = "copy words.en.yaml and have somebody who speaks the language write it"
        raise Refused(
            [Problem(path.name, 0, 0, f"nothing says what a letter in “{language}” must say", "words-missing", hint)]
        )
    try:
        return Vocabulary.model_validate(YAML(typ="safe").load(path.read_text(encoding="utf-8")))
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise Refused([Problem(path.name, line, column, error.problem or "cannot be read", "words-syntax")]) from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise at_file(Path(path.name), wrong, "words-invalid") from error


def found(text: str, beginnings: Iterable[str]) -> list[re.Match[str]]:
    """Where in a ``plain`` text words begin like one of these; a space in one also spans a line break."""
    each = (r"\s+".join(map(re.escape, plain(beginning).split())) for beginning in beginnings)
    return list(re.finditer(rf"\b(?:{'|'.join(each)})", text))
