"""Dividing: what one location gives in several parcels, because it cannot travel together."""

from collections.abc import Callable, Hashable

from segue.core.facts import Facts
from segue.core.order import Order
from segue.core.policy import policy

Units = dict[int, int]  # line number -> how many


@policy("divide", sees="goods")
def by_need(units: Units, order: Order, facts: Facts, *, need: str) -> list[Units]:
    """Goods that need this of a location (hazmat) travel apart from those that do not."""
    return _apart(units, lambda number: need in _needs(order, number, facts))


@policy("divide", sees="goods")
def by_tag(units: Units, order: Order, facts: Facts, *, tag: str) -> list[Units]:
    """Goods with this tag in the catalog travel apart from those without."""
    return _apart(units, lambda number: tag in _tags(order, number, facts))


@policy("divide", sees="goods")
def by_property(units: Units, order: Order, facts: Facts, *, property: str) -> list[Units]:
    """Lines travel with those that have the same value of a property: gift, carrier."""
    return _apart(units, lambda number: order.lines[number - 1].properties.get(property, ""))


@policy("divide", sees="goods")
def by_weight(units: Units, order: Order, facts: Facts, *, weight_g: int) -> list[Units]:
    """No parcel weighs more, but for single units that do. Each is filled before the next is begun."""
    parts: list[Units] = [{}]
    left_g = weight_g
    for number, count in units.items():
        item = facts.item(order.lines[number - 1].sku)
        each_g = item.weight_g if item else 0
        for _ in range(count if each_g else 1):
            if each_g > max(left_g, 0) and parts[-1]:
                parts.append({})
                left_g = weight_g
            parts[-1][number] = parts[-1].get(number, 0) + (1 if each_g else count)
            left_g -= each_g
    return parts


def _apart(units: Units, key: Callable[[int], Hashable]) -> list[Units]:
    """Lines by what they have in common, in the order of their first lines."""
    parts: dict[Hashable, Units] = {}
    for number, count in units.items():
        parts.setdefault(key(number), {})[number] = count
    return list(parts.values())


def _needs(order: Order, number: int, facts: Facts) -> tuple[str, ...]:
    item = facts.item(order.lines[number - 1].sku)
    return item.needs if item else ()


def _tags(order: Order, number: int, facts: Facts) -> tuple[str, ...]:
    item = facts.item(order.lines[number - 1].sku)
    return item.tags if item else ()
