"""Deeds with bundles: what customers cancel of them, keep of them and send back of them."""

from typing import Any

from segue.core.cancel import Cancel
from segue.core.draft import DraftLine
from segue.core.exploding import exploded
from segue.ports import Inbound
from segue.sim.trial.deed import Ask, Kind, Made, Receive
from segue.sim.trial.dice import Dice
from segue.sim.trial.goods import shop_files
from segue.sim.trial.orders import Placed
from segue.sim.trial.setting import DAY_S

MINUTE_S = 60


def _lines(order: Placed) -> tuple[DraftLine, ...]:
    """The lines of an order as the shop has them: with its bundles made into their parts."""
    shop = shop_files()
    return exploded(order.draft, shop.recipes, shop.items)[0].lines


def _has_bundle(order: Placed) -> bool:
    return any(line.sku in shop_files().recipes for line in order.draft.lines)


def _some_of_a_part(order: Placed, dice: Dice, name: str) -> tuple[int, int] | None:
    """The number of a line that is part of a bundle, and how many of its units."""
    parts = [(number, line.quantity) for number, line in enumerate(_lines(order), 1) if line.bundle]
    if not parts:
        return None
    number, quantity = parts[dice.whole(f"part to {name}", 0, len(parts) - 1)]
    return number, dice.whole(f"of the part to {name}", 1, quantity)


def _cancels_a_part(order: Placed, dice: Dice) -> Ask | None:
    if not _has_bundle(order) or (some := _some_of_a_part(order, dice, "cancel")) is None:
        return None
    return Ask(order.id, Cancel("without this one", *some), "person:customer")


def _cancels_a_bundle(order: Placed, dice: Dice) -> Ask | None:
    if not _has_bundle(order):
        return None
    quantity = dice.whole("bundles to cancel", 0, 2)  # 0: all
    return Ask(order.id, Cancel("not this one", quantity=quantity, bundle="B1"), "person:customer")


def _sends_back_a_part(name: str, **body: Any) -> Made:
    def made(order: Placed, dice: Dice) -> Receive | None:
        if not _has_bundle(order) or (some := _some_of_a_part(order, dice, name)) is None:
            return None
        units = {"line": some[0], "quantity": some[1], "reason": "not what I thought"}
        return Receive(Inbound("returns", f"{name}-{order.number}", "record_return", units | body, order.id))

    return made


def _sends_back_a_bundle(order: Placed, dice: Dice) -> Receive | None:
    if not _has_bundle(order):
        return None
    body = {"bundle": "B1", "quantity": dice.whole("bundles to send back", 1, 2), "reason": "a present"}
    return Receive(Inbound("returns", f"bundle-{order.number}", "record_return", body, order.id))


DEEDS: dict[str, Kind] = {
    "cancels_a_part": Kind(0.2, MINUTE_S, 3 * DAY_S, _cancels_a_part),
    "cancels_a_bundle": Kind(0.1, MINUTE_S, 3 * DAY_S, _cancels_a_bundle),
    "sends_back_a_part": Kind(0.2, 2 * DAY_S, 9 * DAY_S, _sends_back_a_part("part", incomplete=True)),
    "sends_back_another": Kind(0.2, 4 * DAY_S, 14 * DAY_S, _sends_back_a_part("another", incomplete=True)),
    "sends_back_only_a_part": Kind(0.1, 2 * DAY_S, 9 * DAY_S, _sends_back_a_part("only")),
    "sends_back_a_bundle": Kind(0.25, 4 * DAY_S, 14 * DAY_S, _sends_back_a_bundle),
}
