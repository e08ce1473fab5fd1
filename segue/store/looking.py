"""Looking: facts of a shop for who only reads, whether or not the shop has a database yet."""

from collections.abc import Mapping
from pathlib import Path

from segue.core.carts import Cart
from segue.core.days import Load
from segue.core.facts import Apart, Item, Stock
from segue.core.opportunity import Prices
from segue.core.supply import Inbound, Queue
from segue.ports import Loaded, Needs
from segue.store.carting import load_carts
from segue.store.closing import load_closed, load_counted, load_days
from segue.store.database import Connection, reading
from segue.store.fencing import load_fences
from segue.store.loading import (
    load_apart,
    load_inbound,
    load_items,
    load_past,
    load_queued,
    load_stock,
    load_uses,
)
from segue.store.outlook import load_prices
from segue.store.selling import load_bought, load_selling


class Looking:
    """A shop's facts as they are on disk; before it was first opened, those of its catalog and stock files."""

    def __init__(
        self, folder: Path, items: Mapping[str, Item], stocked: Mapping[tuple[str, str], int] | None = None
    ) -> None:
        self._items = items
        self._stocked = stocked or {}  # units by SKU and location
        self._connection: Connection | None
        try:
            self._connection = reading(folder)
        except FileNotFoundError:
            self._connection = None

    def load(self, needs: Needs) -> Loaded:
        """What is known of these."""
        if self._connection is None:
            items = {sku: self._items.get(sku) for sku in needs.items}
            inbound: dict[str, Inbound] = dict.fromkeys(needs.inbound, ())
            queued: dict[str, Queue] = dict.fromkeys(needs.queued, ())
            uses, loads = dict.fromkeys(needs.uses, 0), dict.fromkeys(needs.loads, Load())
            apart: dict[str, Apart] = {sku: {} for sku in needs.apart}
            stock = self._counted(needs.stock)
            carts: dict[str, Cart | None] = dict.fromkeys(needs.carts)
            prices: dict[str, Prices | None] = dict.fromkeys(needs.prices)
            sold = dict.fromkeys(needs.selling, 0)
            return Loaded(
                {}, items, stock, {}, uses, inbound, apart, {}, loads, {}, queued, carts, prices=prices, selling=sold,
                bought={key: [] for key in needs.bought},
            )  # fmt: skip
        cursor = self._connection.cursor()
        return Loaded(
            {},
            load_items(cursor, needs.items),
            load_stock(cursor, needs.stock, needs.now_s),
            load_past(cursor, needs.past),
            load_uses(cursor, needs.uses),
            load_inbound(cursor, needs.inbound),
            load_apart(cursor, needs.apart),
            load_closed(cursor),
            load_days(cursor, needs.loads),
            load_counted(cursor, needs.counted),
            load_queued(cursor, needs.queued),
            load_carts(cursor, needs.carts),
            load_fences(cursor, needs.stock, needs.now_s),
            load_prices(cursor, needs.prices),
            selling=load_selling(cursor, needs.selling),
            bought=load_bought(cursor, needs.bought),
        )

    def _counted(self, skus: frozenset[str]) -> dict[str, Stock]:
        """The units of the stock file."""
        found: dict[str, Stock] = {sku: {} for sku in skus}
        for (sku, location), units in self._stocked.items():
            if sku in found:
                found[sku][location] = units
        return found
