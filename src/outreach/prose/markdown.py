"""A page as Markdown, for a pull request or a wiki."""

from __future__ import annotations

import re
from functools import singledispatch

from outreach.prose.criterion import Outline
from outreach.prose.page import (
    Block,
    Bullets,
    Code,
    Heading,
    Lines,
    Link,
    Outlined,
    Page,
    Paragraph,
    Picture,
    Piece,
    Strong,
    Table,
    Text,
)

_MEANS_SOMETHING = re.compile(r"([\\`*_\[\]<>|#])")


def as_markdown(page: Page) -> str:
    return "\n\n".join(_block(block) for block in page.blocks) + "\n"


def _text(text: Text) -> str:
    return "".join(_piece(piece) for piece in text)


def _piece(piece: Piece) -> str:
    if isinstance(piece, Link):
        return f"[{_quiet(piece.text)}]({piece.to})"
    if isinstance(piece, Strong):
        return f"**{_quiet(piece.text.strip())}**"  # a space inside leaves the marks standing: CommonMark 6.2
    return f"`{piece.text}`" if isinstance(piece, Code) else _quiet(piece)


def _quiet(words: str) -> str:
    """Words in which nothing is taken for a mark, on one line."""
    return _MEANS_SOMETHING.sub(r"\\\1", words.replace("\n", " "))


@singledispatch
def _block(block: Block) -> str:
    raise TypeError(f"no Markdown for {type(block).__name__}")


@_block.register
def _(block: Heading) -> str:
    anchor = f'<a id="{block.anchor}"></a>\n\n' if block.anchor else ""
    return f"{anchor}{'#' * block.level} {_quiet(block.text)}"


@_block.register
def _(block: Paragraph) -> str:
    return ("> " if block.tone else "") + _text(block.text)


@_block.register
def _(block: Bullets) -> str:
    return "\n".join(f"- {_text(item)}" for item in block.items)


@_block.register
def _(block: Outlined) -> str:
    return "\n".join(_outlined(found, "") for found in block.outlines)


def _outlined(found: Outline, indent: str) -> str:
    return "\n".join([f"{indent}- {_quiet(found.text)}", *(_outlined(part, indent + "  ") for part in found.parts)])


@_block.register
def _(block: Table) -> str:
    rows = [" | ".join(_text(cell) for cell in row) for row in block.rows]
    lines = [" | ".join(block.head), " | ".join("---" for _ in block.head), *rows]
    return "\n".join(f"| {line} |" for line in lines)


@_block.register
def _(block: Picture) -> str:
    return block.instead


@_block.register
def _(block: Lines) -> str:
    return "\n\n".join(f"{label}: ________________________________" for label in block.labels)
