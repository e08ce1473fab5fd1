"""The audit has teeth: whatever is planted behind the store's back is caught by the invariant that it breaks."""

import pytest

from segue.ports import Batch
from segue.store.audit import RULES, audit
from segue.store.shelf import Count
from tests.store.shops import NOW, Shop, a_life, a_message, open_shop, stepped

STEP = "INSERT INTO steps (order_id, version, version_before, at_s, actor, record)"
ENTRY = "INSERT INTO ledger (order_id, version, position, debit, credit, amount_minor, currency, at_s)"
MOVE = "INSERT INTO stock_moves (order_id, version, position, sku, location, on_hand, allocated, reason, at_s)"
TASK = "INSERT INTO tasks (id, order_id, version, kind, provider, payload, due_at_s)"
SEND = "UPDATE orders SET value = json_set(value, "  # order 1 has ended, order 2 waits for its warehouse
ONE, TWO = ") WHERE id = 'web-1'", ") WHERE id = 'web-2'"
REFUND = '{"kind":"refund","amount_minor":2001,"reference_of":"C1"}'
UNITS = "'$.lines[0].tally', json("

FAULTS = [
    ("I01", "UPDATE ledger SET amount_minor = -2000 WHERE order_id = 'web-1' AND debit = 'cash:gateway'"),
    ("I01", "UPDATE ledger SET credit = debit WHERE order_id = 'web-1' AND version = 8"),
    ("I01", f"{ENTRY} VALUES ('web-1', 7, 0, 'sales', 'customer', 5, 'EUR', 0)"),
    ("I02", "DELETE FROM ledger WHERE order_id = 'web-1' AND debit = 'cash:gateway'"),
    ("I02", "UPDATE ledger SET amount_minor = 1999 WHERE order_id = 'web-1' AND debit = 'cash:gateway'"),
    ("I02", f"{SEND}'$.tenders.P1.tally', json('{{\"captured\":1000,\"refunded\":1000}}'){ONE}"),
    ("I04", "DELETE FROM ledger WHERE order_id = 'web-1' AND debit = 'authorized:P1'"),
    ("I04", "UPDATE ledger SET amount_minor = 2001 WHERE order_id = 'web-1' AND credit = 'authorized:P1'"),
    ("I04", f"{SEND}'$.tenders.P1.tally.captured', 2001{ONE}"),
    ("I05", f"{ENTRY} VALUES ('web-1', 10, 0, 'customer', 'cash:gateway', 2001, 'EUR', 0)"),
    ("I05", f"{ENTRY} VALUES ('web-1', 2, 0, 'customer', 'cash:gateway', 5, 'EUR', 0)"),
    ("I05", f"{SEND}'$.tenders.P1.tally.refunded', -1{ONE}"),
    ("I05", f"{SEND}'$.transactions.R1', json('{REFUND}'){ONE}"),
    ("I06", f"{SEND}'$.lines[0].paid_minor', 1999{ONE}"),
    ("I06", f"{SEND}'$.shipping_minor', 1{ONE}"),
    ("I06", f"{SEND}'$.charges', json('[{{\"code\":\"wrap\",\"amount_minor\":3}}]'){ONE}"),
    ("I06", "UPDATE orders SET total_minor = 1 WHERE id = 'web-1'"),
    ("I10", "DELETE FROM ledger WHERE order_id = 'web-1' AND credit = 'sales'"),
    ("I10", f"{ENTRY} VALUES ('web-1', 10, 0, 'sales', 'customer', 5, 'EUR', 0)"),
    ("I11", "UPDATE ledger SET currency = 'USD' WHERE order_id = 'web-1' AND version = 3"),
    ("I11", "UPDATE orders SET currency = 'USD' WHERE id = 'web-1'"),
    ("I11", "UPDATE tasks SET payload = json_set(payload, '$.currency', 'USD') WHERE id = 'web-1 capture'"),
    ("I14", "UPDATE stock SET on_hand = on_hand + 1"),
    ("I14", "DELETE FROM stock_moves WHERE order_id = 'web-1' AND reason = 'shipped'"),
    ("I15", "UPDATE stock SET allocated = allocated + 1"),
    ("I15", "DELETE FROM stock_moves WHERE order_id = 'web-2'"),
    ("I15", f"{SEND}'$.fulfillments.F1.location', 'PAR'{TWO}"),
    ("I16", "UPDATE stock SET safety = 10"),
    ("I16", "UPDATE stock SET allocated = -1"),
    ("I17", f"{SEND}{UNITS}'{{\"canceled\":[[1,2]]}}'){TWO}"),
    ("I17", f"{MOVE} VALUES ('web-1', 10, 0, 'A', 'BER', 0, 1, 'allocated', 0)"),
    ("I17", "UPDATE orders SET open = 0 WHERE id = 'web-2'"),
    ("I19", "DELETE FROM stock_moves WHERE order_id = 'web-1' AND reason = 'shipped'"),
    ("I19", f"{MOVE} VALUES ('web-1', 10, 0, 'A', 'BER', -1, 0, 'shipped', 0)"),
    ("I19", f"{SEND}'$.shipments', json('{{}}'){ONE}"),
    ("I23", f"{SEND}{UNITS}'{{\"delivered\":[[1,1]]}}'){ONE}"),
    ("I23", f"{SEND}{UNITS}'{{\"delivered\":[[1,2]],\"shipped\":[[2,2]]}}'){ONE}"),
    ("I23", f"{SEND}{UNITS}'{{\"gone\":[[1,2]]}}'){ONE}"),
    ("I23", f"{SEND}{UNITS}'{{}}'){ONE}"),
    ("I25", "DELETE FROM steps WHERE order_id = 'web-1' AND version = 8"),
    ("I25", "DELETE FROM steps WHERE order_id = 'web-1' AND version = 10"),
    ("I25", f"{STEP} VALUES ('web-1', 4, 3, 0, 'x', '[]')"),
    ("I25", f"{STEP} VALUES ('web-9', 1, 0, 0, 'x', '[]')"),
    ("I25", "UPDATE orders SET version = 11 WHERE id = 'web-1'"),
    ("I26", "UPDATE orders SET open = 0 WHERE id = 'web-2'"),
    ("I26", f"{SEND}{UNITS}'{{\"shipped\":[[1,2]]}}'){ONE}"),
    ("I27", "UPDATE orders SET wake_at_s = NULL; UPDATE tasks SET state = 'done'"),
    ("I27", "UPDATE tasks SET state = 'unknown'; UPDATE orders SET open = 1 WHERE id = 'web-4'"),
    ("I30", f"{SEND}'$.shipments.S2', json_extract(value, '$.shipments.S1'){ONE}"),
    ("I30", f"{SEND}{UNITS}'{{\"delivered\":[[1,1]],\"canceled\":[[2,2]]}}'){ONE}"),
    ("I30", f"{SEND}'$.shipments.S1.units', json('{{\"2\":[[1,2]]}}'){ONE}"),
    ("I31", "DELETE FROM tasks WHERE id = 'web-1 capture'"),
    ("I31", f"{TASK} VALUES ('T', 'web-1', 7, 'mail', 'mailer', '{{}}', 0)"),
    ("I31", "UPDATE tasks SET state = 'done'; UPDATE tasks SET id = 'T' WHERE kind = 'capture'"),
    ("I33", "UPDATE inbox SET body = ''"),
    ("I33", "UPDATE inbox SET state = 'parked'"),
    ("I33", "UPDATE inbox SET state = 'refused'"),
    ("I35", f"{TASK} SELECT 'again', order_id, version, kind, provider, payload, 0 FROM tasks WHERE id = 'web-1 mail'"),
    ("I35", "UPDATE tasks SET kind = 'mail', payload = '{}' WHERE order_id = 'web-1' AND version = 8"),
    ("I37", "UPDATE steps SET actor = '' WHERE order_id = 'web-1' AND version = 2"),
    ("I37", "UPDATE steps SET actor = ' ' WHERE order_id = 'web-2' AND version = 5"),
]  # fmt: skip


