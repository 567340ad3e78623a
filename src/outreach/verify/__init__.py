"""verify: run a rule on published measure test patients and compare every population."""

from outreach.verify.run import Result, Verified, verify

__all__ = ["Result", "Verified", "verify"]
