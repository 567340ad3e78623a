"""What a server proves that it can do, and what follows for the night."""

from __future__ import annotations

from outreach.doctor.engine import working
from outreach.doctor.finding import Finding
from outreach.doctor.login import logged_in
from outreach.doctor.parameters import listed, parameters
from outreach.doctor.reading import exporting, reading
from outreach.doctor.writing import writing
from outreach.errors import ServerFault, ServerRefused
from outreach.fhir.client import FhirClient

__all__ = ["NEEDED", "Finding", "examine", "working"]

#: Where one of these is not ok, a night cannot run, or must not send.
NEEDED = frozenset(
    {"engine", "login", "read-scopes", "write-scopes", "version", "search", "by-patient", "changes-seen"}
    | {"by-identifier", "group-export", "one-key-one-resource", "holds"}
)

_AWAY = (
    "Nothing can run until this is settled. See whether server.url ({base}) is the server's base address, whether a "
    "proxy stands between, and, where it says SSLError, whether ca_file names who signed its certificate."
)


def examine(client: FhirClient, *, writes: bool = True, group: str = "") -> list[Finding]:
    """Tries what the night needs, in the order the night needs it.

    The names are fixed: login, with SMART also read-scopes and write-scopes; version, search, totals, search-by-form;
    parameters-listed, by-patient, by-last-updated, changes-seen, by-status, by-identifier; export, or with ``group``
    group-export; transactions; one-key-one-resource, holds, probe-removed. When the login, the version or the search is
    not ok, what builds on it is not tried. With ``writes`` false nothing is written, not even our own probe Slot (see
    ``fhir.probe``), and write-scopes, by-identifier and the last three are not tried; an export job is started and
    ended in either case.
    """
    findings = list(logged_in(client.auth))
    if findings[0].ok is False:
        return findings
    try:
        capability = client.capability()
    except (ServerFault, ServerRefused) as fault:
        return [*findings, Finding("version", False, str(fault), _AWAY.format(base=client.base))]
    version = f"The server speaks FHIR {capability['fhirVersion']}."
    findings += [Finding("version", True, version, "Nothing to set."), *reading(client)]
    if findings[-1].name != "search":
        findings += [listed(capability), *parameters(client, writes)]
    return [*findings, *exporting(client, capability, group), *writing(client, writes)]
