"""News for subscriptions: what the payment of an order that one of them has made came to, once it was declined."""

from collections.abc import Iterator

from msgspec import to_builtins

from segue.core.order import Order
from segue.core.subscription.commands import RecordPayment
from segue.core.subscription.drafting import TAG, made_of, payment_of
from segue.ports import Inbound

SOURCE = "subscriptions"  # of the messages that they send and get
NEWS = "subscription_news"  # the kind of those that they get


def news_of(before: Order | None, order: Order) -> Iterator[Inbound]:
    """The message that tells a subscription of its order, if there is anything new to tell."""
    if TAG not in order.tags or before is None:
        return
    known, (outcome, declines) = payment_of(before), payment_of(order)
    if outcome and (outcome, declines) != known:
        subscription, cycle = made_of(order.channel_order_id)
        command = RecordPayment(cycle, order.id, outcome, declines)  # type: ignore[arg-type]
        body = {"subscription": subscription, "command": to_builtins(command)}
        yield Inbound(SOURCE, f"{order.id} {order.version}", NEWS, body)
