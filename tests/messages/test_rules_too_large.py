"""A file made to exhaust the reader is refused soon and in little memory."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path

import pytest

from outreach.errors import Refused
from outreach.rulebook.load import load

RULES = Path(__file__).parent / "rules"
BASE = (RULES / "base.yaml").read_text(encoding="utf-8")
KIB = 1024
SECONDS, MEBIBYTES = 20, 64


def _doubling(levels: int) -> str:
    """Definitions each of which uses the one before twice: 2 to the power of ``levels`` when written out."""
    lines = ["  d0: {diagnosis: cirrhosis}"]
    lines += [f"  d{n}: {{any: [{{is: d{n - 1}}}, {{not: {{is: d{n - 1}}}}}]}}" for n in range(1, levels)]
    asked = BASE.replace("{diagnosis: cirrhosis, source", f"{{is: d{levels - 1}, source")
    return asked.replace("tests:", "definitions:\n" + "\n".join(lines) + "\ntests:")


def _chain(length: int) -> str:
    lines = [f"  d{n}: {{is: d{n + 1}}}" for n in range(length)]
    return BASE.replace("tests:", "definitions:\n" + "\n".join(lines) + "\ntests:")


LARGE = {
    "ten-mebibytes": ("x: y\n" * (2 * 1024 * KIB), "too-large"),
    "nested-lists": ("a: " + "[" * 60_000, "too-deep"),
    "nested-mappings": ("{a: " * 15_000, "too-deep"),
    "nested-blocks": ("\n".join(" " * n + "a:" for n in range(300)), "too-deep"),
    "many-entries": ("a: [" + "1," * 30_000 + "]", "too-large"),
    "many-keys": ("\n".join(f"k{n}: 1" for n in range(3_000)), "too-many-problems"),
    "one-key-many-times": ("k: 1\n" * 10_000, "duplicate-key"),
    "many-documents": ("---\na: b\n" * 6_000, "several-documents"),
    "many-aliases": ("a: &a [x]\nb: [" + "*a," * 15_000 + "]", "anchor"),
    "a-billion-laughs": ("a: &a [x]\n" + "\n".join(f"b{n}: &b{n} [*a, *a, *a]" for n in range(500)), "anchor"),
    "doubling-definitions": (_doubling(500), "too-deep"),
    "a-chain-of-definitions": (_chain(2_000), "too-deep"),
    "one-long-word": ("rule: " + "a" * 60_000, "missing-key"),
    "hidden-letters": ("a: " + "\u200b" * 20_000, "invisible-character"),
    "many-quotes": ("a: " + '"' * 60_001, "yaml-syntax"),
    "many-secrets": ("\n".join(f"k{n}: Bearer {'a' * 20}" for n in range(1_500)), "secret"),
}


@pytest.mark.parametrize("name", LARGE)
def test_it_is_refused_soon_and_in_little_memory(name, tmp_path):
    """The limits are generous: what they forbid is growth without bound."""
    text, expected = LARGE[name]
    path = tmp_path / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    tracemalloc.start()
    begun = time.monotonic()
    with pytest.raises(Refused) as refusal:
        load([path], RULES / "codes")
    took, (_, peak) = time.monotonic() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert expected in {problem.name for problem in refusal.value.problems}
    assert len(str(refusal.value)) < 256 * KIB, "nobody reads more"
    assert took < SECONDS
    assert peak < MEBIBYTES * KIB * KIB
