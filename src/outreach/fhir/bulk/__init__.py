"""Bulk Data exports: started, waited for, read, and ended.

One client for the version in the field (2), the paged manifests of version 3, and the coming version 4, which starts by
POST alone, speaks of ``outcome`` for ``error``, and answers every poll with 200.

Sources: https://hl7.org/fhir/uv/bulkdata/STU2/export.html, https://hl7.org/fhir/uv/bulkdata/STU3/export.html, and for
version 4 https://build.fhir.org/ig/HL7/bulk-data/ (a draft).
"""

from outreach.fhir.bulk.export import BulkFile, Export
from outreach.fhir.bulk.files import fetch
from outreach.fhir.bulk.job import end, wait
from outreach.fhir.bulk.kickoff import Kickoff, offers_export, start
from outreach.fhir.bulk.patience import Poll

__all__ = ["BulkFile", "Export", "Kickoff", "Poll", "end", "fetch", "offers_export", "start", "wait"]
