"""Defects: mistakes by which stock is sold twice or lost, each put into the product for a while. All have to be found."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from msgspec.structs import replace

from segue.core import bundle_units, carts, deallocate, stock
from segue.core.cancel import UnitsCanceled
from segue.core.fulfill import FulfillmentShipped
from segue.core.sourcing import bundled, strategies
from segue.engine import taking
from segue.store import cart_rows, carting, database, fencing, sqlite
from segue.store.loading import load_stock

Change = tuple[Any, Any, Any]  # where, which part of it, what takes its place


def _check_then_act() -> Iterator[Change]:
    """What was free when that was decided is taken, whatever is free when it is written: counters have no CHECK."""
    yield database, "PRAGMAS", (*database.PRAGMAS, "PRAGMA ignore_check_constraints = ON")


def _time_ignored() -> Iterator[Change]:
    """A cart's order takes over what it had, however long its time is over."""
    yield carts.Cart, "is_live", lambda cart, now_s: True


def _over_too_soon() -> Iterator[Change]:
    """What carts have is free a minute before their time is over."""
    yield sqlite, "load_stock", lambda cursor, skus, now_s: load_stock(cursor, skus, now_s + 60)


def _over_and_kept() -> Iterator[Change]:
    """What carts have that are over is said to be free, and nobody takes it off the counter."""
    yield sqlite, "with_what_is_over", lambda cursor, batch: batch


def _cart_taken_twice() -> Iterator[Change]:
    """Nobody looks whether a cart still has what it had when that was decided."""
    yield carting, "check_cart", lambda change, found: None


def _share_not_looked_at() -> Iterator[Change]:
    """Whether others' shares leave enough is not looked at again when something is taken."""
    yield cart_rows.Drawing, "_promisable", lambda drawing, sku, scope, channel: 1_000_000


def _taken_not_counted() -> Iterator[Change]:
    """What a channel takes does not count against its share."""
    yield fencing, "TAKE", "UPDATE fences SET taken = taken + 0 * ? WHERE sku = ? AND location = ? AND channel = ?"


def _count_takes_nothing_back() -> Iterator[Change]:
    """A count that leaves less than is promised takes nothing from orders that were not yet asked to ship."""
    yield taking.Taking, "_deallocate", lambda taken, key, short: None


def _canceled_and_kept() -> Iterator[Change]:
    """What is canceled stays allocated."""
    yield stock.MOVES, UnitsCanceled, lambda order, event: []


def _shipped_and_kept() -> Iterator[Change]:
    """What is shipped stays on hand."""
    usual = stock.MOVES[FulfillmentShipped]

    def moves(order: Any, event: Any) -> list[Any]:
        return [replace(move, on_hand=0) for move in usual(order, event)]

    yield stock.MOVES, FulfillmentShipped, moves


def _parts_held_alone() -> Iterator[Change]:
    """A kit's parts are given as they are found, and nobody looks whether all of it was."""
    yield strategies, "with_kits", lambda order, goods, locations: goods
    yield bundled, "held_whole", lambda order, ships=(): iter(())


def _part_given_back_alone() -> Iterator[Change]:
    """Where a count or a short pick takes back what a kit has of one part, its other parts stay allocated."""
    yield deallocate, "rest_of", lambda order, units, among: {}
    yield bundle_units, "rest_of", lambda order, units, among: {}


def _packed_and_parts_too() -> Iterator[Change]:
    """What is ready packed takes its parts from stock as well."""
    usual = bundle_units.in_stock

    def moves(order: Any, units: Any, packed: Any) -> list[Any]:
        return [*usual(order, units, packed), *usual(order, units, {})]

    yield stock, "in_stock", moves


DEFECTS: dict[str, Callable[[], Iterator[Change]]] = {
    "check_then_act": _check_then_act,
    "time_ignored": _time_ignored,
    "over_too_soon": _over_too_soon,
    "over_and_kept": _over_and_kept,
    "cart_taken_twice": _cart_taken_twice,
    "share_not_looked_at": _share_not_looked_at,
    "taken_not_counted": _taken_not_counted,
    "count_takes_nothing_back": _count_takes_nothing_back,
    "canceled_and_kept": _canceled_and_kept,
    "shipped_and_kept": _shipped_and_kept,
    "parts_held_alone": _parts_held_alone,
    "part_given_back_alone": _part_given_back_alone,
    "packed_and_parts_too": _packed_and_parts_too,
}


@contextmanager
def planted(name: str) -> Iterator[None]:
    """While this lasts the product has the defect; without a name it has none."""
    with ExitStack() as stack:
        for place, part, other in DEFECTS[name]() if name else ():
            if isinstance(place, dict):
                stack.callback(place.__setitem__, part, place[part])
                place[part] = other
            else:
                stack.callback(setattr, place, part, getattr(place, part))
                setattr(place, part, other)
        yield
