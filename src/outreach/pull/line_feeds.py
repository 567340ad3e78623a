"""Where the line feeds of a chunk are: what every other look at its lines begins with, so it is to cost little."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

LINE_FEED = 10
WORD = 8  #: bytes looked at together, once it is known which of them are line feeds
SMALL = 1 << 16  #: bytes of a chunk for which that does not pay

Places = npt.NDArray[np.int64]


class LineFeeds:
    """Finds line feeds, chunk after chunk, in the same memory: to get new memory for each costs more than to look.

    Most words hold none, and are passed over eight bytes at a time.
    """

    def __init__(self) -> None:
        self._is_feed, self._any = np.zeros(0, np.bool_), np.zeros(0, np.bool_)

    def places(self, chunk: bytes) -> Places:
        """Where they are, in order."""
        held = np.frombuffer(chunk, np.uint8)
        if len(chunk) < SMALL:
            return np.flatnonzero(held == LINE_FEED)
        words = self._feeds_of(held).view(np.uint64)
        found = np.flatnonzero(np.not_equal(words, 0, out=self._any[: len(words)]))
        feeds = np.flatnonzero(words[found].view(np.bool_))
        places: Places = found[feeds >> 3] * WORD + (feeds & 7)
        return places

    def _feeds_of(self, held: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
        """Of each byte whether it is one, in whole words."""
        words = -(-len(held) // WORD)
        if len(self._any) < words:
            self._is_feed, self._any = np.zeros(words * WORD, np.bool_), np.zeros(words, np.bool_)
        feeds = self._is_feed[: words * WORD]
        np.equal(held, LINE_FEED, out=feeds[: len(held)])
        feeds[len(held) :] = False
        return feeds
