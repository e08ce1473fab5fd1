"""The order that a cycle makes: a draft of its channel, whose id is made of the subscription's and the cycle's."""

from segue.core.draft import Draft, DraftLine, DraftTender
from segue.core.order import Order
from segue.core.subscription.events import CycleOrdered
from segue.core.subscription.standing import Subscription

TAG = "subscription"  # what its orders are tagged with


def channel_order_id(subscription: str, cycle: str) -> str:
    """What the order of a cycle is called. Always the same, so that there can be no second one."""
    return f"{subscription}.{cycle}"


def made_of(name: str) -> tuple[str, str]:
    """The subscription and the cycle of which a channel's order is called like this."""
    subscription, _, cycle = name.partition(".")
    return subscription, cycle


def draft_of(subscription: Subscription, event: CycleOrdered, now_s: int) -> Draft:
    """The order of a cycle. Where prices are fixed it has them, else it is priced as it is placed."""
    terms = subscription.terms
    lines = tuple(_line(subscription, number, event.on is not None) for number in event.lines)
    is_fixed = all(subscription.lines[number].price_minor is not None for number in event.lines)
    total = _total(subscription, lines) if is_fixed else 0
    payment, address = terms.payment, terms.address
    return Draft(
        channel=terms.channel,
        channel_order_id=channel_order_id(subscription.id, event.cycle),
        placed_at_s=now_s,
        currency=terms.currency,
        lines=lines,
        total_minor=total,
        tenders=(DraftTender(payment.kind, total, payment.method, payment.reference),),
        shipping_minor=terms.shipping_minor,
        shipping_tax_minor=terms.shipping_tax_minor if is_fixed else 0,
        taxes_included=terms.taxes_included if is_fixed else False,
        codes=terms.codes,
        tier=terms.tier,
        priced=is_fixed,
        person=terms.person,
        ship_to=address.ship_to,
        ship_to_digest=address.ship_to_digest,
        bill_country=address.bill_country,
        ship_method=terms.ship_method,
        tags=(TAG,),
        locale=terms.locale,
    )


def _line(subscription: Subscription, number: int, is_next: bool) -> DraftLine:
    """A line as it is this time. What was changed for the next time does not count for an order beside its days."""
    line = subscription.lines[number]
    once = line.once if is_next and line.once is not None else line
    title = line.title if once.sku == line.sku else ""
    return DraftLine(
        once.sku, once.quantity, once.price_minor or 0, 0, once.tax_minor * once.quantity, title, line.properties
    )


def _total(subscription: Subscription, lines: tuple[DraftLine, ...]) -> int:
    terms = subscription.terms
    goods = sum(line.price_minor * line.quantity for line in lines)
    taxes = terms.shipping_tax_minor + sum(line.tax_minor for line in lines)
    return goods + terms.shipping_minor + (0 if terms.taxes_included else taxes)


def payment_of(order: Order) -> tuple[str, int]:
    """What is known of the payment of its order: nothing, or that it was declined so often, and what came of that."""
    declines = sum(each.kind == "authorize" and each.outcome == "declined" for each in order.transactions.values())
    if not declines:
        return "", 0
    if all(set(line.tally) == {"canceled"} for line in order.lines):
        return "canceled", declines
    is_due = any(tender.tally.get("due") for tender in order.tenders.values())
    is_asked = any(each.kind == "authorize" and each.outcome == "asked" for each in order.transactions.values())
    return ("declined" if is_due or is_asked else "secured"), declines
