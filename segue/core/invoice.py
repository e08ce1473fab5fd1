"""Invoices and credit memos: what has left is invoiced, once; what is not owed any more of that is credited, once.

The command looks at what has no document yet, so that however often it is given nothing is issued twice, and what was
missed is made good. The order keeps names of its own, I1 and M1; the legal numbers are the store's.
"""

from fractions import Fraction

from msgspec.structs import replace

from segue.core.amounts import half_up
from segue.core.base import Command, Event
from segue.core.context import Context
from segue.core.order import Order, Shipment, any_in, money_in
from segue.core.papers import Credited, Issued, Part
from segue.core.parts import (
    CREDIT_MEMO,
    GOODS,
    INVOICE,
    OUT,
    Parts,
    added,
    beside,
    documented,
    floored,
    goods_of,
    parts_of,
    portion,
    shared_tax,
    taxes_of_all,
    total_of,
)
from segue.core.reclaim import net_of
from segue.core.tally import Units, common, minus, union
from segue.core.workflow import Workflow
from segue.core.worth import earned, keeps, returned_of

PROMPT = ("on.fulfillment_shipped.", "on.payment_refunded.")  # what an invoice and a credit memo follow at once


class IssueDocuments(Command):
    """Invoice what has left and is on no invoice; credit what was invoiced and is not owed any more."""


class InvoiceIssued(Event):
    """A shipment is invoiced, with the first what the order costs beside its goods. Without one: what is owed beyond."""

    document: str
    shipment: str
    total_minor: int
    parts: Parts = {}  # what it is made up of, each with its taxes


class CreditMemoIssued(Event):
    """An amount that was invoiced is the customer's. Without a refund where it was never paid."""

    document: str
    total_minor: int
    refund: str = ""
    lines: dict[int, Credited] = {}
    reverses: dict[str, int] = {}
    parts: Parts = {}  # what it is made up of, each with its taxes


class NothingCredited(Event):
    """A refund gave back what no invoice had asked for: what was canceled before it left, or paid beyond."""

    refund: str


def issue_documents(order: Order, command: IssueDocuments, context: Context) -> list[Event]:
    """Whatever is missing: invoices first. Nothing is missing: nothing happens."""
    events: list[Event] = []
    owed = earned(order, OUT) if order.shipments or order.documents else 0
    for invoice in _invoices(order, owed):
        order = evolve_invoiced(order, invoice, context.now_s)
        events.append(invoice)
    for refund in _new_refunds(order):
        amount = min(order.transactions[refund].amount_minor, _open(order, owed))
        if amount > 0:
            memo = _memo(order, amount, refund, owed)
            order = evolve_credited(order, memo, context.now_s)
            events.append(memo)
        else:
            events.append(NothingCredited(refund))
    amount = _open(order, owed)
    if amount > 0 and money_in(order, "captured", "capturing", "refunding") <= keeps(order):  # nobody will give it back
        events.append(_memo(order, amount, "", owed))
    elif not amount and _is_taxed_otherwise(order):
        events.append(_memo(order, 0, "", owed))
    return events


def _is_taxed_otherwise(order: Order) -> bool:
    """Whether what came back and what is asked for in its place are as much, and taxed differently."""
    since = order.withheld_minor or order.adjustments or order.shipping_back_minor or any_in(order, "returned")
    if not order.documents or not since:  # as it mostly is
        return False
    return any(taxes_of_all(added(documented(order), parts_of(order), -1)).values())


def issued_at_once(workflow: Workflow) -> bool | None:
    """Whether a workflow issues documents with each shipment and refund, or at another time; None: never."""
    issuing = [each for each in workflow.by_id.values() if isinstance(each.command, IssueDocuments)]
    if not issuing:
        return None
    prompt = [each.id for each in issuing if not each.after_s and each.when is None]
    return all(any(id.startswith(what) for id in prompt) for what in PROMPT)


def invoices_of(order: Order) -> dict[str, Issued]:
    """The order's invoices, by name."""
    return {name: issued for name, issued in order.documents.items() if name.startswith(INVOICE)}


def _open(order: Order, owed: int) -> int:
    """What was invoiced, is not owed any more, and no credit memo has said so yet. Minor units."""
    return invoiced_net(order) - owed if order.documents else 0


def invoiced_net(order: Order) -> int:
    """The sum of the order's invoices less that of its credit memos. Minor units."""
    net = 0
    for name, issued in order.documents.items():
        net += issued.total_minor if name.startswith(INVOICE) else -issued.total_minor
    return net


def _invoices(order: Order, owed: int) -> list[InvoiceIssued]:
    """One for each shipment that has none. What is earned beyond comes on the last of them, else on one of its own."""
    known = invoices_of(order)
    of = {issued.of for issued in known.values()}
    left = [name for name in order.shipments if name not in of]
    if not left and (not order.shipments or owed <= invoiced_net(order)):  # as it mostly is
        return []
    count, said, new = len(known), documented(order), list[InvoiceIssued]()
    for name in left:
        count += 1
        shipment = order.shipments[name]
        parts = _invoiced(order, shipment, count == 1)
        new.append(InvoiceIssued(f"{INVOICE}{count}", name, total_of(parts), parts))
        said = added(said, parts)
    lacking = added(parts_of(order), said, -1)
    amount = total_of(lacking)
    if amount < 0:
        return new
    if new:
        total, parts = new[-1].total_minor + amount, floored(added(new[-1].parts, lacking))
        new[-1] = replace(new[-1], total_minor=total, parts=parts)
    else:
        new.append(InvoiceIssued(f"{INVOICE}{count + 1}", "", amount, floored(lacking)))
    return new


