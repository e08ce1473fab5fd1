"""Orders: a month of them, one document after the other, in the order in which they were placed."""

from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace

from segue.sim.shopping.baskets import Basket, buy, fill, priced
from segue.sim.shopping.dice import Dice
from segue.sim.shopping.document import Document, document
from segue.sim.shopping.people import Customer
from segue.sim.shopping.schedule import Slot, schedule
from segue.sim.shopping.shop import Shop
from segue.sim.shopping.trouble import trouble_document, troubled_basket

CUSTOMERS_PER_ORDER = 0.6
Troubled = tuple[Basket, tuple[str, ...]]  # and what is wrong with it
LOYALTY = 1.3  # 1: all customers order equally often; more: some come back again and again


class Placed(NamedTuple):
    """An order as the shop sends it, and what is wrong with it: the keys of trouble.py, near_duplicate, velocity."""

    at_s: int
    document: Document
    trouble: tuple[str, ...]


def orders(shop: Shop) -> Iterator[Placed]:
    """All orders of the shop's plan, by time. The shape of a document is told in document.py."""
    dice = Dice(f"{shop.plan.seed}/orders")
    slots = schedule(shop.plan)
    wanted = {made for slot in slots for made in (slot.repeats, slot.follows)}
    earlier: dict[int, Troubled] = {}
    for number, slot in enumerate(slots, start=1):
        basket, trouble = troubled = _basket(shop, slot, earlier, dice)
        if slot.made in wanted:
            earlier[slot.made] = troubled
        sent = document(number, slot.at_s, basket, shop.currency, dice)
        yield Placed(slot.at_s, sent, (*trouble, *trouble_document(shop, sent, dice)))


def _basket(shop: Shop, slot: Slot, earlier: dict[int, Troubled], dice: Dice) -> Troubled:
    """A new basket, or one that repeats or follows another."""
    if slot.repeats in earlier:
        basket, trouble = earlier[slot.repeats]
        return _nearly(basket, dice), (*trouble, "near_duplicate")
    if slot.follows in earlier:
        return fill(shop, earlier[slot.follows][0].customer, dice), ("velocity",)
    return troubled_basket(shop, fill(shop, _customer(shop, dice), dice), dice)


def _customer(shop: Shop, dice: Dice) -> Customer:
    """Somebody; those with low numbers come back more often."""
    customers = max(1, int(shop.plan.orders * CUSTOMERS_PER_ORDER))
    return shop.people.customer(int(customers * dice.share() ** LOYALTY))


def _nearly(basket: Basket, dice: Dice) -> Basket:
    """The same basket again; now and then with one more of something."""
    if dice.happens(0.7):
        return basket
    first = basket.lines[0]
    more = buy(first.item, first.quantity + 1, basket.customer, dice)
    return priced(replace(basket, lines=(more, *basket.lines[1:])))
