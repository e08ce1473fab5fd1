"""The witness: a gateway's own ledger against our orders, one to one, in both directions (I03)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from segue.connectors.simulated.books import LedgerRow
from segue.core.authorization import is_brought
from segue.core.order import Order
from segue.core.transactions import CHARGED


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
        if done.outcome == "done" and order.tenders[done.tender].kind in CHARGED and not is_brought(order, done):
            yield Happened(done.kind, done.reference, done.amount_minor, order.currency)
