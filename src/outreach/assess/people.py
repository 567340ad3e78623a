"""Everyone, one row per Patient record: attributes as rules read them, and who cannot be written to."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from outreach.assess.facts import Facts
from outreach.assess.origin import with_birthplaces
from outreach.rulebook.criterion import Ethnicity, Language, Origin, Race
from outreach.rulebook.terms import ValueSet

#: http://terminology.hl7.org/CodeSystem/consentscope: a refusal of research or an advance directive is
#: no refusal of letters. Anything else that denies is (fail closed).
_OTHER_SCOPES = ("research", "adr")
#: http://terminology.hl7.org/CodeSystem/v3-NullFlavor: these say that nothing is known.
_NOT_KNOWN = (
    *("NI", "INV", "DER", "NINF", "PINF", "UNC", "MSK", "NA", "UNK", "ASKU", "NAV", "NASK", "NAVU", "QS", "TRC", "NP"),
)

Told = Origin | Race | Ethnicity | Language


def everyone(facts: Facts, told: Mapping[Told, str], masked: frozenset[str]) -> ir.Table:
    """person, sex, birth_sex, birth_lo/hi/raw, deceased, merged, adrift, opted_out, and a column for each of ``told``.

    Args:
        told: what rules ask of birthplace, race, ethnicity and language, with the name of its column (true,
            false, or NULL where it is not recorded).
        masked: attributes that nobody is taken to have on record (PROTECTED names).
    """
    origins = {column: facts.value_sets[leaf.codes] for leaf, column in told.items() if isinstance(leaf, Origin)}
    people = facts.engine.keep("everyone_told", with_birthplaces(facts.engine, _joined(facts), origins))
    wanted = {column: _told(people, leaf, column, facts.value_sets) for leaf, column in told.items()}
    own = {
        "sex": people.sex,
        "birth_sex": people.birth_sex,
        **{name: people[name] for name in ("birth_lo", "birth_hi", "birth_raw")},
        **wanted,
    }
    shown = {n: ibis.null(c.type()) if _attribute(n, told) in masked else c for n, c in own.items()}
    plain = ("person", "deceased", "merged", "adrift", "opted_out")
    shortened = facts.engine.keep("everyone", people.select(*plain, **shown))
    facts.engine.drop(["everyone_told"])
    return shortened


def _attribute(column: str, told: Mapping[Told, str]) -> str:
    """The protected attribute that a column tells of."""
    names = {"sex": "sex", "birth_sex": "sex-at-birth", "birth_lo": "age", "birth_hi": "age", "birth_raw": "age"}
    kinds = {Origin: "birthplace", Race: "race", Ethnicity: "ethnicity", Language: "language"}
    names |= {name: kinds[type(leaf)] for leaf, name in told.items()}
    return names[column]


def _told(people: ir.Table, leaf: Told, column: str, sets: Mapping[str, ValueSet]) -> ir.BooleanValue:
    if isinstance(leaf, Origin):
        return people[column]
    if isinstance(leaf, Language):
        spoken = people.language.lower().split("-")[0]
        return ibis.ifelse(people.language.isnull(), ibis.null("boolean"), spoken.isin(leaf.languages))
    codes = [code.code for code in sets[leaf.codes].codes]
    said = people.race_said if isinstance(leaf, Race) else people.ethnicity_said
    known = said.filter(lambda code: code.notin(_NOT_KNOWN))
    among = (known.intersect(ibis.literal(codes, "array<string>")).length() > 0).fill_null(False)
    return ibis.cases((among, True), (known.length() > 0, False), else_=ibis.null("boolean"))


def _joined(facts: Facts) -> ir.Table:
    person, survivors = facts.engine.table("person"), facts.survivors
    merged = survivors.filter(survivors.resolved).select(gone=survivors.loser)
    lost = survivors.filter(~survivors.resolved).select(adrift=survivors.loser)
    joined = person.left_join(merged, [("id", "gone")]).left_join(_refused(facts), [("id", "refuses")])
    joined = joined.left_join(lost, [("id", "adrift")])
    joined = joined.left_join(_dead(facts), [("id", "dead")])
    none = ibis.literal([], "array<string>")
    one = ibis.ifelse(joined.ethnicity.isnull(), none, ibis.array([joined.ethnicity]))
    return joined.select(
        *("sex", "birth_sex", "birth_lo", "birth_hi", "birth_raw", "birth_country", "language"),
        person=joined.id,
        race_said=ibis.coalesce(joined.race, none).concat(ibis.coalesce(joined.race_detailed, none)),
        ethnicity_said=one.concat(ibis.coalesce(joined.ethnicity_detailed, none)),
        deceased=joined.dead.notnull(),
        merged=joined.gone.notnull(),
        adrift=joined.adrift.notnull(),
        opted_out=joined.refuses.notnull(),
    )


def _refused(facts: Facts) -> ir.Table:
    """Everyone with an active Consent that denies, or opts out by its policy rule."""
    consent = facts.consents()
    denies = (consent.provision == "deny").fill_null(False) | (
        consent.provision.isnull() & consent.policy_rule.contains("OPTOUT").fill_null(False)
    )
    other = consent.scope.isin(_OTHER_SCOPES).fill_null(False)
    refused = consent.filter((consent.status == "active") & denies & ~other)
    return refused.select(refuses=refused.person).distinct()


def _dead(facts: Facts) -> ir.Table:
    """Everyone of whom a record, their own or one merged into it, says that they have died.

    A ``deceasedBoolean`` that cannot be read counts as yes: nobody may write to, or call, the bereaved.
    """
    person = facts.engine.table("person")
    unreadable = person.lost.map(lambda cell: cell["column"]).contains("deceased")
    said = person.filter(person.deceased.fill_null(False) | unreadable.fill_null(False))
    of = said.left_join(facts.survivors, [("id", "loser")])
    return of.select(dead=ibis.coalesce(of.survivor, of.id)).distinct()
