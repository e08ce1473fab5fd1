"""What customers change: pause, skip, order now, another article, address or payment. Nothing changes what was ordered."""

from datetime import date, timedelta

from msgspec.structs import replace

from segue.core.base import Event, Refusal, Refused
from segue.core.subscription.beginning import begun, due_first, refuse_lines, zone_of
from segue.core.subscription.commands import (
    AddLine,
    ChangeAddress,
    ChangeLine,
    ChangeNext,
    ChangePayment,
    End,
    OrderNow,
    Pause,
    RemoveLine,
    Resume,
    SkipNext,
)
from segue.core.subscription.events import (
    AddressChanged,
    CycleOrdered,
    CyclePassed,
    LineChanged,
    LineRemoved,
    NextChanged,
    PaymentChanged,
    RetryRequested,
    SubscriptionEnded,
    SubscriptionPaused,
    SubscriptionRecovered,
    SubscriptionResumed,
)
from segue.core.subscription.standing import (
    Circumstances,
    Cycle,
    Line,
    Once,
    Subscription,
    advanced,
    next_cycle,
    today,
)

DONE = "nothing of it is left"


def pause(subscription: Subscription, command: Pause, circumstances: Circumstances) -> list[Event]:
    """Refused if it is paused like this already, or if the day has come."""
    until = command.until
    if subscription.paused and subscription.paused_until == until:
        raise Refused(Refusal.SUBSCRIPTION_PAUSED, subscription.id)
    if until is not None and until <= today(circumstances.now_s, zone_of(subscription.terms, circumstances)):
        raise Refused(Refusal.END_BEFORE_START, f"a pause until {until}")
    return [SubscriptionPaused(until=until)]


def resume(subscription: Subscription, command: Resume, circumstances: Circumstances) -> list[Event]:
    """Refused if it is not paused."""
    if not subscription.paused:
        raise Refused(Refusal.SUBSCRIPTION_NOT_PAUSED, subscription.id)
    return [SubscriptionResumed()]


def skip_next(subscription: Subscription, command: SkipNext, circumstances: Circumstances) -> list[Event]:
    """Refused if nothing comes any more, or something else than was meant."""
    cycle = _next(subscription, command.line)
    if command.on is not None and cycle.on != command.on:
        raise Refused(Refusal.CYCLE_NOT_FOUND, f"of {command.on}; the next one is of {cycle.on}")
    passed = CyclePassed(on=cycle.on, lines=cycle.lines, reason="skipped", alone=cycle.alone)
    return [passed, *ended(advanced(subscription, cycle))]


def order_now(subscription: Subscription, command: OrderNow, circumstances: Circumstances) -> list[Event]:
    """Refused while its payment has failed, or if nothing comes any more."""
    if subscription.held:
        raise Refused(Refusal.SUBSCRIPTION_ON_HOLD, subscription.id)
    if command.extra:
        lines = tuple(sorted(subscription.lines)) if command.line == 0 else (_number(subscription, command.line),)
        made = CycleOrdered(cycle=f"extra.{subscription.extras + 1}", lines=lines, early=True)
        return [made, *ended(replace(subscription, made=subscription.made + 1))]
    cycle = replace(_next(subscription, command.line), alone=True)
    made = CycleOrdered(cycle=cycle.name, lines=cycle.lines, on=cycle.on, alone=True, early=True)
    return [made, *ended(replace(advanced(subscription, cycle), made=subscription.made + 1))]


def _next(subscription: Subscription, line: int) -> Cycle:
    cycle = next_cycle(subscription, _number(subscription, line) if line else 0)
    if cycle is None:
        raise Refused(Refusal.CYCLE_NOT_FOUND, f"of line {line}" if line else subscription.id)
    return cycle


def _number(subscription: Subscription, line: int) -> int:
    if line not in subscription.lines:
        raise Refused(Refusal.SUBSCRIPTION_LINE_NOT_FOUND, str(line))
    return line


def ended(subscription: Subscription) -> list[Event]:
    """That it has ended, if there is nothing more to come."""
    most = subscription.terms.orders_max
    if most is not None and subscription.made >= most:
        return [SubscriptionEnded(reason=f"all of its {most} orders are made")]
    return [] if next_cycle(subscription) else [SubscriptionEnded(reason=DONE)]


