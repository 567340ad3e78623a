"""The settings of a demo: live, on this machine, with the draft rule allowed to invite synthetic people."""

from __future__ import annotations

from pathlib import Path

_TEMPLATE = """\
# Settings that outreach demo wrote. The people are synthetic; the server is on this machine.
server: {{url: "{server}"}}
site: {{name: Riverton Health Network, phone: "215-555-0100", organization: Organization/org-0, time_zone: {zone}}}
mode: live
allow_draft_on_loopback: true     # the rule is a draft: here it may invite, because nobody is real
programmes:
  - rule: hcc-surveillance
    clinic: {{horizon_days: 21, longest_wait_minutes: 120, notice_hours: 24, fasting_hours: 6}}
portal: {{identifier_system: "urn:outreach:portal-account"}}
home: home
"""


def write_demo_settings(path: Path, server: str, zone: str) -> None:
    """Write them, readable by their owner."""
    path.write_text(_TEMPLATE.format(server=server, zone=zone), encoding="utf-8")
    path.chmod(0o600)
