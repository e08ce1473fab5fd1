"""Parts: what the customer owes for what has left, by what it is for, each with the taxes in it.

The ledger books them as they come about, documents say them. Both go by what stands here, so that once all is documented
their amounts and their taxes are the same, by name and to the cent.
"""

from collections.abc import Iterable
from fractions import Fraction

from segue.core.aftersale import Adjustment
from segue.core.amounts import half_up, of_units, spread
from segue.core.order import Line, Order, units_in
from segue.core.papers import Part
from segue.core.proration import taxes_of
from segue.core.reclaim import Kept, net_of
from segue.core.tally import LEFT, common, ranked, size
from segue.core.worth import out_of, withheld_in

OUT = LEFT[:3]  # shipped, delivered, returning: with the customer
GOODS, SHIPPING, CHARGES, WITHHELD, FEES, GOODWILL = "goods", "shipping", "charges", "withheld", "fees", "goodwill"
INVOICE, CREDIT_MEMO = "I", "M"
GIVEN_BEFORE = "given_before"  # what is off the order and cannot be given back, or not yet: no amount is below zero
BESIDE = (SHIPPING, CHARGES, FEES, GOODWILL)  # what comes with the first parcel

Parts = dict[str, Part]


def parts_of(order: Order) -> Parts:
    """All that is owed now, as `worth.earned` has it for what is with the customer; parts of nothing are left out.

    Only of an order of which something has left.
    """
    units = out_of(order, OUT) if order.bundles else units_in(order, *OUT)
    assert units or units_in(order, "returned"), "documents are of what has left"
    withheld = withheld_in(order, units)
    found = {GOODS: goods_of(order, units), **beside(order)}
    found[WITHHELD] = Part(withheld, _named(order, tax_withheld(order, withheld)))
    return floored(found)


def goods_of(order: Order, units: Kept) -> Part:
    """Units at what they cost by now."""
    return Part(net_of(order, units), taxes_in(order, units))


def beside(order: Order) -> Parts:
    """What is owed beside the goods."""
    shipping = order.shipping_minor - order.shipping_back_minor
    charges = sum([charge.amount_minor for charge in order.charges])
    tax = sum([charge.tax_minor for charge in order.charges])
    return {
        SHIPPING: Part(shipping, _named(order, shipping_tax(order, shipping))),
        CHARGES: Part(charges, _named(order, tax)),
        FEES: Part(order.fees_minor, _named(order, order.fees_tax_minor)),
        GOODWILL: Part(-order.goodwill_minor),
    }


def floored(parts: Parts) -> Parts:
    """With what is lacking to zero; without those of nothing."""
    lacking = -total_of(parts)
    if lacking > 0:
        parts = added(parts, {GIVEN_BEFORE: Part(lacking)})
    return {name: part for name, part in parts.items() if part.amount_minor or any(part.taxes.values())}


def total_of(parts: Parts) -> int:
    """What parts come to. Minor units."""
    return sum([part.amount_minor for part in parts.values()])


def taxes_of_all(parts: Parts) -> dict[str, int]:
    """The taxes in all parts together, by name."""
    found: dict[str, int] = {}
    for part in parts.values():
        for name, tax in part.taxes.items():
            found[name] = found.get(name, 0) + tax
    return found


def added(parts: Parts, others: Parts, sign: int = 1) -> Parts:
    """Both together; with -1, what parts are more than others. Parts of nothing stay."""
    found = dict(parts)
    for name, other in others.items():
        part = found.get(name, Part(0))
        taxes = dict(part.taxes)
        for tax, amount in other.taxes.items():
            taxes[tax] = taxes.get(tax, 0) + sign * amount
        found[name] = Part(part.amount_minor + sign * other.amount_minor, {n: tax for n, tax in taxes.items() if tax})
    return found


def documented(order: Order) -> Parts:
    """What the order's invoices less its credit memos say."""
    found: Parts = {}
    for name, issued in order.documents.items():
        found = added(found, issued.parts, 1 if name.startswith(INVOICE) else -1)
    return found


def portion(part: Part, amount_minor: int) -> Part:
    """So much of a part, with its portion of each tax, half up (M2)."""
    whole = part.amount_minor
    taxes = {name: half_up(Fraction(tax * amount_minor, whole)) for name, tax in part.taxes.items()}
    return Part(amount_minor, taxes)


def taxes_in(order: Order, units: Kept) -> dict[str, int]:
    """The taxes in what units cost by now, by name; what nobody has named stands under ""."""
    taxes = taxes_of(order, units)
    if order.adjustments and (off := lowered_by(order.adjustments, units)[1]):
        name = tax_name(order)
        taxes[name] = taxes.get(name, 0) - off
    return {name: tax for name, tax in taxes.items() if tax}


def lowered_by(adjustments: Iterable[Adjustment], units: Kept) -> tuple[int, int]:
    """By how much the prices of these units were lowered after the sale, and the tax in it."""
    amount = tax = 0
    for each in adjustments:
        if here := common(units.get(each.line, ()), each.units):
            count, ranks = size(each.units), ranked(here, each.units)
            amount += of_units(each.amount_minor, count, ranks)
            tax += of_units(each.tax_minor, count, ranks)
    return amount, tax


def shipping_tax(order: Order, amount_minor: int) -> int:
    """The tax in a part of what the shipping costs."""
    return _share(order.shipping_tax_minor, amount_minor, order.shipping_minor or 1)


def tax_withheld(order: Order, amount_minor: int) -> int:
    """The tax in what is withheld: as that of all goods."""
    paid = sum([line.paid_minor for line in order.lines]) or 1
    return _share(sum([line.tax_minor for line in order.lines]), amount_minor, paid)


def shared_tax(line: Line, tax_minor: int) -> dict[str, int]:
    """A part of a line's tax by name; as one, where not all of it has a name."""
    weights = [tax.amount_minor for tax in line.taxes]
    if not tax_minor or not line.taxes or sum(weights) != line.tax_minor:
        return {"": tax_minor} if tax_minor else {}
    found: dict[str, int] = {}
    for tax, share in zip(line.taxes, spread(tax_minor, weights), strict=True):
        found[tax.name] = found.get(tax.name, 0) + share
    return found


def tax_name(order: Order) -> str:
    """What a tax is called of which no name is said: as that of the goods, if they have only one."""
    names = {tax.name for line in order.lines for tax in line.taxes}
    return names.pop() if len(names) == 1 else ""


def _share(tax: int, part: int, whole: int) -> int:
    """The tax in a part of what is taxed, half up like every tax (M2)."""
    return half_up(Fraction(tax * part, whole)) if tax else 0


def _named(order: Order, tax: int) -> dict[str, int]:
    return {tax_name(order): tax} if tax else {}
