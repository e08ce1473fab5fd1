"""Deeds: what customers, channels and people in the shop do with an order, and what they ask of it.

Each kind is a line in DEEDS: how often, from when to when after the order was placed, and what it is. A later part of the
project adds its own by one more line.
"""

from collections.abc import Iterator
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from segue.core.allocate import Allocate
from segue.core.base import Command
from segue.core.cancel import Cancel
from segue.core.capture import Capture
from segue.core.draft import Draft
from segue.core.fulfill import Release
from segue.core.grace import EndGrace
from segue.core.hold import LiftHold, PlaceHold
from segue.core.item_state import LeaveState
from segue.core.note import Note
from segue.core.patience import AnswerDelay
from segue.core.pay import Authorize, Reauthorize
from segue.core.refund import Refund
from segue.core.void import Reverse, Void
from segue.ports import Inbound
from segue.sim.trial import bundle_deeds, dated_deeds, money_deeds
from segue.sim.trial.deed import Ask, Deed, Kind, Made, Receive, Visit
from segue.sim.trial.dice import Dice
from segue.sim.trial.goods_deeds import goods_deeds
from segue.sim.trial.orders import Placed, dice_of, placed
from segue.sim.trial.setting import DAY_S, HOUR_S, START_S, Setting

MINUTE_S = 60
VISITS_EVERY_S = 16 * HOUR_S  # people look into the folders
VISITS = 110


def order_message(draft: Draft, id: str) -> Inbound:
    """The channel's message with an order."""
    return Inbound(draft.channel, id, "order", {"draft": to_builtins(draft, str_keys=True)})


def _again(order: Placed, dice: Dice) -> Receive:
    return Receive(order_message(order.draft, f"m-{order.number}"), order.person)


def _again_under_another_id(order: Placed, dice: Dice) -> Receive:
    return Receive(order_message(order.draft, f"m-{order.number}-b"), order.person)


def _altered(order: Placed, dice: Dice) -> Receive:
    return Receive(order_message(replace(order.draft, tags=("altered",)), f"m-{order.number}"), order.person)


def _channel_cancels(order: Placed, dice: Dice) -> Receive:
    line = order.draft.lines[dice.whole("canceled line", 0, len(order.draft.lines) - 1)]
    body = {
        "person": order.draft.person,
        "sku": line.sku,
        "quantity": dice.whole("canceled units", 1, line.quantity),
        "at_s": order.draft.placed_at_s + DAY_S,
        "document": f"cn-{order.number}",
    }
    return Receive(Inbound(order.draft.channel, f"cn-{order.number}", "cancellation", body))


def _told(kind: str, **body: Any) -> Made:
    """Another system tells us something about the order, by a message."""

    def made(order: Placed, dice: Dice) -> Receive:
        return Receive(Inbound("other", f"{kind}-{order.number}-{dice.whole(kind, 1, 9)}", kind, body, order.id))

    return made


def _comes_back(**body: Any) -> Made:
    """Units of a line come back, as the returns desk tells us."""

    def made(order: Placed, dice: Dice) -> Receive:
        number = dice.whole("returned line", 1, len(order.draft.lines))
        quantity = dice.whole("returned units", 1, order.draft.lines[number - 1].quantity)
        units = {"line": number, "quantity": quantity, "reason": "does not fit"}
        id = f"back-{order.number}-{body.get('location', '')}-{body.get('sellable', True)}"
        return Receive(Inbound("returns", id, "record_return", units | body, order.id))

    return made


def _asks(*commands: Command) -> Made:
    """A person asks for one of these."""

    def made(order: Placed, dice: Dice) -> Ask:
        return Ask(order.id, commands[dice.whole("which", 0, len(commands) - 1)])

    return made


def _cancels_units(order: Placed, dice: Dice) -> Ask:
    line = dice.whole("line to cancel", 1, len(order.draft.lines))
    most = order.draft.lines[line - 1].quantity
    return Ask(order.id, Cancel("fewer please", line, dice.whole("units to cancel", 1, most)), "person:customer")


def _holds_line(order: Placed, dice: Dice) -> Ask:
    line = dice.whole("line to hold", 1, len(order.draft.lines))
    return Ask(order.id, PlaceHold("service", "wait with this one", line))


def _lifts_line(order: Placed, dice: Dice) -> Ask:
    return Ask(order.id, LiftHold(f"service:{dice.whole('line to hold', 1, len(order.draft.lines))}"))


def _holds_until(order: Placed, dice: Dice) -> Ask:
    until_s = order.draft.placed_at_s + dice.whole("held until", HOUR_S, 2 * DAY_S)
    return Ask(order.id, PlaceHold("service", "on holiday", until_s=until_s))


