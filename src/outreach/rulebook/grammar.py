"""A rule file, key by key, in the order in which a guideline reads."""

from __future__ import annotations

from datetime import date
from typing import Literal

from outreach.rulebook.attributes import AGE_FORM
from outreach.rulebook.cases import Cases
from outreach.rulebook.counts import COUNTS
from outreach.rulebook.due import Rows
from outreach.rulebook.forms import OneOf, Several
from outreach.rulebook.keys import Built, Entries, Key
from outreach.rulebook.lines import AT_RISK, CANNOT_HELP, DEFINITION, NOT_NOW, OWN_CHOICE
from outreach.rulebook.model import Expected, Step
from outreach.rulebook.named import SetName
from outreach.rulebook.named_values import NamedValues
from outreach.rulebook.preamble import CODES, PARAMETERS, SOURCES
from outreach.rulebook.reads import ReadsForm
from outreach.rulebook.stretches import PERIODS
from outreach.rulebook.values import Day, NewName, Prose, Whole

RuleStatus = Literal["draft", "reviewed", "live", "retired"]
DueFrom = Literal["latest-test", "longest-lasting-test"]


def _tests(at: Entries) -> tuple[str, str]:
    return at.get(SCAN) or "", at.get(WITH) or ""


def _people(at: Entries) -> Expected | None:
    low, high = at.get(LEAST), at.get(MOST)
    if low is not None and high is not None and low > high:
        at.say(at.at, f"no number is at least {low} and at most {high}", "impossible-window", "Swap them?")
    return None if low is None or high is None else Expected(low, high)


def _expected(at: Entries) -> Expected | None:
    return at.get(PEOPLE)


SCAN = Key("scan", SetName(), "The value set of the test that is offered.", required=True)
WITH = Key("with", SetName(), "The value set of a test that goes with it.")
LEAST = Key("from", Whole(0, 10**9), "The fewest people that are believable.", required=True)
MOST = Key("to", Whole(0, 10**9), "The most people that are believable.", required=True)
PEOPLE = Key(
    "at_risk", Built((LEAST, MOST), _people), "How many people are at risk where this rule is at home.", required=True
)

RULE = Key("rule", NewName(), "The name of the rule, unlike any other's.", required=True)
TITLE = Key("title", Prose(), "What the rule is for, in one line.", required=True)
STATUS: Key[RuleStatus] = Key(
    "status",
    OneOf[RuleStatus](("draft", "reviewed", "live", "retired")),
    "Where the rule is in its life; only a live one invites anyone.",
    required=True,
)
OWNER = Key("owner", Prose(), "Who answers for the rule.", required=True)
REVIEWED_BY = Key("reviewed_by", Prose(), "Who signed that it was reviewed.")
REVIEWED_ON = Key("reviewed_on", Day(), "The day of that signature.")
APPROVED_BY = Key("approved_by", Prose(), "The clinician who let it go live, or nobody-yet.", required=True)
APPROVED_ON = Key("approved_on", Day(), "The day of that signature.")
APPROVED_HASH = Key("approved_hash", Prose(), "The content hash that was signed; outreach approve prints it.")
RETIRED_BY = Key("retired_by", Prose(), "Who signed that it has had its day.")
RETIRED_ON = Key("retired_on", Day(), "The day of that signature.")
REVIEW_BY = Key("review_by", Day(), "The day by which somebody must look at it again.", required=True)
SOURCES_KEY = Key("sources", SOURCES, "Where its numbers come from: {name: address}.", required=True)
CODES_KEY = Key("codes", CODES, "Single codes that only this rule needs: {name: [{system, code, display}]}.")
PARAMETERS_KEY = Key("parameters", PARAMETERS, "Numbers and lengths of time that guidelines change, by date.")
PERIODS_KEY = Key("periods", PERIODS, "Stretches of days that move with the day, by name.")
DEFINITIONS_KEY = Key("definitions", NamedValues(DEFINITION), "Criteria with a name, used with is:.")
TESTS_KEY = Key("tests", Built((SCAN, WITH), _tests), "The test that is offered.", required=True)
AGE_KEY = Key("age", AGE_FORM, "The age that everybody at risk has.")
READS_KEY = Key("reads", ReadsForm(), "Why the rule may look at age, sex, birthplace and their like.")
EXPECT_KEY = Key("expect", Built((PEOPLE,), _expected), "The numbers between which a night is believable.")
AT_RISK_KEY = Key("at_risk", AT_RISK, "Whom the test is for; the first line that fits is the reason.", required=True)
CANNOT_HELP_KEY = Key("cannot_help", CANNOT_HELP, "Whom the test cannot help; this ends outreach.")
OWN_CHOICE_KEY = Key("own_choice", OWN_CHOICE, "Choices and circumstances of the person's own.")
NOT_NOW_KEY = Key("not_now", NOT_NOW, "What pauses outreach, and which list holds the person meanwhile.")
COUNTS_KEY = Key("counts_as_done", COUNTS, "Which records are the test, by kind.", required=True)
NEVER_KEY = Key("never_counts", Several(SetName()), "Value sets of tests that look alike and never count.")
DUE_FROM_KEY: Key[DueFrom] = Key(
    "due_from",
    OneOf[DueFrom](("latest-test", "longest-lasting-test")),
    "Of several tests, whether the latest decides or the one that holds longest.",
)
NEXT_DUE_KEY = Key("next_due", Rows(), "When the next test is due; the first row that fits.", required=True)
PROVEN_BY_KEY = Key(
    "proven_by",
    OneOf[Literal["public-test-cases"]](("public-test-cases",)),
    "The public cases that prove it instead of cases here (outreach verify).",
)
CASES_KEY = Key("cases", Cases(), "People with a day of their own and the answer the rule must give.")

#: Where each step of a rule's life is signed: by whom, and on which day.
SIGNATURES: dict[Step, tuple[Key[str], Key[date]]] = {
    "reviewed": (REVIEWED_BY, REVIEWED_ON),
    "live": (APPROVED_BY, APPROVED_ON),
    "retired": (RETIRED_BY, RETIRED_ON),
}
RULE_KEYS: tuple[Key[object], ...] = (
    *(RULE, TITLE, STATUS, OWNER, REVIEWED_BY, REVIEWED_ON, APPROVED_BY, APPROVED_ON, APPROVED_HASH, RETIRED_BY),
    *(RETIRED_ON, REVIEW_BY, SOURCES_KEY, CODES_KEY, PARAMETERS_KEY),
    *(PERIODS_KEY, DEFINITIONS_KEY, TESTS_KEY, AGE_KEY, READS_KEY, EXPECT_KEY, AT_RISK_KEY, CANNOT_HELP_KEY),
    *(OWN_CHOICE_KEY, NOT_NOW_KEY, COUNTS_KEY, NEVER_KEY, DUE_FROM_KEY, NEXT_DUE_KEY, PROVEN_BY_KEY, CASES_KEY),
)
SECTION_KEYS = (AT_RISK_KEY, CANNOT_HELP_KEY, OWN_CHOICE_KEY, NOT_NOW_KEY)
SECTION_NAMES = tuple(key.name for key in SECTION_KEYS)
