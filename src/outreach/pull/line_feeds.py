"""Where the line feeds of a chunk are: what every other look at its lines begins with, so it is to cost little."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

LINE_FEED = 10
WORD = 8  #: bytes looked at together, once it is known which of them are line feeds

Places = npt.NDArray[np.int64]


class LineFeeds:
    """Finds line feeds, chunk after chunk, in the same memory: to get new memory for each costs more than to look.

    Most words hold none, and are passed over eight bytes at a time.
    """

    def __init__(self) -> None:
        self._is_feed, self._any = np.zeros(0, np.bool_), np.zeros(0, np.bool_)

    def places(self, chunk: bytes) -> Places:
        """Where they are, in order."""
        self._have_room_for(len(chunk))
        np.equal(np.frombuffer(chunk, np.uint8), LINE_FEED, out=self._is_feed[: len(chunk)])
        self._is_feed[len(chunk) :] = False
        words = self._is_feed.view(np.uint64)
        np.not_equal(words, 0, out=self._any)
        found = np.flatnonzero(self._any)
        feeds = np.flatnonzero(words[found].view(np.bool_))
        places: Places = found[feeds >> 3] * WORD + (feeds & 7)
        return places

    def _have_room_for(self, length: int) -> None:
        words = -(-length // WORD)
        if len(self._any) != words:
            self._is_feed, self._any = np.zeros(words * WORD, np.bool_), np.zeros(words, np.bool_)
