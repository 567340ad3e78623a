"""The whole cohort, or nothing.

By Bulk Data export where the server offers it, by paged search where not, and by paged search for each type that the
export left out or fell short of. How each type is proved whole:

- the server counts it before and after (``_summary=count``);
- a **bulk** file must have the rows the manifest speaks of, and all files of a type together a number of rows from the
  smaller to the larger of the two counts: a live server may have gained or lost rows meanwhile (but not all of them:
  that is a search index being rebuilt). Outside of that, or unequal to the counts where the export reports an error
  that names nobody, the type is read again by search;
- a **search** must add up to the totals its own pages give, and to the two counts as above;
- a type that did not come is **absent** only when the server counts none of it and a search shows none.

What changed since an instant and what belongs to a Group is proved otherwise:

- **since**: the server counts what carries a stamp from then on (``_lastUpdated``), before and after. The export must
  not have fewer rows than the smaller of the two counts: a record may have been deleted meanwhile. It may have more:
  a server may add what it keeps no stamps of. A type that falls short, or of which nothing came, is asked for by
  search, unless the server cannot search so and counts none; where the export reports an error that names nobody, so
  is every type;
- **group**: the server counts nothing of it, so the files are held to the manifest's counts, their lines and their
  lengths. What is nobody's (Slots, Locations, …) is no part of such an export and is read by search, whole; an error
  that names nobody fails the pull.

Not seen by this: as many rows gained as lost between two pages of one search. A server that keeps a search's result
set still (HAPI does) or gives pages in the order of ids, as we ask it to, makes that harmless.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from outreach.errors import PullIncomplete, ServerFault
from outreach.fhir.bulk import Kickoff, Poll
from outreach.fhir.client import FhirClient
from outreach.pull.export import Progress
from outreach.pull.kept import Order
from outreach.pull.landing import commit, landing_part
from outreach.pull.manifest import Manifest
from outreach.pull.pulling import Pulling


def pull(
    client: FhirClient,
    types: Sequence[str],
    landing: Path,
    *,
    since: str | None = None,
    group: str | None = None,
    patients: Sequence[str] = (),
    prefer_bulk: bool = True,
    kickoff: Kickoff = "auto",
    progress: Progress | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    poll: Poll = Poll(),  # noqa: B008  frozen
) -> Manifest:
    """Lands every resource of ``types`` as NDJSON in the new folder ``landing``, with its manifest.

    Folders have mode 0700, files 0600. The folder appears when all of it is there and on the disk; after any failure
    there is nothing. A process that is killed leaves ``<landing>.part``: the next pull of the same landing, server,
    types, ``since`` and ``group`` goes on with the same export and fetches the files that are missing, within 12 hours.
    Memory does not grow with a type's size on the bulk way, and by one hash a row on the search way.

    Args:
        since: only what changed at or after this instant, in UTC with Z. What was deleted is known only where the
            export tells it, and not on the search way.
        group: only the records of this Group's members, by export alone.
        patients: of these members alone, by id; needs ``group``. A server may give more.
        progress: may be told by several threads.

    Raises:
        PullIncomplete: not all of it could be had, with one sentence that says why.
        ServerRefused: the login or a scope was refused, the server is not R4, or does not export the Group so.
    """
    order = Order(client.base, tuple(dict.fromkeys(types)), since or "", group or "", tuple(patients))
    try:
        with landing_part(landing) as part:
            manifest = Pulling(client, order, part, progress or (lambda type_, rows: None), now, poll, kickoff).run(
                prefer_bulk or group is not None
            )
            commit(part, landing, manifest)
            return manifest
    except ServerFault as fault:
        raise PullIncomplete(f"{fault} Nothing was kept.") from None
    except OSError as error:
        raise PullIncomplete(f"The landing folder could not be written: {error.strerror}.") from None
