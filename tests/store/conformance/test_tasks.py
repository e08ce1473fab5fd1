"""Tasks: claimed with a lease, settled once by who holds the claim; a zombie's answer changes nothing."""

from typing import Any

import pytest

from segue.ports import Batch, Settled, StaleTask
from tests.store.shops import NOW, AnyShop, a_step, a_task, an_order, order_in, rows, stepped


def claim(shop: AnyShop, at_s: int = NOW, count: int = 10) -> list[tuple[str, int]]:
    tasks = shop.store.commit(Batch(at_s, claim={"gateway": count}, lease_s=60))
    return [(task.id, task.attempt) for task in tasks]


def settle(shop: AnyShop, attempt: int, outcome: str = "done", **more: Any) -> None:
    shop.store.commit(Batch(NOW, settled=(Settled("web-1", "T-1", attempt, outcome, **more),)))


@pytest.fixture
def asked(shop: AnyShop) -> AnyShop:
    """An order that asks the gateway for something."""
    stepped(shop, a_step(an_order(), tasks=(a_task(),)))
    return shop


def test_a_task_is_claimed_with_all_that_it_says(asked: AnyShop) -> None:
    (task,) = asked.store.commit(Batch(NOW, claim={"gateway": 10}))
    assert task == a_task(attempt=1)


def test_a_task_is_claimed_once(asked: AnyShop) -> None:
    assert claim(asked) == [("T-1", 1)]
    assert claim(asked) == []


def test_a_task_may_be_claimed_by_the_batch_that_adds_it(shop: AnyShop) -> None:
    step = a_step(an_order(), tasks=(a_task(), a_task("T-2"), a_task("T-3", due_at_s=NOW + 1)))
    (task,) = stepped(shop, step, claim={"gateway": 1})
    assert task == a_task(attempt=1)
    assert claim(shop) == [("T-2", 1)]
    settle(shop, 1)


def test_what_waits_is_claimed_before_what_is_new(asked: AnyShop) -> None:
    (task,) = stepped(asked, a_step(an_order("web-2"), tasks=(a_task("T-2", "web-2"),)), claim={"gateway": 1})
    assert task.id == "T-1"
    assert claim(asked) == [("T-2", 1)]


def test_each_provider_gets_as_many_as_it_has_room_for_the_earliest_first(shop: AnyShop) -> None:
    tasks = [a_task(f"T-{n}", due_at_s=NOW - n % 3) for n in range(6)]
    stepped(shop, a_step(an_order(), tasks=(*tasks, a_task("M", provider="mailer"))))
    assert [id for id, _ in claim(shop, count=4)] == ["T-2", "T-5", "T-1", "T-4"]
    assert claim(shop, count=0) == []


def test_a_task_is_not_claimed_before_it_is_due(shop: AnyShop) -> None:
    stepped(shop, a_step(an_order(), tasks=(a_task(due_at_s=NOW + 10),), wake_at_s=None))
    assert claim(shop) == []
    assert shop.store.due(NOW, 10).next_at_s == NOW + 10
    assert claim(shop, NOW + 10) == [("T-1", 1)]


def test_when_a_lease_ends_the_task_is_claimed_again_under_the_next_attempt(asked: AnyShop) -> None:
    claim(asked)
    assert asked.store.due(NOW, 10).next_at_s == NOW + 60
    assert claim(asked, NOW + 59) == []
    assert claim(asked, NOW + 60) == [("T-1", 2)]


def test_a_zombies_answer_changes_nothing_and_is_named(asked: AnyShop) -> None:
    claim(asked)
    claim(asked, NOW + 60)
    with pytest.raises(StaleTask) as stale:
        asked.store.commit(Batch(NOW, (a_step(an_order(version=3), 2),), settled=(Settled("web-1", "T-1", 1, "done"),)))
    assert stale.value.ids == {"T-1"}
    assert order_in(asked) == an_order()
    settle(asked, 2)


def test_of_several_answers_only_the_stale_ones_are_named(asked: AnyShop) -> None:
    stepped(asked, a_step(an_order("web-2"), tasks=(a_task("T-2", "web-2"),)))
    claim(asked)
    settle(asked, 1)
    with pytest.raises(StaleTask) as stale:
        asked.store.commit(Batch(NOW, settled=(Settled("web-2", "T-2", 1, "done"), Settled("web-1", "T-1", 1, "done"))))
    assert stale.value.ids == {"T-1"}
    asked.store.commit(Batch(NOW, settled=(Settled("web-2", "T-2", 1, "done"),)))


