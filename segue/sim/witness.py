"""The witness: a gateway's own ledger against our orders, one to one (I03), and stories folded against orders (I40)."""

from collections.abc import Iterable

from msgspec import json

from segue.connectors.simulated.witness import unmatched
from segue.core.decide import Decision
from segue.core.order import Order
from segue.core.step import fold

__all__ = ["misfolded", "unmatched"]

DECISIONS = json.Decoder(list[Decision])


def misfolded(steps: Iterable[tuple[str, int, bytes]], orders: Iterable[Order]) -> list[str]:
    """The orders that are not what their stories say, byte for byte."""
    folded: dict[str, Order] = {}
    for order, at_s, record in steps:
        folded[order] = fold(folded.get(order), DECISIONS.decode(record), at_s)
    return [order.id for order in orders if json.encode(folded.get(order.id)) != json.encode(order)]
