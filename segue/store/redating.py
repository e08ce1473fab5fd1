"""Street dates that the catalog says otherwise from now on: what open orders are sent, so that they follow them."""

from collections.abc import Iterable, Mapping

from msgspec import json

from segue.core.facts import Item
from segue.ports import Inbound

SOURCE = "catalog"
ITEM = json.Decoder(Item)


def redated_in(known: Mapping[str, str], changed: Iterable[tuple[str, str]]) -> list[str]:
    """The SKUs of changed entries whose street date is another one; `known` is what the catalog had of them."""
    return [sku for sku, value in changed if _street_date(known.get(sku)) != _street_date(value)]


def _street_date(value: str | None) -> str:
    return ITEM.decode(value).street_date if value else ""


def messages_to(orders: Iterable[tuple[str, str]], name: str) -> list[Inbound]:
    """What orders are sent: each of these pairs is an order and a SKU of it. `name` is one that nothing had before."""
    return [
        Inbound(SOURCE, f"{name}.{number}", "follow_street_date", {"sku": sku}, order)
        for number, (order, sku) in enumerate(orders)
    ]
