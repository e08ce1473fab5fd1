"""Validation: what must be right about an order before anything is done for it.

Of the amounts every mistake has a name (`segue.core.mistakes`) and a path in the canonical order, lines counted from 0.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from segue.core.amounts import half_up
from segue.core.bringing import store_of
from segue.core.contents import wrong_choice
from segue.core.draft import Grant, Tax
from segue.core.facts import Facts
from segue.core.intake import basket_of
from segue.core.mistakes import rate_mistake, rate_of, told
from segue.core.order import Failure, Line, Order
from segue.core.policy import policy

PICKUP = "pickup"  # what a location is capable of at which customers may collect


@policy("validate")
def known_skus(order: Order, facts: Facts) -> Iterator[Failure]:
    """Every SKU is in the catalog; a line whose SKU is not waits, the others go on."""
    listed = facts.listed(frozenset([line.sku for line in order.lines]))
    for line in order.lines:
        if listed[line.sku] is None:
            detail = f"the catalog has no {line.sku or 'empty SKU'}"
            yield Failure("known_skus", detail, line.number, facts=(f"item:{line.sku}",))


@policy("validate")
def known_shipping_method(order: Order, facts: Facts) -> Iterator[Failure]:
    """The shipping method is one that the shop offers."""
    if facts.methods and order.ship_method not in facts.methods:
        offered = ", ".join(sorted(facts.methods))
        detail = f"{order.ship_method or 'none'}; offered: {offered}"
        yield Failure("known_shipping_method", detail, facts=(f"method:{order.ship_method}",))


@policy("validate")
def collected_at_a_store(order: Order, facts: Facts, *, method: str) -> Iterator[Failure]:
    """With this shipping method each line names a location at which customers may collect: one capable of `pickup`."""
    for line in order.lines if order.ship_method == method else ():
        name = store_of(line)
        store = facts.locations.get(name)
        if store is None:
            what = f"names {name}, which is no location" if name else "names no store"
            yield Failure("collected_at_a_store", f"line {line.number} {what}")
        elif PICKUP not in store.capabilities:
            yield Failure("collected_at_a_store", f"line {line.number} names {name}, where nothing can be collected")


@policy("validate")
def well_formed(order: Order, facts: Facts) -> Iterator[Failure]:
    """Every amount of the document could be read: its currency is one, and no amount has more digits than that has."""
    for mistake in order.mistakes:
        yield Failure("well_formed", told(mistake), path=mistake.path, code=mistake.code)


@policy("validate")
def money_adds_up(order: Order, facts: Facts) -> Iterator[Failure]:
    """Lines, shipping and charges add up to the total, and the tenders too, to the cent."""
    if order.unpriced is not None:  # it waits for its prices
        return
    total = order.total_minor
    goods = sum([line.paid_minor for line in order.lines])
    charges = sum([charge.amount_minor for charge in order.charges])
    parts = goods + order.shipping_minor + charges
    if parts != total:
        named = {"lines": goods, "shipping": order.shipping_minor, "charges": charges}
        yield Failure(
            "money_adds_up", f"the total of {total} is {_apart(total, parts)} its parts: {_listed(named)}",
            path="total_minor", code="total_differs",
        )  # fmt: skip
    tenders = sum([tender.amount_minor for tender in order.tenders.values()])
    if tenders != total:
        named = {f"{name} {tender.method}": tender.amount_minor for name, tender in order.tenders.items()}
        yield Failure(
            "money_adds_up", f"the total of {total} is {_apart(total, tenders)} its tenders: {_listed(named)}",
            path="tenders", code="tenders_differ",
        )  # fmt: skip


def _apart(total: int, parts: int) -> str:
    return f"{total - parts} above" if total > parts else f"{parts - total} below"


def _listed(named: dict[str, int]) -> str:
    return ", ".join(f"{name} {amount}" for name, amount in named.items() if amount) or "none"


@policy("validate")
def amounts_in_range(order: Order, facts: Facts) -> Iterator[Failure]:
    """Quantities are positive, prices not negative, and no discount is above its line's price."""
    least = 0 if any(mistake.code == "quantity_unreadable" for mistake in order.mistakes) else 1
    for line in order.lines:
        discount = line.discount_minor
        if line.quantity < least:  # what could not be read counts as 0, and is told already
            yield _out_of_range(line, "quantity", "quantity_not_positive", f"quantity {line.quantity}")
        if line.price_minor < 0:
            yield _out_of_range(line, "price_minor", "price_negative", f"price {line.price_minor}")
        if discount < 0:
            yield _out_of_range(line, "discount_minor", "discount_negative", f"discount {discount}")
        elif discount and discount > max(0, line.price_minor * line.quantity):
            above = f"discount {discount} is above the price of {line.price_minor * line.quantity}"
            yield _out_of_range(line, "discount_minor", "discount_above_price", above)
    if order.charges or order.shipping_minor < 0 or any(each.amount_minor < 0 for each in order.tenders.values()):
        yield from _extras_in_range(order)


