"""A question about a night's files shares nothing with what else the process asks of DuckDB."""

from __future__ import annotations

import duckdb

from outreach.domain.query import ask, quoted


def test_an_answer_left_half_read_elsewhere_stops_no_question_and_no_question_stops_another():
    with duckdb.connect() as elsewhere:
        half = elsewhere.execute("SELECT * FROM range(10)")
        assert half.fetchone() == (0,)
        assert ask("SELECT $a + 1, 'x'", {"a": 1}) == [(2, "x")]
        assert len(half.fetchall()) == 9


def test_a_file_is_that_file_and_no_pattern(tmp_path):
    for name in ("x1", "x[1]", "it's", "a{b}*"):
        (tmp_path / name).mkdir()
        with duckdb.connect() as db:
            file = str(tmp_path / name / "t.parquet").replace("'", "''")
            db.execute(f"COPY (SELECT '{name.replace(chr(39), chr(39) * 2)}' AS home) TO '{file}'")
    for folder in tmp_path.iterdir():
        file = folder / "t.parquet"
        assert ask("SELECT home FROM read_parquet($file)", {"file": file}) == [(folder.name,)]
        assert ask(f"SELECT home FROM read_parquet({quoted(file)})", {}) == [(folder.name,)]  # noqa: S608


def test_no_rows_are_an_empty_list():
    assert ask("SELECT 1 WHERE $no", {"no": False}) == []