@pytest.mark.parametrize("outcome", ["declined", "unknown"])
def test_a_person_may_have_a_settled_task_asked_for_again_or_say_what_became_of_it(
    asked: AnyShop, outcome: str
) -> None:
    claim(asked)
    settle(asked, 1, "retry", due_at_s=NOW, failed=True)
    claim(asked)
    settle(asked, 2, outcome)
    settle(asked, 2, "retry", due_at_s=NOW, by_hand=True)
    (task,) = asked.store.commit(Batch(NOW, claim={"gateway": 1}))
    assert (task.id, task.attempt, task.failures) == ("T-1", 3, 0)
    settle(asked, 3, outcome)
    settle(asked, 3, by_hand=True)
    assert rows(asked, "SELECT state FROM tasks") == [("done",)]


def test_a_person_may_settle_what_waits_for_its_next_attempt(asked: AnyShop) -> None:
    claim(asked)
    settle(asked, 1, "retry", due_at_s=NOW + 300, failed=True)
    settle(asked, 1, "retry", due_at_s=NOW, by_hand=True)
    assert claim(asked) == [("T-1", 2)]
    settle(asked, 2, "retry", due_at_s=NOW)
    settle(asked, 2, by_hand=True)
    assert claim(asked, NOW + 9999) == []


@pytest.mark.parametrize(("attempt", "by_hand"), [(0, True), (1, True), (3, True), (2, False)])
def test_nobody_settles_under_another_attempt_than_the_last_and_only_people_what_is_settled(
    asked: AnyShop, attempt: int, by_hand: bool
) -> None:
    claim(asked)
    claim(asked, NOW + 60)
    settle(asked, 2, "unknown")
    with pytest.raises(StaleTask) as stale:
        settle(asked, attempt, by_hand=by_hand)
    assert stale.value.ids == {"T-1"}
    settle(asked, 2, by_hand=True)
    with pytest.raises(StaleTask):
        settle(asked, 2, "retry", by_hand=True)


def test_what_was_never_tried_is_nothing_to_settle_by_hand(asked: AnyShop) -> None:
    with pytest.raises(StaleTask):
        settle(asked, 0, by_hand=True)


@pytest.mark.parametrize("outcome", ["done", "declined", "unknown"])
def test_a_task_that_is_settled_is_not_claimed_again(asked: AnyShop, outcome: str) -> None:
    claim(asked)
    settle(asked, 1, outcome)
    assert claim(asked, NOW + 9999) == []
    assert rows(asked, "SELECT state FROM tasks") == [(outcome,)]


def test_a_task_that_nobody_has_claimed_cannot_be_settled(asked: AnyShop) -> None:
    with pytest.raises(StaleTask):
        settle(asked, 0)


def test_a_task_to_be_tried_again_waits_until_then(asked: AnyShop) -> None:
    claim(asked)
    settle(asked, 1, "retry", due_at_s=NOW + 300)
    assert claim(asked, NOW + 299) == []
    assert claim(asked, NOW + 300) == [("T-1", 2)]


def test_only_what_the_provider_left_unanswered_counts_as_its_failure(asked: AnyShop) -> None:
    claim(asked)
    settle(asked, 1, "retry", due_at_s=NOW, failed=True)
    claim(asked)
    settle(asked, 2, "retry", due_at_s=NOW)  # put off by a mistake of ours
    claim(asked)
    asked.shelf.release_claims(NOW)  # and then we crashed
    (task,) = asked.store.commit(Batch(NOW, claim={"gateway": 1}))
    assert (task.attempt, task.failures) == (4, 1)


def test_after_a_crash_claims_are_given_back_at_once(asked: AnyShop) -> None:
    claim(asked)
    assert asked.shelf.release_claims(NOW + 1) == 1
    assert claim(asked, NOW + 1) == [("T-1", 2)]


def test_a_task_that_is_due_now_is_the_next_thing(asked: AnyShop) -> None:
    assert asked.store.due(NOW + 5, 10).next_at_s == NOW + 5
