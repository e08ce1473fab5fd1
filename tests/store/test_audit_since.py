"""Auditing the changes: what moved since the last clean audit is looked at, and nothing else."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from segue.app import App
from segue.core.facts import StockMove
from segue.core.note import Note
from segue.store.audit import audit
from segue.store.audit_parts import audit_in_parts
from segue.store.audit_since import Since, audit_since
from segue.store.database import open_reader
from tests.engine.shops import DATABASE, NOW, arrive, bought, leave, message_of, reopen_shop, rounds, write_shop


class Place(NamedTuple):
    """A shop on disk, and the file in which it is marked how far the audit came."""

    app: App
    mark: Path

    def look(self) -> Since:
        """Audit the changes."""
        return audit_since(self.app.reader(), self.mark, self.app.audit_terms())

    def spoil(self, change: str) -> None:
        """Change the database behind the store's back."""
        with self.app.database.transaction() as cursor:
            cursor.execute(change)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A shop whose three orders have come to rest, and were audited."""
    app = reopen_shop(write_shop(tmp_path))
    arrive(app, *(message_of(bought(number)) for number in (1, 2, 3)))
    app.worker.run()
    place = Place(app, tmp_path / "audit.db")
    assert place.look() == ([], None)
    yield place
    leave(app)


def test_the_first_audit_is_a_whole_one_and_the_next_looks_at_nothing(place: Place) -> None:
    assert place.look() == ([], 0)


def test_an_order_that_took_a_step_is_looked_at_once(place: Place) -> None:
    place.app.submit("canonical-2", Note("hello"), "person:eve")
    assert place.look() == ([], 1)
    assert place.look() == ([], 0)


def test_what_is_wrong_is_found_again_until_it_is_mended(place: Place) -> None:
    place.app.submit("canonical-2", Note("hello"), "person:eve")
    place.spoil("UPDATE orders SET total_minor = 1 WHERE id = 'canonical-2'")
    for _ in range(2):
        violations, orders = place.look()
        assert [(each.id, each.offender) for each in violations] == [("I06", "canonical-2")]
        assert orders == 1
    place.spoil("UPDATE orders SET total_minor = 1000 WHERE id = 'canonical-2'")
    assert place.look() == ([], 1)
    assert place.look() == ([], 0)


def test_a_counter_that_moved_is_compared_with_its_moves_old_and_new(place: Place) -> None:
    place.app.shelf.receive_stock([StockMove("MUG", "BER", 7, 0, "received")], NOW)
    assert place.look() == ([], 0)
    arrive(place.app, message_of(bought(4)))
    place.app.worker.run()
    place.spoil("UPDATE stock SET on_hand = on_hand - 1 WHERE sku = 'MUG'")
    assert {each.id for each in place.look().violations} == {"I14"}
    place.spoil("UPDATE stock SET on_hand = on_hand + 1 WHERE sku = 'MUG'")
    assert place.look() == ([], 1)


def test_a_task_that_is_settled_without_a_step_is_seen(place: Place) -> None:
    arrive(place.app, message_of(bought(5)))
    place.app.worker.round()
    assert place.look() == ([], 1)
    place.spoil("UPDATE tasks SET state = 'done' WHERE order_id = 'canonical-5'")
    violations, orders = place.look()
    assert ({each.id for each in violations}, orders) == ({"I32"}, 1)


def test_an_order_that_was_not_woken_in_time_is_seen(place: Place) -> None:
    arrive(place.app, message_of(bought(6)))
    rounds(place.app, 3)
    place.app.worker.run()
    assert place.look() == ([], 1)
    place.spoil("UPDATE orders SET open = 1, wake_at_s = 1 WHERE id = 'canonical-1'")
    assert "I28" in {each.id for each in place.look().violations}


def test_a_message_that_lost_its_content_is_seen(place: Place) -> None:
    place.spoil("UPDATE inbox SET state = 'new' WHERE number = 1")
    assert {each.id for each in place.look().violations} == {"I33"}


def test_a_mark_of_another_database_is_not_believed(place: Place) -> None:
    other = place.mark.parent / "other"
    app = reopen_shop(write_shop(other))
    arrive(app, message_of(bought(9)))
    app.worker.run()
    leave(app)
    connection = open_reader(other / DATABASE)
    assert audit_since(connection, place.mark, place.app.audit_terms()) == ([], None)
    connection.close()


def test_a_shop_is_audited_in_parts_by_several_processes_as_by_one(place: Place) -> None:
    place.spoil("UPDATE orders SET total_minor = total_minor + 1 WHERE number > 1")
    place.spoil("UPDATE stock SET on_hand = on_hand + 1 WHERE sku = 'TEA'")
    place.spoil("UPDATE tasks SET version = 99 WHERE order_id = 'canonical-1' AND kind = 'release'")
    connection, terms = place.app.reader(), place.app.audit_terms()
    found = audit(connection, terms=terms)
    assert [each.id for each in found] == ["I06", "I06", "I14", "I31"]
    path = place.mark.parent / DATABASE
    assert sorted(map(str, audit_in_parts(connection, path, terms, 2, orders_min=1))) == sorted(map(str, found))
    assert audit_in_parts(connection, path, terms, 1) == found


def test_a_shop_without_steps_has_nothing_to_mark(tmp_path: Path) -> None:
    app = reopen_shop(write_shop(tmp_path))
    assert audit_since(app.reader(), tmp_path / "audit.db", app.audit_terms()) == ([], None)
    leave(app)