def _out_of_range(line: Line, field: str, code: str, detail: str) -> Failure:
    """The whole order is held: what it costs cannot be told as long as one line is wrong."""
    path = f"lines[{line.number - 1}].{field}"
    return Failure("amounts_in_range", f"{path}: {detail}", path=path, code=code)


def _extras_in_range(order: Order) -> Iterator[Failure]:
    if order.shipping_minor < 0:
        detail = f"{order.shipping_minor} is left of the shipping: it is negative, or its discount is above it"
        path = "shipping_discount_minor"
        yield Failure("amounts_in_range", detail, path=path, code="discount_above_price")
    for number, charge in enumerate(order.charges):
        if charge.tax_minor and abs(charge.tax_minor) > abs(charge.amount_minor):
            detail = f"{charge.code}: tax {charge.tax_minor} within {charge.amount_minor}"
            path = f"charges[{number}].tax_minor"
            yield Failure("amounts_in_range", detail, path=path, code="charge_tax_above_charge")
    for number, tender in enumerate(order.tenders.values()):
        if tender.amount_minor < 0:
            path = f"tenders[{number}].amount_minor"
            yield Failure("amounts_in_range", f"tender {tender.amount_minor}", path=path, code="tender_negative")


@policy("validate")
def taxes_add_up(order: Order, facts: Facts) -> Iterator[Failure]:
    """Each tax is made up of what the channel says of it, and no rate is above 1. Odd amounts only inform."""
    for line in order.lines:
        if line.taxes or line.tax_minor > line.price_minor * line.quantity - line.discount_minor:
            yield from _taxes_of_line(line, order.taxes_included)
    if order.shipping_taxes:
        tax, paid = order.shipping_tax_minor, order.shipping_minor
        gross = paid if order.taxes_included else paid - tax
        yield from _taxes("shipping_taxes", order.shipping_taxes, tax, gross, 1, order.taxes_included)


def _taxes_of_line(line: Line, included: bool) -> Iterator[Failure]:
    gross, at = line.price_minor * line.quantity - line.discount_minor, f"lines[{line.number - 1}]"
    is_odd = gross < 0 or line.quantity < 1  # another check says so; whatever a tax is then, it is unlike its rate
    if line.taxes:
        found = _taxes(f"{at}.taxes", line.taxes, line.tax_minor, gross, line.quantity, included)
        yield from (failure for failure in found if failure.blocks or not is_odd)
    rounding = len(line.taxes) * line.quantity  # a cent for each of them and each unit
    if line.tax_minor > max(0, gross) + rounding and not is_odd:
        detail = f"{at}: the tax of {line.tax_minor} is more than what it is on, {gross}"
        yield Failure("taxes_add_up", detail, blocks=False, path=f"{at}.tax_minor", code="tax_unlike_its_rate")


def _taxes(
    at: str, taxes: tuple[Tax, ...], tax_minor: int, gross: int, units: int, included: bool
) -> Iterator[Failure]:
    """What is wrong about the taxes on an amount; a cent for each unit may be off, as channels round by unit or by line."""
    is_split = len({tax.name for tax in taxes}) < len(taxes)  # shipping, taxed as the goods are: each on a part of it
    parts = sum([tax.amount_minor for tax in taxes])
    if parts != tax_minor:
        detail = f"{at}: they come to {parts}, the tax is {tax_minor}"
        yield Failure("taxes_add_up", detail, path=at, code="taxes_differ")
    known = [rate_of(tax.rate) for tax in taxes]
    rates = [rate for rate in known if rate is not None]
    net = gross / (1 + sum(rates, Fraction(0))) if included else Fraction(gross)
    for number, (tax, rate) in enumerate(zip(taxes, known, strict=True)):
        path = f"{at}[{number}].rate"
        if wrong := rate_mistake(path, tax, gross, included):
            yield Failure("taxes_add_up", told(wrong), path=path, code=wrong.code)
        elif not is_split and rate is not None and abs(half_up(net * rate) - tax.amount_minor) > max(1, units):
            detail = f"{path} of {tax.rate} gives {half_up(net * rate)}, the tax is {tax.amount_minor}"
            yield Failure("taxes_add_up", detail, blocks=False, path=path, code="tax_unlike_its_rate")


