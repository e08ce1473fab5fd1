"""Replaying: every order is what its record makes of it, byte for byte; what is not is named with the first difference."""

import sqlite3
from collections.abc import Iterator

import pytest

from segue.app import App
from segue.engine.replay import Deviation, deviations, difference
from segue.store.reading import stories
from tests.engine.shops import leave
from tests.store.healthy import DELIVERED, REFUNDED, RELEASED, SWAPPED, healthy_shop

STEP = f"WHERE order_id = 'canonical-{DELIVERED}' AND version ="
LATER = f"WHERE order_id = 'canonical-{SWAPPED}' AND version ="  # it waited for stock, and was asked again by a timer
ORDER = f"WHERE id = 'canonical-{DELIVERED}'"
# What is changed, the invariant that it breaks, and what is said of it.
DOCUMENT = f"WHERE order_id = 'canonical-{DELIVERED}'"
FAULTS = [
    (f"UPDATE documents SET content = replace(content, 'MUG', 'TEA') {DOCUMENT}", "I45", "lines[0].sku is \"TEA\""),
    (f"DELETE FROM documents {DOCUMENT}", "I45", "it has 0 documents, its record makes 1"),
    (f"UPDATE orders SET value = json_set(value, '$.lines[0].paid_minor', 7) {ORDER}", "I40", "lines[0].paid_minor is 7"),
    (f"UPDATE orders SET value = json_set(value, '$.locale', 'de') {ORDER}", "I40", "locale is \"de\""),
    (f"UPDATE orders SET value = json_remove(value, '$.score') {ORDER}", "I40", "score is missing, its record makes it 10"),
    (f"UPDATE orders SET value = value || ' ' {ORDER}", "I40", "written in another way"),
    (f"UPDATE orders SET value = substr(value, 1, 50) {ORDER}", "I40", "not JSON"),
    (f"DELETE FROM steps WHERE order_id = 'canonical-{DELIVERED}'", "I40", "nothing is on record"),
    (f"UPDATE steps SET record = '{{' {STEP} 24", "I40", "version 24: ValidationError"),
    (f"UPDATE steps SET at_s = at_s + 1 {STEP} 24", "I40", "delivered_at_s"),
    (f"UPDATE steps SET record = replace(record, 'amount_minor\":2000', 'amount_minor\":1999') {STEP} 20", "I40", "tenders"),
    (f"UPDATE steps SET record = '[]' {STEP} 24", "I25", "version 24 it has 20 events"),
    (f"UPDATE steps SET version = 25 {STEP} 24", "I25", "version 25 it has 24 events"),
    (f"DELETE FROM steps {STEP} 13", "I24", "version 19"),
    (f"UPDATE steps SET record = replace(record, '[[1,2]]', '[[1,3]]') {STEP} 24", "I24", "version 24"),
    (f"UPDATE steps SET record = replace(record, '\"timer\":\"on', '\"timer\":\"at') {LATER} 26", "I28", "was not set"),
    (
        f"UPDATE steps SET record = replace(record, '\"events\":[', '\"events\":[{{\"event\":\"timer_fired\","
        f"\"timer\":\"on.order_covered.1#7\",\"reaction\":\"on.order_covered.1\"}},') {STEP} 19",
        "I28",
        "or had fired",
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A healthy shop."""
    app = healthy_shop(tmp_path_factory.mktemp("shop"))
    yield app
    leave(app)


@pytest.fixture
def copy(shop: App) -> Iterator[sqlite3.Connection]:
    """A copy of its database, in which steps can be changed."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    shop.reader().backup(connection)
    for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    yield connection
    connection.close()


def found_in(connection: sqlite3.Connection, order: str | None = None) -> list[Deviation]:
    """What differs in all orders, or in one."""
    return deviations(stories(connection, order))


def test_every_order_of_a_healthy_shop_is_what_its_record_says(copy: sqlite3.Connection) -> None:
    assert sum(1 for _ in stories(copy)) == 19
    assert found_in(copy) == []


@pytest.mark.parametrize(("change", "id", "said"), FAULTS)
def test_an_order_that_differs_from_its_record_is_named(
    copy: sqlite3.Connection, change: str, id: str, said: str
) -> None:
    copy.execute(change)
    (found,) = found_in(copy)
    assert found.id == id
    assert f"'{found.order}'" in change
    assert said in found.detail


def test_one_order_can_be_replayed_alone(copy: sqlite3.Connection) -> None:
    copy.execute("UPDATE orders SET value = json_set(value, '$.locale', 'de')")
    assert [found.order for found in found_in(copy, f"canonical-{REFUNDED}")] == [f"canonical-{REFUNDED}"]
    assert found_in(copy, f"canonical-{RELEASED}x") == []


def test_the_first_difference_is_named_by_its_place() -> None:
    assert difference(b'{"a":[1,{"b":2}]}', b'{"a":[1,{"b":3}]}') == "a[1].b is 3, its record makes it 2"
    assert difference(b'{"a":[1]}', b'{"a":[1,2]}') == "a is [1,2], its record makes it [1]"
    assert difference(b"{}", b"[]") == "the whole is [], its record makes it {}"
    assert len(difference(b"{}", b'{"a":"%s"}' % (b"x" * 999))) < 130
