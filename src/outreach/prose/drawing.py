"""A flow picture as SVG: questions down the left, ways out to the right. Made of text and lines alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from html import escape
from textwrap import wrap
from typing import Protocol

_WIDTH, _LEFT, _RIGHT = 880, 440, 250  #: of the picture and its two columns, in pixels
_LINE, _PAD, _GAP = 20, 12, 34  #: height of a line, room inside a box, room between boxes
_EXIT_AT, _FORK = _WIDTH - _RIGHT - 10, _LEFT + 24
_APART = 10  #: between ways out
_LETTERS = {_LEFT: 54, _RIGHT: 29}  #: that fit on a line of 14 pixels, bold ones included
_ANSWER_LETTERS = 22
_STYLE = (
    "text{font:14px system-ui,'DejaVu Sans',sans-serif;fill:#1b1b1b}.q{font-weight:600}"
    ".a{fill:#14506d;font-size:12.5px}"
    ".step{fill:#f0f6f9;stroke:#1c5d7c}.exit{fill:#fff;stroke:#5b6b73}.end{fill:#e6f3ea;stroke:#20703c}"
    "path{stroke:#5b6b73;fill:none;stroke-width:1.5}"
)
_ARROW = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    '<path d="M0 0 8 4 0 8z" style="fill:#5b6b73;stroke:none"/></marker></defs>'
)
_wrapped = partial(wrap, break_on_hyphens=False)


class Exit(Protocol):
    @property
    def answer(self) -> str: ...
    @property
    def leads_to(self) -> str: ...


class Step(Protocol):
    @property
    def question(self) -> str: ...
    @property
    def looks_at(self) -> tuple[str, ...]: ...
    @property
    def exits(self) -> Sequence[Exit]: ...
    @property
    def goes_on(self) -> str: ...


def draw(steps: Sequence[Step], end: str, title: str) -> str:
    """The picture. Text is escaped; nothing is fetched."""
    parts, top = [], 10
    for step in steps:
        height = max(_step_height(step), sum(_exit_height(e) + _APART for e in step.exits) - _APART)
        parts += [
            *_step(step, top),
            *_exits(step, top),
            *_down(step.goes_on, top + _step_height(step), top + height + _GAP),
        ]
        top += height + _GAP
    parts += _box("end", 10, top, _LEFT, [end], bold=True)
    bottom = top + _LINE + 2 * _PAD + 10
    named = f'role="img" aria-label="{escape(title, quote=True)}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {bottom}" {named}>'
    return f"{head}<style>{_STYLE}</style>{_ARROW}\n" + "\n".join(parts) + "\n</svg>"


def _step_lines(step: Step) -> tuple[list[str], list[str]]:
    looks = [
        line
        for word in step.looks_at
        for line in _wrapped(word, _LETTERS[_LEFT], initial_indent="• ", subsequent_indent="  ")
    ]
    return _wrapped(step.question, _LETTERS[_LEFT] - 4), looks


def _step_height(step: Step) -> int:
    question, looks = _step_lines(step)
    return _LINE * (len(question) + len(looks)) + 2 * _PAD


def _step(step: Step, top: int) -> Iterator[str]:
    question, looks = _step_lines(step)
    yield from _box("step", 10, top, _LEFT, question, bold=True, more=looks)


def _exit_height(found: Exit) -> int:
    lines = max(len(_wrapped(found.leads_to, _LETTERS[_RIGHT])), len(_wrapped(found.answer, _ANSWER_LETTERS)))
    return _LINE * lines + 2 * _PAD


def _exits(step: Step, top: int) -> Iterator[str]:
    """Each way out with its answer over its arrow; all but the first leave by one line down."""
    middles = []
    for found in step.exits:
        height = _exit_height(found)
        middles.append(top + height // 2)
        start = _LEFT + 10 if found is step.exits[0] else _FORK
        yield from _box("exit", _EXIT_AT, top, _RIGHT, _wrapped(found.leads_to, _LETTERS[_RIGHT]), height=height)
        yield f'<path d="M{start} {middles[-1]}H{_EXIT_AT - 2}" marker-end="url(#tip)"/>'
        yield from _answer(found.answer, middles[-1])
        top += height + _APART
    if len(middles) > 1:
        yield f'<path d="M{_FORK} {middles[0]}V{middles[-1]}"/>'


def _answer(words: str, middle: int) -> Iterator[str]:
    lines = _wrapped(words, _ANSWER_LETTERS)
    for row, line in enumerate(lines):
        y = middle - 6 - 16 * (len(lines) - 1 - row)
        yield f'<text class="a" x="{_FORK + 6}" y="{y}">{escape(line)}</text>'


def _down(answer: str, start: int, stop: int) -> Iterator[str]:
    yield f'<path d="M60 {start}V{stop - 2}" marker-end="url(#tip)"/>'
    yield f'<text class="a" x="70" y="{stop - 12}">{escape(answer)}</text>'


def _box(
    kind: str,
    x: int,
    y: int,
    width: int,
    lines: Sequence[str],
    *,
    bold: bool = False,
    more: Sequence[str] = (),
    height: int = 0,
) -> Iterator[str]:
    tall = height or _LINE * (len(lines) + len(more)) + 2 * _PAD
    yield f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{tall}" rx="6"/>'
    first = y + (tall - _LINE * (len(lines) + len(more))) // 2 + 15
    for row, line in enumerate([*lines, *more]):
        style = ' class="q"' if bold and row < len(lines) else ""
        yield f'<text{style} x="{x + _PAD}" y="{first + _LINE * row}">{escape(line)}</text>'
