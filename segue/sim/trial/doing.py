"""Doing: how a deed is done in the shop."""

from collections.abc import Callable
from typing import Any, Protocol

from segue.app import App
from segue.connectors.simulated.chance import Chance
from segue.connectors.simulated.world import World
from segue.core.base import Command
from segue.core.capture import RecordCapture
from segue.core.facts import Item, StockMove
from segue.core.order import Order, Transaction
from segue.core.pay import RecordAuthorization
from segue.core.refund import RecordRefund, RecordVoid
from segue.core.transactions import Outcome
from segue.engine.outcomes import Request
from segue.engine.worker import Worker
from segue.ports import OutOfStock, PortFailed
from segue.sim.trial.deeds import Arrive, Ask, Count, Deed, Empty, List, Receive, Visit
from segue.sim.trial.goods import price_of
from segue.sim.trial.people import FOLDERS, choice
from segue.sim.trial.watch import Watch
from segue.store.database import Reader
from segue.store.overview import Overview
from segue.store.reading import Finder
from segue.store.shelf import Count as Counted

IN_FOLDER_MAX = 1_000
RECORDS: dict[str, Callable[..., Command]] = {
    "authorize": RecordAuthorization,
    "capture": RecordCapture,
    "void": RecordVoid,
    "refund": RecordRefund,
}


class Place(Protocol):
    """Where deeds are done."""

    app: App
    chance: Chance
    desk: Worker
    watch: Watch
    world: World
    reader: Reader


def do(deed: Deed, place: Place) -> None:
    """Do a deed now."""
    DOING[type(deed.what)](deed.what, place)


def _receive(what: Receive, place: Place) -> None:
    place.app.keep([what.message], [what.person] if what.person else ())


def _ask(what: Ask, place: Place) -> None:
    asked(what.order, what.command, what.by, place)


def asked(order: str, command: Command, by: str, place: Place) -> None:
    """A person asks for something and hears what became of it."""
    (result,) = place.desk.submit([Request(order, command, by)])
    place.watch.asked(result.refused)


def _count(what: Count, place: Place) -> None:
    there = [row.on_hand for row in Overview(place.reader).stock(what.sku, what.location)]
    units = max(0, sum(there) + what.difference)
    try:
        place.app.shelf.count_stock([Counted(what.sku, what.location, units, what.safety)], place.app.clock.now_s())
    except OutOfStock:
        place.watch.reached["stock:count refused"] += 1


def _arrive(what: Arrive, place: Place) -> None:
    move = StockMove(what.sku, what.location, what.units, 0, "received" if what.units > 0 else "damaged")
    try:
        place.app.shelf.receive_stock([move], place.app.clock.now_s())
    except OutOfStock:
        place.watch.reached["stock:damage refused"] += 1


def _empty(what: Empty, place: Place) -> None:
    for row in Overview(place.reader).stock(what.sku, what.location):
        if row.free > 0:
            _arrive(Arrive(what.sku, what.location, -row.free), place)


def _list(what: List, place: Place) -> None:
    place.app.shelf.put_items([Item(what.sku, f"Thing {what.sku}", price_of(what.sku))], place.app.clock.now_s())


def _visit(what: Visit, place: Place) -> None:
    """Look into each folder that is not empty, and do something about some of the orders in it."""
    finder = Finder(place.reader)
    for count in Overview(place.reader).folders():
        for found in finder.orders(folder=count.folder, limit=IN_FOLDER_MAX):
            order = finder.order(found.id)
            assert order is not None
            if count.folder == "outcome_unknown":
                find_out(order, place)
            elif count.folder in FOLDERS:
                command = choice(place.chance, count.folder, order, what.number)
                if command is not None:
                    asked(order.id, command, f"person:{FOLDERS[count.folder].owner}", place)


def find_out(order: Order, place: Place) -> None:
    """Ask the provider what became of what is unknown, and record what it says."""
    for name, unknown in order.transactions.items():
        if unknown.outcome != "unknown":
            continue
        key = place.watch.task_of(order.id, name)
        try:
            answer = place.world.gateway.look_up(key)
        except PortFailed:
            continue  # next time
        asked(order.id, _recorded(name, unknown, answer), "person:payments", place)


def _recorded(name: str, unknown: Transaction, answer: Any) -> Command:
    outcome: Outcome = "done" if answer is not None and answer.outcome == "done" else "declined"
    reference = answer.reference if answer is not None else ""
    amount = unknown.amount_minor if outcome == "done" else 0
    return RECORDS[unknown.kind](name, outcome, amount, reference)


DOING: dict[type, Callable[[Any, Place], None]] = {
    Receive: _receive,
    Ask: _ask,
    Count: _count,
    Arrive: _arrive,
    Empty: _empty,
    List: _list,
    Visit: _visit,
}
