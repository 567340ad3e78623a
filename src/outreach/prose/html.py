"""A page as one HTML file that fetches nothing and runs nothing."""

from __future__ import annotations

from functools import singledispatch
from html import escape

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

#: The page may fetch nothing and run nothing: https://www.w3.org/TR/CSP3/
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
_STYLE = """body { font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; color: #1b1b1b; background: #fff; margin: 0; }
main { max-width: 56rem; margin: 2rem auto 4rem; padding: 0 1rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.25rem; margin: 2.25rem 0 .5rem; padding-bottom: .2rem; border-bottom: 2px solid #1c5d7c; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p, ul, table { margin: .4rem 0 .8rem; }
ul { padding-left: 1.3rem; }
li { margin: .15rem 0; }
ul.quiet { list-style: none; padding-left: 0; font-size: .92rem; color: #44525a; }
code { font: .92em ui-monospace, "DejaVu Sans Mono", monospace; background: #f2f4f5; padding: 0 .2em; }
td:first-child code { white-space: nowrap; }
a { color: #14506d; overflow-wrap: break-word; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #d5d9dc;
  overflow-wrap: break-word; }
th { font-weight: 600; border-bottom-color: #5b6b73; white-space: nowrap; }
.wide { overflow-x: auto; }
.warning { border-left: 4px solid #b35900; background: #fff6ec; padding: .5rem .8rem; }
.note { border-left: 4px solid #1c5d7c; background: #f0f6f9; padding: .5rem .8rem; }
.line { display: flex; align-items: flex-end; gap: .8rem; height: 3rem; }
.line span { flex: 0 0 15rem; }
.line i { flex: 1; border-bottom: 1px solid #1b1b1b; }
figure { margin: 1rem 0; }
svg { max-width: 100%; height: auto; }
@media print {
  body { font-size: 10.5pt; } main { max-width: none; margin: 0; padding: 0; } a { color: inherit; }
  h2, h3 { break-after: avoid; } tr, figure, .line { break-inside: avoid; } thead { display: table-header-group; }
}
"""


def as_html(page: Page) -> str:
    body = "\n".join(_block(block) for block in page.blocks)
    return _PAGE.format(title=escape(page.title), style=_STYLE, body=body)


def _text(text: Text) -> str:
    return "".join(_piece(piece) for piece in text)


def _piece(piece: Piece) -> str:
    if isinstance(piece, Link):
        return f'<a href="{escape(piece.to, quote=True)}">{escape(piece.text)}</a>'
    if isinstance(piece, Strong):
        return f"<strong>{escape(piece.text)}</strong>"
    return f"<code>{escape(piece.text)}</code>" if isinstance(piece, Code) else escape(piece)


@singledispatch
def _block(block: Block) -> str:
    raise TypeError(f"no HTML for {type(block).__name__}")


@_block.register
def _(block: Heading) -> str:
    anchor = f' id="{escape(block.anchor, quote=True)}"' if block.anchor else ""
    return f"<h{block.level}{anchor}>{escape(block.text)}</h{block.level}>"


@_block.register
def _(block: Paragraph) -> str:
    tone = f' class="{block.tone}"' if block.tone else ""
    return f"<p{tone}>{_text(block.text)}</p>"


@_block.register
def _(block: Bullets) -> str:
    items = "\n".join(f"<li>{_text(item)}</li>" for item in block.items)
    quiet = ' class="quiet"' if block.quiet else ""
    return f"<ul{quiet}>\n{items}\n</ul>"


@_block.register
def _(block: Outlined) -> str:
    return "<ul>\n" + "\n".join(map(_outlined, block.outlines)) + "\n</ul>"


def _outlined(found: Outline) -> str:
    inner = "".join(_outlined(part) for part in found.parts)
    return f"<li>{escape(found.text)}{f'<ul>{inner}</ul>' if inner else ''}</li>"


@_block.register
def _(block: Table) -> str:
    head = "".join(f'<th scope="col">{escape(word)}</th>' for word in block.head)
    rows = "\n".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in block.rows)
    return f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>'


@_block.register
def _(block: Picture) -> str:
    return f"<figure>\n{block.svg}\n</figure>"


@_block.register
def _(block: Lines) -> str:
    return "\n".join(f'<p class="line"><span>{escape(label)}</span><i></i></p>' for label in block.labels)
