"""The dashboard, run for real on a made-up night."""

from __future__ import annotations

import json
import re
import stat
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from outreach.report.notebook import NotebookFailed, execute
from outreach.report.write import write_report
from unit.test_report_night import AS_OF, PORTAL, write_night

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "equity_dashboard.ipynb"


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """A night whose dashboard has been made, though another kernel goes by the name python3 on this machine."""
    folder = tmp_path_factory.mktemp("night")
    write_report(write_night(folder / "tables", people=1500), folder / "report", AS_OF, portal_system=PORTAL)
    imposter = folder / "jupyter" / "kernels" / "python3"
    imposter.mkdir(parents=True)
    (imposter / "kernel.json").write_text('{"argv": ["/nowhere"], "display_name": "no", "language": "python"}')
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(folder / "jupyter"))
        execute(NOTEBOOK, folder, folder / "report" / NOTEBOOK.name, AS_OF)
    return folder


@pytest.fixture(scope="module")
def page(night):
    return (night / "report" / "equity_dashboard.html").read_text(encoding="utf-8")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.images: list[dict] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.fetched += [v for name, v in attrs if name in ("src", "href", "data", "srcset") and v]
        if tag == "img":
            self.images.append(dict(attrs))


def test_the_committed_notebook_has_no_outputs_and_takes_its_parameters(tmp_path):
    committed = nbformat.read(NOTEBOOK, as_version=4)
    code = [cell for cell in committed.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    tagged = [cell for cell in code if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    assert {"night", "as_of"} <= set(re.findall(r"^(\w+) =", tagged[0].source, flags=re.MULTILINE))
    assert committed.cells[0].cell_type == "markdown"
    assert committed.cells[-1].source.startswith("## Limits")


def test_both_files_are_whole_and_for_the_owners_eyes(night):
    made = {path.name for path in (night / "report").iterdir()}
    assert made == {"care_team", "share", "equity_dashboard.ipynb", "equity_dashboard.html"}
    for name in ("equity_dashboard.ipynb", "equity_dashboard.html"):
        assert stat.S_IMODE((night / "report" / name).stat().st_mode) == 0o600


def test_the_page_fetches_nothing_and_runs_nothing(page):
    parsed = _Page()
    parsed.feed(page)
    assert "script" not in parsed.tags
    assert "link" not in parsed.tags
    assert [where for where in parsed.fetched if not where.startswith(("data:image/png;base64,", "#"))] == []
    assert "@import" not in page
    assert "url(" not in page


def test_every_question_has_its_chart_and_every_chart_says_in_words_what_it_shows(night, page):
    parsed = _Page()
    parsed.feed(page)
    assert len(parsed.images) == 5
    assert all("95%" in image["alt"] or "Dashed" in image["alt"] for image in parsed.images)
    executed = nbformat.read(night / "report" / "equity_dashboard.ipynb", as_version=4)
    pictures = [
        o for c in executed.cells if c.cell_type == "code" for o in c.outputs if "image/png" in o.get("data", {})
    ]
    assert len(pictures) == 5


def test_the_page_says_what_it_rests_on(page):
    text = re.sub(r"<[^>]+>", " ", page)
    for words in ("2026-03-01", "hcc-surveillance", "omb-1997", "overall rate", "withheld", "Limits"):
        assert words in text


def test_the_page_names_nobody(night, page):
    executed = (night / "report" / "equity_dashboard.ipynb").read_text(encoding="utf-8")
    words = re.sub(r'data:image/png;base64,[^"]*|"image/png": "[^"]*"', "", page + executed)
    assert not re.search(r"\bp\d{1,4}\b", words)


def test_a_dashboard_that_fails_says_so_without_the_nights_data_and_leaves_nothing(night, tmp_path):
    with pytest.raises(NotebookFailed) as failure:
        execute(NOTEBOOK, tmp_path, tmp_path / "page.ipynb", AS_OF)
    assert "equity_dashboard.ipynb" in str(failure.value)
    assert str(tmp_path) not in str(failure.value)
    assert list(tmp_path.iterdir()) == []


def test_a_report_of_another_night_is_not_shown_as_this_one(night, tmp_path):
    with pytest.raises(NotebookFailed):
        execute(NOTEBOOK, night, tmp_path / "page.ipynb", AS_OF.replace(year=2027))


def test_the_notebook_file_is_valid_and_belongs_to_no_machine():
    text = NOTEBOOK.read_text(encoding="utf-8")
    nbformat.validate(nbformat.reads(text, as_version=4))
    assert json.loads(text)["metadata"]["kernelspec"]["name"] == "python3"
    assert "/home/" not in text
