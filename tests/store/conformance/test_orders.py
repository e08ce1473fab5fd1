"""Orders and their steps: written whole or not at all, guarded by the version, kept as they are."""

import pytest
from msgspec.structs import replace

from segue.core.bundles import Bundle
from segue.core.facts import Item
from segue.core.ledger import LedgerEntry
from segue.core.past import Past
from segue.ports import Batch, Needs, StaleOrder, Unwritable
from tests.store.shops import NOW, AnyShop, a_message, a_step, a_task, an_invoice, an_order, order_in, rows, stepped


def test_an_order_is_loaded_as_it_was_committed(shop: AnyShop) -> None:
    order = an_order()
    stepped(shop, a_step(order))
    assert order_in(shop) == order


def test_what_is_not_there_is_none_or_empty(shop: AnyShop) -> None:
    one = frozenset(("X",))
    loaded = shop.store.load(Needs(one, one, one, one))
    assert (loaded.orders, loaded.items, loaded.stock, loaded.past) == ({"X": None}, {"X": None}, {"X": {}}, {"X": ()})


def test_an_order_that_moved_on_is_stale_and_nothing_is_written(shop: AnyShop) -> None:
    stepped(shop, a_step(an_order()))
    stepped(shop, a_step(an_order(version=3), 2))
    with pytest.raises(StaleOrder):
        stepped(shop, a_step(an_order("web-2")), a_step(an_order(version=4), 2))
    assert order_in(shop) == an_order(version=3)
    assert order_in(shop, "web-2") is None


def test_an_order_that_is_here_already_is_stale(shop: AnyShop) -> None:
    stepped(shop, a_step(an_order()))
    with pytest.raises(StaleOrder):
        stepped(shop, a_step(an_order()))


def test_a_channel_order_cannot_be_here_twice_under_two_ids(shop: AnyShop) -> None:
    stepped(shop, a_step(an_order()))
    with pytest.raises(StaleOrder):
        stepped(shop, a_step(an_order("web-other", channel_order_id="1")))


def test_an_order_may_take_several_steps_in_one_batch(shop: AnyShop) -> None:
    stepped(shop, a_step(an_order()), a_step(an_order(version=4), 2), a_step(an_order(version=5), 4, status="held"))
    assert order_in(shop) == an_order(version=5)
    assert rows(shop, "SELECT version_before, version FROM steps ORDER BY number") == [(0, 2), (2, 4), (4, 5)]
    assert rows(shop, "SELECT status, basket FROM orders") == [("held", "b1")]


def test_steps_of_one_batch_that_do_not_follow_each_other_are_stale(shop: AnyShop) -> None:
    with pytest.raises(StaleOrder):
        stepped(shop, a_step(an_order()), a_step(an_order(version=5), 3))


def test_a_step_without_events_leaves_no_record_but_may_change_when_the_order_wakes(shop: AnyShop) -> None:
    stepped(shop, a_step(an_order(), wake_at_s=NOW))
    stepped(shop, a_step(an_order(), 2, wake_at_s=None, woken=True))
    assert shop.store.due(NOW, 10).wakes == ()
    assert rows(shop, "SELECT count(*) FROM steps") == [(1,)]


@pytest.mark.parametrize("woken", [(False,), (False, False)])
def test_an_order_that_is_due_to_be_woken_still_is_after_another_step(shop: AnyShop, woken: tuple[bool, ...]) -> None:
    stepped(shop, a_step(an_order(), wake_at_s=NOW))
    stepped(shop, *(a_step(an_order(version=3 + n), 2 + n, wake_at_s=None, woken=w) for n, w in enumerate(woken)))
    assert shop.store.due(NOW, 10).wakes == ("web-1",)


@pytest.mark.parametrize("woken", [(True, False), (False, True)])
def test_once_it_was_woken_only_what_follows_counts(shop: AnyShop, woken: tuple[bool, ...]) -> None:
    stepped(shop, a_step(an_order(), wake_at_s=NOW))
    stepped(shop, *(a_step(an_order(version=3 + n), 2 + n, wake_at_s=None, woken=w) for n, w in enumerate(woken)))
    assert shop.store.due(NOW, 10).wakes == ()


def test_an_order_is_put_off(shop: AnyShop) -> None:
    stepped(shop, a_step(an_order(), wake_at_s=NOW))
    stepped(shop, put_off={"web-1": NOW + 60})
    assert shop.store.due(NOW, 10).wakes == ()
    assert shop.store.due(NOW + 60, 10).wakes == ("web-1",)