@policy("validate")
def grants_fit(order: Order, facts: Facts) -> Iterator[Failure]:
    """What promotions gave is part of the discounts of their lines, and of no other line."""
    left = {line.number: line.discount_minor for line in order.lines} if order.grants else {}
    for number, grant in enumerate(order.grants):
        for path, line in _not_there(grant, order.lines):
            at = f"grants[{number}].{path}[{line}]"
            detail = f"{at}: line {line} has no such units"
            yield Failure("grants_fit", detail, path=at, code="grant_unlike_its_lines")
        for line, given in grant.given.items():
            left[line] = left.get(line, 0) - given
            if given < 0 or left[line] < 0:
                path = f"grants[{number}].given[{line}]"
                detail = f"{path}: {given} from {grant.promotion} is more than line {line} has off"
                yield Failure("grants_fit", detail, path=path, code="grant_unlike_its_lines")


def _not_there(grant: Grant, lines: Sequence[Line]) -> Iterator[tuple[str, int]]:
    """Where a grant names lines, or units of them, that the order does not have."""
    units = dict(enumerate((line.quantity for line in lines), 1))
    for path, named in (("units", grant.units), ("condition", grant.condition)):
        yield from (
            (path, line) for line, ranges in named.items() if any(last > units.get(line, 0) for _, last in ranges)
        )
    yield from (("without", line) for line in grant.without if line not in units)


@policy("validate")
def whole_bundles(order: Order, facts: Facts) -> Iterator[Failure]:
    """Every bundle could be made into its parts: what the customer chose fits, and its amounts can be spread."""
    for line in order.lines if facts.recipes else ():
        recipe = facts.recipes.get(line.sku)
        if recipe is not None and not line.bundle:
            wrong = [*wrong_choice(recipe, line.properties, facts.recipes)]
            detail = "; ".join(wrong) or "its amounts cannot be spread over its parts"
            yield Failure("whole_bundles", f"{line.sku}: {detail}", line.number, path=f"lines[{line.number - 1}]")


@policy("validate")
def sold_only_in_bundles(order: Order, facts: Facts) -> Iterator[Failure]:
    """What is sold together with other goods only is part of a bundle that they are in."""
    for line in order.lines if facts.only_in else ():
        if line.sku in facts.only_in and not line.bundle:
            within = " or ".join(facts.only_in[line.sku])
            detail = f"{line.sku} is sold in {within} only"
            yield Failure("sold_only_in_bundles", detail, line.number, path=f"lines[{line.number - 1}].sku")


@policy("validate")
def deliverable_address(order: Order, facts: Facts) -> Iterator[Failure]:
    """The address has all that a carrier needs."""
    if order.ship_to.missing:
        yield Failure("deliverable_address", f"missing: {', '.join(order.ship_to.missing)}")
    elif not order.ship_to.country:
        yield Failure("deliverable_address", "missing: country")


@policy("validate")
def not_a_duplicate(order: Order, facts: Facts, *, within_s: int = 600) -> Iterator[Failure]:
    """The same customer has not just ordered the same goods to the same address."""
    if not order.person:
        return
    for past in facts.earlier(order.person):
        apart = (order.placed_at_s, order.id) > (past.placed_at_s, past.order)  # of two, the later one is the duplicate
        near = apart and past.order != order.id and order.placed_at_s - past.placed_at_s <= within_s
        if near and (past.basket, past.ship_to_digest) == (basket_of(order), order.ship_to_digest):
            yield Failure("not_a_duplicate", f"the same as {past.order}, {within_s // 60} minutes apart at most")
            return
