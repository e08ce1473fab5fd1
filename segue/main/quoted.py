"""A priced cart, shown: line by line, what it comes to, and what each promotion gave to which units."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from segue.core.draft import Draft
from segue.core.pricing.discounting import Told
from segue.core.pricing.pricing import Priced
from segue.core.pricing.taxing import merged, net_of
from segue.core.pricing.telling import name_of, why_not
from segue.core.proration import shipping_of
from segue.core.tally import Units, whole
from segue.main.bundled import show_bundles
from segue.main.formats import money
from segue.main.output import facts, plain, say, table

if TYPE_CHECKING:
    from segue.engine.quoting import Standing
    from segue.loader.shop import Shop as ShopFiles


def as_json(found: Priced) -> dict[str, Any]:
    """The priced cart for programs, with what became of each promotion."""
    draft = found.draft
    return {
        "currency": draft.currency,
        "lines": [plain(line) | {"to_pay_minor": _to_pay(draft, number)} for number, line in enumerate(draft.lines)],
        "shipping_minor": shipping_of(draft),
        "shipping_taxes": plain(draft.shipping_taxes),
        "bundles": plain(draft.bundles),
        "charges": plain(draft.charges),
        "taxes_included": draft.taxes_included,
        "total_minor": draft.total_minor,
        "grants": plain(draft.grants),
        "promotions": plain(found.told),
    }


def _to_pay(draft: Draft, number: int) -> int:
    line = draft.lines[number]
    return net_of(line) + (0 if draft.taxes_included else line.tax_minor)


def show(draft: Draft, note: str = "") -> None:
    """The cart, line by line, and what it comes to; the note is put behind what shipping costs."""
    code = draft.currency
    table(
        ("line", "sku", "title", ">units", ">list price", ">off", ">tax", ">to pay"),
        [
            (
                number,
                line.sku,
                line.title,
                line.quantity,
                money(line.price_minor * line.quantity, code),
                money(-line.discount_minor, code) if line.discount_minor else "",
                money(line.tax_minor, code),
                money(_to_pay(draft, number - 1), code),
            )
            for number, line in enumerate(draft.lines, 1)
        ],
    )
    paid = {number: _to_pay(draft, number - 1) for number in range(1, len(draft.lines) + 1)}
    show_bundles(draft.bundles, paid, code)
    facts(_sums(draft, note))


def shipping_note(draft: Draft, known: "ShopFiles") -> str:
    """Why nobody has said what the shipping costs, if nobody has."""
    if draft.shipping_minor or draft.ship_method in known.shipping:
        return ""
    if not draft.ship_method:
        return (
            f", no ship_method is chosen yet{': ' if known.shipping_methods else ''}{', '.join(known.shipping_methods)}"
        )
    return f", shop.yaml says no price of {draft.ship_method}"


def _sums(draft: Draft, note: str) -> Iterator[tuple[str, str]]:
    code = draft.currency
    yield "goods", money(sum(_to_pay(draft, number) for number in range(len(draft.lines))), code)
    yield "shipping", f"{money(shipping_of(draft), code)}{note}"
    yield from ((charge.code, money(charge.amount_minor, code)) for charge in draft.charges)
    taxes = merged(tax for line in draft.lines for tax in line.taxes) + draft.shipping_taxes
    for tax in merged(taxes):
        meaning = "included" if draft.taxes_included else "added"
        yield f"{tax.name} {tax.rate}", f"{money(tax.amount_minor, code)}, {meaning}"
    yield "total", money(draft.total_minor, code)


def tell_standing(stands: "Standing") -> None:
    """What of the cart only comes out later, and what is not sold now."""
    for sku, day in stands.street_dates.items():
        say(f"{sku} is a preorder: it does not leave before {day}.")
    for objection in stands.unsellable:
        say(f"It cannot be sold now: {objection}.")


def tell(found: Priced) -> None:
    """What each promotion gave, and why the others gave nothing."""
    say()
    if not found.told:
        say("The shop has no promotions.")
    code = found.draft.currency
    for each in found.told:
        if each.times:
            say(f"{name_of(each)} gives {money(sum(each.given.values()) + each.shipping_minor, code)}:")
            for text in _given(each, found.draft):
                say(f"  {text}")
        else:
            say(f"{name_of(each)} gives nothing: {why_not(each, code)}.")


def _given(told: Told, draft: Draft) -> Iterator[str]:
    """Which cents to which units of which line."""
    for number, off in told.given.items():
        line = draft.lines[number - 1]
        got = told.units.get(number) or whole(line.quantity)
        yield f"{money(off, draft.currency)} off line {number} ({line.sku}), {_units(got)}"
    if told.shipping_minor:
        yield f"{money(told.shipping_minor, draft.currency)} off the shipping"


def _units(units: Units) -> str:
    texts = [str(first) if first == last else f"{first} to {last}" for first, last in units]
    return f"{'unit' if texts == [str(units[0][0])] else 'units'} {', '.join(texts)}"
