"""Waves: many orders in one transaction are what they are one by one, and a bad one harms no other."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segue.app import App
from segue.core.base import Command, Event, Refusal, Refused
from segue.core.cancel import Cancel
from segue.core.context import Context
from segue.core.decide import DECISIONS
from segue.core.draft import DraftLine
from segue.core.hold import LiftHold, PlaceHold
from segue.core.intake import Validate
from segue.core.note import Note
from segue.core.order import Order, count_in
from segue.core.tasks import Task
from segue.core.wake import Wake
from segue.engine.outcomes import PUT_OFF_S, Request
from segue.engine.wave import run_wave
from segue.ports import Batch, Handled, Inbound, OutOfStock, Settled, StaleOrder
from segue.store.sqlite import SqliteStore
from segue.store.trouble import Trouble
from tests.engine.shops import NOW, arrive, bought, message_of, open_shop, order_of, placing, rows_of, states_of, well

PEOPLE = ("ada", "bob")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shop")


def waves(app: App, *groups: Sequence[Request], at_s: int = NOW) -> list[str]:
    """Run waves one after the other; returns what was refused."""
    results = [
        result for group in groups for result in run_wave(app.store, app.worker.rules, group, Batch(at_s)).results
    ]
    return [result.refused for result in results]


ORDERS = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(("MUG", "TEA", "GONE")), st.integers(1, 3)),
    min_size=1,
    max_size=8,
)
COMMANDS: tuple[Command, ...] = (
    Note("hello"), Wake(), Cancel("changed my mind"), PlaceHold("service"), LiftHold("service"),
)  # fmt: skip


@given(ORDERS, st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_a_wave_of_many_is_as_many_waves_of_one(
    tmp_path_factory: pytest.TempPathFactory, orders: list[tuple[str, str, int]], dice: random.Random
) -> None:
    drafts = [
        bought(number, sku, quantity, person=person, placed_at_s=NOW + dice.randint(-900, 900), kind="account")
        for number, (person, sku, quantity) in enumerate(orders)
    ]
    placed = [placing(draft) for draft in drafts]
    named = [request.order for request in placed]
    then = [Request(dice.choice(named), dice.choice(COMMANDS), "person:eve") for _ in range(12)]
    shop = tmp_path_factory.mktemp("shop")
    together, apart = (open_shop(shop, mug=4, tea=3) for _ in range(2))
    for at_s, requests in ((NOW, placed), (NOW + 3600, [*map(waking, named), *then]), (NOW + 7200, then[::-1])):
        assert waves(together, requests, at_s=at_s) == waves(apart, *([each] for each in requests), at_s=at_s)
    assert rows_of(together) == rows_of(apart)
    assert together.audit() == []


def waking(order: str) -> Request:
    return Request(order, Wake(), "timer")


def test_scarce_stock_goes_to_whoever_comes_first_in_the_wave(folder: Path) -> None:
    app = open_shop(folder, mug=3)
    waves(app, [placing(bought(n, quantity=2, kind="account")) for n in (1, 2)])
    waves(app, [waking(f"canonical-{n}") for n in (2, 1)], at_s=NOW + 3600)
    assert [count_in(order_of(app, n), "released") for n in (1, 2)] == [1, 2]
    assert count_in(order_of(app, 1), "backordered") == 1
    assert app.audit() == []


def test_a_step_loads_the_facts_that_it_lacks(folder: Path) -> None:
    app = open_shop(folder)
    waves(app, [placing(bought(1))])
    waves(app, [Request("canonical-1", Validate(), "person:eve")])
    assert order_of(app, 1).failures == ()


class Picky(SqliteStore):
    """A store that cannot write one order, as long as it is told to."""

    def __init__(self, app: App, order: str, error: Exception) -> None:
        super().__init__(app.database, app.seal)
        self.order = order
        self.error: Exception | None = error
        self.commits = 0

    def commit(self, batch: Batch) -> Sequence[Task]:
        self.commits += 1
        if self.error is not None and any(step.order.id == self.order for step in batch.steps):
            raise self.error
        return super().commit(batch)


@pytest.mark.parametrize("error", [OutOfStock("MUG at BER"), StaleOrder("canonical-7")])
def test_an_order_that_cannot_be_written_is_put_out_and_the_others_go_on(folder: Path, error: Exception) -> None:
    app = open_shop(folder)
    messages = [message_of(bought(number)) for number in range(20)]
    arrive(app, *messages)
    store = Picky(app, "canonical-7", error)
    wave = run_wave(
        store, app.worker.rules, [placing(bought(n))._replace(message=m) for n, m in enumerate(messages)], Batch(NOW)
    )
    bad = [result for result in wave.results if result.refused]
    assert [(result.request.order, result.put_out) for result in bad] == [("canonical-7", True)]
    assert states_of(app)["7"] == ("parked", f"put out of the wave: {type(error).__name__}: {error}")
    assert [name for name, (state, _) in states_of(app).items() if state == "done"] == [
        str(n) for n in range(20) if n != 7
    ]
    assert store.commits < 40
    well(app)


def test_whatever_breaks_a_rule_of_the_store_is_put_out(folder: Path) -> None:
    app = open_shop(folder)
    drafts = {
        "1": bought(1), "2": bought(2, tags=("\ud800",)),
        "3": bought(3, lines=(DraftLine("MUG", 1, 1000, title="\ud800"),)), "4": bought(4),
    }  # fmt: skip
    results = run_wave(app.store, app.worker.rules, [placing(draft) for draft in drafts.values()], Batch(NOW)).results
    assert [result.put_out for result in results] == [False, True, True, False]
    well(app)


@pytest.mark.parametrize("mistake", [AssertionError("two and two are five"), KeyError("F9"), ZeroDivisionError("by 0")])
def test_a_mistake_in_one_step_costs_that_step_only(folder: Path, mistake: Exception) -> None:
    app = open_shop(folder)
    waves(app, [placing(bought(n)) for n in (1, 2, 3)])
    said = [Inbound("api", f"m{n}", "cancel", {"reason": "no"}, f"canonical-{n}") for n in (1, 2, 3)]
    arrive(app, *said)
    requests = [Request(m.order, Mistaken(mistake) if m.id == "m2" else Cancel("no"), "api", m) for m in said]
    DECISIONS[Mistaken] = obey_mistaken
    try:
        refused = waves(app, requests)
    finally:
        del DECISIONS[Mistaken]
    assert refused == ["", f"put out of the wave: {type(mistake).__name__}: {mistake}", ""]
    assert states_of(app)["m2"][0] == "parked"
    assert [each.messages for each in Trouble(app.reader()).reasons()] == [1]
    assert [count_in(order_of(app, n), "canceled") for n in (1, 2, 3)] == [1, 0, 1]
    app.worker.round()  # it is tried again as soon as its order moves
    waves(app, [Request("canonical-2", Note("hello"), "person:eve")])
    app.worker.round()
    assert states_of(app)["m2"] == ("done", "")
    assert count_in(order_of(app, 2), "canceled") == 1


class Mistaken(Command):
    """A command that fails in a way that nobody has foreseen."""

    mistake: object = None


def obey_mistaken(order: Order, command: Mistaken, context: Context) -> list[Event]:
    assert isinstance(command.mistake, Exception)
    raise command.mistake


def test_a_wake_that_is_refused_is_a_mistake_of_ours_and_not_tried_again_at_once(folder: Path) -> None:
    app = open_shop(folder)
    waves(app, [placing(bought(1, kind="account"))])
    usual, DECISIONS[Wake] = DECISIONS[Wake], refuse_to_wake
    try:
        assert waves(app, [waking("canonical-1")], at_s=NOW + 1800)[0].startswith("put out of the wave: Refused: ")
    finally:
        DECISIONS[Wake] = usual
    assert [each.messages for each in Trouble(app.reader()).reasons()] == [1]
    assert app.store.due(NOW + 1800 + PUT_OFF_S - 1, 10).wakes == ()
    assert app.store.due(NOW + 1800 + PUT_OFF_S, 10).wakes == ("canonical-1",)
    app.worker.run()
    assert order_of(app, 1).shipments
    well(app)


def refuse_to_wake(order: Order, command: Wake, context: Context) -> list[Event]:
    raise Refused(Refusal.UNITS_NOT_THERE, "more is asked for than is there")


def test_what_a_failed_step_took_is_there_for_the_others(folder: Path) -> None:
    app = open_shop(folder, mug=1)
    waves(app, [placing(bought(n, kind="account")) for n in (1, 2)])
    store = Picky(app, "canonical-1", OutOfStock("MUG at BER"))
    run_wave(store, app.worker.rules, [waking("canonical-1"), waking("canonical-2")], Batch(NOW + 3600))
    assert count_in(order_of(app, 2), "released") == 1
    assert count_in(order_of(app, 1), "new") == 1
    store.error = None
    run_wave(store, app.worker.rules, [waking("canonical-1")], Batch(NOW + 7200))
    assert count_in(order_of(app, 1), "backordered") == 1
    assert app.audit() == []


def test_a_wake_that_fails_is_parked_and_tried_again_an_hour_later(folder: Path) -> None:
    app = open_shop(folder)
    waves(app, [placing(bought(1, kind="account"))])
    store = Picky(app, "canonical-1", OutOfStock("MUG at BER"))
    app.worker.store = store
    for at_s in (NOW + 1800, NOW + 1800 + PUT_OFF_S):
        assert app.store.due(at_s, 10).wakes == ("canonical-1",)
        run_wave(store, app.worker.rules, [waking("canonical-1")], Batch(at_s))
        assert app.store.due(at_s, 10).wakes == ()
    assert Trouble(app.reader()).reasons()[0].reason == "put out of the wave: OutOfStock: MUG at BER"
    assert app.audit() == []
    store.error = None
    app.worker.run()
    assert order_of(app, 1).shipments
    assert Trouble(app.reader()).reasons() == []
    well(app)


def test_an_answer_that_cannot_be_written_is_asked_for_again(folder: Path) -> None:
    app = open_shop(folder)
    arrive(app, message_of(bought(1)))
    app.worker.round()
    assert [request.command.__class__.__name__ for request in app.worker.answered] == ["RecordAuthorization"]
    store = Picky(app, "canonical-1", OutOfStock("MUG at BER"))
    app.worker.store = store
    app.worker.round()
    trouble = Trouble(app.reader()).tasks()
    assert [(each.task.kind, each.state, each.detail) for each in trouble] == [
        ("authorize", "ready", "put out of the wave: OutOfStock: MUG at BER")
    ]
    store.error = None
    app.worker.run()
    assert order_of(app, 1).transactions["A1"].outcome == "done"
    well(app)


def test_a_zombies_answer_is_dropped_and_the_rest_of_its_wave_goes_on(folder: Path) -> None:
    app = open_shop(folder)
    arrive(app, message_of(bought(1)))
    app.worker.round()
    (late,) = app.worker.answered
    app.shelf.release_claims(NOW)
    claimed = app.store.commit(Batch(NOW, claim={"gateway": 5}))
    assert [task.attempt for task in claimed] == [2]
    wave = run_wave(app.store, app.worker.rules, [late, placing(bought(2))], Batch(NOW))
    assert [result.request.order for result in wave.results] == ["canonical-2"]
    assert order_of(app, 1).transactions["A1"].outcome == "asked"
    assert late.settles is not None
    held = Settled(late.settles.order, late.settles.id, 2, "done")
    assert run_wave(app.store, app.worker.rules, [late._replace(settles=held)], Batch(NOW)).results[0].changed


def test_a_message_that_another_worker_has_handled_is_dropped_and_the_rest_of_its_wave_goes_on(folder: Path) -> None:
    app = open_shop(folder)
    one, other = message_of(bought(1)), message_of(bought(2))
    arrive(app, one, other)
    requests = [placing(bought(1))._replace(message=one), placing(bought(2))._replace(message=other)]
    run_wave(app.store, app.worker.rules, requests[:1], Batch(NOW))
    unreadable = Handled("canonical", "1", "parked", "nobody understands it")
    wave = run_wave(app.store, app.worker.rules, requests, Batch(NOW, handled=(unreadable,)))
    assert [result.request.order for result in wave.results] == ["canonical-2"]
    assert states_of(app) == {"1": ("done", ""), "2": ("done", "")}
    well(app)
