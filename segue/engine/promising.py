"""Promising: from where and when a cart could be had, by each shipping method. Nothing is kept."""

from collections.abc import Iterable
from functools import partial

from msgspec.structs import replace

from segue.core.base import Value
from segue.core.context import Context
from segue.core.draft import Draft
from segue.core.exploding import in_parts
from segue.core.facts import Facts
from segue.core.pricing.pricing import priced
from segue.core.promise import Promise, cart_order, checked_out, pause_s, promise
from segue.core.proration import shipping_of
from segue.core.selling import unsellable
from segue.core.sooner import Sooner, sooner
from segue.core.street import with_street_dates
from segue.engine.needs import Shelves, supplied
from segue.engine.rules import Rules
from segue.ports import PortFailed


class Option(Value):
    """What one shipping method promises, and, if that is explained, what keeps it from promising more."""

    promise: Promise
    sooner: tuple[Sooner, ...]
    skus: tuple[str, ...]  # by line: pricing may make two lines of one
    shipping_minor: int | None = None  # what its shipping costs the customer, with taxes; None: not known
    unsellable: tuple[str, ...] = ()  # why an order for this would be held or refused: more is wanted than may be sold


def options(
    shelves: Shelves, rules: Rules, cart: Draft, now_s: int, methods: Iterable[str], explains: bool = False
) -> list[Option]:
    """What each method promises for a cart that is paid at this instant. Raises Refused where nothing can be."""
    return [promised(shelves, rules, replace(cart, ship_method=method), now_s, explains) for method in methods]


def promised(shelves: Shelves, rules: Rules, cart: Draft, now_s: int, explains: bool = False) -> Option:
    """What is promised for a cart that is paid at this instant, by the workflow of its channel.

    If it is to explain itself, it names the locations that are passed over, and why it is not sooner; that takes longer.
    """
    workflow = rules.for_channel(cart.channel)
    context = Context(
        now_s + pause_s(workflow, cart.channel, cart.tier), workflow, rules.facts(), shop=rules.shop, explains=explains
    )
    try:
        return supplied(shelves, context.facts, partial(_option, cart, context, now_s), rules.taxes, rules.carriers)
    except PortFailed:  # nobody says the taxes now; where it comes from does not wait for that
        as_it_is = replace(cart, priced=True)
        return supplied(shelves, context.facts, partial(_option, as_it_is, context, now_s), rules.taxes, rules.carriers)


def _option(cart: Draft, context: Context, now_s: int) -> Option:
    draft, shipping_minor = _with_prices(cart, context.facts, now_s)
    draft = in_parts(draft, context.facts)
    context.facts.listed(frozenset(line.sku for line in draft.lines))
    draft = with_street_dates(draft, context)
    order, context = checked_out(cart_order(draft, context.workflow), cart.cart, now_s, context)
    objections = unsellable(order, context)
    made = promise(order, context)
    skus = tuple(line.sku for line in order.lines)
    if not context.explains:
        return Option(made, (), skus, shipping_minor, objections)
    apart = context.facts.kept_apart(frozenset(skus))
    withheld = {(sku, name): units for sku, places in apart.items() for name, (units, *_) in places.items()}
    return Option(made, sooner(order, made, context, withheld, now_s), skus, shipping_minor, objections)


def _with_prices(cart: Draft, facts: Facts, now_s: int) -> tuple[Draft, int | None]:
    """The cart with its prices, as an order would have them, and what its shipping costs the customer.

    As it is where something lacks for that; nobody knows the price of a method of which the shop says none.
    """
    if cart.priced:
        return cart, None
    found = priced(cart, facts, now_s)
    if found.lacks:
        return cart, None
    return found.draft, shipping_of(found.draft) if cart.ship_method in facts.price_list.shipping else None
