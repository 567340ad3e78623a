"""One criterion as what a nurse would say of a person: a verb and the rest, so that it can be denied."""

from __future__ import annotations

from dataclasses import dataclass

_DENIED = {
    "has": "does not have",
    "has had": "has not had",
    "is": "is not",
    "was": "was not",
    "prefers": "does not prefer",
    "meets": "does not meet",
}


@dataclass(frozen=True)
class Phrase:
    """A predicate, such as “has” and “a diagnosis of cirrhosis, at any time”; ``absent``: what no record means."""

    verb: str
    rest: str
    absent: str = ""

    def __str__(self) -> str:
        return f"{self.verb} {self.rest}{self.absent}"

    @property
    def short(self) -> Phrase:
        """Without what an absence means: of one person it is known."""
        return Phrase(self.verb, self.rest)

    @property
    def denied(self) -> str:
        return f"{_DENIED[self.verb]} {self.rest}{self.absent}"
