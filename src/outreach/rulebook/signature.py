"""What an approver signs: the content of a rule and of the codes it uses, whatever its layout and comments."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping as Map
from dataclasses import asdict

from outreach.rulebook.located import Located, Mapping, Sequence, Text, read_bytes
from outreach.rulebook.terms import ValueSet

#: What signing itself writes, and so is not signed.
UNSIGNED_KEYS = (
    *("status", "approved_by", "approved_on", "approved_hash"),
    *("reviewed_by", "reviewed_on", "retired_by", "retired_on"),
)


def content_hash(text: str, value_sets: Map[str, ValueSet]) -> str:
    """As ``hash_of``, of the text of a rule file.

    Raises:
        Refused: the text is not such a file.
    """
    return hash_of(read_bytes(text.encode(), "rule")[1], value_sets)


def hash_of(top: Mapping, value_sets: Map[str, ValueSet]) -> str:
    """SHA-256 over a rule's parsed content without its status and signature, and over its value sets.

    Comments, layout and the title or meaning of a value set do not count; order does, for the first line
    that fits is the reason given.

    Args:
        top: the rule file as it was read.
        value_sets: every one that the rule uses, by name.

    Returns:
        64 hexadecimal digits.
    """
    signed = [[str(key.value), _plain(at)] for key, at in top.pairs if key.value not in UNSIGNED_KEYS]
    codes = [_codes(name, value_sets[name]) for name in sorted(value_sets)]
    return hashlib.sha256(json.dumps([signed, codes], ensure_ascii=False).encode()).hexdigest()


def _plain(at: Located) -> object:
    """Values as JSON keeps them apart; a mapping as pairs, in order."""
    if isinstance(at, Mapping):
        return {"pairs": [[str(key.value), _plain(value)] for key, value in at.pairs]}
    if isinstance(at, Sequence):
        return [_plain(item) for item in at.items]
    return at.value if isinstance(at, Text) else None


def _codes(name: str, found: ValueSet) -> object:
    """Whatever a value set holds but its title, whatever it comes to hold later."""
    said = asdict(found)
    del said["name"], said["title"]
    return [name, said]
