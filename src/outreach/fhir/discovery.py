"""Where a server gives out tokens and what it says of them: its ``.well-known/smart-configuration``.

https://hl7.org/fhir/smart-app-launch/conformance.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from outreach.errors import ServerRefused
from outreach.fhir.transport import Transport
from outreach.fhir.wire import Answer, Call, bad_status
from outreach.logins import Backend, is_loopback, why_not_secure

WHAT = "smart-configuration"
AWAY = frozenset({408, 429, 502, 503, 504})  #: says nothing of what the server offers, so nothing is made of it
SET_IT = "Set server.auth.smart.token_url."


@dataclass(frozen=True)
class Offer:
    """What a server offers. ``algorithms`` is empty where it does not say; ``form`` is how it writes scopes."""

    token_url: str
    form: str
    algorithms: frozenset[str] = frozenset()


def discover(transport: Transport, backend: Backend) -> Offer:
    """The server's offer, with what the settings say in its place; it is not asked where they say all.

    A server that does not speak of permission-v2 is taken to know the older scopes only.

    Raises:
        ServerRefused: no token address can be had, or it is one that no assertion may be sent to.
        ServerFault: the server is away.
    """
    if backend.token_url and (backend.form or backend.scopes):
        return Offer(backend.token_url, backend.form or "v2")
    call = Call(
        "GET", f"{transport.origin.base}/.well-known/smart-configuration", WHAT, {"Accept": "application/json"},
        login=False,
    )  # fmt: skip
    answer = transport.ask(call)
    if answer.status in AWAY or (answer.status >= 500 and not backend.token_url):
        raise bad_status(call, answer)
    stated = _object(answer)
    offered = _words(stated.get("capabilities"))
    url = backend.token_url or _token_url(stated, answer.status, transport.origin.base)
    form = backend.form or ("v2" if "permission-v2" in offered else "v1")
    return Offer(url, form, _words(stated.get("token_endpoint_auth_signing_alg_values_supported")))


def _token_url(stated: dict[str, Any], status: int, base: str) -> str:
    url = stated.get("token_endpoint")
    if not isinstance(url, str) or not url:
        raise ServerRefused(f"{WHAT}: the server names no token endpoint ({status}). {SET_IT}")
    why = why_not_secure(url)
    if not why and urlsplit(url).scheme == "http" and not is_loopback(urlsplit(base).hostname or ""):
        why = "is this machine's, which another machine cannot mean"
    if why:
        raise ServerRefused(f"{WHAT}: the token endpoint that the server names {why}. {SET_IT}")
    return url


def _object(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body) if answer.status == 200 else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _words(found: object) -> frozenset[str]:
    return frozenset(word for word in (found if isinstance(found, list) else []) if isinstance(word, str))
