"""How we are let in, for how long, and to do what."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.doctor.finding import Finding
from outreach.errors import OutreachError
from outreach.fhir.auth import Auth
from outreach.fhir.scopes import ORDER, Need, missing, wider
from outreach.fhir.smart import RENEW_AT, Grant, SmartLogin

SHORT_S = 60.0  #: a token that lives shorter costs many: the standard speaks of 300 s
READS, WRITES = "rs", "".join(letter for letter in ORDER if letter not in "rs")


def logged_in(auth: Auth | None) -> Iterator[Finding]:
    """login; with SMART also read-scopes, and write-scopes where a night that sends is asked about."""
    if auth is None:
        yield Finding("login", True, "No login is set.", "Set server: {auth: …} where the server wants one.")
        return
    if not isinstance(auth, SmartLogin):
        says = "A bearer token goes with each request."
        yield Finding("login", True, says, "What it allows, and for how long, is seen only when something is refused.")
        return
    try:
        grant = auth.grant()
    except OutreachError as fault:
        yield Finding("login", False, str(fault), "Nothing can run until this is settled.")
        return
    yield _token(grant)
    yield _reads(auth, grant)
    if any(set(need.letters) - set(READS) for need in auth.needs):
        yield _writes(auth, grant)


def _token(grant: Grant) -> Finding:
    life, listed = grant.token.life_s, grant.offer.algorithms
    says = f"The server gives a token for an assertion signed with {grant.alg}; it lives {life:g} s."
    if listed and grant.alg not in listed:
        says += f" Its own word is that it takes {', '.join(sorted(listed))} only."
    follows = f"It is renewed after {life * RENEW_AT:g} s."
    if life < SHORT_S:
        follows += " That is short: ask the server's administrator for 300 s."
    return Finding("login", True, says, follows)


def _reads(auth: SmartLogin, grant: Grant) -> Finding:
    needs, granted = _only(auth.needs, READS), grant.token.scopes
    lacking, more = missing(granted, needs, grant.offer.form), wider(granted, auth.needs)
    if lacking:
        return Finding("read-scopes", False, f"Not granted: {', '.join(lacking)}.", _ASK)
    says = f"All {len(needs)} types that a night reads may be read."
    if not more:
        return Finding("read-scopes", True, says, "Nothing to set.")
    follows = "Have them narrowed: a login that may do less can harm less."
    return Finding("read-scopes", True, f"{says} Granted, and more than a night needs: {', '.join(more)}.", follows)


def _writes(auth: SmartLogin, grant: Grant) -> Finding:
    lacking = missing(grant.token.scopes, _only(auth.needs, WRITES), grant.offer.form)
    if lacking:
        return Finding("write-scopes", False, f"Not granted: {', '.join(lacking)}.", f"{_ASK} A dry run needs none.")
    return Finding("write-scopes", True, "Slots may be held and messages created.", "Nothing to set.")


def _only(needs: tuple[Need, ...], letters: str) -> list[Need]:
    kept = [(need.type, "".join(letter for letter in need.letters if letter in letters)) for need in needs]
    return [Need(type_, some) for type_, some in kept if some]


_ASK = "Have them granted to this client; until then a night ends with exit 5 and sends nothing."
