"""Deeds of money: what people ask for that changes what an order is worth, and what they look at before."""

from msgspec.structs import replace

from segue.core.adjust import AdjustPrice, GiveGoodwill
from segue.core.base import Command
from segue.core.cancel import Cancel
from segue.core.intake import CorrectOrder
from segue.core.returns import RecordReturn
from segue.ports import Inbound
from segue.sim.trial.deed import Ask, Kind, LookAhead, Receive
from segue.sim.trial.dice import Dice
from segue.sim.trial.orders import Placed, total_of
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


def _corrects(order: Placed, dice: Dice) -> Ask | None:
    """Of a document that does not add up, the right total, paid by the last tender."""
    draft, right = order.draft, total_of(order.draft)
    if right == draft.total_minor or any(tender.kind == "adopted" for tender in draft.tenders):
        return None
    *others, last = draft.tenders
    last = replace(last, amount_minor=last.amount_minor + right - draft.total_minor)
    return Ask(order.id, CorrectOrder(replace(draft, total_minor=right, tenders=(*others, last))), "person:service")


def _charged_back(order: Placed, dice: Dice) -> Receive:
    """A bank takes back all of what a tender paid, or a part."""
    number = dice.whole("tender charged back", 1, len(order.draft.tenders))
    amount = max(1, order.draft.tenders[number - 1].amount_minor)
    if dice.happens("a part of it", 0.4):
        amount = dice.whole("charged back", 1, amount)
    body = {"tender": f"P{number}", "amount_minor": amount, "reference": f"case-{order.number}", "reason": "disputed"}
    return Receive(Inbound("bank", f"case-{order.number}", "record_chargeback", body, order.id))


DEEDS: dict[str, Kind] = {
    "previews_a_cancellation": Kind(0.06, MINUTE_S, 2 * DAY_S, _previews_a_cancellation),
    "previews_goodwill": Kind(0.04, DAY_S, 9 * DAY_S, _previews_goodwill),
    "lowers_a_price": Kind(0.08, MINUTE_S, 8 * DAY_S, _lowers_a_price),
    "corrects": Kind(0.6, HOUR_S, 3 * DAY_S, _corrects),
    "charged_back": Kind(0.03, 3 * DAY_S, 20 * DAY_S, _charged_back),
    "gives_goodwill": Kind(0.08, MINUTE_S, 9 * DAY_S, _gives_goodwill),
    "previews_a_return": Kind(0.06, 2 * DAY_S, 9 * DAY_S, _previews_a_return),
}
