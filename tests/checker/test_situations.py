"""Situations: what decides how an order goes on tells them apart, and nothing else does."""

from typing import Any

from msgspec.structs import replace

from segue.checker.going import go
from segue.checker.moves import moves
from segue.checker.shapes import BASE, around_of, placing, stock_of
from segue.checker.situation import Situation, key_of, nothing_yet
from segue.core.order import Transaction
from segue.scenario.setting import START_S, prebuilt_workflow

AROUND = around_of(BASE, prebuilt_workflow("standard"), ())
LAST_OF = {"placed": 1, "delivered": 100}


def after(moves_made: int) -> Situation:
    """An order after so many moves, each the first that is usual and changes something."""
    _, here = go(AROUND, nothing_yet(stock_of(BASE), 1, START_S), placing(BASE))
    for _ in range(moves_made - 1):
        usual = next((move for move in moves(here, AROUND) if not move.is_trouble), None)
        if usual is None:
            break
        _, here = go(AROUND, here, usual)
    return here


def with_transactions(here: Situation, *transactions: Transaction) -> tuple[Any, ...]:
    """The key of the situation with these transactions instead of its own."""
    named = {f"T{number}": each for number, each in enumerate(transactions)}
    return key_of(here._replace(order=replace(here.order, transactions=named)), AROUND)


def test_stock_counts_as_long_as_anything_waits_for_it() -> None:
    waiting, gone = after(LAST_OF["placed"]), after(LAST_OF["delivered"])
    assert gone.status == "delivered"
    less = {sku: dict.fromkeys(held, 1) for sku, held in gone.free.items()}
    assert key_of(gone._replace(free=less, arrivals=0), AROUND) == key_of(gone, AROUND)
    assert key_of(waiting._replace(free=less), AROUND) != key_of(waiting, AROUND)
    assert key_of(waiting._replace(arrivals=0), AROUND) != key_of(waiting, AROUND)


def test_where_units_could_not_come_from_counts_until_they_have_left() -> None:
    for count, is_same in ((LAST_OF["placed"], False), (LAST_OF["delivered"], True)):
        here = after(count)
        line = replace(here.order.lines[0], excluded=("BER",), attempts=1)
        tried = here._replace(order=replace(here.order, lines=(line,)))
        assert (key_of(tried, AROUND) == key_of(here, AROUND)) is is_same


def test_the_order_of_captures_counts_and_that_of_voids_does_not() -> None:
    here = after(LAST_OF["delivered"])
    some, more = (Transaction("void", "P1", amount) for amount in (5_00, 7_00))
    assert with_transactions(here, some, more) == with_transactions(here, more, some)
    first, second = (Transaction("capture", "P1", amount, "done") for amount in (5_00, 7_00))
    assert with_transactions(here, first, second) != with_transactions(here, second, first)


def test_two_refunds_of_a_capture_count_as_one_of_both_amounts_once_they_are_done() -> None:
    here = after(LAST_OF["delivered"])
    taken = Transaction("capture", "P1", 12_00, "done")
    whole, half = (Transaction("refund", "P1", amount, "done", reference_of="T0") for amount in (6_00, 3_00))
    assert with_transactions(here, taken, half, half) == with_transactions(here, taken, whole)
    assert with_transactions(here, taken, half) != with_transactions(here, taken, whole)
    asked = replace(half, outcome="asked")
    assert with_transactions(here, taken, half, asked) != with_transactions(here, taken, half, half)
