"""What is kept of lines that wait, and what comes of them when supply moves."""

from typing import Any

from msgspec.structs import replace

from segue.core.allocate import UnitsBackordered
from segue.core.cascade import Dated, Hit, dated, hits, in_turn, together
from segue.core.expected import Awaited, Expected
from segue.core.order import Order, Transaction
from segue.core.repromise import StockDelayed, StockExpected
from segue.core.supply import Supply
from segue.core.waiting import NO_WAIT, Wait, Waiting, first_end, followed, lines_waiting
from tests.core.given import given
from tests.core.shop import draft, sold

ROW = Waiting("MUG", "web-1", 1, 2, "", 100, "k")
SUPPLIES: tuple[Supply, ...] = ((10, "DAL", 3, "PO-1"), (20, "DAL", 4, "PO-2"))


def order_of(*events: Any) -> Order:
    order = given(draft(sold("MUG", 3), sold("CAP", 2)), UnitsBackordered({1: ((2, 3),)}), *events).order
    assert order is not None
    return order


def row(number: int, units: int = 1, kind: str = "k", **more: Any) -> Waiting:
    return Waiting("MUG", f"web-{number}", 1, units, "", number, kind, **more)


def test_a_line_that_waits_is_kept_with_what_its_history_says_of_it() -> None:
    order = order_of(StockExpected({1: Expected((Awaited(500, "DAL", 2, ("PO-1",)),))}))
    wait = Wait("k", 60, 900, 12)
    (line,) = lines_waiting(order, "r", wait)
    assert line == Waiting("MUG", order.id, 1, 2, "r", order.placed_at_s, "k", 60, 500, 500, None, None, 900, 12)
    (line,) = lines_waiting(order_of(), "", NO_WAIT)
    assert (line.told_s, line.due_s) == (None, None)


def test_what_is_still_to_be_said_is_kept_until_it_is_said_or_looked_at() -> None:
    now = replace(ROW, told_s=500, due_s=500)
    before = replace(now, due_s=700, since_s=100, look_at_s=160, units=5)
    kept = replace(now, due_s=700, since_s=100, look_at_s=160)
    assert followed(now, None, 120, True) == now
    assert followed(now, replace(before, since_s=None), 120, True) == now
    assert followed(now, replace(before, told_s=400), 120, False) == now
    assert followed(now, before, 120, True) == kept
    assert followed(now, before, 200, False) == kept
    assert followed(now, before, 200, True) == now
    assert followed(now, replace(before, look_at_s=None), 200, True) == replace(kept, look_at_s=None)


def test_the_first_authorization_that_still_holds_money_counts() -> None:
    known = {
        "A1": Transaction("authorize", "P1", 50, "done", expires_at_s=900),
        "A2": Transaction("authorize", "P1", 30, "done", expires_at_s=700),
        "A3": Transaction("authorize", "P1", 30, "declined", expires_at_s=100),
        "A4": Transaction("authorize", "P1", 30, "done"),
        "A5": Transaction("authorize", "P1", 30, "done", expires_at_s=100, spare=True),
        "A6": Transaction("authorize", "P1", 30, "done", expires_at_s=100, lapsed_minor=30),
        "C1": Transaction("capture", "P1", 10, "done", reference_of="A2"),
    }
    assert first_end(replace(order_of(), transactions=known)) == (700, 20)
    assert first_end(order_of()) == (None, 0)


def test_those_of_one_kind_that_come_to_the_same_part_of_a_supply_are_put_together() -> None:
    waiting = in_turn([row(3), row(1), row(2), row(4, 2), row(5, 2), row(6), row(7)])
    assert [[each.order for each in group] for group in together(waiting, SUPPLIES)] == [
        ["web-1", "web-2", "web-3"], ["web-4", "web-5"], ["web-6", "web-7"]
    ]  # fmt: skip
    assert [len(group) for group in together(waiting, SUPPLIES, is_exact=True)] == [1] * 5 + [2]
    assert [len(group) for group in together(waiting, ())] == [7]
    split = [row(1, 2), row(2, 2), row(3, 2), row(4, 2, "")]
    assert [len(group) for group in together(split, SUPPLIES)] == [1, 1, 1, 1]


def test_each_of_no_kind_stands_alone() -> None:
    assert [len(group) for group in together([row(1, 1, ""), row(1, 1, "")], SUPPLIES)] == [1, 1]


def test_what_comes_of_a_line_is_what_would_be_said_of_it_or_what_was() -> None:
    known = Expected((Awaited(500, "DAL", 2, ("PO-1",)),))
    order = order_of(StockExpected({1: known}))
    later = StockDelayed({1: replace(known, awaited=(Awaited(900, "DAL", 2, ("PO-1",)),))}, {1: 500})
    assert dated(order, 1, [later]) == Dated(900, True, 500)
    assert dated(order, 1, [UnitsBackordered({1: ((1, 1),)}), StockExpected({2: known})]) == Dated(500, False, 500)
    assert dated(order_of(), 1, []) == Dated(None, False, None)


def test_a_hit_says_whether_it_is_later_and_whether_an_authorization_ends_before() -> None:
    line = replace(ROW, secured_until_s=800)

    def hit(line: Waiting, found: Dated) -> Hit:
        (made,) = hits([line], {(line.order, line.line): 7}, found, 2)
        return made

    found = hit(line, Dated(900, True, 500))
    assert (found.before_s, found.due_s, found.is_later, found.position, found.kind) == (500, 900, True, 7, 2)
    assert found.uncovered
    assert hit(line, Dated(None, True, 500)).uncovered
    assert not hit(line, Dated(700, True, 500)).uncovered
    assert not hit(line, Dated(950, True, 900)).uncovered
    assert not hit(line, Dated(500, True, None)).uncovered
    assert not hit(ROW, Dated(900, True, 500)).uncovered
