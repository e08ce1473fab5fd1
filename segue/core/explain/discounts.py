"""Discounts in words: which promotion took what off which units."""

from segue.core.draft import Draft, Grant
from segue.core.explain.words import Tale, listed, plain
from segue.core.tally import Units, lowest, minus, size


def discounts(draft: Draft, tale: Tale) -> str:
    """All that promotions took off an order, behind a semicolon; nothing where none is known."""
    return "".join(f"; {taken(grant, draft, tale)}" for grant in draft.grants)


def taken(grant: Grant, draft: Draft, tale: Tale) -> str:
    """One of them: `spring (code SPRING) takes 2.50 EUR off line 1 (MUG): 1.25 EUR each off units 1 to 2`."""
    offs = [
        f"{tale.money(off)} off line {line} ({draft.lines[line - 1].sku}){_by_unit(off, grant.units.get(line, ()), tale)}"
        for line, off in grant.given.items()
    ]
    if grant.shipping_minor:
        offs.append(f"{tale.money(grant.shipping_minor)} off the shipping")
    code = f" (code {grant.code})" if grant.code else ""
    return f"{plain(grant.promotion)}{code} takes {listed(offs)}"


def _by_unit(off: int, units: Units, tale: Tale) -> str:
    """What each of the units got: equal parts, the extra cents on the first ones (M4)."""
    count = size(units)
    if not count:
        return ""
    least, extra = divmod(off, count)
    first = lowest(units, extra)
    parts = [_off(amount, some, tale) for amount, some in ((least + 1, first), (least, minus(units, first))) if some]
    return f": {listed(parts)}" if count > 1 else f", {_named(units)}"


def _off(amount: int, units: Units, tale: Tale) -> str:
    each = " each" if size(units) > 1 else ""
    return f"{tale.money(amount)}{each} off {_named(units)}"


def _named(units: Units) -> str:
    """Units by number: `unit 3`, `units 1 to 2 and 5`."""
    spans = listed(str(first) if first == last else f"{first} to {last}" for first, last in units)
    return f"{'units' if size(units) > 1 else 'unit'} {spans}"
