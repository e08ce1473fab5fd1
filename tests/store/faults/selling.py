"""Faults in what is sold beyond what is there, and in who waits."""

from tests.store.faults.changes import Fault, at, changed
from tests.store.healthy import DELIVERED, PRESOLD, WAITING

SELLING = (
    Fault("I21", "UPDATE selling SET promised = promised + 1 WHERE sku = 'BOOK'"),
    Fault("I21", "DELETE FROM selling WHERE sku = 'BOOK'"),
    Fault("I21", f"DELETE FROM sales WHERE {at(PRESOLD)}"),
    Fault("I21", f"UPDATE sales SET waiting = waiting - 1 WHERE {at(PRESOLD)}"),
    Fault("I21", changed(PRESOLD, counted='{"BOOK":2}')),
    Fault("I21", changed(DELIVERED, counted='{"MUG":1}')),
    Fault("I21", f"DELETE FROM waiting WHERE {at(WAITING)}"),
    Fault("I21", f"UPDATE waiting SET units = units + 1 WHERE {at(WAITING)}"),
    Fault("I21", f"UPDATE waiting SET placed_at_s = placed_at_s - 1 WHERE {at(WAITING)}"),
    Fault("I21", f"UPDATE waiting SET rank = 'gold' WHERE {at(WAITING)}"),
    Fault("I21", f"UPDATE waiting SET order_id = 'canonical-77' WHERE {at(WAITING)}"),
    Fault("I21", "INSERT INTO sales VALUES ('canonical-77', 'BOOK', '', 0, 1, 0)"),
    Fault("I21", "INSERT INTO sales_made (sku, units, promised, most, at_s) VALUES ('BOOK', 2, 5, 4, 0)", True),
    Fault("I21", "UPDATE sales_made SET most = 2", True),
)