@pytest.mark.parametrize("table", ["steps", "stock_moves", "ledger", "documents"])
def test_what_happened_is_neither_changed_nor_deleted(shop: AnyShop, table: str) -> None:
    stepped(shop, a_step(an_order(), entries=(LedgerEntry("cash:card", "customer", 1),), **an_invoice()))
    with shop.database.transaction() as cursor:
        cursor.execute("INSERT INTO stock_moves VALUES ('', 1, 0, 'A', 'BER', 1, 0, 'received', 0, 0, 0, 0, 0, '', '')")
    with pytest.raises(shop.refused, match="never deleted"), shop.database.transaction() as cursor:
        cursor.execute(f"DELETE FROM {table}")
    with pytest.raises(shop.refused, match="never changed"), shop.database.transaction() as cursor:
        cursor.execute(f"UPDATE {table} SET at_s = 1")


@pytest.mark.parametrize("entry", [LedgerEntry("a", "b", 0), LedgerEntry("a", "b", -1), LedgerEntry("a", "a", 1)])
def test_a_ledger_entry_that_moves_nothing_is_refused(shop: AnyShop, entry: LedgerEntry) -> None:
    with pytest.raises(Unwritable):
        stepped(shop, a_step(an_order(), entries=(entry,)))
    assert order_in(shop) is None


def test_a_mistake_anywhere_in_a_batch_writes_nothing_of_it(shop: AnyShop) -> None:
    twice = (a_task(), a_task())
    with pytest.raises(Unwritable):
        stepped(shop, a_step(an_order(), tasks=twice), received=(a_message(),))
    assert order_in(shop) is None
    assert shop.store.due(NOW, 10).messages == ()


def test_folders_are_entered_and_left_with_the_step(shop: AnyShop) -> None:
    stepped(shop, a_step(an_order(places={"vip": NOW - 60, "late": NOW}), folders=("vip", "late")))
    stepped(shop, a_step(an_order(version=3, places={"late": NOW}), 2, at_s=NOW + 5, folders=("late", "review")))
    assert rows(shop, "SELECT folder, since_s FROM folders ORDER BY folder") == [("late", NOW), ("review", NOW + 5)]


def test_since_when_an_order_is_in_a_folder_is_what_the_order_says(shop: AnyShop) -> None:
    stepped(shop, a_step(an_order(places={"vip": NOW - 60}), folders=("vip",)))
    assert rows(shop, "SELECT since_s FROM folders") == [(NOW - 60,)]


def test_an_order_is_due_when_its_time_has_come_and_not_before(shop: AnyShop) -> None:
    stepped(shop, a_step(an_order(), wake_at_s=NOW + 10))
    assert shop.store.due(NOW, 10).wakes == ()
    assert shop.store.due(NOW, 10).next_at_s == NOW + 10
    assert shop.store.due(NOW + 10, 10).wakes == ("web-1",)
    assert shop.store.due(NOW + 10, 10).next_at_s is None


def test_orders_that_are_due_at_once_come_in_the_order_in_which_they_were_placed(shop: AnyShop) -> None:
    placed = [a_step(an_order(f"web-{n}", placed_at_s=NOW - n % 4), wake_at_s=NOW) for n in range(8)]
    stepped(shop, *placed)
    assert shop.store.due(NOW, 5).wakes == ("web-3", "web-7", "web-2", "web-6", "web-1")


def test_a_watching_order_is_woken_by_its_fact_alone(shop: AnyShop) -> None:
    stepped(shop, a_step(an_order(), watches=frozenset(("item:A", "stock:A"))), a_step(an_order("web-2")))
    assert shop.shelf.wake(["item:B"], NOW) == 0
    assert shop.shelf.wake(["item:A"], NOW) == 1
    assert shop.store.due(NOW, 10).wakes == ("web-1",)


def test_to_wake_an_order_that_is_due_already_changes_nothing(shop: AnyShop) -> None:
    stepped(shop, a_step(an_order(), wake_at_s=NOW - 60, watches=frozenset(("item:A",))))
    assert shop.shelf.wake(["item:A"], NOW) == 0
    assert rows(shop, "SELECT wake_at_s FROM orders") == [(NOW - 60,)]


def test_an_order_that_watches_no_longer_sleeps_on(shop: AnyShop) -> None:
    stepped(shop, a_step(an_order(), watches=frozenset(("item:A",))))
    stepped(shop, a_step(an_order(version=3), 2))
    assert shop.shelf.wake(["item:A"], NOW) == 0


