"""The page of a rule leaves nothing out, fetches nothing, and can be signed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from conftest import ROOT
from outreach.prose.cards import Card, read_card
from outreach.prose.html import as_html
from outreach.prose.markdown import as_markdown
from outreach.prose.rule_page import rule_page
from outreach.rulebook.doubts import doubts
from outreach.rulebook.load import load, rule_files
from outreach.rulebook.model import Rule, Signed, Worklist
from unit.docs_rule import DAY, rule

VOID = {"meta", "br", "img", "hr", "link"}


class Page(HTMLParser):
    """Tags in balance, ids, links, and whatever a browser would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        self.ids += [told["id"]] if "id" in told else []
        self.links += [told["href"]] if tag == "a" else []
        self.fetched += [v for k, v in attrs if k in ("src", "srcset", "data", "poster")] + [tag] * (tag == "script")
        self.fetched += [told["href"]] if "href" in told and tag != "a" else []

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def read(text: str) -> Page:
    page = Page()
    page.feed(text)
    page.close()
    assert page.open == []
    return page


def page_of(found: Rule) -> str:
    return as_html(rule_page(found, DAY, {"cirrhosis": Card("cirrhosis", "Cirrhotic.", "a list", "draft")}))


def test_nothing_of_the_rule_is_left_out():
    """Every name, source, reason, list, owner, date, code and case of the model stands on the page."""
    found = rule()
    text = read(page_of(found)).text
    lines = [line for _, line in found.sections()]
    wanted = [found.title, found.name, found.owner, found.hash, *(line.name for line in lines)]
    wanted += [line.why for line in lines] + [line.grade and f"rade {line.grade}" for line in lines]
    for line in lines:
        if isinstance(line.worklist, Worklist):
            wanted += [line.worklist.name, line.worklist.owner, str(line.worklist.late_after)]
    wanted += [word for pair in found.sources for word in pair] + [case.it for case in found.cases]
    wanted += [word for s in found.value_sets.values() for c in s.codes for word in (c.code, c.display, s.title)]
    wanted += [entry.why.capitalize() for entry in found.reads] + ["administrative sex", "30 June 2027"]
    wanted += [kind.name for kind in found.counts] + ["3 months after it", "8 months after it", "1 January 2018"]
    wanted += ["Between 100 and 900", "Cirrhotic.", "a list", "Signature", "ask list", "“year”", "2 months after that"]
    assert [word for word in wanted if word not in text] == []


def test_a_page_fetches_nothing_and_runs_nothing():
    """It can be mailed and opened anywhere; only its links to sources lead out."""
    text = page_of(rule())
    page = read(text)
    assert page.fetched == []
    assert set(re.findall(r"url\(([^)]*)\)", text)) == {"#tip"}
    assert "@import" not in text
    assert "default-src 'none'" in text
    assert {link for link in page.links if not link.startswith("#")} == {"https://doi.org/10.1097/HEP.0000000000000466"}


def test_every_link_on_the_page_leads_somewhere():
    page = read(page_of(rule()))
    assert len(page.ids) == len(set(page.ids))
    assert [link for link in page.links if link.startswith("#") and link[1:] not in page.ids] == []


def test_an_authors_words_are_never_markup():
    """Titles, names and sources are text wherever they stand, in the picture too."""
    found = rule(title="A <script>alert(1)</script> rule", sources=(("guide", "a <img src=x> & b"),))
    text = page_of(replace(found, at_risk=(replace(found.at_risk[0], name="a<b"), *found.at_risk[1:])))
    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;script&gt;" in text
    assert "a&lt;b" in text