@pytest.fixture
def audited() -> Shop:
    """Orders 1 and 4 have ended; order 2 waits for its warehouse, order 3 for the gateway. One message is new."""
    shop = open_shop()
    shop.shelf.count_stock([Count("A", "BER", 10)], NOW)
    for id, steps in (("web-1", 6), ("web-2", 3), ("web-3", 1), ("web-4", 6)):
        for step in a_life(id)[:steps]:
            stepped(shop, step)
    shop.store.commit(Batch(NOW, received=(a_message(order=""),)))
    return shop


def plant(shop: Shop, fault: str) -> None:
    """Write a fault as whoever has the file could: without triggers and CHECKs."""
    connection = shop.database.reader()
    for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.executescript(fault)


def test_a_shop_where_all_is_well_has_no_violations(audited: Shop) -> None:
    assert audit(audited.database.reader()) == []
    assert audit(audited.database.reader(), ["web-1", "web-2"]) == []


@pytest.mark.parametrize(("id", "fault"), FAULTS)
def test_a_planted_fault_is_caught_by_the_invariant_that_it_breaks(audited: Shop, id: str, fault: str) -> None:
    plant(audited, fault)
    found = [violation for violation in audit(audited.database.reader()) if violation.id == id]
    assert found
    assert all(violation.offender and violation.detail and violation.sentence for violation in found)


@pytest.mark.parametrize("id", sorted({rule.id for rule in RULES}))
def test_each_invariant_is_tried_with_at_least_two_faults(id: str) -> None:
    assert sum(planted == id for planted, _ in FAULTS) >= 2


def test_the_audit_of_one_order_tells_of_that_order_only(audited: Shop) -> None:
    plant(audited, f"{SEND}'$.shipping_minor', 1)")
    assert {violation.offender for violation in audit(audited.database.reader())} == {f"web-{n}" for n in (1, 2, 3, 4)}
    assert {violation.offender for violation in audit(audited.database.reader(), ["web-2"])} == {"web-2"}


def test_a_total_that_the_channel_got_wrong_is_on_record_and_no_violation(audited: Shop) -> None:
    wrong = '[{"check":"money_adds_up","detail":"1 more"}]'
    plant(audited, f"{SEND}'$.shipping_minor', 1, '$.failures', json('{wrong}'))")
    assert audit(audited.database.reader()) == []


def test_a_refined_state_counts_as_the_state_that_it_refines(audited: Shop) -> None:
    plant(audited, f'{SEND}{UNITS}\'{{"allocated.engraving":[[1,1]],"released":[[2,2]]}}\'){TWO}')
    assert audit(audited.database.reader()) == []


def test_the_audit_leaves_nothing_behind(audited: Shop) -> None:
    connection = audited.database.reader()
    audit(connection)
    assert connection.execute("SELECT count(*) FROM sqlite_temp_schema").fetchone() == (0,)
    assert not connection.in_transaction
