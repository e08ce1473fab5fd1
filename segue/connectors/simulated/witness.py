"""The witness: a gateway's own ledger against our orders, one to one, in both directions (I03)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from segue.connectors.simulated.books import LedgerRow
from segue.core.authorization import is_brought
from segue.core.order import Order, Tender
from segue.core.transactions import CHARGED


class Happened(NamedTuple):
    """One thing that happened to money, as either side has it."""

    operation: str
    reference: str  # the gateway's own id
    amount_minor: int
    currency: str


class Comparison(NamedTuple):
    """A gateway's ledger beside our orders: what only one of them has, and what must never have been done at all."""

    theirs: list[Happened]  # the gateway did it, and we do not know
    ours: list[Happened]  # we believe it, and the gateway did not
    duplicates: list[LedgerRow]  # done once more than it was asked for
    over_captures: list[str]  # authorizations and orders of which more was taken than was held, or than they cost
    over_refunds: list[str]  # the same, of which more was given back than was taken


def comparison(rows: Iterable[LedgerRow], orders: Iterable[Order]) -> Comparison:
    """Compare them."""
    ledger, known = tuple(rows), {order.id: order for order in orders}
    theirs, ours = unmatched(ledger, known.values())
    return Comparison(
        theirs, ours, list(_duplicates(ledger, theirs)), _over_captured(ledger, known), _over_refunded(ledger)
    )


def _duplicates(ledger: Iterable[LedgerRow], theirs: Iterable[Happened]) -> Iterator[LedgerRow]:
    """What has the key of something before it; or is unknown to us, and does the same as something that is known."""
    unknown = {each.reference for each in theirs}
    keys: set[str] = set()
    deeds: set[tuple[str, str, int]] = set()
    for row in sorted(ledger, key=lambda row: row.id in unknown):
        deed = (row.operation, row.reference, row.amount_minor)
        if row.key in keys or (row.id in unknown and deed in deeds):
            yield row
        keys.add(row.key)
        deeds.add(deed)


def _over_captured(ledger: Iterable[LedgerRow], orders: Mapping[str, Order]) -> list[str]:
    held, gone, taken = Counter[str](), Counter[str](), Counter[str]()
    for row in ledger:
        held[row.authorization] += row.amount_minor * (row.operation in ("authorize", "adopt"))
        gone[row.authorization] += row.amount_minor * (row.operation in ("capture", "void"))
        taken[_order_of(row)] += row.amount_minor * (row.operation == "capture")
    costs = {name: sum(t.amount_minor for t in _at_gateways(order)) for name, order in orders.items()}
    return [*_beyond(gone, held), *_beyond(taken, costs)]


def _over_refunded(ledger: Iterable[LedgerRow]) -> list[str]:
    taken, back = Counter[str](), Counter[str]()
    for row in ledger:
        for name in (row.authorization, _order_of(row)):
            taken[name] += row.amount_minor * (row.operation == "capture")
            back[name] += row.amount_minor * (row.operation == "refund")
    return _beyond(back, taken)


def _beyond(amounts: Mapping[str, int], bounds: Mapping[str, int]) -> list[str]:
    return sorted(name for name, amount in amounts.items() if amount > bounds.get(name, 0))


def _order_of(row: LedgerRow) -> str:
    return row.reference.partition("/")[0]


def _at_gateways(order: Order) -> Iterator[Tender]:
    return (tender for tender in order.tenders.values() if tender.kind in CHARGED)


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
