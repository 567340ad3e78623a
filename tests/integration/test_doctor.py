"""The doctor on search parameters: what is listed, what is answered, and what is silently ignored."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from outreach.cli import main
from outreach.doctor import NEEDED, examine
from outreach.doctor.parameters import FUTURE, SENT
from outreach.fhir.client import FhirClient
from outreach.fhir.scopes import Need
from outreach.fhir.smart import SmartLogin
from outreach.logins import Backend
from servers.sekmet_server import running
from servers.signing import ec_key, pem, write
from servers.token_server import Seen, TokenServer

Json = dict[str, Any]
ROWS: dict[str, list[Json]] = {
    "Patient": [{"resourceType": "Patient", "id": f"p{n}"} for n in range(2)],
    "Condition": [
        {"resourceType": "Condition", "id": f"c{n}", "subject": {"reference": f"Patient/p{n}"}} for n in range(2)
    ],
}
NEW = ["parameters-listed", "by-patient", "by-last-updated", "changes-seen", "by-status", "by-identifier"]


def capability(lists: bool) -> Json:
    resources = [
        {"type": type_, "searchParam": [{"name": name} for name in names]} for type_, names in SENT.items() if lists
    ]
    rest = {"resource": resources, "interaction": [{"code": "transaction"}] if lists else []}
    return {"resourceType": "CapabilityStatement", "fhirVersion": "4.0.1", "rest": [rest]}


def fhir(*lies: str) -> Callable[[Seen], tuple[int, Json]]:
    """A server that searches by patient and by _lastUpdated, but for its lies."""

    def reply(seen: Seen) -> tuple[int, Json]:
        path, query = urlsplit(seen.path).path.split("/"), parse_qs(urlsplit(seen.path).query) | parse_qs(seen.body)
        if path[2] == "metadata":
            return 200, capability("lists-nothing" not in lies)
        for name in ("_lastUpdated", "identifier", "status", "patient"):
            if name in query and f"refuses-{name}" in lies:
                return 400, {}
        rows = ROWS.get(path[2], [])
        if "patient" in query and "ignores-patient" not in lies:
            rows = [row for row in rows if row["subject"]["reference"] == f"Patient/{query['patient'][0]}"]
        if "patient" in query and "blind-to-patient" in lies:
            rows = []
        if "_id" in query:
            rows = [row for row in rows if row["id"] == query["_id"][0]]
        if query.get("_lastUpdated") == [FUTURE] and "ignores-_lastUpdated" not in lies:
            rows = []
        if "_lastUpdated" in query and "blind-to-_lastUpdated" in lies:
            rows = []
        if "empty" in lies:
            rows = []
        shown = rows[: int(query.get("_count", ["500"])[0])]
        entries = [{"resource": row, "search": {"mode": "match"}} for row in shown]
        return 200, {"resourceType": "Bundle", "type": "searchset", "total": len(rows), "entry": entries}

    return reply


@pytest.fixture
def server() -> Iterator[TokenServer]:
    with TokenServer() as server:
        server.tokens.valid.add("")  # no login is as good as one
        yield server


@pytest.mark.parametrize(
    ("lie", "found"),
    [
        ("", {}),
        ("lists-nothing", {"parameters-listed": None}),
        ("ignores-_lastUpdated", {"by-last-updated": False}),
        ("blind-to-_lastUpdated", {"changes-seen": False}),
        ("refuses-_lastUpdated", {"changes-seen": False}),
        ("ignores-patient", {"by-patient": False}),
        ("blind-to-patient", {"by-patient": False}),
        ("refuses-patient", {"by-patient": False}),
        ("refuses-identifier", {"by-identifier": False}),
        ("refuses-status", {"by-status": False}),
        ("empty", {"by-patient": None, "by-last-updated": None, "changes-seen": None}),
    ],
)
def test_each_lie_about_a_search_parameter_is_found(server: TokenServer, lie: str, found: dict[str, Any]) -> None:
    server.reply = fhir(lie)
    client = FhirClient(server.base, deadline_s=10.0, sleep=lambda _: None)
    findings = {each.name: each for each in examine(client)}
    assert {name: findings[name].ok for name in NEW if findings[name].ok is not True} == found
    text = json.dumps([[each.says, each.follows] for each in findings.values()])
    assert "p0" not in text, "no id of a person in what it says"


def test_a_filter_that_is_ignored_is_told_apart_from_one_that_finds_nothing(server: TokenServer) -> None:
    """The first costs time. The second hides a change, and nobody may be written to."""
    assert "changes-seen" in NEEDED
    assert "by-last-updated" not in NEEDED


def test_a_real_server_others_wrote_answers_what_sending_asks(tmp_path: Path) -> None:
    rows = [
        row | {"code": {"text": "a"}} if row["resourceType"] == "Condition" else row for r in ROWS.values() for row in r
    ]
    group = {"resourceType": "Group", "id": "g", "type": "person", "actual": True}
    with running(tmp_path, [*rows, group]) as client:
        findings = {each.name: each for each in examine(client, writes=True, group="g")}
        absent = {each.name: each for each in examine(client, writes=False, group="h")}
    assert {name: findings[name].ok for name in [*NEW, "group-export"]} == dict.fromkeys([*NEW, "group-export"], True)
    assert "export" not in findings
    assert (absent["group-export"].ok, "Group/h" in absent["group-export"].says) == (False, True)
    assert findings["login"].says == "No login is set."


def test_a_doctor_that_only_reads_asks_nothing_of_messages(server: TokenServer) -> None:
    server.reply = fhir()
    client = FhirClient(server.base, deadline_s=10.0, sleep=lambda _: None)
    findings = {each.name: each.ok for each in examine(client, writes=False)}
    assert findings["by-identifier"] is None
    assert [seen for seen in server.fhir if "Communication" in seen.path or seen.method in ("PUT", "DELETE")] == []


def test_a_login_that_fails_ends_the_visit(tmp_path: Path) -> None:
    key = write(tmp_path / "key.pem", pem(ec_key()))
    with TokenServer() as server:
        server.tokens.answer(401, {"error": "invalid_client"})
        auth = SmartLogin(server.base, Backend("outreach", key), [Need("Patient", "rs")], lenient=True)
        findings = examine(FhirClient(server.base, auth=auth))
    assert [(each.name, each.ok) for each in findings] == [("login", False)]
    assert "--jwks" in findings[0].says


def test_what_to_register_can_be_typed_as_it_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "site.yaml"
    write(tmp_path / "key.pem", pem(ec_key()))
    with TokenServer() as server:
        server.tokens.answer(401, {"error": "invalid_client"})
        config.write_text(
            f"server: {{url: {server.base}, auth: {{smart: {{client_id: a, key_file: key.pem}}}}}}\nhome: home\n"
            "site: {name: R, phone: '555-0100', time_zone: America/New_York}\nprogrammes: [{rule: hcc-surveillance}]\n",
            encoding="utf-8",
        )
        assert main(["doctor", "--config", str(config), "--json"]) == 5
    typed = f"(outreach doctor --config {config} --jwks)"
    shown, _, machine = capsys.readouterr().out.strip().rpartition("\n")
    assert typed in shown
    assert typed in machine


def test_the_public_keys_are_printed_without_contacting_anything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "outreach.yaml"
    write(tmp_path / "key.pem", pem(ec_key()) + pem(ec_key()))
    text = (
        "server: {url: http://127.0.0.1:9/fhir, auth: {smart: {client_id: a, key_file: key.pem}}}\nhome: home\n"
        "site: {name: R, phone: '555-0100', time_zone: America/New_York}\nprogrammes: [{rule: hcc-surveillance}]\n"
    )
    config.write_text(text, encoding="utf-8")
    assert main(["doctor", "--config", str(config), "--jwks"]) == 0
    keys = json.loads(capsys.readouterr().out)["keys"]
    assert [(key["kty"], key["alg"], "d" in key) for key in keys] == [("EC", "ES384", False)] * 2
    config.write_text(text.replace(", auth: {smart: {client_id: a, key_file: key.pem}}", ""), encoding="utf-8")
    assert main(["doctor", "--config", str(config), "--jwks"]) == 2
    assert "no key to register" in capsys.readouterr().err
