"""Lines that wait, as either store keeps them beside their orders."""

import pytest
from msgspec.structs import replace

from segue.core.expected import Awaited, Expected
from segue.core.order import Order
from segue.core.waiting import Wait, Waiting
from segue.ports import Batch, Needs, Redated, StaleOrder, Stocked
from tests.store.shops import NOW, AnyShop, a_step, an_order, stepped

WATCHES = frozenset(("stock:A", "inbound:A"))
WAIT = Wait("k", 60, NOW + 9, 5)
TOLD = Expected((Awaited(NOW + 500, "BER", 2, ("PO-1",)),))


def waits(id: str, units: int = 2, told: Expected | None = TOLD, placed_at_s: int = NOW) -> Order:
    order = an_order(id, quantity=5, placed_at_s=placed_at_s)
    tally = {"allocated": ((1, 5 - units),), "backordered": ((6 - units, 5),)}
    lines = (replace(order.lines[0], tally=tally),)
    return replace(order, lines=lines, expected={1: told} if told else {})


def lines(shop: AnyShop, sku: str = "A") -> dict[str, Waiting]:
    found = shop.store.load(Needs(waiting=frozenset((sku,)))).waiting[sku]
    return {each.order: each for each in found}


def supplied(shop: AnyShop, *redated: Redated, mark: tuple[int, int, int] | None = None) -> None:
    known = lines(shop).values()
    seen = mark or (len(known), sum(each.units for each in known), sum(each.placed_at_s for each in known))
    shop.store.commit(Batch(NOW, stocked=Stocked("person:eve", redated=redated, queued={"A": seen})))


def moved(order: Order, **more: object) -> Order:
    return replace(order, version=order.version + 1, **more)


def test_a_line_is_kept_as_long_as_it_waits(shop: AnyShop) -> None:
    order = waits("web-1")
    stepped(shop, a_step(order, watches=WATCHES, rank="r", wait=WAIT), a_step(an_order("web-2")))
    kept = Waiting("A", "web-1", 1, 2, "r", NOW, "k", 60, NOW + 500, NOW + 500, None, None, NOW + 9, 5)
    assert lines(shop) == {"web-1": kept}
    order = moved(waits("web-1", 1))
    stepped(shop, a_step(order, order.version - 1, watches=WATCHES, rank="s", wait=WAIT))
    assert lines(shop) == {"web-1": replace(kept, units=1, rank="s")}
    assert lines(shop, "B") == {}
    order = moved(order)
    stepped(shop, a_step(order, order.version - 1))
    assert lines(shop) == {}


def test_what_supply_has_become_stays_until_the_order_has_said_it(shop: AnyShop) -> None:
    first, second = waits("web-1"), waits("web-2", placed_at_s=NOW - 5)
    stepped(shop, *(a_step(order, watches=WATCHES, wait=WAIT, wake_at_s=None) for order in (first, second)))
    assert shop.store.load(Needs(moved=frozenset(("web-1", "web-9")))).moved == {"web-1": None, "web-9": None}
    supplied(shop, Redated("A", "web-1", 1, NOW + 900, NOW, NOW + 60), Redated("A", "web-2", 1, None, NOW, NOW + 60))
    known = lines(shop)
    assert [known[id].due_s for id in ("web-1", "web-2")] == [NOW + 900, None]
    assert shop.store.load(Needs(moved=frozenset(("web-1",)))).moved == {"web-1": NOW}
    assert shop.store.due(NOW + 59, 9).wakes == ()
    assert shop.store.due(NOW + 59, 9).next_at_s == NOW + 60
    assert shop.store.due(NOW + 60, 9).wakes == ("web-2", "web-1")
    assert shop.store.due(NOW + 60, 1).wakes == ("web-2",)
    stepped(shop, put_off={"web-2": NOW + 3600})
    assert shop.store.due(NOW + 60, 9).wakes == ("web-1",)
    first = moved(first)  # a step that says nothing of it, in the quiet time
    stepped(shop, a_step(first, first.version - 1, watches=WATCHES, wait=WAIT, wake_at_s=None))
    assert lines(shop)["web-1"].due_s == NOW + 900
    first = moved(first, expected={1: replace(TOLD, awaited=(Awaited(NOW + 900, "BER", 2, ("PO-1",)),))})
    stepped(shop, a_step(first, first.version - 1, watches=WATCHES, wait=WAIT, wake_at_s=None, woken=True))
    kept = lines(shop)["web-1"]
    assert (kept.told_s, kept.due_s, kept.since_s, kept.look_at_s) == (NOW + 900, NOW + 900, None, None)
    assert shop.store.due(NOW + 60, 9).wakes == ()


def test_a_line_that_is_to_have_what_it_was_told_again_is_not_looked_at(shop: AnyShop) -> None:
    stepped(shop, a_step(waits("web-1"), watches=WATCHES, wait=WAIT, wake_at_s=None))
    supplied(shop, Redated("A", "web-1", 1, NOW + 900, NOW, NOW + 60))
    supplied(shop, Redated("A", "web-1", 1, NOW + 500, None, None))
    assert shop.store.due(NOW + 3600, 9).wakes == ()
    assert lines(shop)["web-1"].due_s == NOW + 500


def test_if_others_wait_than_when_it_was_worked_out_nothing_is_written(shop: AnyShop) -> None:
    stepped(shop, a_step(waits("web-1"), watches=WATCHES, wait=WAIT))
    with pytest.raises(StaleOrder, match="others wait for A by now"):
        supplied(shop, Redated("A", "web-1", 1, NOW + 900, NOW, NOW + 60), mark=(1, 3, NOW))
    assert lines(shop)["web-1"].due_s == NOW + 500
    supplied(shop)


def test_those_who_wait_have_another_turn_when_the_shop_says_another_thing(shop: AnyShop) -> None:
    stepped(shop, *(a_step(waits(f"web-{n}", placed_at_s=NOW + n), watches=WATCHES, wait=WAIT) for n in (1, 2)))
    shop.shelf.rank(lambda order: f"z {9 - int(order.id[-1])}", NOW + 3600)
    assert [order for _, order, _ in shop.store.load(Needs(queued=frozenset(("A",)))).queued["A"]] == ["web-2", "web-1"]
