"""From facts and a template to a letter, or to a reason why there is none."""

from __future__ import annotations

from pathlib import Path

from babel import UnknownLocaleError
from jinja2 import Template

from outreach.invite.facts import Words, locale_of, words
from outreach.invite.letter import BODY_MOST, SUBJECT_MOST, Letter, LetterFacts, NoTemplate, TooLong
from outreach.invite.template import Source, compiled, find


def compose(facts: LetterFacts, programme: str, channel: str, language: str, templates: Path) -> Letter:
    """Write one letter.

    Args:
        language: as the person's record has it, "es" or "es-MX": only its first part is looked up, exactly.
        templates: the folder with <programme>/<channel>.<language>.txt.j2.

    Raises:
        NoTemplate: none in this language.
        MissingFact: the template needs a fact that is not there.
        UnsafeFact: a fact holds a control character.
        TooLong: the letter is longer than a portal takes.
        Refused: the template itself is wrong; ``check_templates`` tells beforehand.
    """
    source = find(templates, programme, channel, language)
    if source is None or not _can_write_dates(source.language, facts):
        raise NoTemplate(language)
    return write(source, facts)


def write(source: Source, facts: LetterFacts) -> Letter:
    """The letter of one template; raises as ``compose``."""
    template, wanted = compiled(source)
    values = words(facts, source.language, wanted)
    subject, body = _block(template, "subject", values), _block(template, "body", values)
    for part, text, most in (("subject", subject, SUBJECT_MOST), ("body", body, BODY_MOST)):
        if len(text) > most:
            raise TooLong(part, most)
    return Letter(subject, body, source.language, source.hash)


def _block(template: Template, name: str, values: Words) -> str:
    text = "".join(template.blocks[name](template.new_context(dict(values))))
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def _can_write_dates(language: str, facts: LetterFacts) -> bool:
    try:
        locale_of(language, facts.zone)
    except UnknownLocaleError:
        return False
    return True
