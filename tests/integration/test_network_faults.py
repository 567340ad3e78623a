"""Every scripted network fault ends in the whole cohort or in one sentence, in time, and nothing leaves the origin.

What the client did is not asked of the client: the server keeps a history, and Python's audit events tell of every
connection and every name looked up.
"""

from __future__ import annotations

import contextlib
import json
import re
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from outreach.errors import PullIncomplete, ServerFault, ServerRefused
from outreach.fhir import paging, wire
from outreach.fhir.client import FhirClient
from outreach.pull import Poll, pull
from servers.certificates import certificate, context
from servers.kinds import OUT, WHOLE, Kind
from servers.kinds_bulk import BULK
from servers.kinds_search import FORM, SEARCH
from servers.kinds_write import MADE, WRITE
from servers.scripted import Scripted
from servers.tricks import answers, cut, drips, honest, next_is, reset, stalls

TYPES = ["Patient", "Condition", "FamilyMemberHistory", "Observation"]
KEY = ("urn:outreach:campaign", "a" * 64)
MESSAGE = {
    "resourceType": "Communication",
    "status": "completed",
    "identifier": [{"system": KEY[0], "value": KEY[1]}],
}
LOGIN = "secret-of-the-test"
MOST_S = {True: 10.0, False: 30.0}  #: longer is a hang; the first where a deadline of half a second must end it
CASES = [("search", name) for name in SEARCH] + [("bulk", name) for name in BULK]
_places: list[tuple[object, object]] = []


def _hear(event: str, args: tuple[object, ...]) -> None:
    if event == "socket.connect" and isinstance(args[1], tuple):
        _places.append(args[1][:2])
    elif event == "socket.getaddrinfo":
        _places.append((args[0], args[1]))


sys.addaudithook(_hear)


@pytest.fixture(autouse=True)
def a_hang_is_a_failure() -> Iterator[None]:
    def late(*_: object) -> None:
        raise AssertionError("this hangs")

    former = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, 2 * MOST_S[False])
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, former)


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, object]]:
    """Where this process connected to, and what it looked up; and caps that a test can reach."""
    monkeypatch.setattr(wire, "BODY_CAP", 1 << 21)
    monkeypatch.setattr(paging, "PAGE_CAP", 50)
    _places.clear()
    return _places


class Token:
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {LOGIN}"}


