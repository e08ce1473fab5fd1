"""A check: one thing that a scenario expects, where it stands in the file, and how what is there is found."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from segue.core.amounts import exponent
from segue.core.base import Value
from segue.loader.problems import Place
from segue.scenario.stage import Stage


class Failure(Value):
    """An expectation that is not met."""

    file: str
    line: int
    column: int
    what: str
    expected: str
    found: str
    order: str = ""  # the id of the order that it is about

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}: {self.what}"
        return f"{place}\n    expected  {self.expected}\n    found     {self.found}"


def same(expected: Any, found: Any) -> bool:
    """Whether what is found is what is expected."""
    return bool(expected == found)


class Check(NamedTuple):
    """One thing that is expected."""

    place: Place
    what: str
    expected: Any
    look: Callable[[Stage], Any]
    meets: Callable[[Any, Any], bool] = same
    order: str = ""  # the id of the order that it is about

    def failure(self, stage: Stage) -> Failure | None:
        """What is found instead, or nothing."""
        found = self.look(stage)
        if self.meets(self.expected, found):
            return None
        place = self.place
        return Failure(place.file, place.line, place.column, self.what, shown(self.expected), shown(found), self.order)


def shown(value: Any) -> str:
    """A value as people read it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {shown(each)}" for name, each in value.items()) or "nothing"
    if isinstance(value, tuple):
        return " ".join(shown(each) for each in value if each != "")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(shown(each) for each in value) or "nothing"
    return str(value) if value != "" else "nothing"


def decimal(amount_minor: int, currency: str) -> str:
    """An amount as scenarios write it: `32.50`."""
    digits = exponent(currency)
    whole, rest = divmod(abs(amount_minor), 10**digits)
    sign = "-" if amount_minor < 0 else ""
    return f"{sign}{whole}.{rest:0{digits}}" if digits else f"{sign}{whole}"
