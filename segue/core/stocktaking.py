"""Stocktaking: what locations say that they have, in whatever order it comes in, and what follows for the counters.

A snapshot says what was there at an instant, a delta what came or went at one. What is there is the latest snapshot and
all that happened after it: later deltas, and what Segue moved itself. So reports lead to the same counters in any order.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec.structs import replace

from segue.core.base import Value
from segue.core.facts import StockMove

Verdict = Literal["news", "repeated", "altered", "older", "contained"]
UNDATED = 0  # an instant that nobody has said: when it is taken in
UNITS_MAX = 1_000_000_000  # of one SKU at one location


class Counter(Value):
    """What a location has of a SKU."""

    on_hand: int = 0  # all that is there
    allocated: int = 0
    reserved: int = 0
    safety: int = 0
    damaged: int = 0  # of those on hand, as the next
    quarantined: int = 0
    in_transit: int = 0  # on the way there

    @property
    def held(self) -> int:
        """Units that orders and carts have."""
        return self.allocated + self.reserved

    @property
    def fit(self) -> int:
        """Units that are there and can be sold, by whoever."""
        return self.on_hand - self.damaged - self.quarantined

    @property
    def free(self) -> int:
        """Units that are free to promise. Less than none: so many are promised that are not there."""
        return max(self.fit - self.safety, 0) - self.held


class Report(Value):
    """What a location says of a SKU: how many there were at an instant, or how many came or went."""

    source: str  # who says so
    id: str  # unique for the source: a report that comes again changes nothing
    kind: Literal["snapshot", "delta"]
    sku: str
    location: str
    at_s: int  # or UNDATED
    sequence: int = 0  # of the source's reports; 0: it does not count them, and their instants say what is later
    on_hand: int | None = None  # of a delta: the change; None: nothing is said of it
    damaged: int | None = None
    quarantined: int | None = None
    safety: int | None = None  # of a snapshot
    reason: str = ""
    row: str = ""  # as it came, where it cannot be read


class Moved(Value):
    """What Segue has moved at a location by itself."""

    at_s: int
    on_hand: int = 0
    damaged: int = 0
    quarantined: int = 0


class Change(Value):
    """What becomes of a counter: a move, and the safety stock from now on."""

    move: StockMove
    safety: int


def is_later(report: Report, other: Report) -> bool:
    """Whether a report is of a later instant than another. Of one source its sequence says so, if it has one."""
    if report.source == other.source and report.sequence and other.sequence:
        return report.sequence > other.sequence
    return report.at_s > other.at_s


def latest_snapshot(known: Iterable[Report]) -> Report | None:
    """The snapshot that counts."""
    return next((report for report in known if report.kind == "snapshot"), None)


def verdict(report: Report, known: Sequence[Report]) -> Verdict:
    """What a report is after those that were applied to its counter before."""
    for each in known:
        if (each.source, each.id) == (report.source, report.id):
            return "repeated" if each == report else "altered"
    latest = latest_snapshot(known)
    if latest is None or is_later(report, latest):
        return "news"
    return "older" if report.kind == "snapshot" else "contained"


def superseded(report: Report, known: Iterable[Report]) -> list[Report]:
    """What need not be remembered once a snapshot is applied: it contains them."""
    if report.kind == "delta":
        return []
    return [each for each in known if each.kind == "snapshot" or not is_later(each, report)]


def change_of(report: Report, counter: Counter, known: Iterable[Report], own: Iterable[Moved]) -> Change:
    """What an applicable report changes. `own`: what Segue moved there by itself, as far as it is later than a snapshot.

    Nothing less than nothing is ever there: what a snapshot and the moves after it contradict is left at zero.
    """
    if report.kind == "delta":
        asked = StockMove(
            report.sku, report.location, report.on_hand or 0, 0, report.reason or "delta",
            damaged=report.damaged or 0, quarantined=report.quarantined or 0,
        )  # fmt: skip
        return Change(asked, counter.safety)
    since: list[Moved | Report] = [
        *[each for each in own if each.at_s > report.at_s],
        *[each for each in known if each.kind == "delta" and is_later(each, report)],
    ]
    there = counter.on_hand if report.on_hand is None else _now(report.on_hand, [each.on_hand for each in since])
    broken = counter.damaged if report.damaged is None else _now(report.damaged, [each.damaged for each in since])
    kept = (
        counter.quarantined
        if report.quarantined is None
        else _now(report.quarantined, [each.quarantined for each in since])
    )
    broken = min(broken, there)
    kept = min(kept, there - broken)
    asked = StockMove(
        report.sku, report.location, there - counter.on_hand, 0, report.reason or "snapshot",
        damaged=broken - counter.damaged, quarantined=kept - counter.quarantined,
    )  # fmt: skip
    return Change(asked, counter.safety if report.safety is None else report.safety)


def _now(counted: int, since: Iterable[int | None]) -> int:
    return max(0, counted + sum(change or 0 for change in since))


def after(counter: Counter, change: Change) -> Counter:
    """The counter after a change."""
    move = change.move
    return Counter(
        counter.on_hand + move.on_hand, counter.allocated + move.allocated, counter.reserved + move.reserved,
        change.safety, counter.damaged + move.damaged, counter.quarantined + move.quarantined,
        counter.in_transit + move.in_transit,
    )  # fmt: skip


def objection(counter: Counter) -> str:
    """Why a counter cannot be so: something of it is less than nothing. Nothing if it can."""
    parts = {
        "on hand": counter.on_hand, "damaged": counter.damaged, "in quarantine": counter.quarantined,
        "in transit": counter.in_transit, "fit to be sold": counter.fit,
    }  # fmt: skip
    return "; ".join(f"{units} would be {name}" for name, units in parts.items() if units < 0)


def kept_back(change: Change, counter: Counter) -> tuple[Change, int]:
    """The change without what would take units from those who hold them, and how many units that is.

    `counter` is what it was before, but for what orders gave back. What a location was asked to ship is its own to answer
    for: it ships it, misses it or rejects it, and then it is gone or free.
    """
    then = after(counter, change)
    if then.free >= 0:
        return change, 0
    lacking = left = then.held - (then.fit - then.safety)
    move = change.move
    quarantined = min(left, max(move.quarantined, 0))
    left -= quarantined
    damaged = min(left, max(move.damaged, 0))
    left -= damaged
    on_hand = min(left, max(-move.on_hand, 0))
    left -= on_hand
    kept = replace(
        move, quarantined=move.quarantined - quarantined, damaged=move.damaged - damaged, on_hand=move.on_hand + on_hand
    )
    return Change(kept, change.safety - left), lacking
