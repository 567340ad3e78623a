"""Codes that look as if they belonged to a value set, and must not be in it."""

from pathlib import Path

import pytest

from outreach.rulebook.codes import CodeFolder

title = "What value sets leave out"


@pytest.mark.parametrize(
    ("values", "trap"),
    [
        ("cervix-absent", "Z90.711"),  # a stump of the cervix is left
        ("hysterectomy-with-cervix", "1187630003"),  # subtotal, through the vagina
        ("bilateral-breasts-absent", "Z90.11"),  # one side
        ("bilateral-mastectomy", "1279986002"),  # the nipples only
        ("breast-cancer", "Z80.3"),  # in the family
        ("colorectal-cancer", "Z80.0"),  # in the family, and of any digestive organ
        ("colonoscopy", "275251008"),  # through a sigmoidoscope
        ("colon-absent", "Z90.49"),  # also a part of the colon, or the gallbladder
        ("colorectal-adenoma", "Z86.0102"),  # hyperplastic
        ("hpv-test", "59263-4"),  # type 16 alone
        ("lung-screening-ct", "24604-1"),  # a mammogram, called a chest CT in public code
        ("current-smoker", "77176002"),  # whether now is not known
        ("ever-smoked", "266927001"),  # not known at all
        ("abdominal-aortic-aneurysm", "I71.20"),  # of the chest
        ("type-2-diabetes", "O24.410"),  # began in a pregnancy
        ("dilated-eye-exam", "252779009"),  # electroretinography
        ("dilated-eye-exam", "274795007"),  # the optic disc, called the retina in public code
        ("end-of-life-care", "Z51.5"),  # palliative care, also for people with years to live
    ],
)
def test_a_trap_is_not_in_the_value_set(rules: Path, values: str, trap: str):
    """Codes that look as if they belonged, most of them in published sets, and would change who is invited."""
    found = CodeFolder(rules / "codes").get(values)
    assert found is not None
    assert found.codes
    assert trap not in {code.code for code in found.codes}
