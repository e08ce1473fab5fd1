"""Looking: facts of a shop for who only reads, whether or not the shop has a database yet."""

from collections.abc import Mapping
from pathlib import Path

from segue.core.facts import Item
from segue.ports import Loaded, Needs
from segue.store.carting import load_carts
from segue.store.database import Connection, reading
from segue.store.fencing import load_fences
from segue.store.loading import load_apart, load_inbound, load_items, load_past, load_stock, load_uses


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
            uses = dict.fromkeys(needs.uses, 0)
            return Loaded({}, items, {}, {}, uses, dict.fromkeys(needs.inbound, ()), carts=dict.fromkeys(needs.carts))
        cursor = self._connection.cursor()
        return Loaded(
            {},
            load_items(cursor, needs.items),
            load_stock(cursor, needs.stock, needs.now_s),
            load_past(cursor, needs.past),
            load_uses(cursor, needs.uses),
            load_inbound(cursor, needs.inbound),
            load_apart(cursor, needs.apart),
            load_carts(cursor, needs.carts),
            load_fences(cursor, needs.stock, needs.now_s),
        )
