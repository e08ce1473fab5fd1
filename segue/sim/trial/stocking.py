"""Stocking: what is done with the goods, by the ways that people and locations take: counts, reports, transfers, supply."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from segue.core.bundles import units_of
from segue.core.facts import Item, StockMove
from segue.core.stocktaking import Report
from segue.engine.outcomes import OURSELVES
from segue.engine.stocktaking import count, move_stock, take_reports, take_waiting
from segue.engine.supplying import cancel, expect, put_off, receive, transfer
from segue.engine.taking import Desk, Taken
from segue.ports import NotThere, OutOfStock
from segue.sim.trial.deed import Arrive, Count, Date, Deed, Empty, List, Pack, Reported, Send, Supply
from segue.sim.trial.goods import day_after, price_of
from segue.sim.trial.place import Place
from segue.store.overview import Overview
from segue.store.stockroom import SqliteStockroom


def desk_of(place: Place, by: str = "person:stock") -> Desk:
    """What stock is taken with: the store of a worker, who may die over it."""
    known = place.app
    room = SqliteStockroom(known.database)
    return Desk(place.desk.store, room, known.worker.rules, known.clock.now_s(), by)


def _there(sku: str, location: str, place: Place) -> int:
    return sum(row.on_hand for row in Overview(place.reader).stock(sku, location))


def _count(what: Count, place: Place) -> None:
    units = max(0, _there(what.sku, what.location, place) + what.difference)
    _seen(count(desk_of(place), (what.sku, what.location), units, what.safety), place)


def _arrive(what: Arrive, place: Place) -> None:
    move = StockMove(what.sku, what.location, what.units, 0, "received" if what.units > 0 else "damaged")
    try:
        _seen(move_stock(desk_of(place), [move]), place)
    except NotThere:
        place.watch.reached["stock:damage refused"] += 1


def _report(what: Reported, place: Place) -> None:
    said = what.difference
    if what.kind == "snapshot":
        said = max(0, _there(what.sku, what.location, place) + said)
    report = Report("wms", what.id, what.kind, what.sku, what.location, what.at_s, what.sequence, on_hand=said)
    _seen(take_reports(desk_of(place, "wms"), [report]), place)


def _seen(taken: Taken, place: Place) -> None:
    """Goals that only who takes stock can see."""
    if taken.given_back:
        place.watch.reached["stock:gave back"] += 1
    for told in taken.told:
        place.watch.reached[f"stock:{told.outcome}"] += 1
        if told.detail and told.outcome in ("applied", "unchanged"):
            place.watch.reached["stock:kept back"] += 1


def _send(what: Send, place: Place) -> None:
    now_s = place.app.clock.now_s()
    try:
        transfer(
            desk_of(place), what.sku, (what.origin, what.location), what.units, what.reference, now_s + what.takes_s
        )
    except NotThere:
        place.watch.reached["stock:transfer refused"] += 1
        return
    place.watch.reached["stock:transfer"] += 1
    come = Supply("last", what.reference, what.sku, units=what.units - (what.units > 1))
    place.plan(Deed(now_s + what.takes_s, f"{what.reference} comes", "supply", come))


def _supply(what: Supply, place: Place) -> None:
    desk, reference, sku, units = desk_of(place), what.reference, what.sku, what.units
    try:
        match what.how:
            case "add":
                expect(desk, reference, (sku, what.location), units, desk.now_s + what.in_s)
            case "move":
                put_off(desk, reference, sku, units, desk.now_s + what.in_s)
                place.watch.moved(reference, desk.now_s)
            case "cancel":
                cancel(desk, reference, sku, units, "canceled")
            case _:
                _seen(receive(desk, reference, sku, units, what.how == "last"), place)
    except NotThere:
        place.watch.reached["stock:supply refused"] += 1


def _pack(what: Pack, place: Place) -> None:
    """Parts go into bundles that lie ready from now on, or come out of them."""
    parts = units_of(what.sku, place.app.shop.recipes)
    moves = [StockMove(sku, what.location, -count * what.bundles, 0, "packed") for sku, count in parts.items()]
    moves.append(StockMove(what.sku, what.location, what.bundles, 0, "packed"))
    try:
        _seen(move_stock(desk_of(place), moves), place)
    except NotThere:
        place.watch.reached["stock:pack refused"] += 1
        return
    place.watch.reached["stock:packed" if what.bundles > 0 else "stock:unpacked"] += 1


def _date(what: Date, place: Place) -> None:
    item = replace(place.app.shop.items[what.sku], street_date=day_after(what.days) if what.days else "")
    place.app.shelf.put_items([item], place.app.clock.now_s())


def _empty(what: Empty, place: Place) -> None:
    """All that is free is gone, between plan and commit of somebody else."""
    for row in Overview(place.reader).stock(what.sku, what.location):
        if row.free > 0:
            move = StockMove(what.sku, what.location, -row.free, 0, "damaged")
            try:
                place.app.shelf.receive_stock([move], place.app.clock.now_s())
            except OutOfStock:
                place.watch.reached["stock:damage refused"] += 1


def _list(what: List, place: Place) -> None:
    place.app.shelf.put_items([Item(what.sku, f"Thing {what.sku}", price_of(what.sku))], place.app.clock.now_s())
    _seen(take_waiting(desk_of(place, OURSELVES)), place)


GOODS: dict[type, Callable[[Any, Place], None]] = {
    Count: _count,
    Arrive: _arrive,
    Reported: _report,
    Send: _send,
    Supply: _supply,
    Pack: _pack,
    Date: _date,
    Empty: _empty,
    List: _list,
}
