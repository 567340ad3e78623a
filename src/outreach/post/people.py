"""What a call list and a letter need of a Patient, in the forms that servers say it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from outreach.fhir.dialect import Resource

_INTERPRETER = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-interpreter-needed"
_NEEDED = {"373066001": True, "373067005": False}  # SNOMED CT yes, no


def language_of(patient: Resource) -> str | None:
    """The preferred language, else the only one; None when there is none or no telling."""
    spoken = patient.get("communication") or []
    chosen = [each for each in spoken if each.get("preferred") is True] or spoken
    codes = [_code(each.get("language")) for each in chosen]
    return codes[0] if len(codes) == 1 else None


def interpreter_of(patient: Resource) -> bool | None:
    """Whether an interpreter is needed; None when the record does not say."""
    for extension in patient.get("extension") or []:
        if extension.get("url") == _INTERPRETER:
            return _NEEDED.get((extension.get("valueCoding") or {}).get("code", ""))
    return None


def has_portal(patient: Resource, system: str) -> bool:
    """Whether the person has a portal account that is not marked as old."""
    accounts = (each for each in patient.get("identifier") or [] if each.get("system") == system)
    return any(account.get("value") and account.get("use") != "old" for account in accounts)


def name_of(patient: Resource) -> str:
    """The name to ask for on the phone; "" when there is none."""
    names = sorted(patient.get("name") or [], key=lambda name: _place(name.get("use"), ("usual", "official")))
    for name in names:
        text = name.get("text") or " ".join([*(name.get("given") or []), name.get("family") or ""])
        if text.strip():
            return str(text.strip())
    return ""


def phone_of(patient: Resource) -> str:
    """The number to call: by rank, then mobile before home before work; "" when there is none."""
    numbers = [each for each in patient.get("telecom") or [] if each.get("system") in ("phone", "sms")]
    usable = [each for each in numbers if each.get("value") and each.get("use") != "old"]
    usable.sort(key=lambda each: (each.get("rank", 99), _place(each.get("use"), ("mobile", "home", "work"))))
    return str(usable[0]["value"]) if usable else ""


def instant_of(text: object) -> datetime | None:
    """An instant with its zone; None when it cannot be read as one."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _code(concept: Mapping[str, object] | None) -> str | None:
    codings = (concept or {}).get("coding")
    found = [each.get("code") for each in codings] if isinstance(codings, list) else []
    return next((code for code in found if isinstance(code, str)), None)


def _place(use: object, order: tuple[str, ...]) -> int:
    return order.index(use) if isinstance(use, str) and use in order else len(order)
