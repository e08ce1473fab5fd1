"""SQLite's own ways around a trigger are closed too."""

import pytest

from segue.core.ledger import LedgerEntry
from tests.store.shops import Shop, a_step, an_invoice, an_order, stepped


@pytest.mark.parametrize("table", ["steps", "stock_moves", "ledger", "documents"])
def test_what_happened_is_not_replaced_either(shop: Shop, table: str) -> None:
    stepped(shop, a_step(an_order(), entries=(LedgerEntry("cash:card", "customer", 1),), **an_invoice()))
    with shop.database.transaction() as cursor:
        cursor.execute("INSERT INTO stock_moves VALUES ('', 1, 0, 'A', 'BER', 1, 0, 'received', 0, 0, 0, 0, 0, '', '')")
    with pytest.raises(shop.refused, match="never deleted"), shop.database.transaction() as cursor:
        cursor.execute(f"REPLACE INTO {table} SELECT * FROM {table}")