DEEDS: dict[str, Kind] = (
    money_deeds.DEEDS
    | bundle_deeds.DEEDS
    | dated_deeds.DEEDS
    | {
        "comes_again": Kind(0.1, MINUTE_S, 2 * DAY_S, _again),
        "comes_again_under_another_id": Kind(0.03, MINUTE_S, DAY_S, _again_under_another_id),
        "comes_again_altered": Kind(0.02, MINUTE_S, DAY_S, _altered),
        "cancel": Kind(0.1, MINUTE_S, 3 * DAY_S, _asks(Cancel("changed my mind"))),
        "cancel_at_once": Kind(0.06, MINUTE_S, 40 * MINUTE_S, _asks(Cancel("a mistake"))),
        "cancel_units": Kind(0.08, MINUTE_S, DAY_S, _cancels_units),
        "cancel_more_units": Kind(0.06, MINUTE_S, 2 * DAY_S, _cancels_units),
        "channel_cancels": Kind(0.06, -HOUR_S, DAY_S, _channel_cancels),
        "cancel_before_it_comes": Kind(0.03, -HOUR_S, -MINUTE_S, _told("cancel", reason="before it came")),
        "cancel_by_message": Kind(0.04, MINUTE_S, 2 * DAY_S, _told("cancel", reason="by message")),
        "hold": Kind(0.05, MINUTE_S, 2 * DAY_S, _asks(PlaceHold("service", "the customer called"))),
        "hold_line": Kind(0.05, MINUTE_S, 2 * HOUR_S, _holds_line),
        "lift_line": Kind(0.06, HOUR_S, 2 * DAY_S, _lifts_line),
        "hold_until": Kind(0.03, MINUTE_S, 6 * HOUR_S, _holds_until),
        "hold_refunds": Kind(0.05, MINUTE_S, DAY_S, _asks(PlaceHold("no_refund"), PlaceHold("no_cancel"))),
        "hold_proof": Kind(0.03, MINUTE_S, HOUR_S, _asks(PlaceHold("proof", "the customer wants to see it"))),
        "lift": Kind(0.03, HOUR_S, 3 * DAY_S, _asks(LiftHold("service"), LiftHold("payment"), LiftHold("cooling_off"))),
        "note": Kind(0.05, MINUTE_S, 5 * DAY_S, _asks(Note("asked for a gift box"), Note(" "))),
        "impatience": Kind(
            0.08,
            MINUTE_S,
            2 * DAY_S,
            _asks(Release(), Capture(), Allocate(), Void(), Refund(), Authorize(), Reauthorize(), Reverse()),
        ),
        "impatience_at_once": Kind(0.08, MINUTE_S, 3 * HOUR_S, _asks(Release(), Capture())),
        "lets_it_go_on": Kind(0.05, MINUTE_S, 3 * HOUR_S, _asks(EndGrace("no need to wait"))),
        "answers": Kind(0.25, HOUR_S, 6 * DAY_S, _asks(AnswerDelay("wait"), AnswerDelay("cancel"))),
        "answers_again": Kind(0.2, 2 * DAY_S, 12 * DAY_S, _asks(AnswerDelay("wait"), AnswerDelay("cancel"))),
        "engraved": Kind(0.06, HOUR_S, DAY_S, _asks(LeaveState("engraving"))),
        "returns_early": Kind(0.04, HOUR_S, 2 * DAY_S, _comes_back()),
        "returns": Kind(0.1, 4 * DAY_S, 9 * DAY_S, _comes_back(sellable=True)),
        "returns_elsewhere": Kind(0.03, 3 * DAY_S, 9 * DAY_S, _comes_back(location="MUC")),
        "returns_broken": Kind(0.03, 3 * DAY_S, 9 * DAY_S, _comes_back(sellable=False)),
        "delivery_of_nothing": Kind(0.02, MINUTE_S, DAY_S, _told("record_delivery", shipment="shp_none")),
        "shipment_of_nothing": Kind(
            0.02, MINUTE_S, DAY_S, _told("record_shipment", fulfillment="F9", shipment="shp_x")
        ),
        "nonsense": Kind(0.01, MINUTE_S, DAY_S, _told("sing", loud=True)),
        "verdict_of_nobody": Kind(0.02, MINUTE_S, DAY_S, _told("record_screening", verdict="rejected")),
    }
)


def deeds(setting: Setting) -> list[Deed]:
    """All that will be done, by time."""
    found: list[Deed] = []
    for number in setting.numbers:
        found += _of_order(placed(setting, number), dice_of(setting, number), setting)
    found += [deed for deed in _of_shop(setting) if f"deed.{deed.kind}" not in setting.without]
    return sorted(found, key=lambda deed: deed[:2])


def _of_order(order: Placed, dice: Dice, setting: Setting) -> Iterator[Deed]:
    at_s = order.draft.placed_at_s
    arrives_s = at_s + (dice.whole("comes after", 1, 2 * HOUR_S) if dice.happens("comes late", 0.2) else 1)
    message = order_message(order.draft, f"m-{order.number}")
    yield Deed(arrives_s, f"{order.number:05} order", "order", Receive(message, order.person), order.id)
    for name, kind in DEEDS.items():
        if f"deed.{name}" not in setting.without and dice.happens(name, kind.rate):
            after_s = dice.whole(f"{name} after", kind.from_s, kind.to_s)
            what = kind.made(order, dice)
            if what is not None:
                yield Deed(at_s + after_s, f"{order.number:05} {name}", name, what, order.id)


def _of_shop(setting: Setting) -> Iterator[Deed]:
    """What is done with the goods, and when people look into the folders."""
    yield from goods_deeds(setting)
    for number in range(VISITS):
        yield Deed(START_S + (number + 1) * VISITS_EVERY_S, f"visit {number:04}", "visit", Visit(number))
