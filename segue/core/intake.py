"""Intake: a channel's draft becomes an order; every check is made, and every one that failed is on record.

An order that waits because it fails a check goes on by itself once its document is corrected: all of it is made anew.
"""

from hashlib import blake2b

from msgspec.structs import replace

from segue.core.authorization import adopted, deadlines_of
from segue.core.base import Because, Command, Event, Refusal, Refused
from segue.core.context import Context
from segue.core.converting import taken_over
from segue.core.correct import KEPT, START_STATES, booked_otherwise, brought_anew, differences, made_of, under_way_of
from segue.core.draft import TENDER_KINDS, Draft, DraftTender, is_dated
from segue.core.grace import ends_at
from segue.core.hold import HoldLifted, HoldPlaced
from segue.core.mistakes import MISTAKEN, may_follow, mistakes_of, told
from segue.core.order import Failure, Order, Tender
from segue.core.price import OrderPriced, Price, at_placing, evolve_priced, lacks_of, price_again, price_anyway
from segue.core.proration import lines_of, shipping_of
from segue.core.selling import counted_sale
from segue.core.street import preordered_at_once

LINES_MAX = 10_000


class PlaceOrder(Command):
    """Take a draft in as an order."""

    id: str
    draft: Draft


class CorrectOrder(Command):
    """Take another document for an order that fails a check, and of which nothing is under way."""

    draft: Draft


class Validate(Command):
    """Check the order again, all of it."""


class OrderPlaced(Event):
    """An order came in. The draft is kept as its channel sent it; if that was without prices, with those of Segue."""

    id: str
    workflow: str
    draft: Draft
    deadlines: dict[str, int] = {}  # tender -> when the authorization ends that the channel has brought along
    coupons: dict[str, int] = {}  # the coupons that its price takes a use of, each with its limit
    grace_ends_s: int | None = None  # until when nothing happens that cannot be undone; none: from the start all may


class OrderCorrected(Event):
    """Its document came again, with other content: lines, amounts and tenders are those of this draft now."""

    draft: Draft
    deadlines: dict[str, int] = {}  # tender -> when the authorization ends that the channel has brought along
    coupons: dict[str, int] = {}  # the coupons that its price takes a use of, each with its limit


class OrderValidated(Event):
    """Checks were made; these are all that the order fails now."""

    failures: tuple[Failure, ...] = ()


def place_order(order: Order | None, command: PlaceOrder, context: Context) -> list[Event]:
    """Refused if it has no lines; else every check that fails places its hold. One that is here already is corrected."""
    if order is not None:
        return correct_order(order, CorrectOrder(command.draft), context)
    _refuse_lines(command.draft)
    found = at_placing(command.draft, context)
    ends = deadlines_of(found.draft, context)
    until_s = ends_at(context.workflow.grace, found.draft.channel, found.draft.tier, context.now_s)
    placed = OrderPlaced(
        command.id, context.workflow.version, found.draft, ends, found.coupons, until_s, because=found.because
    )
    born_so = born(None, placed, context.now_s)
    failures = failures_of_new(born_so, context)
    if any(failure.blocks for failure in failures):  # it may still be corrected: until then it takes nothing over
        return [placed, OrderValidated(failures), *holds_for(failures), *counted_sale({}, born_so, failures, context)]
    checked = [OrderValidated(failures)] if failures else []
    taken = taken_over(born_so, command.draft.cart, context)
    counted = counted_sale({}, born_so, failures, context)
    return [placed, *checked, *counted, *(taken or preordered_at_once(born_so, context))]


def _refuse_lines(draft: Draft) -> None:
    if not draft.lines:
        raise Refused(Refusal.LINES_MISSING, draft.channel_order_id)
    if len(draft.lines) > LINES_MAX:
        raise Refused(Refusal.LINES_TOO_MANY, str(len(draft.lines)))


