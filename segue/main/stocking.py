"""Stock as it is wanted, done in an opened shop: counts, moves, reports of locations, what is expected, what it is worth."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from segue.app import App
from segue.connectors.stock_files import Said, read_reports
from segue.core.stocktaking import UNDATED
from segue.core.supply import Presale
from segue.engine.looking_ahead import refresh
from segue.engine.preselling import presell
from segue.engine.stocktaking import HOWS, count, drop, move_stock, take_reports
from segue.engine.supplying import (
    Change,
    cancel,
    canceling,
    expect,
    foreseen,
    put_off,
    putting_off,
    receive,
    transfer,
)
from segue.engine.taking import Desk, Taken, Told
from segue.loader.problems import advice
from segue.main.cascading import as_foreseen
from segue.main.failing import WRONG_USE, Failed
from segue.main.known import need
from segue.main.wanted import CountStock, DropReport, MoveStock, RefreshOpportunity, Supply, TakeStock
from segue.ports import Needs
from segue.store.outlook import SqliteOutlook

LISTED_MAX = 100  # reports that an answer names one by one
CLOSE_MAX = 20_000  # SKUs among which a close one is looked for


def count_stock(app: App, wanted: CountStock) -> dict[str, Any]:
    """Somebody has counted."""
    _known(app, wanted.sku, wanted.location)
    _not_negative(wanted.units, wanted.safety or 0)
    taken = count(app.stock_desk(wanted.by), (wanted.sku, wanted.location), wanted.units, wanted.safety)
    return _result(taken) | {"changed": [f"stock:{wanted.sku}"] if taken.told[0].outcome == "applied" else []}


def change_stock(app: App, wanted: MoveStock) -> dict[str, Any]:
    """Units come, go, or become another thing. Raises NotThere."""
    _known(app, wanted.sku, wanted.location)
    _some(abs(wanted.units) if wanted.how in ("receive", "adjust") else wanted.units)
    taken = move_stock(
        app.stock_desk(wanted.by), [HOWS[wanted.how](wanted.sku, wanted.location, wanted.units, wanted.reason)]
    )
    return _result(taken) | {"changed": [f"stock:{wanted.sku}"]}


def refresh_opportunity(app: App, wanted: RefreshOpportunity) -> dict[str, Any]:
    """What units are worth where they lie."""
    return refresh(app.store, SqliteOutlook(app.database), app.worker.rules, app.clock.now_s())._asdict()


def take_stock(app: App, wanted: TakeStock) -> dict[str, Any]:
    """A file of reports. Rows that cannot be applied are kept."""
    at_s = UNDATED if wanted.at_s is None else wanted.at_s
    reports = list(read_reports(Path(wanted.path), Said(wanted.kind, wanted.source, at_s, wanted.sequence)))
    return _result(take_reports(app.stock_desk(wanted.by), reports))


def drop_report(app: App, wanted: DropReport) -> dict[str, Any]:
    """A report is not needed any more. Raises NotThere."""
    drop(app.stock_desk(wanted.by), wanted.number)
    return {"report": wanted.number}


def supply(app: App, wanted: Supply) -> dict[str, Any]:
    """What is on order or on its way. Raises NotThere."""
    for location in filter(None, (wanted.location, wanted.origin)):
        _known(app, wanted.sku, location)
    if wanted.origin and wanted.origin == wanted.location:
        raise Failed("A transfer needs two locations.", WRONG_USE)
    _not_negative(wanted.units)
    if wanted.how in ("add", "send") or (wanted.how == "receive" and not wanted.is_all):
        _some(wanted.units)
    desk = app.stock_desk(wanted.by)
    if wanted.how == "sell":
        skus = presell(desk, wanted.reference, wanted.sku, Presale(wanted.percent, wanted.most))
        return {"reference": wanted.reference, "skus": list(skus)}
    if wanted.previews:
        return as_foreseen(wanted.reference, foreseen(desk, FORESEEING[wanted.how](desk, wanted)), wanted.listed)
    taken = SUPPLYING[wanted.how](desk, wanted)
    is_overdue = wanted.how in DATED and wanted.expected_at_s < app.clock.now_s()
    return _result(taken) | {"reference": wanted.reference, "is_overdue": is_overdue, "redated": taken.redated}


DATED = ("add", "send", "move")  # what says when something is expected
SUPPLYING: dict[str, Callable[[Desk, Supply], Taken]] = {
    "add": lambda desk, w: expect(desk, w.reference, (w.sku, w.location), w.units, w.expected_at_s),
    "send": lambda desk, w: transfer(desk, w.sku, (w.origin, w.location), w.units, w.reference, w.expected_at_s),
    "move": lambda desk, w: put_off(desk, w.reference, w.sku, w.units, w.expected_at_s),
    "cancel": lambda desk, w: cancel(desk, w.reference, w.sku, w.units, w.reason or "canceled"),
    "receive": lambda desk, w: receive(desk, w.reference, w.sku, w.units, w.is_all),
}

FORESEEING: dict[str, Callable[[Desk, Supply], Change]] = {
    "move": lambda desk, w: putting_off(desk, w.reference, w.sku, w.units, w.expected_at_s),
    "cancel": lambda desk, w: canceling(desk, w.reference, w.sku, w.units, w.reason or "canceled"),
}


def _known(app: App, sku: str, location: str) -> None:
    known_location(app, location)
    known_goods(app, sku)


def known_location(app: App, location: str) -> None:
    """Raises Failed, with advice, if the shop has no such location."""
    need("location", location, app.shop.locations)


def known_goods(app: App, sku: str, place: str = "") -> None:
    """Raises Failed, with advice, if the shop has a catalog and this is not in it. `place` says where it stands."""
    is_known = app.store.load(Needs(items=frozenset((sku,)))).items[sku] is not None
    if not is_known and app.stock_desk("").room.has_catalog():
        near = list(app.shop.items)[:CLOSE_MAX]
        raise Failed(f"{place}There is no SKU `{sku}` in the catalog; {advice(sku, near)}", WRONG_USE)


def _some(units: int) -> None:
    if units < 1:
        raise Failed("At least 1 unit is needed.", WRONG_USE)


def _not_negative(*units: int) -> None:
    if min(units) < 0:
        raise Failed("So many units cannot be: the number is too small.", WRONG_USE)


def _result(taken: Taken) -> dict[str, Any]:
    outcomes = Counter(each.outcome for each in taken.told)
    noted = [each for each in taken.told if each.detail]
    return {
        "outcomes": dict(sorted(outcomes.items())),
        "noted": [_told(each) for each in noted[:LISTED_MAX]],
        "given_back": taken.given_back,
    }


def _told(told: Told) -> dict[str, Any]:
    report = told.report
    what = {"id": report.id, "sku": report.sku, "location": report.location, "row": report.row}
    return what | {"outcome": told.outcome, "detail": told.detail, "units": msgspec.to_builtins(report.on_hand)}
