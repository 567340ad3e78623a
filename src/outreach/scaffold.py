"""A new rule to begin with: commented, with value-set stubs and cases, so that it passes its check at once."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from outreach.domain.calendar import Period, add
from outreach.errors import Refused, at_file

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

_RULE = """\
# A rule reads top to bottom as its guideline does. Change it, then: outreach check {path}
# What {name} says is an example; none of it is medicine.

rule: {name}
title: Say in one sentence who gets which test, and how often
status: draft                          # draft, reviewed, live, retired: outreach approve moves it
owner: who answers for this rule
approved_by: nobody-yet
review_by: {review_by}
sources:                               # where each line comes from: the address of what you have read
  guideline: name the guideline here, or better its address

tests: {{scan: {name}-test}}             # what is offered: a value set, in {codes}
age: {{from: 50, to: 74}}                # both ends included; leave it out when age does not matter

reads:                                 # why this rule may look at age; sex, race, … need an entry each
  age:
    why: say what the guideline says about age
    source: guideline
    owner: who answers for it
    review_by: {review_by}

at_risk:                               # the first group that fits is the reason given
  diagnosed: {{diagnosis: {name}-risk, source: guideline}}
  # more words for a group: procedure, finding, lab, sex, close-relative, not, any, at_least …
  if_unknown: ask-list                 # never “not at risk”

cannot_help:                           # ends outreach
  had-it-removed: {{procedure: {name}-removed}}
  if_unknown: continue-and-flag

not_now:                               # pauses outreach; a list and its owner hold the person
  unread: {{scan: uncoded, list: {{name: read-report, owner: who reads reports, late_after: 7 days}}}}
  if_unknown: hold

counts_as_done:                        # which records are the test, and where its result is coded
  test: {{report: {name}-test, result: {name}-result}}

next_due:                              # from the day of the test; the first row that fits; calendar lengths
  - {{scan: none, due: when-first-at-risk, overdue: 3 months, source: guideline}}
  - {{scan: clear, due: 2 years, overdue: 27 months, source: guideline}}

cases:                                 # made-up people, each with a day of its own
  - it: finds somebody with the diagnosis
    today: 2026-03-01
    given: {{born: 1970-01-01, diagnoses: {{{name}-risk: 2020-05-01}}}}
    then: {{status: overdue, risk_group: diagnosed, due_on: 2020-05-01}}
  - it: leaves out somebody who is 50 tomorrow
    today: 2026-03-01
    given: {{born: 1976-03-02, diagnoses: {{{name}-risk: 2020-05-01}}}}
    then: {{status: not-applicable, because: not-at-risk}}
  - it: leaves out somebody without the diagnosis
    today: 2026-03-01
    given: {{born: 1970-01-01}}
    then: {{status: not-applicable}}
  - it: asks when the birth date is missing
    today: 2026-03-01
    given: {{diagnoses: {{{name}-risk: 2020-05-01}}}}
    then: {{status: unknown, missing: birth-date}}
  - it: ends once it was removed
    today: 2026-03-01
    given: {{born: 1970-01-01, diagnoses: {{{name}-risk: 2020-05-01}}, procedures: {{{name}-removed: 2024-01-01}}}}
    then: {{status: excluded, because: had-it-removed}}
  - it: never calls an unread report clear
    today: 2026-03-01
    given: {{born: 1970-01-01, diagnoses: {{{name}-risk: 2020-05-01}}, scans: {{{name}-test: 2025-06-01}}}}
    then: {{status: not-now, because: unread, list: read-report}}
  - it: is up to date the day before two years
    today: 2026-03-01
    given: {{born: 1970-01-01, diagnoses: {{{name}-risk: 2020-05-01}}, scans: {{{name}-test: {{on: 2024-03-02, result: clear}}}}}}
    then: {{status: up-to-date, due_on: 2026-03-02}}
  - it: is due after two years to the day
    today: 2026-03-01
    given: {{born: 1970-01-01, diagnoses: {{{name}-risk: 2020-05-01}}, scans: {{{name}-test: {{on: 2024-03-01, result: clear}}}}}}
    then: {{status: due, due_on: 2026-03-01, overdue_on: 2026-06-01}}
"""  # noqa: E501  (a case is one line)
_CODES = """\
codes: {set}
title: {title}
meaning: >-
  A stub. Say in one or two sentences what a record with one of these codes means, and what is left out
  on purpose.
source: say where each code and its display were read
status: draft
includes:
  - system: urn:outreach:stub          # put the code system's own address here, such as http://loinc.org
    codes:
{lines}
"""
_SETS = {
    "risk": ("What puts somebody at risk", ("replace-me",)),
    "removed": ("What was removed", ("replace-me",)),
    "test": ("The test that is offered", ("replace-me",)),
    "result": ("What the test can say", ("clear", "not-clear")),
}


def scaffold(name: str, folder: Path, day: date) -> list[Path]:
    """Write a rule and its value-set stubs; nothing that is there is overwritten.

    Args:
        name: small letters, digits and hyphens.
        folder: made if need be. Its codes go into the nearest ``codes`` folder above it, else into one of its own.
        day: today; the rule is to be reviewed within a year.

    Returns:
        The files, the rule first.

    Raises:
        Refused: the name is no name, or a file is there already.
    """
    if not _NAME.fullmatch(name):
        raise Refused(f"“{name}” is not a name for a rule: small letters, digits and hyphens, like lung-screening")
    path, codes = folder / f"{name}.yaml", _codes(folder)
    files = {path: _rule(name, path, codes, day)}
    files |= {codes / f"{name}-{part}.yaml": _stub(name, part) for part in _SETS}
    for file in files:
        if file.exists():
            raise at_file(file, "the file is there already", "exists", "Choose another name, or remove it.")
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return list(files)


def _codes(folder: Path) -> Path:
    above = (folder, *folder.resolve().parents)
    return next((at / "codes" for at in above if (at / "codes").is_dir()), folder / "codes")


def _rule(name: str, path: Path, codes: Path, day: date) -> str:
    return _RULE.format(name=name, path=path, codes=f"{codes.name}/", review_by=add(day, Period(1, "years")))


def _stub(name: str, part: str) -> str:
    title, codes = _SETS[part]
    lines = [f"      - {{code: {code}, display: {code.replace('-', ' ').capitalize()}}}" for code in codes]
    return _CODES.format(set=f"{name}-{part}", title=title, lines="\n".join(lines))
