"""Mistakes: what can be wrong about the amounts of an order, each kind with its name, and what was probably meant."""

from collections.abc import Collection
from fractions import Fraction

from segue.core.amounts import half_up
from segue.core.draft import Draft, Mistake, Tax

MISTAKES = {
    "amount_unreadable": "An amount is not an amount such as 12.50, or is too big for one.",
    "too_many_digits": "An amount has more digits behind the point than its currency has.",
    "currency_unknown": "The currency is none of ISO 4217, or is missing.",
    "currency_without_prices": "An order or a cart without prices is in another currency than the shop's prices are.",
    "quantity_unreadable": "A quantity is not a whole number, or is above a million.",
    "quantity_not_positive": "A quantity is negative, or 0.",
    "price_negative": "A price is negative.",
    "discount_negative": "A discount is negative: it would make the line dearer.",
    "discount_above_price": "A discount is above what its line, or the shipping, costs.",
    "charge_tax_above_charge": "The tax within a charge is above the charge.",
    "tender_negative": "A tender is negative.",
    "total_differs": "The total is not what lines, shipping and charges come to.",
    "tenders_differ": "The tenders do not come to the total.",
    "taxes_differ": "Taxes do not come to the tax that they make up.",
    "tax_rate_unreadable": "A tax rate is no decimal fraction such as 0.19, or is negative.",
    "tax_rate_too_high": "A tax rate is above 1: 1.2 where 0.12 was meant, or 19 where 0.19 was.",
    "tax_unlike_its_rate": "A tax is not what its rate gives, by more than a cent for each unit. This one informs only.",
    "grant_unlike_its_lines": "What a promotion gave is not part of the discount of its lines.",
    "bundles_unlike_their_lines": "Bundles that the channel has made into parts itself are not made of the order's lines.",
}
"""Every kind of mistake, with what it says. A failed check names one of them as its `code`."""

MISTAKEN = "well_formed"  # the check that holds an order of which amounts are unreadable, and its hold
UNREADABLE = frozenset(
    ("amount_unreadable", "too_many_digits", "currency_unknown", "quantity_unreadable", "tender_negative")
)
"""Mistakes because of which something counts as nothing until it is corrected."""

FOLLOWING = frozenset(
    (
        "discount_negative", "discount_above_price", "charge_tax_above_charge", "total_differs", "tenders_differ",
        "taxes_differ", "tax_unlike_its_rate", "grant_unlike_its_lines",
    )
)  # fmt: skip
"""Mistakes that amounts have beside each other, and that are there whenever one of them could not be read."""

HIGHEST_USUAL = Fraction(1, 2)  # a rate that was meant is below: no country's VAT or sales tax is higher


def mistakes_of(draft: Draft) -> tuple[Mistake, ...]:
    """What is wrong about a document and cannot be seen in its order: what was unreadable, and the order's own taxes."""
    if not draft.taxes:  # as it mostly is: taxes are said by line
        return draft.mistakes
    found = [*draft.mistakes]
    sum_minor = sum(tax.amount_minor for tax in draft.taxes)
    if sum_minor != draft.tax_minor:
        found.append(Mistake("taxes", "taxes_differ", str(sum_minor), str(draft.tax_minor)))
    for number, tax in enumerate(draft.taxes):
        if wrong := rate_mistake(f"taxes[{number}].rate", tax):
            found.append(wrong)
    return tuple(found)


def may_follow(code: str, mistakes: Collection[Mistake]) -> bool:
    """Whether a mistake of this kind may be there only because something of the document could not be read."""
    return code in FOLLOWING and counts_as_nothing(mistakes)


def counts_as_nothing(mistakes: Collection[Mistake]) -> bool:
    """Whether something of the document could not be read, and counts as nothing until it is corrected."""
    return any(mistake.code in UNREADABLE for mistake in mistakes)


def rate_of(text: str) -> Fraction | None:
    """A rate as an exact number; None for what is no rate at all. It may be too high: see `rate_mistake`."""
    try:
        rate = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
    return rate if rate >= 0 else None


def rate_mistake(path: str, tax: Tax, on_minor: int = 0, included: bool = False) -> Mistake | None:
    """What is wrong about the rate of a tax; `on_minor` is what it was taken of, or is within, where that is known."""
    if not tax.rate:
        return None
    rate = rate_of(tax.rate)
    if rate is None:
        return Mistake(path, "tax_rate_unreadable", tax.rate, "a decimal fraction such as 0.19")
    if rate <= 1:
        return None
    return Mistake(path, "tax_rate_too_high", tax.rate, _decimal(meant(rate, tax.amount_minor, on_minor, included)))


def meant(rate: Fraction, amount_minor: int, on_minor: int, included: bool = False) -> Fraction:
    """The rate that was probably meant by one above 1: that which explains the amount, else the first that is usual.

    1.19 may be what a net amount is multiplied by. `included` says that the tax is within what it is on.
    """
    factor = [rate - 1] if 1 < rate <= 1 + HIGHEST_USUAL else []
    likely: list[Fraction] = []
    while rate > 1 or not likely:
        rate /= 10
        if rate <= HIGHEST_USUAL:
            likely += [rate, rate / 10]
    explains = [
        each
        for each in (*likely, *factor)
        if amount_minor and half_up(on_minor * each / (1 + each if included else 1)) == amount_minor
    ]
    return (explains or likely)[0]


def told(mistake: Mistake) -> str:
    """A mistake in a few words, for whoever corrects it."""
    expected = f"; expected: {mistake.expected}" if mistake.expected else ""
    return f"{mistake.path} is {mistake.found or 'empty'}{expected}"


def _decimal(rate: Fraction) -> str:
    """A decimal fraction as people write it. Rates come from decimal texts, so that there is one."""
    digits = 0
    while (rate * 10**digits).denominator != 1 and digits < 12:
        digits += 1
    return f"{float(rate):.{digits}f}"
