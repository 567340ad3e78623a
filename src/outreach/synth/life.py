"""A life while it is being planned: a person, and facts each held by one of the person's records."""

from __future__ import annotations

import random
from datetime import date

from outreach.synth.days import birthday, born_within, plus_days
from outreach.synth.facts import Fact
from outreach.synth.moments import began, began_about, began_sometime
from outreach.synth.origins import born_in
from outreach.synth.people import Person


class Life:
    """What the archetypes add to. ``holders`` is 1 + the number of records merged into this person's."""

    def __init__(self, person: Person, as_of: date, draw: random.Random, holders: int = 1) -> None:
        self.person = person
        self.as_of = as_of
        self.draw = draw
        self.holders = holders
        self.facts: list[tuple[int, Fact]] = []
        self.cirrhosis = False
        self.liver_labs = False  #: the archetype has planned bilirubin, albumin and INR itself
        self.afp_planned = False
        self._begins: list[date] = []

    def add(self, *facts: Fact) -> None:
        """Plan facts. Of a merged person's, the first goes to the record merged away longest ago."""
        for fact in facts:
            holder = self.draw.randrange(self.holders) if self.facts else self.holders - 1
            self.facts.append((holder, fact))

    def add_here(self, *facts: Fact) -> None:
        """Plan facts on the surviving record: what the clinic itself writes."""
        self.facts.extend((0, fact) for fact in facts)

    # --- who it is

    def aged(self, age: int) -> None:
        """Make the person ``age`` years old, some days from any birthday."""
        self.born(born_within(age, self.as_of, self.draw))

    def born(self, birth: date, text: str | None = None) -> None:
        """Set the birth date; ``text`` is how it is written (default in full, "" not at all)."""
        self.person.birth = birth
        self.person.birth_text = birth.isoformat() if text is None else text

    def from_one_of(self, countries: tuple[str, ...]) -> None:
        """Record a birthplace among ``countries``, with a family background that fits."""
        self.person.country, self.person.origin = born_in(countries, self.draw.random())

    # --- since when

    def dated(self, day: date) -> str:
        """Members for a condition that began on ``day`` exactly."""
        self._begins.append(day)
        return began(self.draw, day)

    def dated_about(self, day: date) -> str:
        """Members for a condition dated to the month or year of ``day``."""
        text, low = began_about(self.draw, day)
        self._begins.append(low)
        return text

    def undated(self) -> str:
        """Members for a condition without a date."""
        return began_sometime(self.draw)

    def since(self, age: int, known_birth: date | None = None) -> date:
        """The day first at risk: the birthday of the group's age, or the earliest dated condition if later."""
        return max([birthday(known_birth or self.person.birth, age), *sorted(self._begins)[:1]])

    def ago(self, fewest: int, most: int) -> date:
        """A day between so many days ago."""
        return plus_days(self.as_of, -self.draw.randint(fewest, most))
