"""Apache Spark's side of ``columns``: the lines it reads as DuckDB does; all others go to DuckDB on the driver.

Start at ``reading``. ``certain`` says which lines these are, ``query`` makes the rows, ``dialect`` turns DuckDB's
expressions into Spark's: nothing of a table is declared, and no cast written, twice.
"""

from outreach.flatten.spark.reading import SparkReader

__all__ = ["SparkReader"]
