"""Deeds of money: what people ask for that changes what an order is worth, and what they look at before."""

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


DEEDS: dict[str, Kind] = {
    "previews_a_cancellation": Kind(0.06, MINUTE_S, 2 * DAY_S, _previews_a_cancellation),
    "previews_a_return": Kind(0.06, 2 * DAY_S, 9 * DAY_S, _previews_a_return),
}
