"""A record criterion in words: what kind, which codes, when, how often."""

from __future__ import annotations

from outreach.prose.phrase import Phrase
from outreach.prose.sets import titled, titles
from outreach.prose.windows import when
from outreach.prose.words import listed
from outreach.rulebook.criterion import Kind, Record
from outreach.rulebook.model import Rule

#: Verb, the record's own words, and what happened on its first day ("" where it has no day).
_KINDS: dict[Kind, tuple[str, str, str]] = {
    "diagnosis": ("has", "a diagnosis of {}", "begun"),
    "procedure": ("has had", "the procedure {}", "done"),
    "report": ("has", "a final report of {}", "dated"),
    "finding": ("has", "a recorded {}", "dated"),
    "visit": ("has had", "a visit of the kind {}", "begun"),
    "medicine": ("has", "a prescription of {}", "written"),
    "order": ("has", "an order for {}", "written"),
    "open-order": ("has", "an open order for {}", "written"),
    "device": ("has", "an order for the device {}", "written"),
    "coverage": ("has", "insurance of the kind {}", "begun"),
    "close-relative": ("has", "a parent, brother, sister or child with {}", ""),
}
#: http://terminology.hl7.org/CodeSystem/v3-ActCode, in the words of the rule language and of a ward.
_SETTINGS = {
    "ambulatory": "as an outpatient", "AMB": "as an outpatient",
    "inpatient": "as an inpatient", "IMP": "as an inpatient", "ACUTE": "as an inpatient", "NONAC": "as an inpatient",
    "emergency": "in an emergency department", "EMER": "in an emergency department",
    "virtual": "by telephone or video", "VR": "by telephone or video",
    "home": "at home", "HH": "at home",
}  # fmt: skip


def record(leaf: Record, rule: Rule) -> Phrase:
    verb, words, begins = _KINDS[leaf.kind]
    what = words.format(titles(leaf.codes, rule)) if leaf.codes else words.split(" of the kind ")[0]
    if leaf.active:
        what = what.replace("a diagnosis", "an active diagnosis", 1)
    tail = [*_which(leaf, rule), *_dated(leaf, begins)]
    absent = ", and not known where none is recorded" if leaf.absent == "unknown" else ""
    return Phrase(verb, what + "".join(f"{'' if part.startswith(',') else ' '}{part}" for part in tail), absent)


def _which(leaf: Record, rule: Rule) -> list[str]:
    """What else must be so of the record."""
    parts = [f"whose value is one of {titled(leaf.value, rule)}"] if leaf.value else []
    parts += ["with a value"] if leaf.has_value else []
    parts += [f"at the body site {titled(leaf.site, rule)}"] if leaf.site else []
    parts += [listed(list(dict.fromkeys(_SETTINGS.get(s, s) for s in leaf.settings)), "or")] if leaf.settings else []
    return parts + ([f"that ended in a discharge to {titled(leaf.discharged_to, rule)}"] if leaf.discharged_to else [])


def _dated(leaf: Record, begins: str) -> list[str]:
    """When, how often, and which one is looked at."""
    often = [f", on at least {leaf.count} different days"] if leaf.count > 1 else []
    latest = [", only the latest being looked at"] if leaf.which == "latest" else []
    if not begins:
        return often
    window = [when(leaf.window, begins)] if leaf.window else [", at any time"] * (leaf.kind != "open-order")
    return [*window, *often, *latest]
