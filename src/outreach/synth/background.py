"""Records of everyday care, which the rule must not mind: drawn as arrays for a whole block of people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from outreach.synth import background_shapes as texts
from outreach.synth import shapes
from outreach.synth.background_tables import LIVER_MEASURES, MEASURES, PAYERS
from outreach.synth.days import plus_days
from outreach.synth.luck import numbers, pick
from outreach.synth.moments import offset
from outreach.synth.people import BLOCK, patient_id
from outreach.synth.places import STAFF, Home
from outreach.synth.render_facts import at_place
from outreach.synth.template import fill

_BACK = 3 * 365  #: days that everyday records go back
_AHEAD = 21
_PAST = ("fulfilled",) * 8 + ("noshow", "cancelled")
_COMING = ("booked",) * 17 + ("pending", "cancelled")
_NUMBERS = [(measure.mean, measure.spread, f"%.{measure.digits}f") for measure in (*MEASURES, *LIVER_MEASURES)]
_MEASUREMENTS, _PAST_VISITS, _COMING_VISITS = 10.4, 0.8, 0.4  #: how many a person has at scale 1


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a block's everyday records are made; ``scale`` multiplies how many there are."""

    seed: int
    block: int
    size: int
    as_of: date
    home: Home
    scale: float


def _events(setting: Setting, name: str, rate: float, kinds: int) -> Iterator[tuple[int, int, int, int, float]]:
    """(row, number within the row, kind, days back, a normal number) of each record, in row order.

    The whole block is drawn and then cut, so that a row never depends on the block's size.
    """
    rng = numbers(setting.seed, setting.block, name)
    counts = (rate * setting.scale + rng.random(BLOCK)).astype(int)
    rows = np.repeat(np.arange(BLOCK), counts)
    number = np.arange(rows.size) - np.repeat(np.cumsum(counts) - counts, counts)
    back = rng.integers(1, _BACK, rows.size)
    columns = (rows, number, rng.integers(0, kinds, rows.size), back, rng.standard_normal(rows.size))
    end = int(np.searchsorted(rows, setting.size))
    return zip(*(column[:end].tolist() for column in columns), strict=True)


def _measured(stamp: str, day: str, back: int) -> str:
    return f'"effectiveDateTime":"{stamp}","issued":"{day}T23:05:00{stamp[19:]}",'


def _performed(stamp: str, day: str, back: int) -> str:
    return f'"performedDateTime":"{stamp}",'


def _began(stamp: str, day: str, back: int) -> str:
    """Onsets in full, to the month, or to the year; some only recorded, some never dated."""
    return (
        f'"onsetDateTime":"{day}",', f'"onsetDateTime":"{day[:7]}",', f'"onsetDateTime":"{day[:4]}",',
        f'"recordedDate":"{day}",', "", f'"onsetDateTime":"{day}","recordedDate":"{day}",',
    )[back % 6]  # fmt: skip


def _nothing(stamp: str, day: str, back: int) -> str:
    return ""


#: Dated records: type, prepared texts, how many a person has at scale 1, how their date is written.
_DATED = (
    ("Condition", texts.CONDITIONS, 2.4, _began),
    ("Procedure", texts.PROCEDURE_TEXTS, 0.8, _performed),
    ("DiagnosticReport", texts.REPORT_TEXTS, 0.6, _measured),
    ("MedicationRequest", texts.MEDICATIONS, 0.8, _nothing),
)


