"""One access token: the assertion that asks for it, and an answer that is believed only where it holds.

https://hl7.org/fhir/smart-app-launch/backend-services.html#obtain-access-token
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from joserfc import jwt

from outreach.errors import ServerFault, ServerRefused
from outreach.fhir.keys import SigningKey
from outreach.fhir.wire import Answer, Call
from outreach.logins import Backend

WHAT = "login"
LIFE_S = 240  #: of an assertion; a server must refuse one of more than 300 s
BACK_S = 30  #: how far back its iat is set: a server whose clock is behind ours refuses one issued “in the future”
DRIFT_S = 20  #: two clocks further apart than this are told of
RIGHT = "Is token_url right?"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#: What a server may answer, https://www.rfc-editor.org/rfc/rfc6749#section-5.2, and what to do about it.
ERRORS = {
    "invalid_client": "Is the public key registered there (outreach doctor --jwks), are client_id, key_id and "
    "token_url right, and is this machine's clock?",
    "invalid_scope": "It does not know, or does not allow, a scope that was asked for. Set server.auth.smart.scopes.",
    "invalid_request": "It finds the request malformed. Is token_url right?",
    "invalid_grant": "Is the public key registered there (outreach doctor --jwks)?",
    "unauthorized_client": "This client may not use client_credentials there.",
    "unsupported_grant_type": "It has no backend services, or token_url is wrong.",
}


@dataclass(frozen=True)
class Token:
    """An access token, its life in seconds from when it was asked for, and what it allows."""

    text: str = field(repr=False)
    life_s: float
    scopes: tuple[str, ...]


class Passing(ServerFault):
    """The token endpoint is away, busy or fell over: another try, with another assertion, may go through.

    ``retry_after``: the header of its answer, if any.
    """

    def __init__(self, says: str, retry_after: str | None = None) -> None:
        super().__init__(says)
        self.retry_after = retry_after


def token_call(url: str, backend: Backend, key: SigningKey, scopes: Sequence[str], now: float) -> Call:
    """The request for a token; ``now`` in seconds since 1970. Its assertion is good once."""
    form = {
        "grant_type": "client_credentials",
        "scope": " ".join(scopes),
        "client_assertion_type": ASSERTION,
        "client_assertion": _assertion(url, backend, key, now),
    }
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    return Call("POST", url, WHAT, headers, urlencode(form).encode(), login=False)


def token_of(answer: Answer, scopes: Sequence[str], now: float) -> Token:
    """The token in an answer; ``scopes`` are those asked for, which an answer without any has granted.

    Raises:
        Passing: busy, fallen over, or a bare 400, which one vendor is known to give now and then.
        ServerRefused: the server refuses us, or redirects.
        ServerFault: what it answers is no token.
    """
    found = _object(answer)
    if answer.status != 200:
        raise _refusal(answer, found, now)
    text, kind = found.get("access_token"), found.get("token_type")
    if not isinstance(text, str) or not text or not text.isascii() or not text.isprintable() or " " in text:
        raise ServerFault(f"{WHAT}: the answer holds no token. {RIGHT}")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise ServerFault(f"{WHAT}: the server gives a token of another type than bearer.")
    life, granted = _seconds(found.get("expires_in")), found.get("scope")
    if life is None:
        raise ServerFault(f"{WHAT}: the server does not say how long the token lives (expires_in).")
    return Token(text, life, tuple(granted.split()) if isinstance(granted, str) else tuple(scopes))


def _assertion(url: str, backend: Backend, key: SigningKey, now: float) -> str:
    header = {"alg": key.alg, "kid": key.kid, "typ": "JWT"} | ({"jku": backend.jwks_url} if backend.jwks_url else {})
    claims = {
        "iss": backend.client_id,
        "sub": backend.client_id,
        "aud": url,
        "exp": int(now) + LIFE_S,
        "iat": int(now) - BACK_S,
        "jti": str(uuid4()),
    }
    return jwt.encode(header, claims, key.key, algorithms=["RS384", "ES384"])


def _refusal(answer: Answer, found: dict[str, Any], now: float) -> Exception:
    status, error = answer.status, found.get("error")
    if status in (408, 429) or status >= 500 or (status == 400 and not isinstance(error, str)):
        return Passing(f"{WHAT}: the token endpoint answered {status}.", answer.headers.get("Retry-After"))
    if 300 <= status < 400:
        return ServerRefused(f"{WHAT}: the token endpoint redirects ({status}), which is not followed. {RIGHT}")
    known = error if isinstance(error, str) and error in ERRORS else ""
    if known or status in (401, 403):
        advice = ERRORS[known or "invalid_client"]
        return ServerRefused(f"{WHAT}: the server refuses it ({known or status}). {advice}{_drift(answer, now)}")
    return ServerRefused(f"{WHAT}: the token endpoint answered {status}. {RIGHT}")


def _drift(answer: Answer, now: float) -> str:
    try:
        apart = now - parsedate_to_datetime(answer.headers.get("Date", "")).timestamp()
    except (ValueError, OverflowError):
        return ""
    if abs(apart) <= DRIFT_S:
        return ""
    return f" Our clock is {abs(apart):.0f} s {'ahead of' if apart > 0 else 'behind'} the server's."


def _seconds(found: object) -> float | None:
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) < 10:
        found = int(found)
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 < found < 1e9:
        return None
    return float(found)


def _object(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
