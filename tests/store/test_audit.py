"""The audit has teeth: whatever is changed behind the store's back is caught by the invariant that it breaks."""

import sqlite3
import sys
from collections.abc import Iterator

import pytest

from segue.app import App
from segue.store.audit import RULES, Terms, Violation, audit
from tests.engine.shops import leave
from tests.store.faults import FAULTS, Fault
from tests.store.healthy import DELIVERED, HELD, RELEASED, healthy_shop

TABLES = (
    "orders steps folders watches items stock stock_moves ledger tasks inbox workflows documents document_numbers "
    "coupons coupon_uses stock_reports supplies supply_moves location_days order_days closures closure_changes "
    "location_counts reservations fences fence_moves selling sales sales_made presales waiting subscriptions "
    "subscription_steps cycles"
).split()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A healthy shop."""
    app = healthy_shop(tmp_path_factory.mktemp("shop"))
    yield app
    leave(app)


@pytest.fixture(scope="module")
def caught(request: pytest.FixtureRequest) -> Iterator[list[bool]]:
    """Whether each fault that was tried was caught. The figure is shown at the end."""
    tried: list[bool] = []
    yield tried
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        sys.stdout.write(f"\nfaults caught: {sum(tried)} of {len(tried)} injected\n")


@pytest.fixture
def copy(shop: App) -> Iterator[sqlite3.Connection]:
    """A copy of the healthy shop's database."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    shop.reader().backup(connection)
    yield connection
    connection.close()


def weaken(connection: sqlite3.Connection) -> None:
    """Take away what would refuse a fault: CHECKs, keys, triggers."""
    for table in TABLES:
        connection.executescript(
            f"CREATE TABLE weak AS SELECT * FROM {table}; DROP TABLE {table}; ALTER TABLE weak RENAME TO {table}"
        )


def look(connection: sqlite3.Connection, *orders: int) -> list[Violation]:
    """Audit these orders, or all."""
    captures = {version: "on_shipment" for (version,) in connection.execute("SELECT version FROM workflows")}
    terms = Terms(captures, invoicing=dict.fromkeys(captures, True))
    return audit(connection, [f"canonical-{number}" for number in orders] or None, terms)


def test_a_healthy_shop_has_no_violations(copy: sqlite3.Connection) -> None:
    assert look(copy) == []
    assert look(copy, DELIVERED, RELEASED, HELD) == []
    weaken(copy)
    assert look(copy) == []


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{fault.id}-{n}" for n, fault in enumerate(FAULTS)])
def test_a_fault_is_caught_by_the_invariant_that_it_breaks(
    copy: sqlite3.Connection, fault: Fault, caught: list[bool]
) -> None:
    weaken(copy)
    before = copy.total_changes
    copy.executescript(fault.change)
    assert copy.total_changes > before
    found = [violation for violation in look(copy) if violation.id == fault.id]
    caught.append(bool(found))
    assert found
    assert all(violation.offender and violation.detail and violation.sentence for violation in found)


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{fault.id}-{n}" for n, fault in enumerate(FAULTS)])
def test_an_intact_database_refuses_what_one_row_can_say(copy: sqlite3.Connection, fault: Fault) -> None:
    try:
        copy.executescript(fault.change)
    except sqlite3.IntegrityError:
        assert fault.refused
    else:
        assert not fault.refused


@pytest.mark.parametrize("id", sorted({rule.id for rule in RULES}))
def test_each_invariant_is_tried_with_at_least_two_faults(id: str) -> None:
    assert sum(fault.id == id for fault in FAULTS) >= 2


def test_the_audit_of_some_orders_tells_of_those_only(copy: sqlite3.Connection) -> None:
    weaken(copy)
    copy.execute("UPDATE orders SET value = json_set(value, '$.shipping_minor', 7)")
    assert (
        len({violation.offender for violation in look(copy)})
        == copy.execute("SELECT count(*) FROM orders").fetchone()[0]
    )
    assert {violation.offender for violation in look(copy, HELD, RELEASED)} == {"canonical-5", "canonical-7"}


def test_a_total_that_the_channel_got_wrong_is_on_record_and_no_violation(copy: sqlite3.Connection) -> None:
    copy.execute("""UPDATE orders SET value = json_set(value, '$.total_minor', 7, '$.failures',
        json('[{"check":"money_adds_up","detail":"1 more"}]')), total_minor = 7 WHERE id = 'canonical-5'""")
    assert look(copy) == []


def test_a_refined_state_counts_as_the_state_that_it_refines(copy: sqlite3.Connection) -> None:
    refined = '{"allocated.engraving":[[1,1]],"released":[[2,2]]}'
    copy.execute(
        "UPDATE orders SET value = json_set(value, '$.lines[0].tally', json(?)) WHERE id = 'canonical-7'", (refined,)
    )
    assert look(copy) == []


def test_who_captures_on_release_may_charge_before_the_goods_leave(copy: sqlite3.Connection) -> None:
    copy.executescript(next(fault.change for fault in FAULTS if fault.id == "I13"))
    assert "I13" in {violation.id for violation in look(copy)}
    (version,) = copy.execute("SELECT version FROM workflows").fetchone()
    assert "I13" not in {violation.id for violation in audit(copy, terms=Terms({version: "on_release"}))}


def test_a_wake_may_be_as_late_as_the_terms_say(copy: sqlite3.Connection) -> None:
    copy.execute("UPDATE orders SET wake_at_s = (SELECT max(at_s) - 90 FROM steps) WHERE id = 'canonical-6'")
    assert {violation.id for violation in look(copy)} == {"I28"}
    assert audit(copy, terms=Terms(late_s=90)) == []


def test_the_audit_leaves_nothing_behind(copy: sqlite3.Connection) -> None:
    look(copy)
    tables = copy.execute("SELECT name FROM sqlite_temp_schema WHERE type = 'table'").fetchall()
    assert tables
    assert [copy.execute(f"SELECT count(*) FROM temp.{name}").fetchone() for (name,) in tables] == [(0,)] * len(tables)
    assert not copy.in_transaction
