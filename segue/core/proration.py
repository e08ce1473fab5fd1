"""Proration: the amounts of an order come to lie on its lines (M6), and those of its lines on their units (M4).

Cents belong to units from intake on. Whatever is captured, canceled or given back later takes the cents of its units, and
nothing is rounded again.
"""

from segue.core.amounts import of_units, spread
from segue.core.draft import Draft, DraftLine, Tax
from segue.core.order import Line, Order
from segue.core.tally import Units, whole


def lines_of(draft: Draft) -> tuple[Line, ...]:
    """The lines with their cents: their own discount and taxes, and their share of the order's."""
    lines = []
    shares = zip(draft.lines, *_shares(draft), strict=True)
    for number, (sold, discount_share, tax_share, taxes) in enumerate(shares, 1):
        discount = sold.discount_minor + discount_share
        tax = sold.tax_minor + tax_share
        paid = sold.price_minor * sold.quantity - discount + (0 if draft.taxes_included else tax)
        tally = {"new": whole(sold.quantity)} if sold.quantity > 0 else {}
        lines.append(
            Line(
                number, sold.sku, sold.quantity, sold.price_minor, discount, tax, paid, tally,
                sold.title, sold.properties, sold.location, taxes=taxes, bundle=sold.bundle, street_date=sold.street_date,
                deliver_on=sold.deliver_on, kind=sold.kind,
            )
        )  # fmt: skip
    return tuple(lines)


def _shares(draft: Draft) -> tuple[list[int], list[int], list[tuple[Tax, ...]]]:
    """What each line has of the order's discount, by what is left after its own; then of its taxes, by what is left then.

    With it the taxes of each line, its own and its shares.
    """
    none, own = [0] * len(draft.lines), [line.taxes for line in draft.lines]
    if not draft.discount_minor and not draft.tax_minor and not draft.taxes:  # as it mostly is: all is said by line
        return none, none, own
    nets = [max(0, line.price_minor * line.quantity - line.discount_minor) for line in draft.lines]
    discounts = spread(draft.discount_minor, nets) if any(nets) else none
    after = [max(0, net - discount) for net, discount in zip(nets, discounts, strict=True)]
    return discounts, *_tax_shares(draft, after if any(after) else [1] * len(nets))


def _tax_shares(draft: Draft, weights: list[int]) -> tuple[list[int], list[tuple[Tax, ...]]]:
    """Each of the order's taxes is spread by itself; one whose parts the channel does not say is spread as one."""
    taxes = draft.taxes or ((Tax("", draft.tax_minor),) if draft.tax_minor else ())
    shares = [spread(tax.amount_minor, weights) for tax in taxes]
    sums = [sum(of_line) for of_line in zip(*shares, strict=True)] if shares else [0] * len(weights)
    made = []
    for position, line in enumerate(draft.lines):
        named = bool(draft.taxes or line.taxes)  # else nobody has said what it is made up of
        theirs = [Tax(tax.name, share[position], tax.rate) for tax, share in zip(taxes, shares, strict=True) if named]
        made.append((*line.taxes, *(tax for tax in theirs if tax.amount_minor)))
    return sums, made


def shipping_of(draft: Draft) -> int:
    """What the customer pays for the shipping, with its tax."""
    paid = draft.shipping_minor - draft.shipping_discount_minor
    return paid if draft.taxes_included else paid + draft.shipping_tax_minor


def gross_of(line: DraftLine | Line) -> int:
    """What a line costs before discounts and taxes."""
    return line.price_minor * line.quantity


def tax_of(order: Order, units: dict[int, Units]) -> int:
    """The tax in what the customer pays for these units (`value_of`). Minor units."""
    tax = 0
    for line in order.lines:
        if line.tax_minor and line.number in units:
            tax += of_units(line.tax_minor, line.quantity, units[line.number])
    return tax


def taxes_of(order: Order, units: dict[int, Units]) -> dict[str, int]:
    """The same by the tax's name; what nobody has named stands under "". The amounts add up to `tax_of`."""
    found: dict[str, int] = {}
    for line in order.lines:
        if line.tax_minor and line.number in units:
            for tax, here in dealt(line, units[line.number]):
                found[tax.name] = found.get(tax.name, 0) + here
    return found


def dealt(line: Line, units: Units) -> list[tuple[Tax, int]]:
    """The taxes of a line, each with what of it lies on these units; those of nothing are left out.

    The cents of a line's taxes are dealt to its units in turn, one tax after the other, so that each tax and all of them
    together differ between two units by a cent at most.
    """
    found: list[tuple[Tax, int]] = []
    so_far = before = 0
    for tax in (*line.taxes, Tax("", line.tax_minor - sum(tax.amount_minor for tax in line.taxes))):
        so_far += tax.amount_minor
        here = of_units(so_far, line.quantity, units)
        if tax.amount_minor:
            found.append((tax, here - before))
        before = here
    return found
