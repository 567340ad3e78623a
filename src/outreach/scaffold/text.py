"""The text of a new rule and of its value sets; ``{name}`` and its like are filled in."""

from __future__ import annotations

#: What stands in place of a code, and in no record: nobody signs a rule that still has it.
STUB_SYSTEM = "urn:outreach:stub"
STUB_CODE = "replace-me"

RULE = """\
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
  - it: finds somebody on the fiftieth birthday
    today: 2026-03-01
    given: {{born: 1976-03-01, diagnoses: {{{name}-risk: 2020-05-01}}}}
    then: {{status: due, due_on: 2026-03-01}}
  - it: finds somebody who is 75 tomorrow
    today: 2026-03-01
    given: {{born: 1951-03-02, diagnoses: {{{name}-risk: 2020-05-01}}}}
    then: {{status: overdue}}
  - it: leaves out somebody who is 75 today
    today: 2026-03-01
    given: {{born: 1951-03-01, diagnoses: {{{name}-risk: 2020-05-01}}}}
    then: {{status: not-applicable}}
  - it: is due until three months after the diagnosis
    today: 2026-03-01
    given: {{born: 1970-01-01, diagnoses: {{{name}-risk: 2025-12-02}}}}
    then: {{status: due, overdue_on: 2026-03-02}}
  - it: is overdue three months after the diagnosis
    today: 2026-03-01
    given: {{born: 1970-01-01, diagnoses: {{{name}-risk: 2025-12-01}}}}
    then: {{status: overdue, overdue_on: 2026-03-01}}
  - it: is due until 27 months after a clear test
    today: 2026-03-01
    given: {{born: 1970-01-01, diagnoses: {{{name}-risk: 2020-05-01}}, scans: {{{name}-test: {{on: 2023-12-02, result: clear}}}}}}
    then: {{status: due}}
  - it: is overdue 27 months after a clear test
    today: 2026-03-01
    given: {{born: 1970-01-01, diagnoses: {{{name}-risk: 2020-05-01}}, scans: {{{name}-test: {{on: 2023-12-01, result: clear}}}}}}
    then: {{status: overdue}}
  - it: holds somebody whose result has no row
    today: 2026-03-01
    given: {{born: 1970-01-01, diagnoses: {{{name}-risk: 2020-05-01}}, scans: {{{name}-test: {{on: 2025-06-01, result: not-clear}}}}}}
    then: {{status: not-now, because: no-due-date}}
  - it: gives whoever reads reports seven days
    today: 2026-03-01
    given: {{born: 1970-01-01, diagnoses: {{{name}-risk: 2020-05-01}}, scans: {{{name}-test: 2026-02-22}}}}
    then: {{status: not-now, late: false}}
  - it: is late on the eighth day
    today: 2026-03-01
    given: {{born: 1970-01-01, diagnoses: {{{name}-risk: 2020-05-01}}, scans: {{{name}-test: 2026-02-21}}}}
    then: {{status: not-now, late: true}}
  - it: writes to nobody who has died
    today: 2026-03-01
    given: {{born: 1970-01-01, diagnoses: {{{name}-risk: 2020-05-01}}, died: 2026-01}}
    then: {{status: excluded}}
  - it: respects a no to messages
    today: 2026-03-01
    given: {{born: 1970-01-01, diagnoses: {{{name}-risk: 2020-05-01}}, opted_out: true}}
    then: {{status: exception}}
"""  # noqa: E501  (a case is one line)
CODES = """\
codes: {set}
title: {title}
meaning: >-
  A stub. Say in one or two sentences what a record with one of these codes means, and what is left out
  on purpose.
source: say where each code and its display were read
status: draft
includes:
  - system: {system}          # put the code system's own address here, such as http://loinc.org
    codes:
{lines}
"""
SETS = {
    "risk": ("What puts somebody at risk", (STUB_CODE,)),
    "removed": ("What was removed", (STUB_CODE,)),
    "test": ("The test that is offered", (STUB_CODE,)),
    "result": ("What the test can say", ("clear", "not-clear")),
}