def correct_order(order: Order, command: CorrectOrder, context: Context) -> list[Event]:
    """Refused if the order passes its checks as it is, or anything of it is under way; else it is checked anew.

    The same document again changes nothing.
    """
    draft = command.draft
    if (draft.channel, draft.channel_order_id) != (order.channel, order.channel_order_id):
        raise Refused(Refusal.CORRECTION_OF_ANOTHER, f"{draft.channel} {draft.channel_order_id}")
    found = at_placing(draft, context, order.coupons)
    corrected = OrderCorrected(found.draft, deadlines_of(found.draft, context), found.coupons)
    made = evolve_corrected(order, corrected, context.now_s)
    if made_of(made) == made_of(order):
        return []
    if not any(failure.blocks for failure in order.failures):
        raise Refused(Refusal.ORDER_EXISTS, order.id)
    if under_way := under_way_of(order) or booked_otherwise(order, made):
        raise Refused(Refusal.CORRECTION_TOO_LATE, under_way)
    _refuse_lines(draft)
    failures = failures_of_new(made, context)
    because = Because("corrected", differences(order, made) | (found.because.figures if found.because else {}))
    counted = counted_sale(order.counted, made, failures, context)
    return [replace(corrected, because=because), OrderValidated(failures), *_holds_changed(order, failures), *counted]


def _holds_changed(order: Order, failures: tuple[Failure, ...]) -> list[Event]:
    """The holds of checks that pass now are lifted; those are placed whose checks find something that they did not find."""
    before, after = reasons_of(order.failures), reasons_of(failures)
    because = Because("validate", {"passed": sorted(before.keys() - after.keys())})
    lifted = [
        HoldLifted(name, "the check passes now", because=because)
        for name in before
        if name not in after and name in order.holds
    ]
    found = tuple(failure for failure in failures if after.get(hold_of(failure)) != before.get(hold_of(failure)))
    return [*lifted, *holds_for(found)]


def reasons_of(failures: tuple[Failure, ...]) -> dict[str, list[str]]:
    """By hold, what the checks that place it have found."""
    found: dict[str, list[str]] = {}
    for failure in failures:
        if failure.blocks:
            found.setdefault(hold_of(failure), []).append(failure.detail)
    return found


def failures_of_new(order: Order, context: Context) -> tuple[Failure, ...]:
    """Every check that a new order does not pass. Refused if amounts are unreadable, and no check would hold it."""
    failures = failures_of(order, context)
    if order.mistakes and not any(failure.blocks and failure.check == MISTAKEN for failure in failures):
        raise Refused(Refusal.AMOUNTS_UNREADABLE, "; ".join(map(told, order.mistakes)))
    return failures


def validate(order: Order, command: Validate, context: Context) -> list[Event]:
    """All checks once more. What fails now and did not before is held; what passes now is not held any more."""
    return _checked_again(order, price_again(order, context), context)


def price(order: Order, command: Price, context: Context) -> list[Event]:
    """Refused unless the order waits for its prices, and they are known by now. Then all checks once more."""
    return _checked_again(order, price_anyway(order, context), context)


def _checked_again(order: Order, priced: list[OrderPriced], context: Context) -> list[Event]:
    for event in priced:
        order = evolve_priced(order, event, context.now_s)
    failures = failures_of(order, context)
    if failures == order.failures:
        return [*priced]
    before = {hold_of(failure) for failure in order.failures if failure.blocks}
    passed = sorted(before - {hold_of(failure) for failure in failures if failure.blocks})
    because = Because("validate", {"passed": passed})
    lifted = [HoldLifted(name, "the check passes now", because=because) for name in passed if name in order.holds]
    new = tuple(failure for failure in failures if hold_of(failure) not in before)
    counted = counted_sale(order.counted, order, failures, context)
    return [*priced, OrderValidated(failures), *lifted, *holds_for(new), *counted]


def failures_of(order: Order, context: Context) -> tuple[Failure, ...]:
    """Every check of the workflow that the order does not pass. What only follows from unreadable amounts is not told."""
    failures: list[Failure] = [*lacks_of(order, context)]
    for rule in context.workflow.validate:
        failures += rule.call(order, context.facts)
    if not order.mistakes:
        return tuple(failures)
    return tuple(failure for failure in failures if not may_follow(failure.code, order.mistakes))


def hold_of(failure: Failure) -> str:
    """The name of the hold that a failed check places: the check's, with the line if it is about one."""
    return f"{failure.check}:{failure.line}" if failure.line else failure.check


