"""The planted truth has calendar arithmetic of its own: it must agree with the engine's on every day."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from outreach.domain import calendar
from outreach.synth import days
from outreach.synth.scans import months_before

DAYS = st.dates(date(1925, 1, 1), date(2120, 12, 31))


@given(DAYS, st.integers(-400, 400))
def test_months_are_added_alike(day: date, months: int) -> None:
    sign = 1 if months >= 0 else -1
    assert days.plus_months(day, months) == calendar.add(day, calendar.Period(abs(months), "months"), sign)


@given(DAYS, st.integers(0, 110))
def test_birthdays_fall_alike(birth: date, age: int) -> None:
    assert days.birthday(birth, age) == calendar.on_birthday(birth, age)


@given(DAYS, st.integers(1, 99))
def test_the_last_birth_date_for_an_age_is_a_day_away_from_one_day_short(day: date, age: int) -> None:
    born = days.born_exactly(age, day)
    assert born == calendar.latest_birth_for_age(age, day)
    assert days.age_on(born, day) == age
    assert days.age_on(days.plus_days(born, 1), day) == age - 1


@given(DAYS, st.integers(1, 12))
def test_the_day_so_many_months_before_is_the_last_that_reaches_no_further(target: date, months: int) -> None:
    day = months_before(target, months)
    assert days.plus_months(day, months) <= target < days.plus_months(days.plus_days(day, 1), months)
