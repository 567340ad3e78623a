"""Every mistake in a folder of templates, found before anybody is contacted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import UnknownLocaleError
from jinja2 import nodes

from outreach.errors import Problem, Refused
from outreach.invite.compose import write
from outreach.invite.facts import locale_of
from outreach.invite.letter import Letter, LetterFacts, NotComposed
from outreach.invite.reading import LANGUAGE, measure, plain
from outreach.invite.template import Source, at_line, form, read
from outreach.invite.vocabulary import Reading, Vocabulary, found, vocabulary

_ZONE = ZoneInfo("America/New_York")
_VISIT = datetime(2026, 3, 5, 10, tzinfo=_ZONE)

#: A person's letter as the checks read it; nobody's.
SAMPLE = LetterFacts(
    site_name="Riverside Health",
    phone="555-010-0123",
    visit_place="North Clinic",
    visit_start=_VISIT,
    slot_start=_VISIT + timedelta(minutes=75),
    slot_end=_VISIT + timedelta(minutes=105),
    reply_by=_VISIT - timedelta(days=1, hours=17),
    fasting_hours=6,
)
SLOT_FIRST = replace(SAMPLE, slot_start=_VISIT - timedelta(minutes=75), slot_end=_VISIT - timedelta(minutes=45))

#: Facts without which a letter leaves somebody standing there.
NEEDED = frozenset(
    {
        "site_name",
        "phone",
        "visit_day",
        "visit_time",
        "visit_place",
        "slot_time",
        "slot_first",
        "reply_day",
        "reply_time",
    }
)


def check_templates(folder: Path) -> list[Problem]:
    """All problems of all templates, by file and line.

    Form (as ``template`` allows), facts that must be there, words that must be and must not be
    (words.<language>.yaml), length, and reading level, each of the letters as they would go out with sample facts.

    Args:
        folder: holds <programme>/<channel>.<language>.txt.j2 and words.<language>.yaml.
    """
    paths = sorted(folder.glob("*/*.j2"))
    if not paths:
        return [Problem(folder.name, 0, 0, "there is no template here", "templates-missing")]
    problems = [problem for path in paths for problem in _check(folder, path)]
    return sorted(dict.fromkeys(problems), key=lambda p: (p.file, p.line))


def _check(folder: Path, path: Path) -> list[Problem]:
    try:
        source = read(folder, path)
        words = vocabulary(folder, source.language)
    except Refused as refusal:
        return refusal.problems
    problems, tree = form(source)
    if tree is None:
        return problems
    problems += _unsaid_facts(source, tree)
    problems += _forbidden(source, tree, words)
    return problems or [*_read_aloud(source, words)]


def _unsaid_facts(source: Source, tree: nodes.Template) -> Iterator[Problem]:
    used = {name.name for name in tree.find_all(nodes.Name)}
    for fact in sorted(NEEDED - used):
        yield Problem(source.name, 0, 0, f"the letter never says “{fact}”", "unsaid-fact", f"add {{{{ {fact} }}}}")


def _forbidden(source: Source, tree: nodes.Template, words: Vocabulary) -> Iterator[Problem]:
    """Words the author wrote; a place that is called a cancer centre is still called that in the body."""
    for block in tree.find_all(nodes.Block):
        never = words.never + (words.never_in_subject if block.name == "subject" else ())
        for text in block.find_all(nodes.TemplateData):
            for hit in found(plain(text.data), never):
                line = text.lineno + plain(text.data).count("\n", 0, hit.start())
                what = f"“{' '.join(hit[0].split())}” must not stand in the {block.name}"
                yield at_line(source, line, what, "forbidden-word", word=hit[0])


def _read_aloud(source: Source, words: Vocabulary) -> Iterator[Problem]:
    """What shows only in finished letters: one with the slot before the visit, one with it after."""
    for facts in (SAMPLE, SLOT_FIRST):
        try:
            locale_of(source.language, facts.zone)
            letter = write(source, facts)
        except (NotComposed, UnknownLocaleError) as error:
            yield Problem(source.name, 0, 0, str(error), "letter-not-composed")
            continue
        yield from _unsaid(source, letter, words)
        if words.reading:
            yield from _hard_to_read(source, letter, words.reading)


def _unsaid(source: Source, letter: Letter, words: Vocabulary) -> Iterator[Problem]:
    for what, phrases in words.must_say.items():
        if not any(plain(phrase) in plain(letter.body) for phrase in phrases):
            hint = "say one of: " + "; ".join(phrases)
            yield Problem(source.name, 0, 0, f"the letter does not say: {what}", "unsaid", hint)


def _hard_to_read(source: Source, letter: Letter, reading: Reading) -> Iterator[Problem]:
    """The whole, and each paragraph long enough to be measured: an easy letter hides no hard passage."""
    if LANGUAGE[reading.index] != letter.language:
        yield Problem(source.name, 0, 0, f"{reading.index} does not measure “{letter.language}”", "reading-index")
        return
    paragraphs = [text for text in letter.body.split("\n\n") if len(text.split()) >= 20]
    for text in (letter.body, *paragraphs):
        score = round(measure(text, reading.index), 1)
        if reading.allows(score):
            continue
        begins = "" if text is letter.body else f" of the paragraph “{' '.join(text.split()[:4])} …”"
        what = f"the reading level{begins} is {score} by {reading.index}; {reading.limit}"
        yield Problem(source.name, 0, 0, what, "reading-level", "shorter sentences, shorter words")
