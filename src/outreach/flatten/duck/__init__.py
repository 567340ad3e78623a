"""DuckDB's side of ``columns``: each declaration as one SELECT. Another engine gets a folder beside this one."""

from outreach.flatten.duck.macros import MACROS
from outreach.flatten.duck.query import layers, losing, select
from outreach.flatten.duck.source import LONGEST_LINE

__all__ = ["LONGEST_LINE", "MACROS", "layers", "losing", "select"]
