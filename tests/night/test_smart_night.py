"""A whole night whose login may do exactly what a night does, on a server that looks at every scope."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from outreach.demo.load import load
from outreach.demo.run import site_clock
from outreach.demo.settings import write_demo_settings
from outreach.domain.outcome import Bucket
from outreach.errors import ServerRefused
from outreach.fhir.client import FhirClient
from outreach.fhir.keys import public_keys
from outreach.fhir.scopes import asked
from outreach.needs import permissions_needed
from outreach.nightly import run_night
from outreach.settings import read_settings
from outreach.site import Site, open_site, programmes_of
from servers.sekmet_smart import Loader, smart_server
from servers.signing import ec_key, pem, write

DAY = date(2026, 3, 2)


def site(config: Path, *, dry_run: bool = False) -> Site:
    return open_site(read_settings(config), site_clock(DAY), dry_run=dry_run)


@pytest.mark.long
def test_a_night_needs_no_more_than_it_asks_for(tmp_path, people):
    """It sends with its own scopes; without the right to write it rehearses, and sends nothing."""
    key = write(tmp_path / "backend-key.pem", pem(ec_key()))
    config = tmp_path / "outreach.yaml"
    write_demo_settings(config, "http://127.0.0.1:9/fhir", "America/New_York")
    rules = [rule for _, rule in programmes_of(read_settings(config))]
    scopes = {sends: " ".join(asked(permissions_needed(rules, sends=sends), "v2")) for sends in (True, False)}
    clients = {"may-send": (public_keys(key), scopes[True]), "may-read": (public_keys(key), scopes[False])}
    with smart_server(tmp_path / "server", clients, token_lifetime=10) as server:
        everything = FhirClient(server.base, auth=Loader())
        load(everything, people)
        config.unlink()
        write_demo_settings(config, server.base, "America/New_York")
        plain = config.read_text(encoding="utf-8")

        def log_in_as(client: str) -> None:
            auth = f'"{server.base}", auth: {{smart: {{client_id: {client}, key_file: backend-key.pem}}}}'
            config.write_text(plain.replace(f'"{server.base}"', auth), encoding="utf-8")

        log_in_as("may-read")
        rehearsed = run_night(site(config, dry_run=True), DAY, dry_run=True, progress=lambda _: None)
        assert rehearsed.offered > 0
        with pytest.raises(ServerRefused, match=r"system/Communication\.c, .*system/Slot\.u"):
            run_night(site(config), DAY, dry_run=False, progress=lambda _: None)
        assert everything.total("Communication") == 0
        log_in_as("may-send")
        summary = run_night(site(config), DAY, dry_run=False, progress=lambda _: None)
        assert summary.complete
        assert everything.total("Communication") == summary.total(Bucket.SENT) > 0
