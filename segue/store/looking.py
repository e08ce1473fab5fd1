"""Looking: facts of a shop for who only reads, whether or not the shop has a database yet."""

from collections.abc import Mapping
from pathlib import Path

from segue.core.days import Load
from segue.core.facts import Item, Stock
from segue.core.queue import Queue
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
    load_stock,
    load_uses,
)
from segue.store.outlook import load_prices
from segue.store.presales import load_presales
from segue.store.selling import load_bought, load_selling
from segue.store.waiting import load_moved, load_queued, load_waiting


def all_of(connection: Connection, needs: Needs) -> Loaded:
    """Every kind of fact but orders, as a shop's database has it now."""
    cursor = connection.cursor()
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
        moved=load_moved(cursor, needs.moved),
        waiting=load_waiting(cursor, needs.waiting),
        presales=load_presales(cursor, needs.presales),
    )


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
            return self._unopened(needs)
        return all_of(self._connection, needs)

    def _unopened(self, needs: Needs) -> Loaded:
        """What the files say; there are neither orders nor anything that happened."""
        return Loaded(
            {},
            {sku: self._items.get(sku) for sku in needs.items},
            self._counted(needs.stock),
            {},
            dict.fromkeys(needs.uses, 0),
            dict.fromkeys(needs.inbound, ()),
            {sku: {} for sku in needs.apart},
            loads=dict.fromkeys(needs.loads, Load()),
            counted={},
            queued={sku: Queue() for sku in needs.queued},
            carts=dict.fromkeys(needs.carts),
            prices=dict.fromkeys(needs.prices),
            moved=dict.fromkeys(needs.moved),
            waiting=dict.fromkeys(needs.waiting, ()),
            selling=dict.fromkeys(needs.selling, 0),
            bought={key: [] for key in needs.bought},
            presales={sku: {} for sku in needs.presales},
        )

    def _counted(self, skus: frozenset[str]) -> dict[str, Stock]:
        """The units of the stock file."""
        found: dict[str, Stock] = {sku: {} for sku in skus}
        for (sku, location), units in self._stocked.items():
            if sku in found:
                found[sku][location] = units
        return found
