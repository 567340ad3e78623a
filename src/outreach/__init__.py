"""outreach: an equity-focused screening outreach engine.

Read ``nightly.py`` first: it is the only module that knows the order of the night.
"""

__version__ = "0.1.0"
