"""The words that ask for a published score."""

from __future__ import annotations

from outreach.rulebook.criterion import ScoreIs
from outreach.rulebook.forms import Either, Form, Made, OneOf
from outreach.rulebook.keys import Built, Entries, Key
from outreach.rulebook.named import Needs
from outreach.rulebook.scores import SCORES, ScoreKind
from outreach.rulebook.values import Number, Span

FROM = Key("from", Number(-1000, 10000), "The lowest score that counts, itself included.")
BELOW = Key("below", Number(-1000, 10000), "The score it must stay below.")
WITHIN = Key("within", Span(), "How old the results it is made of may be.")
LIMIT = Key("limit", Number(1, 1000), "The laboratory's upper limit of normal, in U/L.")
LIMIT_NEEDED = Key("limit", LIMIT.form, LIMIT.says, required=True)


def _score(kind: ScoreKind, at: Entries) -> ScoreIs | None:
    low, below, within = at.get(FROM), at.get(BELOW), at.get(WITHIN) or kind.within
    if not at.has(FROM) and not at.has(BELOW):
        at.say(at.at, f"{kind.name} says neither from nor below", "empty-criterion", "Add one of them.")
        return None
    if low is not None and below is not None and low >= below:
        at.say(at.at, "no score is that high and that low", "impossible-window", "Swap them?")
        return None
    limit = at.get(LIMIT) if kind.needs_limit else None
    return ScoreIs(kind.name, low, below, within, limit)


def _letter(kind: ScoreKind, letter: str) -> ScoreIs:
    """Exactly this class: from its lower bound to below the next one's."""
    low = kind.classes[letter]
    above = [bound for bound in kind.classes.values() if bound > low]
    return ScoreIs(kind.name, low, min(above, default=None), kind.within)


def _form(kind: ScoreKind) -> Form[ScoreIs]:
    keys = (FROM, BELOW, WITHIN, *((LIMIT_NEEDED,) if kind.needs_limit else ()))
    long = Built(keys, lambda at: _score(kind, at))
    if not kind.classes:
        return long
    return Either(Made(OneOf(tuple(kind.classes)), lambda letter: _letter(kind, letter)), long)


ASKED: tuple[Key[ScoreIs], ...] = tuple(
    Key(
        name,
        Needs(_form(kind), kind.inputs),
        f"The score {kind.title} lies in this range; outside its population it does not apply.",
    )
    for name, kind in SCORES.items()
)
