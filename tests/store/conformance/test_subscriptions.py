"""Subscriptions in every store: each step once, for the version that it was decided for; no day is settled twice."""

from datetime import date
from typing import Any

import pytest
from msgspec import json
from msgspec.structs import replace

from segue.core.subscription.standing import Line, Subscription, Terms
from segue.core.tasks import Task
from segue.ports import Batch, Inbound, Needs, Renewed, Settling, StaleOrder, Unwritable
from tests.store.shops import NOW, AnyShop, rows

BEGUN = Subscription("S1", 1, Terms("web", "EUR", "p1"), {1: Line("MUG", 1, "FREQ=DAILY", date(2026, 1, 1))}, 1)
DAY = Settling(1, "2026-01-01", "ordered", "web-S1.20260101")


def a_step(after: Subscription = BEGUN, before: int = 0, wake_at_s: int | None = NOW + 60, **more: Any) -> Renewed:
    return Renewed(after, before, NOW, "person:ann", b'{"events": []}', json.encode(after), wake_at_s, **more)


def later(version: int, **more: Any) -> Subscription:
    return replace(BEGUN, version=version, **more)


def commit(shop: AnyShop, *steps: Renewed, **more: Any) -> None:
    shop.store.commit(Batch(NOW, renewed=steps, **more))


def found(shop: AnyShop, *ids: str) -> dict[str, Subscription | None]:
    return shop.store.load(Needs(subscriptions=frozenset(ids))).subscriptions


def test_what_is_written_is_read(shop: AnyShop) -> None:
    commit(shop, a_step(), a_step(replace(BEGUN, id="S2")))
    assert found(shop, "S1", "S3") == {"S1": BEGUN, "S3": None}
    commit(shop, a_step(later(3, made=1), 1, settled=(DAY,)))
    assert found(shop, "S1")["S1"] == later(3, made=1)
    steps = rows(shop, "SELECT subscription_id, version_before, version, actor FROM subscription_steps ORDER BY number")
    assert steps == [("S1", 0, 1, "person:ann"), ("S2", 0, 1, "person:ann"), ("S1", 1, 3, "person:ann")]
    assert rows(shop, "SELECT line, on_day, outcome, order_id FROM cycles") == [(1, "2026-01-01", "ordered", DAY.order)]


def test_several_steps_of_one_are_one_row_at_the_end(shop: AnyShop) -> None:
    commit(shop, a_step(), a_step(later(2), 1), a_step(later(4, held=True), 2, None))
    assert rows(shop, "SELECT version, state, wake_at_s FROM subscriptions") == [(4, "on_hold", None)]
    assert len(rows(shop, "SELECT 1 FROM subscription_steps")) == 3


def test_a_step_without_events_leaves_no_record(shop: AnyShop) -> None:
    commit(shop, a_step())
    commit(shop, a_step(BEGUN, 1, NOW + 90))
    assert rows(shop, "SELECT version, wake_at_s FROM subscriptions") == [(1, NOW + 90)]
    assert len(rows(shop, "SELECT 1 FROM subscription_steps")) == 1


@pytest.mark.parametrize("before", [0, 2])
def test_one_that_has_moved_on_is_stale_and_nothing_of_its_batch_is_written(shop: AnyShop, before: int) -> None:
    commit(shop, a_step())
    message = Inbound("subscriptions", "S1.20260101", "order", {})
    with pytest.raises(StaleOrder):
        commit(shop, a_step(later(before + 1), before, settled=(DAY,)), received=(message,))
    assert found(shop, "S1") == {"S1": BEGUN}
    assert rows(shop, "SELECT 1 FROM inbox") == rows(shop, "SELECT 1 FROM cycles") == []


def test_no_day_is_settled_twice(shop: AnyShop) -> None:
    commit(shop, a_step(settled=(DAY,)))
    with pytest.raises(Unwritable):
        commit(shop, a_step(later(2), 1, settled=(replace(DAY, outcome="skipped", order=""),)))
    with pytest.raises(Unwritable):
        commit(shop, a_step(later(2), 1, settled=(Settling(1, "2026-01-02", "skipped", "an order"),)))
    assert found(shop, "S1") == {"S1": BEGUN}


def test_what_happened_is_never_changed(shop: AnyShop) -> None:
    commit(shop, a_step(settled=(DAY,)))
    for statement in (
        "DELETE FROM cycles",
        "UPDATE cycles SET outcome = 'paused'",
        "DELETE FROM subscription_steps",
        "UPDATE subscription_steps SET actor = 'nobody'",
    ):
        with pytest.raises(shop.refused), shop.database.transaction() as cursor:
            cursor.execute(statement)


def test_those_are_due_whose_time_has_come_the_earliest_first(shop: AnyShop) -> None:
    commit(
        shop,
        a_step(wake_at_s=NOW),
        a_step(replace(BEGUN, id="S2"), wake_at_s=NOW - 5),
        a_step(replace(BEGUN, id="S3"), wake_at_s=NOW + 5),
        a_step(replace(BEGUN, id="S4"), wake_at_s=None),
    )
    due = shop.store.due(NOW, 10)
    assert (due.renewals, due.next_at_s) == (("S2", "S1"), NOW + 5)
    assert shop.store.due(NOW, 1).renewals == ("S2",)
    shop.store.commit(Batch(NOW, renew_later={"S2": NOW + 3600, "S9": NOW}))
    assert shop.store.due(NOW, 10).renewals == ("S1",)


def test_a_notice_is_a_task_that_is_claimed_like_all_others(shop: AnyShop) -> None:
    task = Task("T1", "S1", "mail", "mailer", {"message": "next_order"}, NOW)
    commit(shop, a_step(tasks=(task,)))
    (claimed,) = shop.store.commit(Batch(NOW, claim={"mailer": 5}))
    assert (claimed.order, claimed.kind, claimed.payload, claimed.attempt) == ("S1", "mail", task.payload, 1)
