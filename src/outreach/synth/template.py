"""Resources as ``%`` templates: written as the JSON they make, filled at string speed.

``<<name>>`` inside a text is a hole for text; ``"{{name}}"`` as a value is a hole for raw JSON; a *key*
``"{{name}}": 0`` is a hole for optional members, each of which brings its own trailing comma (so such a
key never stands last).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping


def compact(value: object) -> str:
    """JSON without spaces, in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def template(resource: Mapping[str, object]) -> str:
    """The resource as a template for ``% {name: text}``."""
    text = compact(resource).replace("%", "%%")
    text = re.sub(r'"\{\{(\w+)\}\}":0,', r"%(\1)s", text)
    text = re.sub(r'"\{\{(\w+)\}\}"', r"%(\1)s", text)
    text = re.sub(r"<<(\w+)>>", r"%(\1)s", text)
    if re.search(r"\{\{\w+\}\}|<<", text):
        raise ValueError("a hole in the template is misplaced")
    return text


def fill(text: str, **known: str) -> str:
    """The template with some holes filled for good; the others stay holes."""
    for name, value in known.items():
        text = text.replace(f"%({name})s", value.replace("%", "%%"))
    return text


def nest(text: str, **known: str) -> str:
    """The template with some holes filled by templates, whose own holes stay."""
    for name, value in known.items():
        text = text.replace(f"%({name})s", value)
    return text


def narrative(inner: str) -> dict[str, str]:
    """A generated narrative, as servers send with nearly every resource."""
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{inner}</p></div>'}


def concept(system: str, code: str, display: str = "") -> dict[str, object]:
    """A CodeableConcept of one coding."""
    coding = {"system": system, "code": code} | ({"display": display} if display else {})
    return {"coding": [coding]}
