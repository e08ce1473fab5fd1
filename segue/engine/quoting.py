"""Quoting: what a cart would cost as an order now, and whether it is sold, by the code of orders. Nothing is kept."""

from functools import partial

from msgspec.structs import replace

from segue.core.base import Value
from segue.core.context import Context
from segue.core.draft import Draft
from segue.core.exploding import in_parts
from segue.core.pricing.pricing import Priced, priced
from segue.core.promise import cart_order, checked_out, pause_s
from segue.core.selling import unsellable
from segue.core.street import with_street_dates
from segue.engine.needs import Shelves, supplied
from segue.engine.rules import Rules


def quoted(shelves: Shelves, rules: Rules, cart: Draft, now_s: int) -> Priced:
    """What the cart costs, or what lacks for saying so. Raises PortFailed if the tax service does not answer."""
    facts = rules.facts()
    return supplied(shelves, facts, lambda: priced(cart, facts, now_s), rules.taxes, rules.carriers)


class Standing(Value):
    """Whether a cart is sold now, and what of it only comes out later."""

    unsellable: tuple[str, ...] = ()  # why an order for this would be held or refused: more is wanted than may be sold
    street_dates: dict[str, str] = {}  # by SKU: the day before which it does not leave


def standing(shelves: Shelves, rules: Rules, cart: Draft, now_s: int) -> Standing:
    """How a cart stands that is paid at this instant, by the workflow of its channel."""
    workflow = rules.for_channel(cart.channel)
    context = Context(now_s + pause_s(workflow, cart.channel, cart.tier), workflow, rules.facts(), shop=rules.shop)
    as_it_is = replace(cart, priced=True)
    return supplied(shelves, context.facts, partial(_standing, as_it_is, context, now_s), rules.taxes, rules.carriers)


def _standing(cart: Draft, context: Context, now_s: int) -> Standing:
    draft = in_parts(cart, context.facts)
    context.facts.listed(frozenset(line.sku for line in draft.lines))
    draft = with_street_dates(draft, context)
    order, context = checked_out(cart_order(draft, context.workflow), cart.cart, now_s, context)
    dates = {line.sku: line.street_date for line in draft.lines if line.street_date}
    return Standing(unsellable(order, context), dates)
