"""Where a request may go."""

from __future__ import annotations

import pytest

from outreach.errors import Refused, ServerFault
from outreach.fhir.origin import Origin, check_base

BASE = "https://ehr.example.org/fhir/r4"


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://ehr.example.org/fhir/r4/", BASE),
        ("HTTPS://EHR.example.org/fhir/r4", BASE),
        ("https://ehr.example.org:8443", "https://ehr.example.org:8443"),
        ("http://127.0.0.1:8080/fhir", "http://127.0.0.1:8080/fhir"),
        ("http://localhost/fhir", "http://localhost/fhir"),
        ("http://[::1]:8080/fhir", "http://[::1]:8080/fhir"),
    ],
)
def test_a_base_is_https_or_this_machine(given: str, used: str) -> None:
    assert check_base(given) == used


@pytest.mark.parametrize(
    "given",
    [
        "http://ehr.example.org/fhir",
        "http://10.0.0.7/fhir",
        "http://localhost.example.org/fhir",
        "http://127.0.0.1.example.org/fhir",
        "ftp://127.0.0.1/fhir",
        "file:///etc/passwd",
        "ehr.example.org/fhir",
        "https://",
        "https://user:secret@ehr.example.org/fhir",
        "https://ehr.example.org/fhir?x=1",
        "https://ehr.example.org/fhir#x",
        "https://ehr.example.org/a/../fhir",
        "https://ehr.example.org:port/fhir",
        "",
    ],
)
def test_any_other_base_is_refused_and_not_repeated(given: str) -> None:
    with pytest.raises(Refused) as refused:
        check_base(given)
    assert refused.value.exit_status == 2
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("link", "asked"),
    [
        (f"{BASE}/Patient?page=2", f"{BASE}/Patient?page=2"),
        (f"{BASE}?_getpages=abc&_offset=20", f"{BASE}?_getpages=abc&_offset=20"),
        ("https://EHR.example.org:443/fhir/r4/Patient?page=2", f"{BASE}/Patient?page=2"),
        ("/fhir/r4/Patient?page=2", f"{BASE}/Patient?page=2"),
        ("Patient?page=2", f"{BASE}/Patient?page=2"),
        ("?page=2", f"{BASE}/?page=2"),
        ("http://inner:8080/hapi/Patient?page=2", f"{BASE}/Patient?page=2"),
    ],
)
def test_a_link_is_followed_below_the_base(link: str, asked: str) -> None:
    assert Origin(BASE, aliases=["http://inner:8080/hapi"]).resolve(link) == asked


@pytest.mark.parametrize(
    "link",
    [
        "http://ehr.example.org/fhir/r4/Patient?page=2",
        "https://ehr.example.org:444/fhir/r4/Patient",
        "https://ehr.example.org:443:443/fhir/r4/Patient",
        "https://ehr.example.org.evil.example/fhir/r4/Patient",
        "https://ehr.example.org@evil.example/fhir/r4/Patient",
        "https://user@ehr.example.org/fhir/r4/Patient",
        "//evil.example/fhir/r4/Patient",
        "https://ehr.example.org/fhir/r4x/Patient",
        "https://ehr.example.org/fhir/r4/../admin",
        "https://ehr.example.org/fhir/r4/%2e%2e/admin",
        "https://ehr.example.org/fhir/r4/..\\admin",
        "/admin",
        "http://inner:8081/hapi/Patient",
        "javascript:alert(1)",
        "https://[bad/fhir/r4",
    ],
)
def test_a_link_that_leaves_the_base_is_refused(link: str) -> None:
    origin = Origin(BASE, aliases=["http://inner:8080/hapi"], file_hosts=["https://files.example.org"])
    with pytest.raises(ServerFault, match="another origin"):
        origin.resolve(link)


def test_the_login_stays_with_the_host_of_the_base() -> None:
    origin = Origin(BASE, file_hosts=["https://files.example.org/out"])
    beside, afar = "https://ehr.example.org/bulk/1.ndjson", "https://files.example.org/out/1.ndjson"
    assert (origin.resolve_file(beside), origin.resolve_file(afar)) == (beside, afar)
    assert (origin.is_home(beside), origin.is_home(afar)) == (True, False)
    with pytest.raises(ServerFault):
        origin.resolve_file("https://files.example.org/other/1.ndjson")


@pytest.mark.parametrize(
    ("link", "asked"),
    [
        ("real.ndjson", "https://ehr.example.org/bulk/a/real.ndjson"),
        ("../b/1.ndjson", "https://ehr.example.org/bulk/b/1.ndjson"),
        ("/b/1.ndjson", "https://ehr.example.org/b/1.ndjson"),
        ("//files.example.org/out/1.ndjson", "https://files.example.org/out/1.ndjson"),
    ],
)
def test_a_redirect_is_relative_to_where_it_was_given(link: str, asked: str) -> None:
    origin = Origin(BASE, file_hosts=["https://files.example.org/out"])
    assert origin.resolve_file(link, "https://ehr.example.org/bulk/a/1.ndjson") == asked
    for bad in ("//evil.example/1.ndjson", "https://[bad", "\ud800"):
        with pytest.raises(ServerFault, match="another origin"):
            origin.resolve_file(bad, "https://ehr.example.org/bulk/a/1.ndjson")


def test_a_host_of_files_must_be_reached_by_https() -> None:
    with pytest.raises(Refused):
        Origin(BASE, file_hosts=["http://files.example.org"])
