"""The stores that the tests run against: SQLite, in memory and in a file, and PostgreSQL on a private server."""

from collections.abc import Iterator

import psycopg
import pytest

from segue.store.shelf import Count
from tests.store.cluster import Cluster, running_cluster
from tests.store.shops import NOW, PostgresShop, Shop, open_postgres_shop, open_shop
from tests.store.writers import WRITERS, Shops

TABLES = (
    "waiting", "reservations", "fences", "fence_moves", "selling", "sales", "sales_made", "presales",
    "people", "orders", "steps", "folders", "watches", "items", "stock", "stock_moves", "ledger", "tasks", "inbox",
    "workflows", "documents", "document_numbers", "coupons", "coupon_uses", "stock_reports", "supplies", "supply_moves",
    "location_days", "order_days", "closures", "closure_changes", "location_counts",
    "subscriptions", "subscription_steps", "cycles", "meta WHERE name <> 'schema'",
)  # fmt: skip


@pytest.fixture(params=["sqlite in memory", "sqlite in a file"])
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """An empty shop in SQLite."""
    in_memory = request.param == "sqlite in memory"
    shop = open_shop() if in_memory else open_shop(str(tmp_path_factory.mktemp("shop") / "segue.db"))
    yield shop
    shop.database.close()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A running PostgreSQL."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def empty_database(cluster: Cluster) -> str:
    """The name of a database with the tables of a shop and nothing in them, to be copied."""
    name = cluster.new_database()
    open_postgres_shop(cluster.conninfo(name)).database.close()
    return name


@pytest.fixture
def own_database(cluster: Cluster, empty_database: str) -> Iterator[str]:
    """A database for a test that changes its tables."""
    name = cluster.new_database(empty_database)
    yield name
    cluster.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def shared_database(cluster: Cluster, empty_database: str) -> str:
    """The database of all other tests, one after the other."""
    return cluster.new_database(empty_database)


@pytest.fixture
def database_name(cluster: Cluster, shared_database: str) -> Iterator[str]:
    """A database with the tables of a shop and nothing in them, emptied when the test is over: quicker than a new one."""
    yield shared_database
    with psycopg.connect(cluster.conninfo(shared_database, session_replication_role="replica")) as connection:
        connection.execute("".join(f"DELETE FROM {table};" for table in TABLES))


@pytest.fixture
def postgres_shop(cluster: Cluster, database_name: str) -> Iterator[PostgresShop]:
    """An empty shop in PostgreSQL."""
    shop = open_postgres_shop(cluster.conninfo(database_name))
    yield shop
    shop.database.close()


@pytest.fixture(params=["read committed", "repeatable read", "serializable"])
def shops(request: pytest.FixtureRequest, cluster: Cluster, database_name: str) -> Iterator[Shops]:
    """A shop with ten of A and of B in Berlin, open to four writers."""
    conninfo = cluster.conninfo(database_name, default_transaction_isolation=request.param)
    each = [open_postgres_shop(conninfo) for _ in range(WRITERS)]
    each[0].shelf.count_stock([Count("A", "BER", 10), Count("B", "BER", 10)], NOW)
    before = cluster.deadlocks()
    yield Shops(each, cluster, database_name)
    for shop in each:
        shop.database.close()
    assert cluster.deadlocks() == before, "writers waited for each other in a ring"
