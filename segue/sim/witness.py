"""The witness: a gateway's own ledger against our orders, one to one (I03), and stories folded against orders (I40)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec import json

from segue.connectors.simulated.books import LedgerRow
from segue.core.decide import Decision
from segue.core.order import Order
from segue.core.step import fold


class Happened(NamedTuple):
    """One thing that happened to money, as either side has it."""

    operation: str
    reference: str  # the gateway's own id
    amount_minor: int
    currency: str


def unmatched(rows: Iterable[LedgerRow], orders: Iterable[Order]) -> tuple[list[Happened], list[Happened]]:
    """What the gateway did and our orders do not know; and what our orders believe and the gateway did not do."""
    theirs = Counter(
        Happened(row.operation, row.id, row.amount_minor, row.currency) for row in rows if row.operation != "adopt"
    )
    ours = Counter(each for order in orders for each in _of(order))
    return sorted((theirs - ours).elements()), sorted((ours - theirs).elements())


def _of(order: Order) -> Iterator[Happened]:
    for done in order.transactions.values():
        if done.outcome == "done" and order.tenders[done.tender].kind in ("gateway", "adopted"):
            yield Happened(done.kind, done.reference, done.amount_minor, order.currency)


DECISIONS = json.Decoder(list[Decision])


def misfolded(steps: Iterable[tuple[str, int, bytes]], orders: Iterable[Order]) -> list[str]:
    """The orders that are not what their stories say, byte for byte."""
    folded: dict[str, Order] = {}
    for order, at_s, record in steps:
        folded[order] = fold(folded.get(order), DECISIONS.decode(record), at_s)
    return [order.id for order in orders if json.encode(folded.get(order.id)) != json.encode(order)]