class Clock:
    """Time that passes at once where the client only waits. Remembers the waits."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    def monotonic(self) -> float:
        return time.monotonic() + sum(self.waits)


def client_of(server: Scripted, clock: Clock, slow: bool) -> FhirClient:
    deadline = 0.5 if slow else 10.0
    return FhirClient(server.base, auth=Token(), deadline_s=deadline, sleep=clock.sleep, monotonic=clock.monotonic)


def outcome(server: Scripted, kind: Kind, folder: Path, bulk: bool, clock: Clock) -> str:
    """WHOLE, or the sentence of the refusal. Any other exception is a failure of the test."""
    client = client_of(server, clock, kind.slow)
    try:
        pull(
            client, TYPES, folder / "landing", prefer_bulk=bulk, now=lambda: datetime.now(UTC), poll=Poll(limit_s=1800)
        )
    except (PullIncomplete, ServerRefused) as refusal:
        assert list(folder.iterdir()) == [], "half a pull was left behind"
        return str(refusal)
    truth = {type_: sorted(row["id"] for row in server.rows[type_]) for type_ in TYPES}
    assert landed(folder / "landing") == truth, "a cohort taken as whole is not"
    return WHOLE


def landed(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {type_: [] for type_ in TYPES}
    for path in folder.glob("*.ndjson"):
        found[path.name.split(".")[0]] += [json.loads(line)["id"] for line in path.read_text().splitlines()]
    return {type_: sorted(rows) for type_, rows in found.items()}


def assert_nothing_left_the_origin(server: Scripted, places: list[tuple[object, object]]) -> None:
    host, port = "127.0.0.1", int(server.base.split(":")[2].split("/")[0])
    assert {(str(where), int(str(at))) for where, at in places} == {(host, port)}
    assert server.elsewhere == []


def is_one_sentence(text: str) -> bool:
    """Nothing of the request, the answer or the program in it."""
    unfit = ("\n", "Traceback", "://", "?", LOGIN, "<html", "169.254", "elsewhere", "0x")
    return text.endswith(".") and not any(each in text for each in unfit) and not re.search(r"\b[pc]\d\b", text)


@pytest.mark.parametrize("part", [0, 0.5])
def test_silence_is_told_as_the_time_limit_whichever_of_the_two_limits_comes_first(part, monkeypatch):
    """The socket's and the watchdog's end together; here the watchdog is asleep."""
    monkeypatch.setattr("outreach.fhir.deadline.Watchdog._watch", lambda self: None)
    with Scripted("page", stalls(part), once=False) as server:
        client = FhirClient(server.base, deadline_s=0.5, sleep=lambda seconds: None)
        with pytest.raises(ServerFault, match="no whole answer within the time limit"):
            list(client.search("Patient"))


@pytest.mark.parametrize(("way", "name"), CASES)
def test_a_fault_ends_whole_or_in_one_sentence(way: str, name: str, tmp_path: Path, places) -> None:
    kind = (BULK if way == "bulk" else SEARCH)[name]
    with Scripted(kind.moment, kind.trick, once=kind.once) as server:
        for _ in range(3):  # a machine that is very busy may let the short deadline pass before it comes to the fault
            clock, began = Clock(), time.monotonic()
            ended = outcome(server, kind, tmp_path, way == "bulk", clock)
            took = time.monotonic() - began
            if server.strikes:
                break
    assert re.search(kind.ends, ended), ended
    assert ended == WHOLE or is_one_sentence(ended), ended
    assert server.strikes, "the fault never struck"
    assert took < MOST_S[kind.slow]
    assert all(0 <= wait <= 300 for wait in clock.waits)
    assert_nothing_left_the_origin(server, places)


def written(client: FhirClient) -> tuple[str, list[object], str]:
    """How a create ended, what it says was made, and the sentence of the refusal."""
    try:
        return MADE, [client.create(MESSAGE, if_none_exist=KEY).resource], ""
    except (ServerFault, ServerRefused) as fault:
        return type(fault).__name__, [], str(fault)


@pytest.mark.parametrize("name", WRITE)
def test_a_keyed_write_tells_the_truth_about_itself(name: str, places) -> None:
    """“Made” is made, once; “refused” is not made; and where it is not known, the client says that."""
    kind, clock, began = WRITE[name], Clock(), time.monotonic()
    with Scripted("write", kind.trick, once=kind.once, instead=kind.instead) as server:
        ended, found, said = written(client_of(server, clock, kind.slow))
        took, there = time.monotonic() - began, list(server.rows.get("Communication", []))
    assert ended == kind.ends
    assert ended == MADE or is_one_sentence(said), said
    assert found == (there if ended == MADE else [])
    assert len(there) <= 1
    assert len(server.asked("POST", "/Communication")) == 1 or name[:3] in ("429", "503"), "a write was made again"
    assert ended in (MADE, "OutcomeUnknown") or there == []
    assert server.strikes, "the fault never struck"
    assert took < MOST_S[kind.slow]
    assert_nothing_left_the_origin(server, places)


@pytest.mark.parametrize("name", FORM)
def test_a_search_that_names_a_person_keeps_the_name_at_home(name: str, places) -> None:
    with Scripted("form", FORM[name]) as server:
        client = client_of(server, Clock(), slow=name.startswith("silent"))
        with pytest.raises((ServerFault, ServerRefused)) as caught:
            client.search("Condition", [("patient", "p3")])
    assert is_one_sentence(str(caught.value))
    assert server.strikes, "the fault never struck"
    assert_nothing_left_the_origin(server, places)
    assert all("p3" not in seen.path for seen in server.history)


PLAIN = "http://127.0.0.1:{port}/fhir/Patient?from=6"
#: trick at the second page, the certificate's host, days from now from which and until which it holds; what is said
TLS = {
    "a certificate for another name": (honest, "elsewhere.invalid", (-1, 1), "SSLError"),
    "a certificate that is over": (honest, "127.0.0.1", (-2, -1), "SSLError"),
    "a certificate of tomorrow": (honest, "127.0.0.1", (1, 2), "SSLError"),
    "a page cut without a goodbye": (cut, "127.0.0.1", (-1, 1), "not JSON, or was cut"),
    "a reset in the body": (reset(0.5), "127.0.0.1", (-1, 1), "broke"),
    "a byte now and then": (drips(headers_too=False), "127.0.0.1", (-1, 1), "time limit"),
    "next: http where we speak https": (next_is(PLAIN), "127.0.0.1", (-1, 1), OUT),
    "redirected to http": (answers(307, Location=PLAIN), "127.0.0.1", (-1, 1), "307"),
}  # fmt: skip


@pytest.mark.parametrize("name", TLS)
def test_a_fault_over_tls_ends_in_one_sentence(name: str, tmp_path: Path, places) -> None:
    trick, host, days, says = TLS[name]
    pem, began = certificate(tmp_path, host, days), time.monotonic()
    with Scripted("page", trick, tls=context(pem)) as server:
        client = FhirClient(server.base, auth=Token(), ca_file=pem, deadline_s=1.5, sleep=lambda seconds: None)
        with pytest.raises(ServerFault, match=says) as caught:
            client.search("Patient")
    assert is_one_sentence(str(caught.value))
    assert time.monotonic() - began < MOST_S[True]
    assert says != "SSLError" or server.history == []
    assert_nothing_left_the_origin(server, places)


def _refused() -> str:
    with Scripted("", honest) as server:
        return server.base


def test_a_server_that_is_away_is_named_so(places) -> None:
    for base in (_refused(), "https://no-such-host.invalid/fhir"):
        with pytest.raises(ServerFault, match="cannot be reached") as caught:
            FhirClient(base, auth=Token(), deadline_s=2.0, sleep=lambda seconds: None).search("Patient")
        assert is_one_sentence(str(caught.value))


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"])
def test_a_port_that_does_not_speak_tls_is_no_hang(answer: bytes) -> None:
    """Accepts and never shakes hands, or answers in plain HTTP."""
    listener = socket.create_server(("127.0.0.1", 0))
    began = time.monotonic()
    with listener, threaded(listener, answer):
        client = FhirClient(f"https://127.0.0.1:{listener.getsockname()[1]}/fhir", auth=Token(), deadline_s=1.0)
        with pytest.raises(ServerFault) as caught:
            client.total("Patient")
    assert is_one_sentence(str(caught.value))
    assert time.monotonic() - began < MOST_S[True]


@contextmanager
def threaded(listener: socket.socket, answer: bytes) -> Iterator[None]:
    """Answers each connection with these bytes and holds it open until the end of the block."""
    held: list[socket.socket] = []

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                held.append(listener.accept()[0])
                held[-1].sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield
    finally:
        for each in held:
            each.close()


def test_there_are_at_least_forty_kinds() -> None:
    """Kinds, not cases: what strikes a page, a file and a write alike counts once, under one name."""
    assert len(SEARCH.keys() | BULK.keys() | TLS.keys()) >= 150
    assert len(WRITE) >= 40