def change_next(subscription: Subscription, command: ChangeNext, circumstances: Circumstances) -> list[Event]:
    """Refused if that line does not come any more, or could not be like this."""
    _next(subscription, command.line)
    line = subscription.lines[command.line]
    fixed = command.price_minor is not None
    once = Once(
        command.quantity or line.quantity,
        command.sku or line.sku,
        command.price_minor if fixed else line.price_minor,
        command.tax_minor if fixed else line.tax_minor,
    )
    as_if = replace(line, quantity=once.quantity, sku=once.sku, price_minor=once.price_minor, tax_minor=once.tax_minor)
    refuse_lines(subscription.lines | {command.line: as_if})
    return [NextChanged(line=command.line, once=once)]


def change_line(subscription: Subscription, command: ChangeLine, circumstances: Circumstances) -> list[Event]:
    """Refused if there is no such line, or it could not be like this. Other days begin after those that are settled."""
    line = subscription.lines[_number(subscription, command.line)]
    changed = replace(
        line,
        sku=command.sku or line.sku,
        title="" if command.sku and command.sku != line.sku else line.title,
        quantity=command.quantity or line.quantity,
        price_minor=line.price_minor if command.price_minor is None else command.price_minor,
        tax_minor=line.tax_minor if command.tax_minor is None else command.tax_minor,
        once=None,
    )
    if command.rule or command.starts_on:
        changed = _on_other_days(subscription, changed, command, circumstances)
    refuse_lines(subscription.lines | {command.line: changed})
    return [LineChanged(line=command.line, now=changed)]


def _on_other_days(subscription: Subscription, line: Line, command: ChangeLine, circumstances: Circumstances) -> Line:
    day = _free_from(subscription, circumstances)
    starts_on = command.starts_on or (day if command.rule else line.starts_on)
    other = replace(line, rule=command.rule or line.rule, starts_on=starts_on)
    return due_first(other, subscription.terms, day)


def _free_from(subscription: Subscription, circumstances: Circumstances) -> date:
    """From when on other days than before can be chosen: not before today, nor on one that is settled."""
    now = today(circumstances.now_s, zone_of(subscription.terms, circumstances))
    settled = subscription.settled_on
    return max(now, settled + timedelta(1)) if settled else now


def add_line(subscription: Subscription, command: AddLine, circumstances: Circumstances) -> list[Event]:
    """Refused if it could not be like this."""
    day = _free_from(subscription, circumstances)
    number = subscription.numbered + 1
    line = begun(command.line, subscription.terms, day, day)
    refuse_lines(subscription.lines | {number: line})
    return [LineChanged(line=number, now=line)]


def remove_line(subscription: Subscription, command: RemoveLine, circumstances: Circumstances) -> list[Event]:
    """Refused if there is no such line, or no other one."""
    number = _number(subscription, command.line)
    left = {key: line for key, line in subscription.lines.items() if key != number}
    refuse_lines(left)
    return [LineRemoved(line=number), *ended(replace(subscription, lines=left))]


def change_address(subscription: Subscription, command: ChangeAddress, circumstances: Circumstances) -> list[Event]:
    """What was ordered before keeps the address that it has."""
    return [AddressChanged(address=command.address)]


def change_payment(subscription: Subscription, command: ChangePayment, circumstances: Circumstances) -> list[Event]:
    """What could not be paid is tried once more like this, and the subscription goes on."""
    retries: list[Event] = [
        RetryRequested(cycle=cycle, order=unpaid.order) for cycle, unpaid in subscription.unpaid.items()
    ]
    recovered: list[Event] = [SubscriptionRecovered()] if subscription.held else []
    return [PaymentChanged(payment=command.payment), *retries, *recovered]


def end(subscription: Subscription, command: End, circumstances: Circumstances) -> list[Event]:
    """What was ordered before goes its way."""
    return [SubscriptionEnded(reason=command.reason)]


DECISIONS = {
    Pause: pause,
    Resume: resume,
    SkipNext: skip_next,
    OrderNow: order_now,
    ChangeNext: change_next,
    ChangeLine: change_line,
    AddLine: add_line,
    RemoveLine: remove_line,
    ChangeAddress: change_address,
    ChangePayment: change_payment,
    End: end,
}
