"""Several pieces of work at a time, of which one failure stops the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from threading import Event
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def together(work: Callable[[T, Event], R], items: Iterable[T], hands: int) -> list[R]:
    """Does the work for every item, ``hands`` at a time; the results in the order of the items.

    The first failure is raised, once the others have seen by the event that they are to stop.
    """
    stop = Event()
    with ThreadPoolExecutor(hands, "pull") as pool:
        tasks = [pool.submit(work, item, stop) for item in items]
        try:
            for task in as_completed(tasks):
                task.result()
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [task.result() for task in tasks]
