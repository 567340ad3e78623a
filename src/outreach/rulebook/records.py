"""The words that ask for records: a diagnosis, a visit, an order … and when, how often and with what."""

from __future__ import annotations

from typing import Literal

from outreach.domain.calendar import Period
from outreach.rulebook.criterion import Kind, Record
from outreach.rulebook.forms import Either, Made, OneOf, Several
from outreach.rulebook.keys import Built, Entries, Key
from outreach.rulebook.named import Needs, SetName, StretchName
from outreach.rulebook.terms import Stretch, Window
from outreach.rulebook.values import Flag, Span, Whole

Absent = Literal["no", "unknown"]
Which = Literal["any", "latest"]
Relation = Literal["within", "for", "starts_in", "ends_in", "during", "overlaps"]

#: Words for v3-ActCode encounter classes. Source: http://terminology.hl7.org/ValueSet/v3-ActEncounterCode
SETTINGS: dict[str, tuple[str, ...]] = {
    "ambulatory": ("AMB",),
    "inpatient": ("IMP", "ACUTE", "NONAC"),
    "emergency": ("EMER",),
    "virtual": ("VR",),
    "home": ("HH",),
}

NAME = Key("name", Several(SetName()), "The value set the record's code is in; of several, any.")
IF_ABSENT: Key[Absent] = Key(
    "if_absent",
    OneOf[Absent](("no", "unknown")),
    "What no record means: the answer is no, or it cannot be told.",
)
WITHIN = Key("within", Span(), "It began at most this long before the day.")
FOR = Key("for", Span(), "It began at least this long before the day.")
STARTS_IN = Key("starts_in", StretchName(), "Its first day lies in this period.")
ENDS_IN = Key("ends_in", StretchName(), "Its last day lies in this period.")
DURING = Key("during", StretchName(), "It lies wholly in this period.")
OVERLAPS = Key("overlaps", StretchName(), "At least one of its days lies in this period.")
COUNT = Key("count", Whole(1, 100), "On how many different days there must be such a record.")
WHICH: Key[Which] = Key("which", OneOf[Which](("any", "latest")), "Judge any such record, or only the latest.")
VALUE = Key("value", SetName(), "The value set the finding's coded value must be in.")
HAS_VALUE = Key("has_value", Flag(), "The finding must have a value, whatever it is.")
SITE = Key("site", SetName(), "The value set a body site of the record must be in.")
ACTIVE = Key("active", Flag(), "The diagnosis must still be active: not resolved, inactive or in remission.")
SETTING = Key("setting", Several(OneOf(tuple(SETTINGS))), "Where the visit took place.")
DISCHARGED_TO = Key("discharged_to", SetName(), "The value set of where the visit ended, such as a hospice.")

LENGTHS: tuple[Key[object], ...] = (WITHIN, FOR)
STRETCHES: tuple[Key[object], ...] = (STARTS_IN, ENDS_IN, DURING, OVERLAPS)
_COMMON: tuple[Key[object], ...] = (NAME, *LENGTHS, *STRETCHES, COUNT, WHICH, IF_ABSENT)
_OWN: dict[str, tuple[Key[object], ...]] = {
    "diagnosis": (SITE, ACTIVE),
    "procedure": (SITE,),
    "finding": (VALUE, HAS_VALUE),
    "visit": (SETTING, DISCHARGED_TO),
}


def record(kind: Kind, says: str) -> Key[Record]:
    """The word for one kind of record, short (names only) or long."""
    keys = (*_COMMON, *_OWN.get(kind, ())) if kind != "close-relative" else (NAME, IF_ABSENT)
    long = Built(keys, lambda at: _record(kind, at), kind)
    short = Made(Several(SetName()), lambda codes: Record(kind, codes))
    either = Either(short, long)
    return Key(kind, Needs(either, ("first-degree-relative",)) if kind == "close-relative" else either, says)


def _record(kind: Kind, at: Entries) -> Record | None:
    codes = at.get(NAME) or ()
    settings, discharged_to = at.get(SETTING) or (), at.get(DISCHARGED_TO) or ""
    if not at.has(NAME) and not (kind == "visit" and (at.has(SETTING) or at.has(DISCHARGED_TO))):
        hint = "Add “name”: the value set it is about."
        hint += " A visit may do without when it has setting or discharged_to." if kind == "visit" else ""
        at.say(at.at, f"{kind} lacks the key “name”", "missing-key", hint)
        return None
    if kind == "visit" or codes:
        return Record(
            kind,
            codes,
            window(at),
            at.get(COUNT) or 1,
            at.get(WHICH) or "any",
            at.get(VALUE) or "",
            at.get(HAS_VALUE) or False,
            at.get(SITE) or "",
            tuple(code for word in settings for code in SETTINGS[word]),
            discharged_to,
            at.get(ACTIVE) or False,
            at.get(IF_ABSENT) or "no",
        )
    return None


def window(at: Entries) -> Window | None:
    """The one window a record has, or None."""
    asked = [key for key in (*LENGTHS, *STRETCHES) if at.has(key)]
    if len(asked) > 1:
        names = " and ".join(key.name for key in asked)
        at.say(at.where(asked[1]), f"a record has one window, not {names}", "two-windows", "Ask twice, under all:.")
        return None
    lengths: tuple[tuple[Relation, Period | None], ...] = (("within", at.get(WITHIN)), ("for", at.get(FOR)))
    for relation, period in lengths:
        if period is not None:
            return Window(relation, period=period)
    stretches: tuple[tuple[Relation, Stretch | None], ...] = (
        ("starts_in", at.get(STARTS_IN)),
        ("ends_in", at.get(ENDS_IN)),
        ("during", at.get(DURING)),
        ("overlaps", at.get(OVERLAPS)),
    )
    return next((Window(relation, stretch=stretch) for relation, stretch in stretches if stretch is not None), None)


_SAYS: dict[Kind, str] = {
    "diagnosis": "A diagnosis is on record (not refuted), whether or not it is called resolved.",
    "procedure": "A procedure was done and completed.",
    "report": "A final report of a test is on record.",
    "finding": "A final observation is on record, such as an answer, a sign or a result.",
    "visit": "A visit took place or is under way.",
    "medicine": "A medicine is ordered or was taken.",
    "order": "Something was ordered, whether or not it is done.",
    "open-order": "Something is ordered and not yet done.",
    "device": "A device is ordered, such as a walking aid.",
    "coverage": "The person has a payer of this type.",
    "close-relative": "A parent, brother, sister or child had this condition.",
}
RECORDS: tuple[Key[Record], ...] = tuple(record(kind, says) for kind, says in _SAYS.items())
