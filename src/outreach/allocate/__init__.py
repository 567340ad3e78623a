"""Allocate: which overdue person is offered which free slot, at the optimum, with every tie-break written.

Pure: no clock, no network; ``now`` and ``seed`` come in. It proposes; ``post`` holds.
"""

from outreach.allocate.allocation import Allocation, allocate
from outreach.allocate.feasible import REASONS
from outreach.allocate.policy import Draw, Need, Policy

__all__ = ["REASONS", "Allocation", "Draw", "Need", "Policy", "allocate"]
