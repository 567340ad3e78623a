"""Apache Spark, where a site has it (extra ``spark``): what it needs of a machine, and a session."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from outreach.errors import Refused

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOCAL = "local[*]"  #: in this process, on all its cores
MEMORY = "2g"
_JAVA = range(17, 24)  #: Spark 4.0 needs 17, and a call of its Hadoop is gone from 24

_ALWAYS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # What the two engines must have in common: see flatten.spark and assess.spark.
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "false",  # a NULL for what does not cast, as on DuckDB
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.files.openCostInBytes": "134217728",  # as much as a block may hold: each block is a part of its own
    "spark.sql.files.maxPartitionBytes": "134217728",
}
_ALONE = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}


def missing() -> str:
    """What this machine lacks to run Spark, and what to do; "" for nothing."""
    if find_spec("pyspark") is None:
        return "Spark's library is not installed. Install it: pip install 'outreach[spark]'"
    found = _java()
    if found is None:
        return "there is no Java, which Spark runs on. Install Java 17 and put it on PATH, or set JAVA_HOME."
    if found not in _JAVA:
        return f"this is Java {found}, and Spark runs on 17 or 21. Install one of them and set JAVA_HOME to it."
    return ""


def require() -> None:
    """Refuse where something is missing.

    Raises:
        Refused: what, and what to do (exit 2).
    """
    if lacks := missing():
        raise Refused(f"engine: spark cannot run here: {lacks} Or set engine: duckdb.")


def _java() -> int | None:
    """The version of the Java that Spark would start."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which(str(Path(home) / "bin" / "java") if home else "java")
    if java is None:
        return None
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False, timeout=60).stderr  # noqa: S603
    version = re.search(r'version "(?:1\.)?(\d+)', told)
    return int(version[1]) if version else None


def address(path: Path, *, pattern: bool = True) -> str:
    """A path as Hadoop reads it: on the disk, whatever the cluster's own file system is.

    ``pattern``: where some characters of a path would be one, as in all that reads.
    """
    return "file:" + "".join(f"\\{c}" if pattern and c in "\\*?[]{}" else c for c in str(path))


def session(master: str = LOCAL, memory: str = MEMORY) -> SparkSession:
    """The session of this process; where there is one, that.

    Args:
        master: Spark's address of its cluster; ``local[2]``: two cores of this machine, on loopback alone.
        memory: of the driver, which in local mode does all the work.

    Raises:
        Refused: Spark or Java is missing (exit 2).
    """
    require()
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("outreach").config("spark.driver.memory", memory)
    for name, value in (_ALWAYS | (_ALONE if master.startswith("local") else {})).items():
        builder = builder.config(name, value)
    made: SparkSession = builder.getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    return made
