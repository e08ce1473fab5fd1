"""Bundles, shown: what was sold as one article, its lines, what is paid for it, and its rules."""

from segue.core.bundles import Bundle, Bundles
from segue.core.documents import DocumentBundle
from segue.main.formats import money, words
from segue.main.output import table


def show_bundles(bundles: Bundles, paid_minor: dict[int, int], currency: str) -> None:
    """The bundles of an order or a cart; `paid_minor` by line."""
    rows = [
        (
            key,
            each.sku,
            each.title,
            each.quantity,
            f"lines {_span(each)}" if len(each.parts) > 1 else f"line {_span(each)}",
            _rules(each) if not each.inside else f"in {each.inside}",
            money(sum([paid_minor[number] for number in each.parts]), currency),
        )
        for key, each in bundles.items()
    ]
    if rows:
        table(("bundle", "sku", "title", ">units", "made of", "rules", ">to pay"), rows)


def show_billed(bundles: tuple[DocumentBundle, ...], currency: str) -> None:
    """The bundles that lines of a document are parts of."""
    rows = [
        (
            each.sku,
            each.title,
            each.quantity,
            ", ".join(map(str, each.lines)),
            money(each.amount_minor, currency),
        )
        for each in bundles
    ]
    if rows:
        table(("bundle", "title", ">units", "made of lines", ">amount"), rows)


def _span(bundle: Bundle) -> str:
    numbers = sorted(bundle.parts)
    is_row = numbers == [*range(numbers[0], numbers[-1] + 1)] and len(numbers) > 2
    return f"{numbers[0]} to {numbers[-1]}" if is_row else " and ".join(map(str, numbers))


def _rules(bundle: Bundle) -> str:
    rules = bundle.rules
    return f"ships {words(rules.ship)}, returned {words(rules.returns)}, if short {words(rules.on_short)}"