def test_the_picture_is_drawn_inside_its_frame():
    """Every text lies in a box or beside an arrow; no box lies over another; everything is inside the frame."""
    svg = ElementTree.fromstring(re.search(r"<svg.*</svg>", page_of(rule()), re.DOTALL)[0])  # noqa: S314
    _, _, width, height = map(float, svg.attrib["viewBox"].split())
    boxes = [tuple(float(r.attrib[k]) for k in ("x", "y", "width", "height")) for r in svg.iter("{*}rect")]
    for x, y, w, h in boxes:
        assert 0 <= x < x + w <= width
        assert 0 <= y < y + h <= height
    for place, (x, y, w, h) in enumerate(boxes):
        assert not any(x < a + c and a < x + w and y < b + d and b < y + h for a, b, c, d in boxes[:place])
    for text in svg.iter("{*}text"):
        x, y, letters = float(text.attrib["x"]), float(text.attrib["y"]), len(text.text)
        inside = [box for box in boxes if box[0] <= x <= box[0] + box[2] and box[1] <= y <= box[1] + box[3]]
        assert len(inside) == (0 if text.attrib.get("class") == "a" else 1), text.text
        assert all(x + 8.2 * letters <= a + w for a, _, w, _ in inside), text.text


def test_the_picture_and_its_words_ask_in_the_order_of_judgement():
    text = as_markdown(rule_page(rule(), DAY, {}))
    order = ["risk group, and 18 or older?", "died?", "screening cannot help?", "chosen otherwise?",
             "sure that the person is at risk?", "reason to wait?", "When is the test due?",
             "Overdue: to be invited"]  # fmt: skip
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)
    assert "Paused: a clinician decides" in text  # one group has grade C
    assert "Paused: a clinician decides" not in as_markdown(rule_page(rule(at_risk=rule().at_risk[:1]), DAY, {}))


def test_a_live_rule_is_called_live_only_while_it_is_signed():
    """The banner says what the night would say."""
    live = rule(status="live", approved_by="Dr A", approved_hash="ab12")
    assert "This rule is live, approved by Dr A." in page_of(live)
    both = (Signed("reviewed", "Dr R", date(2026, 2, 1)), Signed("live", "Dr A", date(2026, 2, 3)))
    told = page_of(replace(live, signed=both))
    assert "This rule is live, reviewed by Dr R on 1 February 2026, approved by Dr A on 3 February 2026." in told
    assert "Dr R, 1 February 2026 (before it was changed)" in page_of(replace(live, signed=both, hash="cd34"))
    assert "it is not what was signed" in page_of(replace(live, approved_hash="other"))
    assert "its review was due" in page_of(replace(live, review_by=date(2025, 1, 1)))


def test_what_is_not_settled_is_told_before_the_signature():
    """Doubts in comments with their lines, drafts among the codes."""
    page = rule_page(rule(), DAY, {"afp": Card("afp", "m", "s", "draft")}, doubts("a: 1\nb: 2  # 20 is unconfirmed\n"))
    text = as_markdown(page)
    assert "Line 2 of the rule: 20 is unconfirmed" in text
    assert "1 value set marked draft" in text
    assert text.index("What is not settled") < text.index("## Signature")
    assert "Nothing: no remark" in as_markdown(rule_page(rule(status="reviewed"), DAY, {}))


SHIPPED = [str(path.relative_to(ROOT / "rules")) for path in rule_files(ROOT / "rules")]


@pytest.mark.parametrize("form", [as_html, as_markdown])
@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_rule_has_a_page(rules, name, form):
    """The real rules with their real codes: every code and every case of them."""
    found = load([rules / name], rules / "codes", need_cases=False)[0]
    cards = {name: card for name in found.value_sets if (card := read_card(rules / "codes", name))}
    text = form(rule_page(found, DAY, cards))
    assert [c.code for s in found.value_sets.values() for c in s.codes if c.code not in text] == []
    shown = read(text).text if form is as_html else text.replace("\\", "")
    assert [case.it for case in found.cases if case.it not in shown] == []
    assert [card.name for card in cards.values() if card.meaning not in shown] == []


def test_markdown_has_no_mark_that_stands_for_itself():
    """A space inside bold marks leaves them standing: https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run"""
    text = as_markdown(rule_page(rule(), DAY, {}))
    assert re.findall(r"\*\*\s[^*]*\*\*|\*\*[^*]*\s\*\*", text) == []
    assert "**fingerprint** `ab12`" in text
