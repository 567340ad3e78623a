"""What a pull that was killed left behind, put away: its job on the server, and its files."""

from __future__ import annotations

import shutil
from pathlib import Path

from outreach.errors import ServerFault
from outreach.fhir import bulk
from outreach.fhir.client import FhirClient
from outreach.pull.kept import Job, read_job
from outreach.pull.landing import held, part_of


def put_away(client: FhirClient, landing: Path) -> None:
    """Ends the job of a pull into ``landing`` that was killed, and removes its part folder; none is left alone.

    Some servers allow one job at a time: what an earlier night left would keep tonight's waiting. A pull that is still
    at work is not touched.
    """
    part = part_of(landing)
    if not part.is_dir():
        return
    with held(part) as ours:
        if ours:
            job = read_job(part)
            if job is not None:
                end_left(client, job)
            shutil.rmtree(part)


def end_left(client: FhirClient, job: Job) -> None:
    """Ends a job that was written down, if it is this server's."""
    if job.order.source != client.base:
        return
    try:
        url = client.transport.origin.resolve_file(job.url)
    except ServerFault:
        return
    bulk.end(client, url)