def _invoiced(order: Order, shipment: Shipment, is_first: bool) -> Parts:
    goods = {GOODS: goods_of(order, shipment.units)}
    return floored(goods | beside(order) if is_first else goods)


def _new_refunds(order: Order) -> list[str]:
    refunds = [name for name, done in order.transactions.items() if done.kind == "refund" and done.outcome == "done"]
    if not refunds:  # as it mostly is
        return []
    known = {issued.of for issued in order.documents.values()}.union(order.uncredited)
    return [name for name in refunds if name not in known]


def _memo(order: Order, amount: int, refund: str, owed: int) -> CreditMemoIssued:
    """What is back is credited as it was invoiced, and what else there is (a fee, a lower price) beside it."""
    memos = [issued for name, issued in order.documents.items() if name.startswith(CREDIT_MEMO)]
    back = returned_of(order)
    before = {number: [memo.lines[number] for memo in memos if number in memo.lines] for number in back}
    dues = {
        number: net_of(order, {number: units}) - sum([each.amount_minor for each in before[number]])
        for number, units in back.items()
    }
    lines: dict[int, Credited] = {}
    open_parts = added(documented(order), parts_of(order), -1)
    is_last = amount == _open(order, owed)
    goods = open_parts.get(GOODS, Part(0)).amount_minor
    left = goods if is_last else min(goods, amount)
    for number in sorted(dues, key=lambda number: dues[number] != amount):  # a refund of just one line is of that
        part = min(dues[number], left)
        if part > 0:
            lines[number] = _credited(order, number, back[number], part, before[number])
            left -= part
    parts = floored(open_parts) if is_last else _some_of(order, open_parts, lines, amount)
    if is_last:
        lines = _with_whole_tax(lines, parts.get(GOODS, Part(0)))
    reverses = _reversed(order, lines, amount)
    return CreditMemoIssued(f"{CREDIT_MEMO}{len(memos) + 1}", amount, refund, lines, reverses, parts)


def _some_of(order: Order, owed: Parts, lines: dict[int, Credited], amount: int) -> Parts:
    """The parts of a memo that is not the last: its lines, and of what else is owed as much as it takes."""
    parts: Parts = {}
    for number, line in lines.items():
        tax = shared_tax(order.lines[number - 1], line.tax_minor)
        parts = added(parts, {GOODS: Part(line.amount_minor, tax)})
    for name, part in added(owed, parts, -1).items():
        some = min(part.amount_minor, amount - total_of(parts))
        if some > 0:
            parts = added(parts, {name: portion(part, some)})
    return parts


def _with_whole_tax(lines: dict[int, Credited], goods: Part) -> dict[int, Credited]:
    """What was rounded in the taxes of parts of lines comes with the last line, where the lines are all that is of goods."""
    lacking = sum(goods.taxes.values()) - sum([line.tax_minor for line in lines.values()])
    if not lacking or sum([line.amount_minor for line in lines.values()]) != goods.amount_minor:
        return lines
    last = max(lines)
    return lines | {last: replace(lines[last], tax_minor=lines[last].tax_minor + lacking)}


def _credited(order: Order, number: int, units: Units, part: int, before: list[Credited]) -> Credited:
    """A part of what a line's returned units cost, and its share of their tax: with the last part the tax is whole."""
    named: Units = ()
    for each in before:
        named = union(named, each.units)
    whole = goods_of(order, {number: units})
    so_far = part + sum([each.amount_minor for each in before])
    tax = half_up(Fraction(sum(whole.taxes.values()) * so_far, whole.amount_minor))
    return Credited(part, tax - sum([each.tax_minor for each in before]), minus(units, named))


def _reversed(order: Order, lines: dict[int, Credited], amount: int) -> dict[str, int]:
    """How much of which invoices: first those of the units, then the latest that have something left."""
    left = {name: issued.total_minor for name, issued in invoices_of(order).items()}
    for issued in order.documents.values():
        for name, part in issued.reverses.items():
            left[name] -= part
    found: dict[str, int] = {}
    for name, most in (*_of_units(order, lines), *((name, left[name]) for name in reversed(left))):
        part = min(amount, most, left[name])
        if part > 0:
            found[name] = found.get(name, 0) + part
            left[name] -= part
            amount -= part
    return found


def _of_units(order: Order, lines: dict[int, Credited]) -> list[tuple[str, int]]:
    """What the credited units were invoiced with, and where."""
    invoices = {issued.of: name for name, issued in invoices_of(order).items()}
    return [
        (invoices[name], net_of(order, {number: units}))
        for number, credited in lines.items()
        for name, shipment in order.shipments.items()
        if (units := common(shipment.units.get(number, ()), credited.units))
    ]


def evolve_invoiced(order: Order, event: InvoiceIssued, at_s: int) -> Order:
    """The shipment has its invoice."""
    issued = Issued(event.shipment, event.total_minor, parts=event.parts)
    return replace(order, documents=order.documents | {event.document: issued})


def evolve_credited(order: Order, event: CreditMemoIssued, at_s: int) -> Order:
    """So much is credited."""
    issued = Issued(event.refund, event.total_minor, event.lines, event.reverses, event.parts)
    return replace(order, documents=order.documents | {event.document: issued})


def evolve_nothing_credited(order: Order, event: NothingCredited, at_s: int) -> Order:
    """The refund needs no credit memo."""
    return replace(order, uncredited=(*order.uncredited, event.refund))


DECISIONS = {IssueDocuments: issue_documents}
EVOLUTIONS = {
    InvoiceIssued: evolve_invoiced,
    CreditMemoIssued: evolve_credited,
    NothingCredited: evolve_nothing_credited,
}
