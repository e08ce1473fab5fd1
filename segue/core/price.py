"""Price: an order that came without prices is priced from the catalog, at once or as soon as the catalog has them.

Until then it is an order like any other, and the hold of the check `priced` keeps it from being paid or sent.
"""

from collections.abc import Collection, Iterable, Iterator

from msgspec.structs import replace

from segue.core.base import Command, Event, Refusal, Refused
from segue.core.bundles import Bundles
from segue.core.context import Context
from segue.core.digital import with_kinds
from segue.core.draft import Draft
from segue.core.exploding import in_parts
from segue.core.order import Failure, Line, Order, Tender, units_in
from segue.core.pricing.pricing import WITHOUT_PRICES, Priced, agreed, priced
from segue.core.proration import lines_of, shipping_of
from segue.core.street import with_street_dates
from segue.core.tally import Tally, Units, common, whole
from segue.core.worth import effect_of


class Price(Command):
    """Price an order that waits for its prices, whatever total it was quoted."""


class OrderPriced(Event):
    """What an order costs is known now: lines, amounts and tenders are those of this draft."""

    draft: Draft
    coupons: dict[str, int] = {}  # the coupons that its price takes a use of, each with its limit
    withheld_minor: int = 0  # since a promotion's condition does not hold without what was canceled meanwhile
    shipping_minor: int = 0  # given back with what was canceled meanwhile


def at_placing(draft: Draft, context: Context, own: Collection[str] = ()) -> Priced:
    """A draft as it is placed: priced, if it came without prices and that can be done. Refused if it could not wait.

    A use of the coupons in `own` is its already: it is placed in the stead of an order that holds them.
    """
    found = _in_parts(draft, context, own)
    dated = with_street_dates(found.draft, context)
    dated = with_kinds(dated, context.facts)
    return found if dated is found.draft else replace(found, draft=dated)


def _in_parts(draft: Draft, context: Context, own: Collection[str]) -> Priced:
    if draft.priced:
        return Priced(in_parts(draft, context.facts) if context.facts.recipes or draft.bundles else draft)
    if not set(WITHOUT_PRICES) <= context.workflow.holds.keys():
        raise Refused(
            Refusal.PRICE_UNKNOWN, f"{context.workflow.name} needs holds called {' and '.join(WITHOUT_PRICES)}"
        )
    found = agreed(draft, context.facts, context.now_s, own)
    return replace(found, draft=in_parts(found.draft, context.facts)) if found.lacks else found


def price_anyway(order: Order, context: Context) -> list[OrderPriced]:
    """Its prices, whatever total it was quoted. Refused unless it waits for them, and the catalog has them by now."""
    if order.unpriced is None:
        raise Refused(Refusal.PRICED_ALREADY, order.id)
    found = priced(_as_it_is(order, order.unpriced), context.facts, context.now_s)
    if found.lacks:
        raise Refused(Refusal.PRICE_UNKNOWN, "; ".join(lack.detail for lack in found.lacks))
    return [_event(order, found, context)]


def price_again(order: Order, context: Context) -> list[OrderPriced]:
    """The prices of an order that waits for them, if they are known now and come to what it was quoted."""
    if order.unpriced is None:
        return []
    found = _found(order.unpriced, order, context)
    return [] if found.lacks else [_event(order, found, context)]


def lacks_of(order: Order, context: Context) -> tuple[Failure, ...]:
    """Why an order still waits for its prices, if it does."""
    return _found(order.unpriced, order, context).lacks if order.unpriced is not None else ()


def _found(draft: Draft, order: Order, context: Context) -> Priced:
    return agreed(_as_it_is(order, draft), context.facts, context.now_s)


def _as_it_is(order: Order, draft: Draft) -> Draft:
    """What it came as, going where the order goes by now."""
    return replace(draft, ship_to=order.ship_to, ship_method=order.ship_method)


