"""PostgreSQL's own habits: what its server, its connections and its limits do that SQLite does not."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files

import psycopg
import pytest

from segue.core.facts import StockMove
from segue.core.ledger import LedgerEntry
from segue.ports import Batch, Person, StaleOrder, Unwritable
from segue.store.database import DatabaseTooNew
from segue.store.postgres.database import MIGRATIONS, TRIES_MAX, PostgresDatabase, WrongEncoding
from segue.store.shelf import Count
from tests.store.cluster import Cluster
from tests.store.shops import (
    NOW,
    PostgresShop,
    a_message,
    a_step,
    an_invoice,
    an_order,
    free,
    open_postgres_shop,
    order_in,
    rows,
    stepped,
)

REFUSING = """
    CREATE SEQUENCE tried;
    CREATE FUNCTION give_way() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF nextval('tried') <= {times} THEN RAISE EXCEPTION USING ERRCODE = '40001'; END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER give_way BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION give_way();"""
ENDED = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}' AND pid <> pg_backend_pid()"
TRUNCATE_ALL = "TRUNCATE orders, {table}"
AGAIN = "INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM {table} ON CONFLICT ({key}) DO UPDATE SET at_s = 1"
KEYS = {
    "steps": "order_id, version",
    "stock_moves": "order_id, version, position",
    "ledger": "order_id, version, position",
    "documents": "order_id, name",
}


@pytest.fixture
def own_shop(cluster: Cluster, own_database: str) -> Iterator[PostgresShop]:
    """A shop in a database whose tables the test may change."""
    shop = open_postgres_shop(cluster.conninfo(own_database))
    yield shop
    shop.database.close()


@pytest.mark.parametrize("table", KEYS)
def test_what_happened_is_neither_truncated_nor_written_over(postgres_shop: PostgresShop, table: str) -> None:
    entries = (LedgerEntry("cash:card", "customer", 1),)
    postgres_shop.shelf.count_stock([Count("A", "BER", 1)], NOW)
    stepped(
        postgres_shop,
        a_step(an_order(), entries=entries, moves=(StockMove("A", "BER", 0, 1, "allocated"),), **an_invoice()),
    )
    database = postgres_shop.database
    with pytest.raises(postgres_shop.refused, match="never deleted"), database.transaction() as cursor:
        cursor.execute(TRUNCATE_ALL.format(table=table))
    with pytest.raises(postgres_shop.refused, match="never changed"), database.transaction() as cursor:
        cursor.execute(AGAIN.format(table=table, key=KEYS[table]))
    assert order_in(postgres_shop) == an_order()


def test_a_shop_is_there_when_it_is_opened_again(cluster: Cluster, own_database: str) -> None:
    first = open_postgres_shop(cluster.conninfo(own_database))
    stepped(first, a_step(an_order()))
    first.database.close()
    again = open_postgres_shop(cluster.conninfo(own_database))
    assert order_in(again) == an_order()
    assert rows(again, "SELECT value FROM meta WHERE name = 'schema'") == [(str(len(MIGRATIONS)),)]
    again.database.close()


@pytest.mark.parametrize("isolation", ["read committed", "repeatable read", "serializable"])
def test_workers_that_start_at_once_on_a_new_database_set_it_up_once(cluster: Cluster, isolation: str) -> None:
    name = cluster.new_database()
    conninfo = cluster.conninfo(name, default_transaction_isolation=isolation)
    together = threading.Barrier(3)

    def start() -> PostgresShop:
        together.wait()
        return open_postgres_shop(conninfo)

    with ThreadPoolExecutor(3) as pool:
        shops = [began.result() for began in [pool.submit(start) for _ in range(3)]]
    stepped(shops[0], a_step(an_order()))
    assert [order_in(shop) for shop in shops] == [an_order()] * 3
    for shop in shops:
        shop.database.close()


def test_a_database_of_a_later_segue_is_not_touched(cluster: Cluster, own_shop: PostgresShop) -> None:
    with own_shop.database.transaction() as cursor:
        cursor.execute("UPDATE meta SET value = '99' WHERE name = 'schema'")
        (name,) = cursor.execute("SELECT current_database()").fetchone() or ("",)
    with pytest.raises(DatabaseTooNew, match="version 99"):
        PostgresDatabase(cluster.conninfo(name))


def test_a_database_that_cannot_keep_every_name_is_refused(cluster: Cluster) -> None:
    cluster.run("CREATE DATABASE latin ENCODING LATIN1 TEMPLATE template0")
    with pytest.raises(WrongEncoding, match="LATIN1"):
        PostgresDatabase(cluster.conninfo("latin"))


def test_what_is_acknowledged_is_on_disk_whatever_the_servers_default_is(cluster: Cluster, database_name: str) -> None:
    database = PostgresDatabase(cluster.conninfo(database_name, synchronous_commit="off"))
    assert database.look_up("SHOW synchronous_commit", ()) == ("on",)
    database.close()


@pytest.mark.parametrize(
    "use",
    [
        lambda shop: stepped(shop, a_step(an_order())),
        lambda shop: shop.store.due(NOW, 1),
        lambda shop: shop.store.person("ada"),
    ],
)
def test_a_connection_that_broke_is_replaced_at_the_next_use(
    cluster: Cluster, database_name: str, postgres_shop: PostgresShop, use: Callable[[PostgresShop], object]
) -> None:
    cluster.run(ENDED.format(database_name))
    with pytest.raises(psycopg.OperationalError):
        use(postgres_shop)
    assert order_in(postgres_shop) is None
    use(postgres_shop)


def test_of_a_batch_that_was_under_way_when_the_connection_broke_nothing_is_written(
    cluster: Cluster, database_name: str, postgres_shop: PostgresShop
) -> None:
    def add_two_items() -> None:
        with postgres_shop.database.transaction() as cursor:
            cursor.execute("INSERT INTO items (sku, value) VALUES ('A', '{}')")
            cluster.run(ENDED.format(database_name))
            cursor.execute("INSERT INTO items (sku, value) VALUES ('B', '{}')")

    with pytest.raises(psycopg.OperationalError):
        add_two_items()
    assert rows(postgres_shop, "SELECT sku FROM items") == []


def test_a_batch_that_has_to_give_way_is_written_in_the_end(own_shop: PostgresShop) -> None:
    with own_shop.database.transaction() as cursor:
        cursor.execute(REFUSING.format(times=TRIES_MAX - 1))
    stepped(own_shop, a_step(an_order()))
    assert order_in(own_shop) == an_order()
    assert rows(own_shop, "SELECT last_value FROM tried") == [(TRIES_MAX,)]


def test_a_batch_that_always_has_to_give_way_is_stale_after_so_many_tries(own_shop: PostgresShop) -> None:
    with own_shop.database.transaction() as cursor:
        cursor.execute(REFUSING.format(times=TRIES_MAX))
    with pytest.raises(StaleOrder, match="other writers"):
        stepped(own_shop, a_step(an_order()), received=(a_message(),))
    assert order_in(own_shop) is None
    assert rows(own_shop, "SELECT last_value FROM tried") == [(TRIES_MAX,)]


def test_a_batch_that_waits_in_a_ring_with_a_stranger_is_done_again(cluster: Cluster, own_database: str) -> None:
    shop = open_postgres_shop(cluster.conninfo(own_database, deadlock_timeout="500ms"))
    shop.shelf.count_stock([Count("A", "BER", 5), Count("B", "BER", 5)], NOW)
    taking = tuple(StockMove(sku, "BER", 0, 1, "allocated") for sku in "AB")
    stranger = psycopg.connect(cluster.conninfo(own_database, deadlock_timeout="20s"))
    stranger.execute("SELECT 1 FROM stock WHERE sku = 'B' FOR UPDATE")
    before = cluster.deadlocks()
    with ThreadPoolExecutor(1) as pool:
        began = pool.submit(stepped, shop, a_step(an_order(), moves=taking))
        cluster.wait_until_waiting(own_database, 1)
        stranger.execute("SELECT 1 FROM stock WHERE sku = 'A' FOR UPDATE")
        stranger.commit()
        assert began.result() == []
    assert cluster.deadlocks() > before  # one; more if the stranger is slow to take what was let go of
    assert (free(shop), free(shop, "B")) == ({"BER": 4}, {"BER": 4})
    stranger.close()
    shop.database.close()


@pytest.mark.parametrize(
    "batch",
    [
        Batch(NOW, (a_step(an_order("web-\0")),)),
        Batch(NOW, (a_step(an_order("web-\ud800"), value=b"{}"),)),
        Batch(NOW, (a_step(an_order("".join(map(str, range(3000))))),)),
        Batch(NOW, (a_step(an_order(), at_s=2**63),)),
        Batch(NOW, people=(Person(""),)),
    ],
)
def test_what_the_database_never_takes_is_unwritable(postgres_shop: PostgresShop, batch: Batch) -> None:
    with pytest.raises(Unwritable):
        postgres_shop.store.commit(batch)
    stepped(postgres_shop, a_step(an_order()))
    assert rows(postgres_shop, "SELECT id FROM orders") == [("web-1",)]


def test_ids_are_compared_byte_by_byte_whatever_language_the_database_speaks(postgres_shop: PostgresShop) -> None:
    names = ["a", "B", "ä", "Z", "_"]
    postgres_shop.shelf.count_stock([Count("A", name, 1) for name in names], NOW)
    assert list(free(postgres_shop)) == sorted(names)


def test_stock_of_an_earlier_version_is_brought_up_to_date(cluster: Cluster) -> None:
    conninfo = cluster.conninfo(cluster.new_database())
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for name in MIGRATIONS[:3]:
            connection.execute(files("segue.store.postgres").joinpath(name).read_bytes())
        connection.execute("INSERT INTO stock VALUES ('A', 'BER', 9, 4, 2)")
        connection.execute("INSERT INTO stock_moves VALUES ('', 1, 0, 'A', 'BER', 9, 0, 'counted', 5)")
        connection.execute("INSERT INTO meta VALUES ('schema', '3')")
    shop = open_postgres_shop(conninfo)
    assert rows(shop, "SELECT on_hand, allocated, safety, reserved, damaged FROM stock") == [(9, 4, 2, 0, 0)]
    assert rows(shop, "SELECT on_hand, quarantined, actor, report FROM stock_moves") == [(9, 0, "", "")]
    assert free(shop) == {"BER": 3}
    with pytest.raises(psycopg.IntegrityError), shop.database.transaction() as cursor:
        cursor.execute("UPDATE stock SET damaged = 4")
    shop.database.close()
