"""Where the shipped rules, templates and notebooks are: inside the installed package, or in a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from outreach.errors import OutreachError


def shipped(kind: Literal["rules", "templates", "notebooks"]) -> Path:
    """The folder of one kind of content.

    Raises:
        OutreachError: the package was built without it.
    """
    here = Path(__file__).resolve().parent
    for folder in (here / "_content" / kind, here.parents[1] / kind):
        if folder.is_dir():
            return folder
    raise OutreachError(f"the package does not hold its {kind}; install it again")