def _event(order: Order, found: Priced, context: Context) -> OrderPriced:
    """Its prices. What was canceled before costs and brings back what it would if it were canceled now (M7)."""
    event = OrderPriced(with_kinds(found.draft, context.facts), found.coupons, because=found.because)
    if not units_in(order, "canceled"):
        return event
    made = evolve_priced(order, event, context.now_s)
    money = effect_of(made, made, context)
    return replace(event, withheld_minor=money.withheld_minor, shipping_minor=money.shipping_minor)


def evolve_priced(order: Order, event: OrderPriced, at_s: int) -> Order:
    """The order with its prices. Its units stay in their states, also where a line was cut into several."""
    draft = event.draft
    return replace(
        order,
        lines=_with_states(lines_of(draft), order, draft.bundles),
        total_minor=draft.total_minor,
        shipping_minor=shipping_of(draft),
        shipping_tax_minor=draft.shipping_tax_minor,
        shipping_taxes=draft.shipping_taxes,
        taxes_included=draft.taxes_included,
        charges=draft.charges,
        grants=draft.grants,
        tenders=_paid_by(order, draft),
        bundles=draft.bundles,
        digital=any(line.kind for line in draft.lines),
        unpriced=None,
        coupons=event.coupons,
        withheld_minor=order.withheld_minor + event.withheld_minor,
        shipping_back_minor=order.shipping_back_minor + event.shipping_minor,
    )


def _with_states(priced: tuple[Line, ...], order: Order, bundles: Bundles) -> tuple[Line, ...]:
    """Lines with the states of their units. Where bundles are cut into several, each part is cut on its own."""
    if not bundles and not order.bundles:
        return tuple(_as_cut(priced, order.lines))
    before = _by_kind(order.lines, order.bundles)
    states: dict[int, Line] = {}
    for kind, lines in _by_kind(priced, bundles).items():
        known = before.get(kind, [])
        is_same = sum([line.quantity for line in lines]) == sum([line.quantity for line in known])
        states |= {line.number: line for line in (_as_cut(lines, known) if is_same else lines)}
    return tuple(states[line.number] for line in priced)


def _by_kind(lines: Iterable[Line], bundles: Bundles) -> dict[tuple[str, ...], list[Line]]:
    """Lines by article, and by the bundles that it is in."""
    found: dict[tuple[str, ...], list[Line]] = {}
    for line in lines:
        kind, key = [line.sku], line.bundle
        while key:
            kind.append(bundles[key].sku)
            key = bundles[key].inside
        found.setdefault(tuple(kind), []).append(line)
    return found


def _as_cut(priced: Iterable[Line], before: Iterable[Line]) -> Iterator[Line]:
    """Lines in the order of those that they were cut from, each with the states of its units."""
    rest = iter(before)
    old, done = next(rest), 0
    for line in priced:
        if done == old.quantity:
            old, done = next(rest), 0
        yield replace(line, tally=_part(old.tally, done, line.quantity))
        done += line.quantity


def _part(tally: Tally, before: int, count: int) -> Tally:
    """The states of `count` units behind the first `before`, numbered from 1."""
    if not before and all(units == whole(count) for units in tally.values()):
        return tally
    here = ((before + 1, before + count),)
    found = {state: common(units, here) for state, units in tally.items()}
    return {state: _numbered(units, before) for state, units in found.items() if units}


def _numbered(units: Units, before: int) -> Units:
    return tuple((first - before, last - before) for first, last in units)


def _paid_by(order: Order, draft: Draft) -> dict[str, Tender]:
    """The tenders; one that had no amount has it now, and is due."""
    amounts = zip(order.tenders.items(), draft.tenders, strict=True)
    return {
        name: tender if tender.amount_minor == said.amount_minor else _due(tender, said.amount_minor)
        for (name, tender), said in amounts
    }


def _due(tender: Tender, amount_minor: int) -> Tender:
    return replace(tender, amount_minor=amount_minor, tally={"due": amount_minor})