def holds_for(failures: tuple[Failure, ...]) -> list[Event]:
    """The holds of those failures that block: one for each check and line, with all that it found."""
    found: dict[str, list[Failure]] = {}
    for failure in failures:
        if failure.blocks:
            found.setdefault(hold_of(failure), []).append(failure)
    return [
        HoldPlaced(
            name,
            same[0].check,
            line=same[0].line,
            reason="; ".join(failure.detail for failure in same),
            because=Because("validate", {"check": same[0].check}),
        )
        for name, same in found.items()
    ]


def born(_: Order | None, event: OrderPlaced, at_s: int) -> Order:
    """The order that a draft becomes."""
    draft = event.draft
    return Order(
        id=event.id,
        version=0,
        channel=draft.channel,
        channel_order_id=draft.channel_order_id,
        workflow=event.workflow,
        placed_at_s=draft.placed_at_s,
        currency=draft.currency,
        lines=lines_of(draft),
        total_minor=draft.total_minor,
        shipping_minor=shipping_of(draft),
        charges=draft.charges,
        shipping_tax_minor=draft.shipping_tax_minor,
        taxes_included=draft.taxes_included,
        grants=draft.grants,
        tier=draft.tier,
        person=draft.person,
        ship_to=draft.ship_to,
        ship_to_digest=draft.ship_to_digest,
        bill_country=draft.bill_country,
        ship_method=draft.ship_method,
        promised_at_s=draft.promised_at_s,
        tags=draft.tags,
        locale=draft.locale,
        tenders={f"P{number}": _tender(tender) for number, tender in enumerate(draft.tenders, 1)},
        shipping_taxes=draft.shipping_taxes,
        mistakes=mistakes_of(draft),
        transactions=adopted(draft, event.deadlines),
        unpriced=None if draft.priced else draft,
        coupons=event.coupons,
        bundles=draft.bundles,
        grace_ends_s=event.grace_ends_s,
        deliver_on=draft.deliver_on,
        pickup_from_s=draft.pickup_from_s,
        pickup_until_s=draft.pickup_until_s,
        dated=is_dated(draft),
        digital=[line for line in draft.lines if line.kind] != [],
    )


def _tender(brought: DraftTender) -> Tender:
    assert brought.kind in TENDER_KINDS, brought.kind
    tally = {START_STATES.get(brought.kind, "due"): brought.amount_minor} if brought.amount_minor else {}
    return Tender(brought.kind, brought.method, brought.amount_minor, tally, brought.reference)


def evolve_corrected(order: Order, event: OrderCorrected, at_s: int) -> Order:
    """The order as if it had come like this, with what people, vendors, declined payments and reports have left on it.

    What was planned for the order as it was is dropped; the default decisions of folders are not.
    """
    made = born(None, OrderPlaced(order.id, order.workflow, event.draft, event.deadlines, event.coupons), at_s)
    return replace(
        made,
        version=order.version,
        transactions=brought_anew(order, made),
        timers={name: timer for name, timer in order.timers.items() if timer.reaction.startswith("folders.")},
        corrections=order.corrections + 1,
        **{name: getattr(order, name) for name in KEPT},
    )


def basket_of(order: Order) -> str:
    """A digest of what was ordered: two orders with the same SKUs and quantities have the same."""
    lines = sorted(f"{line.quantity} {line.sku}" for line in order.lines)
    return blake2b("\n".join(lines).encode(), digest_size=8).hexdigest()


def evolve_validated(order: Order, event: OrderValidated, at_s: int) -> Order:
    """What fails now."""
    return replace(order, failures=event.failures)


STARTS = ("new", "due", *START_STATES.values())

DECISIONS = {PlaceOrder: place_order, CorrectOrder: correct_order, Price: price, Validate: validate}
EVOLUTIONS = {
    OrderPlaced: born,
    OrderCorrected: evolve_corrected,
    OrderPriced: evolve_priced,
    OrderValidated: evolve_validated,
}
EFFECTS = {
    OrderPlaced: dict.fromkeys(STARTS, ("",)),
    OrderCorrected: dict.fromkeys(STARTS, ("",)),
    OrderPriced: {"due": ("",)},  # of a tender that had no amount before
}
