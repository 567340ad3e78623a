"""What the server has, landed as files: the whole cohort, or nothing."""

from outreach.fhir.bulk import Poll
from outreach.pull.manifest import LandedFile, Manifest, read_manifest
from outreach.pull.whole import Progress, pull

__all__ = ["LandedFile", "Manifest", "Poll", "Progress", "pull", "read_manifest"]
