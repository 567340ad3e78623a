"""Every way the engine refuses, each with the exit status the command line gives it.

A message says what is wrong, where, and what to do. It never holds patient data: no name, no
resource body, no search string. Only ``cli`` turns one of these into an exit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


class OutreachError(Exception):
    """What every refusal of ours is. ``exit_status`` is the contract of the command line."""

    exit_status = 70


@dataclass(frozen=True)
class Problem:
    """One mistake in a file somebody wrote.

    ``line`` and ``column`` count from 1; 0 means the file as a whole. ``name`` is the stable name of
    the kind of mistake ("unknown-key"), ``hint`` says what to do. A remark is no mistake: it refuses nothing.
    """

    file: str
    line: int
    column: int
    what: str
    name: str
    hint: str = ""
    width: int = 1
    source: str = field(default="", compare=False)
    level: Literal["error", "remark"] = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        text = f"{place}: {self.level}: {self.what} [{self.name}]"
        if self.source:
            text += f"\n   |\n   | {self.source}\n   | {' ' * (self.column - 1)}{'^' * max(self.width, 1)}"
        return text + (f"\n   = {self.hint}" if self.hint else "")


class CheckFailed(OutreachError):
    """A case or a comparison came out otherwise than its author said."""

    exit_status = 1


class Refused(OutreachError):
    """A rule, template or setting is wrong. Nothing was contacted."""

    exit_status = 2

    def __init__(self, problems: list[Problem] | str) -> None:
        self.problems = [] if isinstance(problems, str) else list(problems)
        super().__init__(problems if isinstance(problems, str) else "\n\n".join(map(str, problems)))


class PullIncomplete(OutreachError):
    """The server did not give the whole cohort. Nothing was sent."""

    exit_status = 3


class LeaseHeld(OutreachError):
    """Another run is at work on this ledger."""

    exit_status = 4


class ServerRefused(OutreachError):
    """The server refuses the login, lacks a scope, or cannot do what the settings ask. Nothing was sent."""

    exit_status = 5


class NoRoom(OutreachError):
    """The machine has too little memory or disk for the work."""


class Stopped(OutreachError):
    """A guard or the stop switch ended the run."""

    exit_status = 6


class NotWhole(OutreachError):
    """Something was sent but the night is not whole: run it again."""

    exit_status = 7


class ServerFault(OutreachError):
    """One exchange with the server failed: away, an error status, a cut or lying answer, another origin.

    ``pull`` turns it into PullIncomplete; ``post`` into an outcome in the ledger.
    """

    exit_status = 3


class LostRace(ServerFault):
    """The server refused our version of a resource (409 or 412): somebody else was first."""


class OutcomeUnknown(ServerFault):
    """A write may or may not have happened: the answer was lost. Read back before anything else."""


class SeveralMatch(ServerFault):
    """A conditional create met several resources with our key: stop and alarm. (HL7 http.html#ccreate)"""


def at_file(path: Path, what: str, name: str, hint: str = "") -> Refused:
    """A refusal about a file as a whole."""
    return Refused([Problem(str(path), 0, 0, what, name, hint)])
