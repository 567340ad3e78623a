"""The command line: a contract. Only this room exits."""

from outreach.cli.main import main

__all__ = ["main"]
