"""One client, many threads: each gets its own answers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from outreach.fhir.client import FhirClient
from servers.faulty import Faulty


def test_threads_share_a_client() -> None:
    def make(n: int) -> tuple[str, bool]:
        system, value = "urn:outreach:campaign", f"k{n % 40}"
        resource: dict[str, Any] = {"resourceType": "Communication", "identifier": [{"system": system, "value": value}]}
        created = client.create(resource, if_none_exist=(system, value))
        found = client.read("Communication", created.resource["id"])
        assert found is not None
        return found.resource["identifier"][0]["value"], created.existed

    with Faulty() as server, ThreadPoolExecutor(8) as threads:
        client = FhirClient(server.base)
        made = list(threads.map(make, range(200)))
    assert [value for value, _ in made] == [f"k{n % 40}" for n in range(200)]
    assert sum(not existed for _, existed in made) == 40 == len(server.rows["Communication"])
