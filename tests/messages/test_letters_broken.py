"""Every mistake a communicator can make in a template, and the very words we answer with."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from outreach.invite import check_templates

SHIPPED = Path(__file__).parents[2] / "templates"
ENGLISH = SHIPPED / "hcc-surveillance" / "portal.en.txt.j2"
SPANISH = SHIPPED / "hcc-surveillance" / "portal.es.txt.j2"


def folder(tmp_path: Path, text: str, name: str = "portal.en.txt.j2") -> Path:
    (tmp_path / "liver").mkdir()
    (tmp_path / "liver" / name).write_text(text, encoding="utf-8")
    for words in SHIPPED.glob("words.*.yaml"):
        shutil.copy(words, tmp_path)
    return tmp_path


def said(templates: Path) -> str:
    return "\n".join(map(str, check_templates(templates)))


@pytest.mark.parametrize(
    ("instead_of", "put", "expected"),
    [
        (
            "{{ visit_place }}",
            "{{ visit_plaec }}",
            "liver/portal.en.txt.j2: error: the letter never says “visit_place” [unsaid-fact]\n"
            "   = add {{ visit_place }}\n"
            "liver/portal.en.txt.j2:7:120: error: there is no fact called “visit_plaec” [unknown-fact]\n",
        ),
        (
            "{{ phone }}. If",
            "{{ phone }. If",
            "liver/portal.en.txt.j2:21:1: error: unexpected '}' [template-syntax]\n",
        ),
        (
            "Hello,",
            "{% for line in visit_place %}{{ phone }}{% endfor %}",
            "liver/portal.en.txt.j2:5:1: error: a template holds text, facts and “if”, not “for” "
            "[template-construct]\n",
        ),
        (
            "Hello,",
            "{{ site_name.__class__.__mro__ }}",
            "liver/portal.en.txt.j2:5:1: error: a template holds text, facts and “if”, not "
            "“getattr” [template-construct]\n",
        ),
        (
            "Hello,",
            "{% include 'portal.es.txt.j2' %}",
            "liver/portal.en.txt.j2:5:1: error: a template holds text, facts and “if”, not "
            "“include” [template-construct]\n",
        ),
        (
            "{% block subject %}",
            "{% block title %}",
            "liver/portal.en.txt.j2: error: the template has no block “subject” [template-block]",
        ),
        (
            "About your visit:",
            "About your visit to {{ visit_place }}:",
            "liver/portal.en.txt.j2:2:24: error: “visit_place” stands in the subject [fact-in-subject]\n",
        ),
        (
            "About your visit:",
            "About your LIVER:",
            "liver/portal.en.txt.j2:2:12: error: “liver” must not stand in the subject [forbidden-word]\n",
        ),
        (
            "About your visit:",
            "Ultrasound at your visit:",
            "liver/portal.en.txt.j2:2:1: error: “ultrasound” must not stand in the subject [forbidden-word]\n",
        ),
        (
            "The test is an ultrasound",
            "It finds\ncancer early.\nThe test is an ultrasound",
            "liver/portal.en.txt.j2:12:1: error: “cancer” must not stand in the body [forbidden-word]\n",
        ),
        (
            "Both together",
            "You are at high\nrisk. Both together",
            "liver/portal.en.txt.j2:11:1: error: “high risk” must not stand in the body [forbidden-word]\n",
        ),
        (
            "before{% else %}",
            "before or missed: you missed{% else %}",
            "liver/portal.en.txt.j2:13:91: error: “you missed” must not stand in the body [forbidden-word]\n",
        ),
        (
            "- Reply LATER if you want another day.\n",
            "",
            "liver/portal.en.txt.j2: error: the letter does not say: how to say later [unsaid]\n"
            "   = say one of: Reply LATER; If LATER",
        ),
        (
            "- Reply LATER if you want another day.\n",
            "{% if not slot_first %}- Reply LATER if you want another day.{% endif %}\n",
            "liver/portal.en.txt.j2: error: the letter does not say: how to say later [unsaid]\n",
        ),
        (
            "Do you want an interpreter?",
            "Do you want help?",
            "liver/portal.en.txt.j2: error: the letter does not say: an interpreter [unsaid]\n   = "
            "say one of: interpreter",
        ),
        (
            "We hold a place for you that day",
            "There may be a place that day",
            "liver/portal.en.txt.j2: error: the letter does not say: a place is held [unsaid]\n"
            "   = say one of: We hold a place for you",
        ),
        (
            "Thank you,",
            "Thank you. " * 60,
            "liver/portal.en.txt.j2: error: the body of the letter is longer than 2000 characters "
            "[letter-not-composed]",
        ),
        (
            "Your visit stays as it is.",
            "Notwithstanding the aforementioned considerations, " * 4 + "your appointment continues unaltered.",
            "liver/portal.en.txt.j2: error: the reading level of the paragraph “Please tell us by "
            "…” is 11.6 by flesch-kincaid; "
            "6 is the most [reading-level]\n"
            "   = shorter sentences, shorter words",
        ),
        (
            "Hello,",
            "Hello,\t",
            "liver/portal.en.txt.j2:5:1: error: a control character stands in this line [control-character]\n",
        ),
        (
            "Hello,",
            "Hello\u202e,",
            "liver/portal.en.txt.j2:5:1: error: a control character stands in this line [control-character]\n",
        ),
    ],
)
def test_what_is_wrong_and_where(tmp_path: Path, instead_of: str, put: str, expected: str) -> None:
    text = ENGLISH.read_text(encoding="utf-8")
    assert text.count(instead_of) == 1, "the shipped letter has changed: change this case with it"
    answer = said(folder(tmp_path, text.replace(instead_of, put)))
    assert answer.startswith(expected)
    assert answer.count("error:") == expected.count("error:"), "and nothing else"


@pytest.mark.parametrize(
    ("instead_of", "put", "expected"),
    [
        (
            "Sobre su cita:",
            "Sobre su higado:",
            "liver/portal.es.txt.j2:2:10: error: “higado” must not stand in the subject",
        ),
        (
            "No tiene que",
            "Tiene cirrosis. No tiene que",
            "liver/portal.es.txt.j2:12:133: error: “cirro” must not stand in the body",
        ),
        (
            "¿Quiere un intérprete?",
            "¿Quiere ayuda?",
            "liver/portal.es.txt.j2: error: the letter does not say: an interpreter",
        ),
        (
            "Su cita sigue igual.",
            "No obstante las consideraciones anteriormente mencionadas, " * 8 + "su cita continuará inalterada.",
            "liver/portal.es.txt.j2: error: the reading level of the paragraph “Por favor, avísenos antes …” is 35.0",
        ),
    ],
)
def test_spanish_is_checked_in_spanish(tmp_path: Path, instead_of: str, put: str, expected: str) -> None:
    text = SPANISH.read_text(encoding="utf-8")
    assert text.count(instead_of) == 1, "the shipped letter has changed: change this case with it"
    assert said(folder(tmp_path, text.replace(instead_of, put), "portal.es.txt.j2")).startswith(expected)


def test_all_problems_at_once(tmp_path: Path) -> None:
    text = (
        ENGLISH.read_text(encoding="utf-8")
        .replace("{{ phone }}", "")
        .replace("About", "Liver")
        .replace("Hello", "{{ name }}")
    )
    assert [p.name for p in check_templates(folder(tmp_path, text))] == [
        "unsaid-fact",
        "forbidden-word",
        "unknown-fact",
    ]


def test_a_language_without_words_is_not_vouched_for(tmp_path: Path) -> None:
    templates = folder(tmp_path, ENGLISH.read_text(encoding="utf-8"), "portal.vi.txt.j2")
    assert said(templates) == (
        "words.vi.yaml: error: nothing says what a letter in “vi” must say [words-missing]\n"
        "   = copy words.en.yaml and have somebody who speaks the language write it"
    )


def test_a_language_we_cannot_write_dates_in(tmp_path: Path) -> None:
    templates = folder(tmp_path, ENGLISH.read_text(encoding="utf-8"), "portal.xx.txt.j2")
    words = (SHIPPED / "words.en.yaml").read_text(encoding="utf-8")
    (tmp_path / "words.xx.yaml").write_text(words, encoding="utf-8")
    assert said(templates) == "liver/portal.xx.txt.j2: error: unknown locale 'xx' [letter-not-composed]"


def test_an_index_of_another_language_measures_nothing(tmp_path: Path) -> None:
    templates = folder(tmp_path, ENGLISH.read_text(encoding="utf-8"), "portal.fr.txt.j2")
    words = (SHIPPED / "words.en.yaml").read_text(encoding="utf-8")
    (tmp_path / "words.fr.yaml").write_text(words, encoding="utf-8")
    assert said(templates) == "liver/portal.fr.txt.j2: error: flesch-kincaid does not measure “fr” [reading-index]"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("never: [a", "words.en.yaml:1:10: error: expected ',' or ']', but got '<stream end>' [words-syntax]"),
        ("nevr: [a]", "words.en.yaml: error: never_in_subject: Field required; never: Field required;"),
        ("never: [a]\nnever: [b]", "words.en.yaml:2:1: error: found duplicate key"),
        (
            "{never: [a], never_in_subject: [b], must_say: {c: [d]}, reading: {index: flesch-kincaid, at_most: 9}}",
            "words.en.yaml: error: reading.at_most: Input should be less than or equal to 6 [words-invalid]",
        ),
    ],
)
def test_mistakes_in_the_words(tmp_path: Path, words: str, expected: str) -> None:
    templates = folder(tmp_path, ENGLISH.read_text(encoding="utf-8"))
    (tmp_path / "words.en.yaml").write_text(words, encoding="utf-8")
    assert said(templates).startswith(expected)


def test_a_badly_named_file(tmp_path: Path) -> None:
    templates = folder(tmp_path, ENGLISH.read_text(encoding="utf-8"), "Portal.en-US.j2")
    assert said(templates) == (
        "liver/Portal.en-US.j2: error: a template is called <channel>.<language>.txt.j2, like "
        "portal.es.txt.j2 [template-name]"
    )


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    templates = folder(tmp_path, "")
    (templates / "liver" / "portal.en.txt.j2").write_bytes(b"\xff\xfe")
    assert said(templates) == "liver/portal.en.txt.j2: error: the template is not UTF-8 text [template-encoding]"


def test_a_link_that_leads_out_of_the_folder(tmp_path: Path) -> None:
    outside = tmp_path / "elsewhere.txt"
    outside.write_text("secret", encoding="utf-8")
    templates = folder(tmp_path / "templates", "") if (tmp_path / "templates").mkdir() is None else tmp_path
    (templates / "liver" / "portal.en.txt.j2").unlink()
    os.symlink(outside, templates / "liver" / "portal.en.txt.j2")
    assert said(templates) == (
        "liver/portal.en.txt.j2: error: the template leads out of the folder of templates [template-outside]"
    )


def test_an_empty_folder_is_a_problem(tmp_path: Path) -> None:
    assert [p.name for p in check_templates(tmp_path)] == ["templates-missing"]
