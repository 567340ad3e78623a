"""What is not settled yet, before anybody signs: the author's own doubts, drafts among the codes, scores in doubt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from outreach.prose.cards import Card
from outreach.prose.page import Block, Bullets, Heading, Link, Paragraph, Text
from outreach.prose.sections.lines import anchor
from outreach.prose.words import capital, listed, plural
from outreach.rulebook.criterion import ScoreIs, leaves
from outreach.rulebook.doubts import Doubt, doubtful
from outreach.rulebook.model import Rule
from outreach.rulebook.scores import SCORES

SETTLED = ("", "confirmed", "live")  #: what a value set's file says of itself when nothing is open


def unsettled(rule: Rule, cards: Mapping[str, Card], doubts: tuple[Doubt, ...]) -> Iterator[Block]:
    yield Heading("What is not settled", 2, "unsettled")
    found = [
        *_standing(rule),
        *_comments(doubts),
        *_words(rule),
        *_scores(rule),
        *_drafts(rule, cards),
        *_cards(rule, cards),
    ]
    if found:
        yield Paragraph(("Whoever signs takes these on.",), "warning")
        yield Bullets(tuple(found))
    else:
        yield Paragraph(
            ("Nothing: no remark in the rule or its value sets holds a doubt, and nothing in it is a draft.",)
        )


def _standing(rule: Rule) -> Iterator[Text]:
    if rule.status == "draft":
        yield ("The rule itself is a draft.",)


def _comments(doubts: tuple[Doubt, ...]) -> Iterator[Text]:
    return ((f"Line {doubt.line} of the rule: {doubt.says}",) for doubt in doubts)


def _words(rule: Rule) -> Iterator[Text]:
    """What the rule itself says and calls unsettled: a reason, a source."""
    told = [(line.name, line.why) for _, line in rule.sections()] + [(line.name, line.why) for line in rule.definitions]
    told += [(f"the source {name}", says) for name, says in rule.sources]
    told += [(f"why it reads {entry.attribute}", entry.why) for entry in rule.reads]
    return ((f"{capital(where)}: {words}",) for where, words in told if doubtful(words))


def _cards(rule: Rule, cards: Mapping[str, Card]) -> Iterator[Text]:
    """What the files of value sets say is not settled, code by code."""
    for name, card in sorted(cards.items()):
        if name in rule.value_sets and card.open:
            yield (Link(rule.value_sets[name].title or name, f"#codes-{anchor(name)}"), f": {'; '.join(card.open)}")


def _scores(rule: Rule) -> Iterator[Text]:
    for name, doubt in scores_in_doubt(rule):
        yield (f"{name}: {capital(doubt)}",)


def _drafts(rule: Rule, cards: Mapping[str, Card]) -> Iterator[Text]:
    drafts = [card for name, card in sorted(cards.items()) if name in rule.value_sets and card.status not in SETTLED]
    if drafts:
        links = [Link(rule.value_sets[card.name].title, f"#codes-{anchor(card.name)}") for card in drafts]
        marks = listed(sorted({card.status for card in drafts}), "or")
        named = [piece for link in links for piece in (link, "; ")][:-1]
        yield (f"{plural(len(drafts), 'value set')} marked {marks}: ", *named)


def scores_in_doubt(rule: Rule) -> Iterator[tuple[str, str]]:
    """The scores a rule asks for of which the engine itself is not sure, each with why."""
    asked = {leaf.score for _, line in rule.sections() for leaf in leaves(line.criterion) if isinstance(leaf, ScoreIs)}
    return ((SCORES[name].title, SCORES[name].doubt) for name in sorted(asked) if name in SCORES and SCORES[name].doubt)