def test_items_that_changed_wake_their_watchers(shop: AnyShop) -> None:
    stepped(shop, a_step(an_order(), watches=frozenset(("item:A",))))
    assert shop.shelf.put_items([Item("A", "Shirt"), Item("B")], NOW) == {"item:A", "item:B"}
    assert shop.shelf.put_items([Item("A", "Shirt"), Item("B", "Hat")], NOW) == {"item:B"}
    assert shop.store.due(NOW, 10).wakes == ("web-1",)
    assert shop.store.load(Needs(items=frozenset("A"))).items == {"A": Item("A", "Shirt")}


def test_open_orders_are_sent_word_of_street_dates_that_are_others_now(shop: AnyShop) -> None:
    """Covers J-1."""
    stepped(shop, a_step(an_order()), a_step(an_order("web-2")), a_step(an_order("web-3", sku="B")))
    stepped(shop, a_step(an_order(version=3), 2, open=False))
    assert shop.store.due(NOW, 10).messages == ()
    for day in ("2033-01-01", "2033-01-01", "2033-02-02", ""):
        shop.shelf.put_items([Item("A", "Shirt", street_date=day), Item("B", "Hat")], NOW)
    messages = shop.store.due(NOW, 10).messages
    assert [(each.kind, each.order, each.body) for each in messages] == [
        ("follow_street_date", "web-2", {"sku": "A"})
    ] * 3
    assert len({each.id for each in messages}) == 3


def test_a_persons_earlier_orders_are_found_the_newest_first(shop: AnyShop) -> None:
    first, second = an_order("web-1"), an_order("web-2", placed_at_s=NOW + 1, ship_to_digest="d")
    stepped(shop, a_step(first), a_step(second), a_step(an_order("web-3", person="bob")))
    assert shop.store.load(Needs(past=frozenset(("ada",)))).past["ada"] == (
        Past("web-2", NOW + 1, "b1", "d", 2000),
        Past("web-1", NOW, "b1", "", 2000),
    )


def test_orders_without_a_person_are_nobodys_history(shop: AnyShop) -> None:
    stepped(shop, a_step(an_order(person="")))
    assert shop.store.load(Needs(past=frozenset(("",)))).past == {"": ()}
    assert shop.store.matching("", "A") == []


def test_a_persons_orders_of_a_sku_are_found_the_latest_first(shop: AnyShop) -> None:
    orders = [an_order("web-1"), an_order("web-2", placed_at_s=NOW + 1), an_order("web-3", sku="B")]
    stepped(shop, *map(a_step, orders), a_step(an_order("web-4", person="bob")))
    assert shop.store.matching("ada", "A") == [orders[1], orders[0]]


def test_a_persons_orders_are_found_by_what_was_ordered_and_by_what_took_its_place(shop: AnyShop) -> None:
    order = an_order("web-1", sku="B")
    order = replace(order, lines=(replace(order.lines[0], was="A"), *order.lines[1:]))
    stepped(shop, a_step(order))
    assert shop.store.matching("ada", "A") == shop.store.matching("ada", "B") == [order]
    assert shop.store.matching("ada", "C") == []


def test_a_persons_orders_are_found_by_the_bundle_that_was_ordered(shop: AnyShop) -> None:
    order = replace(an_order("web-1", sku="B"), bundles={"B1": Bundle("BOX", 1, {1: 1})})
    stepped(shop, a_step(order), a_step(an_order("web-2", sku="B")))
    assert shop.store.matching("ada", "BOX") == [order]
    assert len(shop.store.matching("ada", "B")) == 2


def test_a_workflow_version_is_kept_as_it_was(shop: AnyShop) -> None:
    shop.shelf.put_workflow("standard@1", "name: standard")
    assert shop.store.workflow_text("standard@1") == "name: standard"
    assert shop.store.workflow_text("standard@2") is None
    with pytest.raises(shop.refused, match="never changed"), shop.database.transaction() as cursor:
        cursor.execute("UPDATE workflows SET text = ''")


def test_a_batch_of_many_orders_is_one_transaction(shop: AnyShop) -> None:
    shop.store.commit(Batch(NOW, tuple(a_step(an_order(f"web-{n}")) for n in range(500))))
    names = frozenset(f"web-{n}" for n in range(500))
    loaded = shop.store.load(Needs(orders=names)).orders
    assert all(order == an_order(name) for name, order in loaded.items())
    assert replace(an_order(), id="web-1") == loaded["web-1"]