class Everyday:
    """The everyday records of one block. What repeats within the block is written out once."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.patients = [patient_id(setting.block * BLOCK + row) for row in range(BLOCK)]
        self.staff = [setting.home.practitioner(one / STAFF) for one in range(STAFF)]
        self.ahead = [plus_days(setting.as_of, days) for days in range(_AHEAD + 1)]
        self.back = [plus_days(setting.as_of, -days) for days in range(_BACK)]
        self.days = [day.isoformat() for day in self.back]
        self.stamps = [
            f"{text}T{7 + back % 12:02d}:{back % 4 * 15 + 5:02d}:00{offset(day)}"
            for back, (text, day) in enumerate(zip(self.days, self.back, strict=True))
        ]

    def _here(self, prepared: Sequence[str]) -> list[str]:
        """The prepared texts with the block's organisation filled in."""
        return [fill(text, organization=self.setting.home.organization) for text in prepared]

    def _whens(self, written: Callable[[str, str, int], str]) -> list[str]:
        """Date members by days back."""
        return [written(stamp, day, back) for back, (stamp, day) in enumerate(zip(self.stamps, self.days, strict=True))]

    def measurements(self, judged: set[int]) -> list[str]:
        """Observations; of the rows in ``judged``, none that the rule reads."""
        made, prepared, whens = [], self._here(texts.OBSERVATIONS), self._whens(_measured)
        for row, number, kind, back, normal in _events(self.setting, "Observation", _MEASUREMENTS, len(_NUMBERS)):
            if kind >= len(MEASURES) and row in judged:
                continue
            (mean, spread, digits), patient = _NUMBERS[kind], self.patients[row]
            made.append(
                prepared[kind]
                % {
                    "id": f"{patient}-b{number}", "patient": patient, "when": whens[back],
                    "practitioner": self.staff[back % STAFF], "number": digits % abs(mean + spread * normal),
                }
            )  # fmt: skip
        return made

    def dated(self) -> Iterator[tuple[str, list[str]]]:
        """Conditions, procedures, reports and prescriptions, by type."""
        for name, texts_of, rate, written in _DATED:
            prepared, whens = self._here(texts_of), self._whens(written)
            yield name, [
                prepared[kind]
                % {
                    "id": f"{self.patients[row]}-b{number}", "patient": self.patients[row], "when": whens[back],
                    "practitioner": self.staff[back % STAFF], "on": self.days[back],
                }
                for row, number, kind, back, _ in _events(self.setting, name, rate, len(prepared))
            ]  # fmt: skip

    def visits(self, overdue: set[int]) -> list[str]:
        """Appointments gone by, and (for rows not in ``overdue``, whose visits are planned) to come."""
        made, prepared = [], self._here(texts.VISITS)
        for row, number, kind, back, _ in _events(self.setting, "past", _PAST_VISITS, len(prepared)):
            status = _PAST[back % len(_PAST)]
            made.append(prepared[kind] % self._visit(row, f"b{number}", back, self.back[back], status))
        for row, number, kind, back, _ in _events(self.setting, "coming", _COMING_VISITS, len(prepared)):
            if row not in overdue:
                day, status = self.ahead[back % _AHEAD + 1], _COMING[back % len(_COMING)]
                made.append(prepared[kind] % self._visit(row, f"n{number}", back, day, status))
        return made

    def _visit(self, row: int, name: str, back: int, day: date, status: str) -> dict[str, str]:
        zone, hour, places = offset(day), 8 + back % 9, self.setting.home.places
        return {
            "id": f"{self.patients[row]}-{name}", "patient": self.patients[row], "status": status,
            "practitioner": self.staff[back % STAFF], "place": at_place(places[back % len(places)]),
            "start": f"{day}T{hour:02d}:00:00{zone}", "end": f"{day}T{hour:02d}:40:00{zone}",
        }  # fmt: skip

    def coverages(self, elderly: Sequence[bool]) -> list[str]:
        """Who pays, for all but a few; ``elderly`` says of each row whether its person is 65 or over."""
        draws = numbers(self.setting.seed, self.setting.block, "Coverage").random(BLOCK).tolist()
        return [
            shapes.COVERAGE % self._coverage(row, draw / 0.95, old)
            for row, (draw, old) in enumerate(zip(draws, elderly, strict=False))
            if draw < 0.95
        ]

    def _coverage(self, row: int, at: float, old: bool) -> dict[str, str]:
        code, name = pick([((code, name), late if old else early) for code, name, early, late in PAYERS], at)
        patient = self.patients[row]
        return {"id": f"{patient}-b0", "patient": patient, "code": code, "shown": name, "on": self.days[int(at * 900)]}
