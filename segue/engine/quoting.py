"""Quoting: what a cart would cost as an order now, by the code that prices orders. Nothing is kept."""

from segue.core.draft import Draft
from segue.core.pricing.pricing import Priced, priced
from segue.engine.needs import Shelves, supplied
from segue.engine.rules import Rules


def quoted(shelves: Shelves, rules: Rules, cart: Draft, now_s: int) -> Priced:
    """What the cart costs, or what lacks for saying so. Raises PortFailed if the tax service does not answer."""
    facts = rules.facts()
    return supplied(shelves, facts, lambda: priced(cart, facts, now_s), rules.taxes, rules.carriers)
