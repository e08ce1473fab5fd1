"""Taking stock: what locations report, and what people move, in one transaction with what follows for orders.

Where less is left than orders were given, the youngest give back first, by a step of their own: so their history says
so, and their workflow looks for stock elsewhere. What a location was asked to ship stays its own to answer for.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from segue.core.facts import StockMove
from segue.core.stocktaking import Report, latest_snapshot
from segue.engine.fresh import until_fresh
from segue.engine.taking import Desk, Taken, Taking, Told
from segue.ports import Batch, NotThere, Stocked, Stockroom, SupplyMove
from segue.ports.stockroom import Key

# What people say has become of units: of a SKU, at a location, how many, why.
HOWS: dict[str, Callable[[str, str, int, str], StockMove]] = {
    "receive": lambda sku, place, units, why: StockMove(sku, place, units, 0, why or "received"),
    "adjust": lambda sku, place, units, why: StockMove(sku, place, units, 0, why or "adjusted"),
    "damage": lambda sku, place, units, why: StockMove(sku, place, 0, 0, why or "damaged", damaged=units),
    "scrap": lambda sku, place, units, why: StockMove(sku, place, -units, 0, why or "scrapped", damaged=-units),
    "quarantine": lambda sku, place, units, why: StockMove(sku, place, 0, 0, why or "quarantined", quarantined=units),
    "release": lambda sku, place, units, why: StockMove(sku, place, 0, 0, why or "released", quarantined=-units),
}
AT_ONCE = 5_000  # reports in one transaction


def take_reports(desk: Desk, reports: Sequence[Report]) -> Taken:
    """Apply what can be applied, keep what has to wait, and say of each report what became of it."""
    told: list[Told] = []
    given_back: dict[str, int] = {}
    for start in range(0, len(reports), AT_ONCE):
        some = reports[start : start + AT_ONCE]
        while some:
            taken = until_fresh(partial(_reports, desk, some))
            told += taken.told
            given_back |= {order: given_back.get(order, 0) + units for order, units in taken.given_back.items()}
            some = _woken(desk.room, taken.told)
    return Taken(tuple(told), given_back)


def take_waiting(desk: Desk) -> Taken:
    """Apply what waited for a SKU or a location that is known by now."""
    waiting = [each.report for each in desk.room.unapplied() if each.state == "waiting"]
    taken = take_reports(desk, waiting) if waiting else Taken()
    return Taken(tuple(each for each in taken.told if each.outcome != "waiting"), taken.given_back)


def count(desk: Desk, key: Key, units: int, safety: int | None = None) -> Taken:
    """Somebody has counted what is there now."""
    known = latest_snapshot(desk.room.standing([key], desk.now_s)[key].reports)
    at_s = max(desk.now_s, known.at_s + 1) if known else desk.now_s
    name = f"{key[0]}@{key[1]}@{at_s}"
    return take_reports(
        desk, [Report(desk.by, name, "snapshot", *key, at_s, on_hand=units, safety=safety, reason="counted")]
    )


def move_stock(desk: Desk, moves: Sequence[StockMove], supplies: Sequence[SupplyMove] = ()) -> Taken:
    """Move stock, or what is expected, as people say. Raises NotThere; then nothing is written."""
    return until_fresh(lambda: Taking(desk).moves(moves, supplies))


def _reports(desk: Desk, reports: Sequence[Report]) -> Taken:
    return Taking(desk).reports(reports)


def _woken(room: Stockroom, told: Iterable[Told]) -> list[Report]:
    """The reports that waited for others of their counter, which were applied now."""
    touched = {(each.report.sku, each.report.location) for each in told if each.outcome == "applied"}
    if not touched:
        return []
    new = {(each.report.source, each.report.id) for each in told}
    return [
        each.report
        for each in room.unapplied()
        if each.state == "waiting"
        and (each.report.sku, each.report.location) in touched
        and (each.report.source, each.report.id) not in new
    ]


def drop(desk: Desk, number: int) -> None:
    """A report that waits or was refused is not needed any more. Raises NotThere."""
    found = [each.report for each in desk.room.unapplied() if each.number == number]
    if not found:
        raise NotThere(f"no report {number} waits or was refused")
    stocked = Stocked(desk.by, forgotten=((found[0].source, found[0].id),))
    desk.store.commit(Batch(desk.now_s, stocked=stocked))
