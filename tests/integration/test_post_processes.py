"""Processes that die where they are told to."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable

from outreach.errors import OutreachError
from outreach.post import Checkpoint


def in_child(work: Callable[[], None]) -> int:
    """Run something in a forked process; the exit status, or minus the signal that ended it."""
    pid = os.fork()
    if pid == 0:
        status = 99
        try:
            work()
            status = 0
        except OutreachError as refusal:
            status = refusal.exit_status
        except BaseException:  # noqa: BLE001  the child must end here, whatever it is
            traceback.print_exc()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class DieAt:
    """A checkpoint that kills its process at the nth time one name is reached; counts them all."""

    def __init__(self, at: Checkpoint | None = None, nth: int = 1) -> None:
        self.at, self.nth = at, nth
        self.seen: list[Checkpoint] = []

    def __call__(self, name: Checkpoint) -> None:
        self.seen.append(name)
        if name is self.at and self.seen.count(name) == self.nth:
            die()
