"""The night's dashboard: the notebook run on the night's numbers, and as one page that needs no network."""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from html import escape
from pathlib import Path

import nbformat
import papermill
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbconvert import HTMLExporter
from papermill.exceptions import PapermillException
from traitlets.config import Config

from outreach.errors import OutreachError

_CELL_SECONDS = 120  #: the longest a cell may take; the whole notebook takes about ten seconds
#: The page may fetch nothing and run nothing: https://www.w3.org/TR/CSP3/
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }}
img {{ max-width: 100%; height: auto; }}
table {{ border-collapse: collapse; margin: 1rem 0; font-size: 0.9rem; }}
th, td {{ border-bottom: 1px solid #ddd; }}
.anchor-link {{ display: none; }}
</style>
</head>
<body>
{body}
</body>
</html>
"""


class _OwnKernel(AsyncKernelManager):
    """The kernel "python3" of this very interpreter, whatever kernels the machine or the user has installed."""

    @property
    def kernel_spec(self) -> KernelSpec:
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
        )


class NotebookFailed(OutreachError):
    """The dashboard did not come out. The report's tables are not touched by it."""


def execute(notebook: Path, night: Path, out: Path, as_of: date) -> Path:
    """Run the dashboard on one night: write it to ``out`` and, as one HTML page, beside it.

    The kernel is this interpreter's own, reached over a socket file, not a port. Each file appears whole or
    not at all, for its owner's eyes only.

    Args:
        notebook: the notebook to run; it is not changed.
        night: the folder of the night, with ``report/`` in it.
        out: the executed notebook, in a folder that exists.

    Returns:
        The HTML page, ``out.with_suffix(".html")``.

    Raises:
        NotebookFailed: a cell failed or took too long. The message holds no data of the night.
    """
    page = out.with_suffix(".html")
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".notebook-") as scratch:
        part = Path(scratch) / out.name
        _run(notebook, part, {"night": str(night.resolve()), "as_of": as_of.isoformat()})
        part.with_suffix(".html").write_text(html(part), encoding="utf-8")
        for wanted in (out, page):
            made = part.with_name(wanted.name)
            made.chmod(0o600)
            made.replace(wanted)
    return page


def html(notebook: Path) -> str:
    """An executed notebook as one page: words, tables and pictures; no code, no script, nothing to fetch."""
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="basic", exclude_input=True, exclude_input_prompt=True, exclude_output_prompt=True
    )
    node = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    body, _ = exporter.from_notebook_node(node)
    return _PAGE.format(title=escape(notebook.stem.replace("_", " ").capitalize()), body=body)


def _run(notebook: Path, out: Path, parameters: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory(prefix="kernel-") as sockets:
        own = {"transport": "ipc", "connection_file": f"{sockets}/kernel.json"}
        try:
            papermill.execute_notebook(
                notebook,
                out,
                parameters,
                kernel_name="python3",
                progress_bar=False,
                execution_timeout=_CELL_SECONDS,
                kernel_manager_class=_OwnKernel,
                config=Config({"KernelManager": own}),
            )
        except (PapermillException, CellTimeoutError, DeadKernelError) as why:
            raise NotebookFailed(
                f"{notebook.name} did not run to its end ({type(why).__name__}). The report's tables are written; "
                "run the notebook by hand on the night's folder to see which cell failed."
            ) from None
