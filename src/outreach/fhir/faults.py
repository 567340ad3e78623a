"""The ways one exchange fails, as the rest of the fhir and pull rooms need to tell them apart."""

from __future__ import annotations

from outreach.errors import ServerFault, ServerRefused

SEARCH_REFUSED = frozenset({400, 404, 422, 501})
"""How servers say that they do not take a search parameter. FHIR asks for 400, https://hl7.org/fhir/R4/search.html"""


class Forbidden(ServerRefused):
    """403: the server knows us and does not allow this."""


class NeverSent(ServerFault):
    """No connection was made, so the server did not see the request."""


class Broken(ServerFault):
    """The request went out and no whole answer came back: reset, cut short, or past the deadline."""


class Unsettled(ServerFault):
    """The pages of a search do not add up, or expired while we read: a second try may come out whole."""


class Expired(ServerFault):
    """An export, or a file of it, that the server no longer has: a new export may come out whole."""


class BadStatus(ServerFault):
    """A whole answer with a status that is no success."""

    def __init__(self, what: str, status: int, codes: frozenset[str] = frozenset()) -> None:
        self.status = status
        self.codes = codes  #: OperationOutcome.issue.code, http://hl7.org/fhir/R4/valueset-issue-type.html
        super().__init__(f"{what}: the server answered {status}.")
