"""Verdicts: what exploring a workflow version has shown, kept beside the shop's files, and the risks that were accepted."""

from pathlib import Path
from typing import NamedTuple

import msgspec

from segue.core.base import Value

FILE = "checked.json"


class Scope(NamedTuple):
    """How many things may go wrong on one way: with one line of one unit and one tender, with more, and with most."""

    smallest: int
    others: int
    biggest: int  # two lines of two units and two tenders; -1: those are not looked at
    is_thorough: bool = False  # whether a place that no order came into may be called unreachable


FULL, QUICK = "full", "quick"
SCOPES = {FULL: Scope(4, 2, 2, True), QUICK: Scope(1, 1, -1)}


class Acceptance(Value):
    """Somebody has decided to live with what a workflow version breaks."""

    by: str
    reason: str
    at_s: int


class Broken(Value):
    """A property that a workflow version breaks, and the scenario that shows it."""

    detail: str
    events: tuple[str, ...]  # the shortest way there, in a few words each
    scenario: str  # the text of the file


class Verdict(Value):
    """What is known of a workflow version."""

    version: str  # name@digest
    scope: str  # FULL, or QUICK
    segue: str  # which version of Segue has looked
    situations: int = 0
    steps: int = 0
    shapes: int = 0
    is_whole: bool = True  # nothing within the bound was left out
    broken: dict[str, Broken] = {}
    unseen: dict[str, str] = {}  # statuses and folders that no order came into, and why that may be
    accepted: dict[str, Acceptance] = {}  # by property

    @property
    def risks(self) -> list[str]:
        """The properties that it breaks and nobody has accepted."""
        return [name for name in self.broken if name not in self.accepted]


def bound_of(verdict: Verdict) -> str:
    """How far was looked, in a sentence without its period."""
    scope = SCOPES[verdict.scope]
    most = (
        "1 or 2 lines, 1 or 2 units of each, 1 or 2 tenders"
        if scope.biggest >= 0
        else "one line, 1 or 2 units, one tender"
    )
    told = f"orders of {most}; of what may go wrong up to {scope.smallest} on one way with the smallest of them"
    if scope.others < scope.smallest:
        told += f", up to {scope.others} with the others"
    return told if verdict.is_whole else f"{told}; there was more of it than could be kept"


class Unreadable(Exception):
    """The file of verdicts is not what we wrote."""


def read_verdicts(folder: Path, segue: str) -> dict[str, Verdict]:
    """The verdicts of a shop by version, those of another version of Segue left out. Raises Unreadable."""
    try:
        raw = (folder / FILE).read_bytes()
    except FileNotFoundError:
        return {}
    try:
        verdicts = msgspec.json.decode(raw, type=dict[str, Verdict])
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise Unreadable(f"{FILE}: {error}") from error
    return {version: verdict for version, verdict in verdicts.items() if verdict.segue == segue}


def keep(folder: Path, verdicts: dict[str, Verdict]) -> None:
    """Write the verdicts, all of them, at once."""
    text = msgspec.json.format(msgspec.json.encode(verdicts, order="sorted"), indent=2)
    new = folder / f"{FILE}.new"
    new.write_bytes(text + b"\n")
    new.replace(folder / FILE)
