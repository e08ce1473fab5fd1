"""Stepped: what the store writes of a step."""

from msgspec import json

from segue.core.base import Command, Event
from segue.core.converting import CartTaken
from segue.core.intake import PlaceOrder
from segue.core.order import Order
from segue.core.pricing.pricing import coupon_uses
from segue.core.selling import sales_of
from segue.core.step import Outcome
from segue.core.waiting import Wait
from segue.core.wake import Wake
from segue.engine.outcomes import Request
from segue.ports import Stepped

encode = json.Encoder().encode


def _taken(outcome: Outcome, command: Command) -> CartTaken | None:
    """The cart that a new order has taken over."""
    if not isinstance(command, PlaceOrder) or not command.draft.cart:
        return None
    events: tuple[Event, ...] = outcome.decisions[0].events
    return next((event for event in events if isinstance(event, CartTaken)), None)


def stepped(
    before: Order | None,
    outcome: Outcome,
    request: Request,
    now_s: int,
    basket: str,
    series: str,
    rank: str,
    wait: Wait,
    passed: tuple[str, ...] = (),
) -> Stepped:
    """What the store writes of a step."""
    return Stepped(
        order=outcome.order,
        version_before=before.version if before else 0,
        at_s=now_s,
        by=request.by,
        record=encode(outcome.decisions),
        value=encode(outcome.order),  # while it is fresh: at the end of a wave it takes several times as long
        basket=basket,
        status=outcome.status,
        folders=outcome.folders,
        open=outcome.open,
        wake_at_s=outcome.wake_at_s,
        watches=outcome.watches,
        woken=isinstance(request.command, Wake),
        moves=tuple(outcome.moves),
        entries=tuple(outcome.entries),
        tasks=tuple(outcome.tasks),
        documents=tuple(outcome.documents),
        series=series,
        uses=coupon_uses(before, outcome.order),
        loads=tuple(outcome.loads),
        rank=rank,
        taken=_taken(outcome, request.command) if before is None else None,
        wait=wait,
        sales=sales_of(before, outcome.order, [event for made in outcome.decisions for event in made.events])
        if outcome.order.counted
        else (),
        passed=passed,
    )
