"""Intake: a channel's draft becomes an order; every check is made, and every one that failed is on record."""

from hashlib import blake2b

from msgspec.structs import replace

from segue.core.amounts import spread
from segue.core.authorization import adopted, deadlines_of
from segue.core.base import Because, Command, Event, Refusal, Refused
from segue.core.context import Context
from segue.core.draft import TENDER_KINDS, Draft
from segue.core.hold import HoldLifted, HoldPlaced
from segue.core.order import Failure, Line, Order, Tender
from segue.core.tally import whole

LINES_MAX = 10_000
START_STATES = {"adopted": "authorized", "prepaid": "captured"}  # money that the channel has brought along


class PlaceOrder(Command):
    """Take a draft in as an order."""

    id: str
    draft: Draft


class Validate(Command):
    """Check the order again, all of it."""


class OrderPlaced(Event):
    """An order came in. The draft is kept as its channel sent it."""

    id: str
    workflow: str
    draft: Draft
    deadlines: dict[str, int] = {}  # tender -> when the authorization ends that the channel has brought along


class OrderValidated(Event):
    """Checks were made; these are all that the order fails now."""

    failures: tuple[Failure, ...] = ()


def place_order(order: Order | None, command: PlaceOrder, context: Context) -> list[Event]:
    """Refused if the order is here already or has no lines; else every check that fails places its hold."""
    if order is not None:
        raise Refused(Refusal.ORDER_EXISTS, command.id)
    if not command.draft.lines:
        raise Refused(Refusal.LINES_MISSING, command.draft.channel_order_id)
    if len(command.draft.lines) > LINES_MAX:
        raise Refused(Refusal.LINES_TOO_MANY, str(len(command.draft.lines)))
    ends = deadlines_of(command.draft, context)
    placed = OrderPlaced(command.id, context.workflow.version, command.draft, ends)
    failures = failures_of(born(None, placed, context.now_s), context)
    if not failures:
        return [placed]
    return [placed, OrderValidated(failures), *holds_for(failures)]


def validate(order: Order, command: Validate, context: Context) -> list[Event]:
    """All checks once more. What fails now and did not before is held; what passes now is not held any more."""
    failures = failures_of(order, context)
    if failures == order.failures:
        return []
    before = {hold_of(failure) for failure in order.failures}
    passed = sorted(before - {hold_of(failure) for failure in failures})
    because = Because("validate", {"passed": passed})
    lifted = [HoldLifted(name, "the check passes now", because=because) for name in passed if name in order.holds]
    new = tuple(failure for failure in failures if hold_of(failure) not in before)
    return [OrderValidated(failures), *lifted, *holds_for(new)]


def failures_of(order: Order, context: Context) -> tuple[Failure, ...]:
    """Every check of the workflow that the order does not pass."""
    failures: list[Failure] = []
    for rule in context.workflow.validate:
        failures += rule.call(order, context.facts)
    return tuple(failures)


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


def lines_of(draft: Draft) -> tuple[Line, ...]:
    """The lines with their cents: their own discount and tax, and their share of the order's."""
    lines = []
    shares = zip(draft.lines, *_shares(draft), strict=True)
    for number, (sold, discount_share, tax_share) in enumerate(shares, 1):
        discount = sold.discount_minor + discount_share
        tax = sold.tax_minor + tax_share
        paid = sold.price_minor * sold.quantity - discount + (0 if draft.taxes_included else tax)
        tally = {"new": whole(sold.quantity)} if sold.quantity > 0 else {}
        lines.append(
            Line(
                number, sold.sku, sold.quantity, sold.price_minor, discount, tax, paid, tally,
                sold.title, sold.properties, sold.location, taxes=sold.taxes,
            )
        )  # fmt: skip
    return tuple(lines)


def _shares(draft: Draft) -> tuple[list[int], list[int]]:
    """The order's discount, spread over its lines by what is left after the lines' own; then its tax (M6)."""
    none = [0] * len(draft.lines)
    if not draft.discount_minor and not draft.tax_minor:  # as it mostly is: the channel says it by line
        return none, none
    nets = [max(0, line.price_minor * line.quantity - line.discount_minor) for line in draft.lines]
    discounts = spread(draft.discount_minor, nets) if any(nets) else none
    if not draft.tax_minor:
        return discounts, none
    after = [max(0, net - discount) for net, discount in zip(nets, discounts, strict=True)]
    return discounts, spread(draft.tax_minor, after if any(after) else [1] * len(nets))


def born(_: Order | None, event: OrderPlaced, at_s: int) -> Order:
    """The order that a draft becomes."""
    draft = event.draft
    tenders = {}
    for number, tender in enumerate(draft.tenders, 1):
        assert tender.kind in TENDER_KINDS, tender.kind
        start = START_STATES.get(tender.kind, "due")
        tally = {start: tender.amount_minor} if tender.amount_minor else {}
        tenders[f"P{number}"] = Tender(tender.kind, tender.method, tender.amount_minor, tally, tender.reference)
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
        shipping_minor=draft.shipping_minor + (0 if draft.taxes_included else draft.shipping_tax_minor),
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
        tenders=tenders,
        transactions=adopted(draft, event.deadlines),
    )


def basket_of(order: Order) -> str:
    """A digest of what was ordered: two orders with the same SKUs and quantities have the same."""
    lines = sorted(f"{line.quantity} {line.sku}" for line in order.lines)
    return blake2b("\n".join(lines).encode(), digest_size=8).hexdigest()


def evolve_validated(order: Order, event: OrderValidated, at_s: int) -> Order:
    """What fails now."""
    return replace(order, failures=event.failures)


DECISIONS = {PlaceOrder: place_order, Validate: validate}
EVOLUTIONS = {OrderPlaced: born, OrderValidated: evolve_validated}
EFFECTS = {OrderPlaced: dict.fromkeys(("new", "due", *START_STATES.values()), ("",))}
