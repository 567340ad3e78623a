"""What reads a night's landing and works out its rules: DuckDB in this process, or Spark where the settings say so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from outreach.assess import DuckEngine, Engine
from outreach.flatten import Base, FlattenReport, flatten
from outreach.settings import Settings, Spark
from outreach.spark import require, session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


class Engines(Protocol):
    """The two heavy parts of a night. Whichever it is, the tables and the answers are the same."""

    def flatten(
        self, landing: Path, tables: Path, *, base: Base | None = None, within: str = "", known: Path | None = None
    ) -> FlattenReport:
        """As ``outreach.flatten.flatten``."""

    @contextmanager
    def assessing(self, tables: Path) -> Iterator[Engine]:
        """The engine of rules over a night's tables."""

    def close(self) -> None:
        """Give back what the night has taken."""


class OnDuckDB:
    """On this machine, in this process."""

    def flatten(
        self, landing: Path, tables: Path, *, base: Base | None = None, within: str = "", known: Path | None = None
    ) -> FlattenReport:
        return flatten(landing, tables, base=base, within=within, known=known)

    @contextmanager
    def assessing(self, tables: Path) -> Iterator[Engine]:
        engine = DuckEngine(tables)
        try:
            yield engine
        finally:
            engine.close()

    def close(self) -> None:
        """Nothing is kept between the two."""


class OnSpark:
    """By one session, started where it is first needed: a night is pulled before, and that can take hours.

    A session that this process has already is taken, and left to whoever started it.

    Raises:
        Refused: Spark or Java is missing.
    """

    def __init__(self, settings: Spark) -> None:
        require()
        self.settings = settings
        self._started: SparkSession | None = None
        self._own = False

    def flatten(
        self, landing: Path, tables: Path, *, base: Base | None = None, within: str = "", known: Path | None = None
    ) -> FlattenReport:
        from outreach.flatten.spark import SparkReader

        return flatten(landing, tables, base=base, within=within, known=known, engine=SparkReader(self._session))

    @contextmanager
    def assessing(self, tables: Path) -> Iterator[Engine]:
        from outreach.assess.spark import SparkEngine

        yield SparkEngine(tables, self._session)

    def close(self) -> None:
        if self._started is not None and self._own:
            self._started.stop()

    @property
    def _session(self) -> SparkSession:
        if self._started is None:
            from pyspark.sql import SparkSession

            self._own = SparkSession.getActiveSession() is None
            self._started = session(self.settings.master, self.settings.memory)
        return self._started


def engines(settings: Settings) -> Engines:
    """What the settings ask for."""
    return OnSpark(settings.spark) if settings.engine == "spark" else OnDuckDB()
