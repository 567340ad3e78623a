"""Every value set a rule uses, with every code, what it says, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from outreach.prose.cards import Card
from outreach.prose.page import Block, Code, Heading, Paragraph, Table
from outreach.prose.sections.lines import anchor
from outreach.prose.words import listed, plural, readable_unit
from outreach.rulebook import terms
from outreach.rulebook.model import Rule

#: Code systems by the names people use; addresses from https://terminology.hl7.org and http://hl7.org/fhir/R4.
SYSTEMS = {
    "http://snomed.info/sct": "SNOMED CT",
    "http://loinc.org": "LOINC",
    "http://hl7.org/fhir/sid/icd-10-cm": "ICD-10-CM",
    "http://hl7.org/fhir/sid/icd-10": "ICD-10",
    "http://hl7.org/fhir/sid/icd-9-cm": "ICD-9-CM",
    "http://www.cms.gov/Medicare/Coding/ICD10": "ICD-10-PCS",
    "http://www.ama-assn.org/go/cpt": "CPT",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RxNorm",
    "http://hl7.org/fhir/sid/cvx": "CVX",
    "urn:iso:std:iso:3166": "ISO 3166 countries",
    "http://terminology.hl7.org/CodeSystem/v3-RoleCode": "HL7 relationships",
    "http://terminology.hl7.org/CodeSystem/v3-ActCode": "HL7 act codes",
    "urn:oid:2.16.840.1.113883.6.238": "CDC race and ethnicity",
    "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets": "HCPCS",
}


def value_sets(rule: Rule, cards: Mapping[str, Card]) -> Iterator[Block]:
    yield Heading("Codes", 2, "codes")
    yield Paragraph(
        (f"{plural(len(rule.value_sets), 'value set')}. A record has the meaning when it bears one of the codes.",)
    )
    for name in sorted(rule.value_sets):
        yield from _set(rule.value_sets[name], cards.get(name))


def _set(found: terms.ValueSet, card: Card | None) -> Iterator[Block]:
    yield Heading(found.title or found.name, 3, f"codes-{anchor(found.name)}")
    if card is None and ":" in found.name:
        yield Paragraph(("Codes of this rule’s own, written in the rule.",))
    if card is not None and card.status not in ("", "confirmed", "live"):
        yield Paragraph((f"This value set is marked “{card.status}”.",), "warning")
    if card is not None:
        yield Paragraph((card.meaning,))
    unit = [f"Numbers in {readable_unit(found.unit) or 'no unit'}"] if found.unit else []
    unit += [f"{found.molar:g} {readable_unit(found.molar_unit)} make one of these"] if found.molar else []
    if unit:
        yield Paragraph((f"{listed(unit, 'where')}.",))
    yield from _tables(found.codes)
    if found.partly:
        yield Paragraph(("Only in part, so that whoever was born there is not known to be on the list:",))
        yield from _tables(found.partly)
    if card is not None and card.source:
        yield Paragraph((f"Where the codes come from: {card.source}",))


def _tables(codes: Iterable[terms.Code]) -> Iterator[Block]:
    """One table a code system, in the order of the file: of results, the later weighs more."""
    for system, of_it in groupby(codes, key=lambda code: code.system):
        rows = tuple(((Code(code.code),), (code.display,)) for code in of_it)
        yield Table((SYSTEMS.get(system, system), "Means"), rows)
