"""What the server has, landed as files: the whole cohort, or nothing."""

from outreach.fhir.bulk import Poll
from outreach.pull.export import Progress
from outreach.pull.left import put_away
from outreach.pull.manifest import LandedFile, Manifest, read_manifest
from outreach.pull.pulling import OF_NOBODY
from outreach.pull.whole import pull

__all__ = ["OF_NOBODY", "LandedFile", "Manifest", "Poll", "Progress", "pull", "put_away", "read_manifest"]
