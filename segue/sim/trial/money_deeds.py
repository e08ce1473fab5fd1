"""Deeds of money: what people ask for that changes what an order is worth, and what they look at before."""

from segue.core.adjust import AdjustPrice, GiveGoodwill
from segue.core.base import Command
from segue.core.cancel import Cancel
from segue.core.returns import RecordReturn
from segue.sim.trial.deed import Ask, Kind, LookAhead
from segue.sim.trial.dice import Dice
from segue.sim.trial.orders import Placed
from segue.sim.trial.setting import DAY_S, HOUR_S

MINUTE_S = 60
DECIDED_AFTER_S = 6 * HOUR_S  # who looks at what something would come to decides within so long


def _some_units(order: Placed, dice: Dice, name: str) -> tuple[int, int]:
    line = dice.whole(f"line to {name}", 1, len(order.draft.lines))
    return line, dice.whole(f"units to {name}", 1, order.draft.lines[line - 1].quantity)


def _looked_at(order: Placed, dice: Dice, command: Command) -> LookAhead:
    asked = Ask(order.id, command, "person:service")
    return LookAhead(asked, dice.whole("decided after", 0, DECIDED_AFTER_S))


def _previews_a_cancellation(order: Placed, dice: Dice) -> LookAhead:
    line, units = _some_units(order, dice, "look at")
    return _looked_at(order, dice, Cancel("as previewed", line, units))


def _previews_a_return(order: Placed, dice: Dice) -> LookAhead:
    line, units = _some_units(order, dice, "look at")
    return _looked_at(order, dice, RecordReturn(line, units, reason="as previewed"))


def _lowers_a_price(order: Placed, dice: Dice) -> Ask:
    line, units = _some_units(order, dice, "lower")
    off = 1 + order.draft.lines[line - 1].price_minor * units * dice.whole("lowered by", 1, 60) // 100
    quantity = units if dice.happens("some of them", 0.5) else 0
    return Ask(order.id, AdjustPrice(line, off, quantity, "cheaper elsewhere"), "person:service")


def _gives_goodwill(order: Placed, dice: Dice) -> Ask:
    most = order.draft.total_minor if dice.happens("generous", 0.3) else 1_000
    amount = dice.whole("goodwill", 1, max(1, most))
    return Ask(order.id, GiveGoodwill(amount, "we are sorry"), "person:service")


def _previews_goodwill(order: Placed, dice: Dice) -> LookAhead:
    return _looked_at(order, dice, GiveGoodwill(dice.whole("goodwill shown", 1, 2_000), "as previewed"))


DEEDS: dict[str, Kind] = {
    "previews_a_cancellation": Kind(0.06, MINUTE_S, 2 * DAY_S, _previews_a_cancellation),
    "previews_goodwill": Kind(0.04, DAY_S, 9 * DAY_S, _previews_goodwill),
    "lowers_a_price": Kind(0.08, MINUTE_S, 8 * DAY_S, _lowers_a_price),
    "gives_goodwill": Kind(0.08, MINUTE_S, 9 * DAY_S, _gives_goodwill),
    "previews_a_return": Kind(0.06, 2 * DAY_S, 9 * DAY_S, _previews_a_return),
}
