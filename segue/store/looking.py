"""Looking: facts of a shop for who only reads, whether or not the shop has a database yet."""

from collections.abc import Mapping
from pathlib import Path

from segue.core.facts import Item
from segue.ports import Loaded, Needs
from segue.store.database import Connection, reading
from segue.store.loading import load_inbound, load_items, load_past, load_stock, load_uses


class Looking:
    """A shop's facts as they are on disk; before it was first opened, those of its catalog file."""

    def __init__(self, folder: Path, items: Mapping[str, Item]) -> None:
        self._items = items
        self._connection: Connection | None
        try:
            self._connection = reading(folder)
        except FileNotFoundError:
            self._connection = None

    def load(self, needs: Needs) -> Loaded:
        """What is known of these."""
        if self._connection is None:
            items = {sku: self._items.get(sku) for sku in needs.items}
            return Loaded({}, items, {}, {}, dict.fromkeys(needs.uses, 0), dict.fromkeys(needs.inbound, ()))
        cursor = self._connection.cursor()
        return Loaded(
            {},
            load_items(cursor, needs.items),
            load_stock(cursor, needs.stock),
            load_past(cursor, needs.past),
            load_uses(cursor, needs.uses),
            load_inbound(cursor, needs.inbound),
        )
