"""An earlier preview, read back from its JSON: did the version to be signed find whom it expects?"""

from __future__ import annotations

import json
from pathlib import Path

from outreach.errors import at_file
from outreach.rulebook.model import Rule


def found_expected(path: Path, rule: Rule) -> bool:
    """What a preview of exactly this content said of the number at risk.

    Raises:
        Refused: the file is no preview, or one of another content.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8").strip().splitlines()[-1])
    except (OSError, ValueError, IndexError) as error:
        raise at_file(path, "this is not what outreach preview --json wrote", "not-a-preview") from error
    if not isinstance(told, dict) or told.get("hash") != rule.hash:
        what = f"this preview is not of the rule “{rule.name}” as it is now"
        raise at_file(path, what, "other-content", "Make it again: outreach preview … --json > FILE")
    return told.get("within_expected") is True
