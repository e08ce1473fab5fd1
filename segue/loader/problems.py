"""Problems: the mistakes found in a shop's files, each with its place and what was probably meant."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from segue.core.conditions.mistakes import closest

PROBLEMS_MAX = 1_000  # who has more has one mistake many times
LISTED_MAX = 12  # names listed when none of them comes close
SHOWN_MAX = 60  # characters of somebody's text repeated in a message


class Place(Protocol):
    """Anything that has a place in a file; lines and columns count from 1."""

    @property
    def file(self) -> str:
        """The file as people know it: `workflows/standard.yaml`."""
        ...

    @property
    def line(self) -> int:
        """The line, from 1."""
        ...

    @property
    def column(self) -> int:
        """The column in characters, from 1."""
        ...


class Spot(NamedTuple):
    """A place that is not a node: a cell of a table, a point within a text."""

    file: str
    line: int = 1
    column: int = 1


class Problem(NamedTuple):
    """One mistake. They sort by place."""

    file: str
    line: int
    column: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        advice = f"; {self.hint}" if self.hint else ""
        return f"{self.file}:{self.line}:{self.column}: {self.message}{advice}"


class Problems:
    """Collects mistakes, so that all of them are told at once."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}
        self.overflowed = False

    def add(self, place: Place, message: str, hint: str = "") -> None:
        """Note a mistake. The same one is noted once, and beyond PROBLEMS_MAX none."""
        if len(self._found) < PROBLEMS_MAX:
            self._found[Problem(place.file, place.line, place.column, message, hint)] = None
        else:
            self.overflowed = True

    def add_unknown(self, place: Place, what: str, word: str, known: Iterable[str]) -> None:
        """Note a word that is not known, with the closest one or else a list of what there is."""
        self.add(place, f"unknown {what} `{shortened(word)}`", did_you_mean(word, known))

    def sorted(self) -> list[Problem]:
        """All mistakes by file, line and column."""
        return sorted(self._found)

    def __len__(self) -> int:
        return len(self._found)


class Broken(ValueError):
    """The files have mistakes, and nothing was loaded."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The advice for a word that is not known: the closest one, or else a list of what there is."""
    names = list(known)
    close = closest(word, names)
    return f"did you mean `{close}`?" if close else f"there is {listed(names)}"


def advice(word: str, known: Iterable[str]) -> str:
    """The same as the end of a sentence."""
    said = did_you_mean(word, known)
    return said if said.endswith("?") else f"{said}."


def listed(names: Iterable[str]) -> str:
    """Names for a message, as they stand, a long list cut short."""
    all_names = list(names)
    more = [f"and {len(all_names) - LISTED_MAX} more"] if len(all_names) > LISTED_MAX else []
    return ", ".join(all_names[:LISTED_MAX] + more) or "none"


def shortened(text: str) -> str:
    """Somebody's text as far as a message can hold it, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_MAX else line[: SHOWN_MAX - 3] + "..."
