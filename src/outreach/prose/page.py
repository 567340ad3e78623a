"""A page before it is HTML or Markdown: headings, paragraphs, lists, tables and pictures."""

from __future__ import annotations

from dataclasses import dataclass

from outreach.prose.criterion import Outline


@dataclass(frozen=True)
class Link:
    """A word that leads somewhere: to an address, or with ``#`` to a place on the page."""

    text: str
    to: str


@dataclass(frozen=True)
class Strong:
    text: str


@dataclass(frozen=True)
class Code:
    """A word that stands in the rule file or in a terminology exactly like this."""

    text: str


Piece = str | Link | Strong | Code
Text = tuple[Piece, ...]  #: a line of words


@dataclass(frozen=True)
class Heading:
    text: str
    level: int
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    text: Text
    tone: str = ""  #: "" , "warning" or "note"


@dataclass(frozen=True)
class Bullets:
    """``quiet``: notes about what stands above them."""

    items: tuple[Text, ...]
    quiet: bool = False


@dataclass(frozen=True)
class Outlined:
    """Criteria below each other, indented as they are nested."""

    outlines: tuple[Outline, ...]


@dataclass(frozen=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]


@dataclass(frozen=True)
class Picture:
    """An SVG drawing, and the same in words for whoever cannot see it."""

    svg: str
    instead: str


@dataclass(frozen=True)
class Lines:
    """Lines to write on, each with what belongs there."""

    labels: tuple[str, ...]


Block = Heading | Paragraph | Bullets | Outlined | Table | Picture | Lines


@dataclass(frozen=True)
class Page:
    title: str
    blocks: tuple[Block, ...]


def plain(text: str) -> Text:
    return (text,)
