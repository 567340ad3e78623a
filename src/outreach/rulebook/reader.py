"""Reading located YAML into words of the domain, gathering every problem instead of stopping at the first."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from outreach.domain.units import IN_CANONICAL
from outreach.errors import Problem, Refused
from outreach.rulebook.nearest import suggestion
from outreach.rulebook.patterns import NAME
from outreach.rulebook.tree import Located, Mapping, Scalar, Sequence, Source, Text
from outreach.rulebook.units import written

MOST_TOLD = 100


def _as_a_number(value: Scalar) -> str:
    """How to write what has more in it than a number."""
    if isinstance(value, str) and (found := re.fullmatch(r"([-+]?\d+(?:\.\d+)?) *(.+)", value.strip())):
        number, unit = found.groups()
        if unit in IN_CANONICAL:
            return f"Write {number}, and beside it “{written(unit)}”."
        if unit[0].isalpha():
            return f"Write {number}, without “{unit}”."
    return "Write it without quotes and without a unit."


class Reader:
    """One file being read. ``problems`` and ``remarks`` grow; ``done`` raises if there are problems."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.remarks: list[Problem] = []

    def remark(self, at: Located, what: str, name: str, hint: str) -> None:
        """Tell what an author may want to know, and refuse nothing for it."""
        self.remarks.append(replace(self.source.problem(at, what, name, hint), level="remark"))

    def say(self, at: Located, what: str, name: str, hint: str = "") -> None:
        """Tell one problem.

        Raises:
            Refused: it is one too many; nobody reads a hundred.
        """
        self.problems.append(self.source.problem(at, what, name, hint))
        if len(self.problems) >= MOST_TOLD:
            more = self.source.problem(at, "there may be more problems", "too-many-problems", "Mend these first.")
            raise Refused([*self.problems, more])

    def done(self) -> None:
        if self.problems:
            raise Refused(self.problems)

    def mapping(
        self, at: Located | None, known: Collection[str] | None, what: str, required: Collection[str] = ()
    ) -> Mapping | None:
        """``at`` as a mapping with only known keys (None: any) and all required ones."""
        if not isinstance(at, Mapping):
            if at is not None:
                empty = isinstance(at, Text) and at.value is None
                hint = "Write them below it, two spaces in, or take it away." if empty else "Write {key: value, …}."
                self.say(at, f"{what} must be written as keys and values", "not-a-mapping", hint)
            return None
        for key, _ in at.pairs:
            if known is not None and key.value not in known:
                self.say(key, f"{what} has no key “{key.value}”", "unknown-key", suggestion(str(key.value), known))
        for name in required:
            if at.get(name) is None:
                self.say(at, f"{what} lacks the key “{name}”", "missing-key", f"Add {name}:.")
        return at

    def items(self, at: Located | None, what: str) -> Iterator[Located]:
        """The items of a list; a single value counts as a list of one."""
        if isinstance(at, Sequence):
            yield from at.items
        elif isinstance(at, Text):
            yield at
        elif at is not None:
            self.say(at, f"{what} must be a list", "not-a-list", "Write [a, b], or a line with a dash for each.")

    def word(
        self, at: Located | None, what: str, known: Collection[str] | None = None, name: str = "unknown-word"
    ) -> str:
        """A non-empty text, one of ``known`` if given; "" after a problem or when absent."""
        if at is None:
            return ""
        if known is not None and isinstance(at, Text) and isinstance(at.value, bool):
            said, meant = str(at.value).lower(), "yes" if at.value else "no"
            self.say(at, f"{what} “{said}” is not known", name, suggestion(meant if meant in known else said, known))
            return ""
        if not isinstance(at, Text) or not isinstance(at.value, str) or not at.value.strip():
            self.say(at, f"{what} must be text", "not-text", "Put it in quotes if it looks like a number.")
            return ""
        if known is not None and at.value not in known:
            self.say(at, f"{what} “{at.value}” is not known", name, suggestion(at.value, known))
            return ""
        return at.value

    def new_name(self, at: Located, what: str) -> str:
        """A name the author gives; "" after a problem."""
        word = self.word(at, what)
        if word and not re.fullmatch(NAME, word):
            hint = "Use small letters, digits and hyphens, like “hepatitis-b-score”."
            self.say(at, f"“{word}” cannot be {what}", "odd-name", hint)
            return ""
        return word

    def words(self, at: Located | None, what: str, known: Collection[str] | None = None) -> tuple[str, ...]:
        return tuple(word for item in self.items(at, what) if (word := self.word(item, what, known)))

    def number(self, at: Located | None, what: str, low: float = 0.0, high: float = 1e9) -> float | None:
        """A number within bounds; None after a problem or when absent."""
        if at is None:
            return None
        value = at.value if isinstance(at, Text) else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.say(at, f"{what} must be a number", "not-a-number", _as_a_number(value))
            return None
        if not low <= value <= high:
            self.say(at, f"{what} must lie between {low:g} and {high:g}", "out-of-range", "Is a digit too many?")
            return None
        return float(value)

    def whole(self, at: Located | None, what: str, low: int = 0, high: int = 10**9) -> int | None:
        value = self.number(at, what, low, high)
        if value is not None and at is not None and not value.is_integer():
            self.say(at, f"{what} must be a whole number", "not-whole", "Write it without a fraction.")
            return None
        return None if value is None else int(value)

    def flag(self, at: Located | None, what: str, default: bool) -> bool:
        if at is None:
            return default
        if isinstance(at, Text) and isinstance(at.value, bool):
            return at.value
        self.say(at, f"{what} must be true or false", "not-true-or-false", "Write true or false, without quotes.")
        return default
