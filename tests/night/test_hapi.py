"""The same night on HAPI FHIR, an independent server: the same people get the same answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from outreach.demo.load import load
from outreach.demo.run import site_clock
from outreach.demo.settings import write_demo_settings
from outreach.domain.outcome import Bucket
from outreach.fhir.client import FhirClient
from outreach.nightly import run_night
from outreach.settings import read_settings
from outreach.site import Site, open_site
from servers.hapi_server import hapi_available, hapi_server

pytestmark = pytest.mark.hapi


@pytest.fixture(scope="module")
def hapi() -> Iterator[str]:
    if reason := hapi_available():
        pytest.skip(reason)
    with hapi_server(patient_export=False) as base:
        yield base


def _site(folder: Path, base: str, house) -> Site:
    folder.mkdir()
    config = folder / "outreach.yaml"
    write_demo_settings(config, base, "America/New_York")
    text = config.read_text(encoding="utf-8").replace("server: {url", "server: {longest_poll_seconds: 2, url")
    config.write_text(text, encoding="utf-8")
    return open_site(read_settings(config), site_clock(house.day))


def _answers(site: Site, house) -> list[tuple[object, ...]]:
    sql = "SELECT person, status, reason, due_on, risk_group, missing FROM read_parquet($path) ORDER BY person"
    path = site.folder(house.day) / "tables" / "assessment.parquet"
    return duckdb.execute(sql, {"path": str(path)}).fetchall()


def test_the_same_night_on_two_servers(hapi, house, people, tmp_path):
    """Same assessments, same people offered a place, each message once; and HAPI's wrong ETags are refused."""
    load(FhirClient(hapi), people)
    sites = [_site(tmp_path / "a", house.client.base, house), _site(tmp_path / "b", hapi, house)]
    told = [run_night(site, house.day, dry_run=False, progress=lambda _: None) for site in sites]
    assert _answers(sites[0], house) == _answers(sites[1], house)
    assert told[0].status_counts == told[1].status_counts
    assert told[0].buckets == told[1].buckets
    assert all(t.complete and t.unaccounted == 0 and t.total(Bucket.SENT) > 0 for t in told)
    found = FhirClient(hapi).search("Communication")
    keys = [one["identifier"][0]["value"] for one in found]
    assert len(keys) == len(set(keys)) == told[1].total(Bucket.SENT)
    again = run_night(sites[1], house.day, dry_run=False, progress=lambda _: None)
    assert (again.sent_now, len(FhirClient(hapi).search("Communication"))) == (0, len(keys))
