"""What scenarios look at of an order's money: tenders, ledger, taxes, documents."""

from collections.abc import Mapping

from segue.core.proration import taxes_of
from segue.core.tally import Units, whole
from segue.core.vocabulary import MONEY_STATES
from segue.scenario.expecting.check import decimal
from segue.scenario.stage import Stage
from segue.store.reading import Finder


def ledger_of(stage: Stage, id: str) -> dict[str, str]:
    """What is on each account of the order's ledger: debits less credits."""
    sums: dict[str, int] = {}
    for entry in Finder(stage.app.reader()).ledger(id):
        sums[entry.debit] = sums.get(entry.debit, 0) + entry.amount_minor
        sums[entry.credit] = sums.get(entry.credit, 0) - entry.amount_minor
    return {account: decimal(amount, stage.order(id).currency) for account, amount in sums.items()}


def tenders_of(stage: Stage, id: str) -> dict[str, dict[str, str]]:
    """Its money by tender and state."""
    order = stage.order(id)
    return {name: _decimals(tender.tally, order.currency) for name, tender in order.tenders.items()}


def money_of(stage: Stage, id: str) -> dict[str, str]:
    """Its money by state."""
    order = stage.order(id)
    sums: dict[str, int] = {}
    for tender in order.tenders.values():
        for state, amount in tender.tally.items():
            sums[state] = sums.get(state, 0) + amount
    return _decimals(sums, order.currency)


def _decimals(tally: Mapping[str, int], currency: str) -> dict[str, str]:
    ranked = sorted(tally.items(), key=lambda each: MONEY_STATES.index(each[0]))
    return {state: decimal(amount, currency) for state, amount in ranked if amount}


def taxes_on(stage: Stage, id: str) -> dict[str, str]:
    """How much of each tax is on its goods."""
    order = stage.order(id)
    units: dict[int, Units] = {line.number: whole(line.quantity) for line in order.lines if line.quantity > 0}
    return {name: decimal(amount, order.currency) for name, amount in taxes_of(order, units).items()}


def documents_of(stage: Stage, id: str) -> dict[str, str]:
    """Its invoices and credit memos, each with its total."""
    order = stage.order(id)
    return {name: decimal(issued.total_minor, order.currency) for name, issued in order.documents.items()}
