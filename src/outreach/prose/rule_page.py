"""The page of one rule, for whoever reads, questions and signs it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from outreach.prose.cards import Card
from outreach.prose.flow import flow
from outreach.prose.page import Block, Heading, Page
from outreach.prose.sections.basis import expected, reads, records, signature, sources, unknowns
from outreach.prose.sections.defined import definitions, parameters
from outreach.prose.sections.exemplars import cases
from outreach.prose.sections.head import head
from outreach.prose.sections.lines import at_risk, cannot_help, not_now, own_choice
from outreach.prose.sections.testing import counting, due
from outreach.prose.sections.unsettled import unsettled
from outreach.prose.sections.value_sets import value_sets
from outreach.rulebook.doubts import Doubt
from outreach.rulebook.model import Rule


def rule_page(rule: Rule, day: date, cards: Mapping[str, Card], doubts: Iterable[Doubt] = ()) -> Page:
    """Everything the rule says, as it reads on a day.

    Args:
        rule: with its content hash; parameters are taken as they hold on ``day``.
        day: also decides whether reviews have lapsed.
        cards: what the files of its value sets say, by name.
        doubts: what its author was not sure of, from the comments of the file.
    """
    return Page(rule.title, tuple(_blocks(rule, rule.on(day), day, cards, tuple(doubts))))


def _blocks(rule: Rule, now: Rule, day: date, cards: Mapping[str, Card], doubts: tuple[Doubt, ...]) -> Iterator[Block]:
    yield from head(rule, day)
    yield Heading("The way through", 2, "flow")
    yield flow(now)
    for section in (at_risk, cannot_help, own_choice, not_now, counting, due, definitions):
        yield from section(now)
    for section in (parameters, reads, expected):
        yield from section(rule)
    yield from unsettled(now, cards, doubts)
    yield from unknowns()
    yield from records()
    yield from cases(rule)
    yield from sources(rule)
    yield from value_sets(now, cards)
    yield from signature(rule)
