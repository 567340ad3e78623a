"""Two published measures in the rule language: all 116 public test patients agree on every population.

The patients and the value sets lie beside the checkout, in ``../shared/data/cms-2025.tar.xz``; without them this is
skipped. The value sets hold codes with terms of their own: they never become part of the project.
"""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from outreach.cli.main import main

MEASURES = Path(__file__).resolve().parents[1] / "measures"
ARCHIVE = Path(__file__).resolve().parents[3] / "shared" / "data" / "cms-2025.tar.xz"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive, unpacked."""
    if not ARCHIVE.exists():
        pytest.skip(f"{ARCHIVE.name} is not beside the checkout (../shared/data): real data is not part of the project")
    folder = tmp_path_factory.mktemp("cms")
    with tarfile.open(ARCHIVE) as tar:
        tar.extractall(folder, filter="data")
    return folder / "cms2025"


@pytest.mark.parametrize(
    ("rule", "measure", "counts"),
    [
        ("cms125.yaml", "BreastCancerScreeningFHIR", (54, 28, 2)),
        ("cms130.yaml", "ColonCancerScreeningFHIR", (51, 17, 8)),
    ],
)
def test_every_public_case_agrees(published, capsys, rule, measure, counts):
    where = ["--rule", str(MEASURES / rule), "--cases", str(published / measure)]
    status = main(["verify", *where, "--valuesets", str(published / "valuesets"), "--json"])
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (status, told["cases"], told["agreeing"], told["differences"]) == (0, 58, 58, [])
    shown = ("initial-population", "denominator-exclusion", "numerator")
    assert tuple(told["populations"][name]["found"] for name in shown) == counts
