"""The JSON Schema of a rule, for editors: made from the grammar that also reads it.

``python -m outreach.rulebook.schema > rules/rule.schema.json`` writes it anew. A rule names it in its first line:
``# yaml-language-server: $schema=../rule.schema.json``.
"""

from __future__ import annotations

import json
import sys

from outreach.rulebook.criteria import WORDS
from outreach.rulebook.forms import Schema
from outreach.rulebook.given_records import RECORD_SHAPES
from outreach.rulebook.grammar import CASES_KEY, PROVEN_BY_KEY, RULE_KEYS
from outreach.rulebook.keys import keys_schema
from outreach.rulebook.shapes import SHAPES

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> Schema:
    """A rule file, closed at every level. It knows the words; that names exist and make sense, only the reader knows.

    Source: https://json-schema.org/draft/2020-12/json-schema-validation
    """
    words: Schema = {word.name: word.definition() for word in WORDS}
    criterion: Schema = keys_schema(WORDS) | {"description": "All of these words.", "minProperties": 1}
    proof: Schema = {"anyOf": [{"required": [CASES_KEY.name]}, {"required": [PROVEN_BY_KEY.name]}]}
    head: Schema = {"$schema": DRAFT, "title": "An outreach rule", "description": "Whom a test is for, and when."}
    return head | keys_schema(RULE_KEYS) | proof | {"$defs": SHAPES | RECORD_SHAPES | words | {"criterion": criterion}}


def text() -> str:
    """The schema as the file that is committed."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
