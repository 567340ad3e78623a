"""A synthetic population: truth planted first, then the records that bear it out.

It shares no code with what it is there to judge.
"""

from outreach.synth.write import SynthReport, generate

__all__ = ["SynthReport", "generate"]
