"""The promise cascade: one pass over all who wait comes to just what each of them comes to by itself. Covers J-2."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segue.app import App
from segue.core.cascade import dated
from segue.core.context import Context
from segue.core.draft import Destination, Draft, DraftLine
from segue.core.lateness import expected_at
from segue.core.repromise import dates_changed
from segue.core.waiting import Waiting
from segue.engine.cascading import Cascading, after
from segue.engine.needs import supplied
from segue.engine.supplying import Change, apply, cancel, canceling, expect, foreseen, put_off, putting_off, transfer
from segue.engine.taking import Desk
from segue.ports import Needs, SupplyMove
from segue.store.reading import stories
from tests.engine.shops import NOW, arrive, bought, leave, message_of, open_shop, order_of, well

HOUR_S, DAY_S, QUIET_S = 3_600, 86_400, 1_800
CITIES = (Destination("DE", "", 52.5, 13.4), Destination("DE", "", 48.1, 11.6), Destination("FR", "", 48.9, 2.3))
WORKFLOW = "name: waiting\nextends: standard\npolicies:\n  delays: {quiet: 30m}\n"
PLACES = ("BER", "MUC")


def opened(folder: Path, more: str = "", **words: int) -> App:
    """A shop with neither mugs nor tea, where nothing is said of supply before it was quiet for half an hour."""
    (folder / "workflows").mkdir(parents=True)
    (folder / "workflows" / "waiting.yaml").write_text(WORKFLOW + more, encoding="utf-8")
    return open_shop(folder, workflow="waiting", **({"mug": 0, "tea": 0} | words))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = opened(tmp_path / "shop")
    yield app
    well(app)
    leave(app)


def desk(app: App) -> Desk:
    return app.stock_desk("person:eve")


def work(app: App, for_s: int) -> None:
    until_s = app.clock.now_s() + for_s
    while app.clock.now_s() < until_s:
        if not app.worker.round().any:
            app.clock.sleep_until(min(app.worker.next_at_s() or until_s, until_s))


def waits(number: int, units: int = 1, sku: str = "MUG", **more: object) -> Draft:
    return bought(number, sku, units, kind="account", **more)  # type: ignore[arg-type]


def take_in(app: App, *drafts: Draft) -> None:
    arrive(app, *map(message_of, drafts))
    work(app, 2 * HOUR_S)


def lines(app: App, sku: str) -> tuple[Waiting, ...]:
    return app.store.load(Needs(waiting=frozenset((sku,)))).waiting[sku]


def one_by_one(app: App, change: Change) -> dict[tuple[str, int], int | None]:
    """When each waiting line is to be had after a change, each order asked by itself."""
    found = {}
    skus = frozenset(each.sku for each in change.supplies)
    for sku in skus:
        for each in lines(app, sku):
            own = Cascading(app.store, app.worker.rules, app.clock.now_s())
            own.of(change.moves, change.supplies)
            order = order_of(app, each.order.removeprefix("canonical-"))
            workflow = app.worker.rules.version(order.workflow, app.store.workflow_text)
            own.facts.moved_at[order.id] = None
            context = Context(app.clock.now_s(), workflow, own.facts)
            rules = app.worker.rules
            events = supplied(app.store, own.facts, lambda: dates_changed(order, context), rules.taxes, rules.carriers)  # noqa: B023
            found[each.order, each.line] = dated(order, each.line, events).due_s
    return found


def kept(app: App, *skus: str) -> dict[tuple[str, int], int | None]:
    """When each waiting line is to be had, as it is kept beside its order."""
    return {(each.order, each.line): each.due_s for sku in skus for each in lines(app, sku)}


def told(app: App, number: int) -> int:
    """How often a customer was told that it takes longer."""
    (story,) = stories(app.reader(), f"canonical-{number}")
    return sum(step.record.count(b'"event":"message_requested","message":"delayed"') for step in story.steps)


ORDERS = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 2), st.sampled_from(("", "", "", "both", "twice", "named"))),
    min_size=1,
    max_size=9,
)
SUPPLIES = st.lists(st.tuples(st.integers(1, 6), st.integers(2, 9), st.sampled_from(PLACES)), min_size=1, max_size=4)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ORDERS, SUPPLIES, st.integers(1, 12), st.integers(0, 3))
def test_one_pass_comes_to_what_each_comes_to_by_itself(
    orders: list[tuple[int, int, str]], supplies: list[tuple[int, int, str]], to_day: int, units: int
) -> None:
    with TemporaryDirectory() as folder:
        app = opened(Path(folder) / "shop")
        drafts = []
        for number, (quantity, city, how) in enumerate(orders, 1):
            mug = DraftLine("MUG", quantity, 1000, location="MUC" if how == "named" else "")
            other = {"both": (DraftLine("TEA", 1, 1000),), "twice": (DraftLine("MUG", 1, 1000),)}.get(how, ())
            drafts.append(waits(number, lines=(mug, *other), ship_to=CITIES[city]))
        take_in(app, *drafts)
        for number, (count, day, place) in enumerate(supplies):
            expect(desk(app), f"PO-{number}", ("MUG", place), count, NOW + day * DAY_S)
        work(app, HOUR_S)
        change = putting_off(desk(app), "PO-0", "MUG", min(units, supplies[0][0]), NOW + to_day * DAY_S)
        alone = one_by_one(app, change)
        seen = {(each.order, each.line): each.due_s for some in foreseen(desk(app), change) for each in some.hits}
        before = kept(app, "MUG")
        apply(desk(app), lambda: change)
        assert kept(app, "MUG") == alone
        assert {key: alone[key] for key in seen} == seen
        assert {key for key in alone if alone[key] != before[key]} <= seen.keys()
        work(app, HOUR_S)
        for number in range(1, len(orders) + 1):
            order = order_of(app, number)
            mine = [due for (id, _), due in alone.items() if id == order.id]
            if orders[number - 1][2] != "both":
                assert expected_at(order) == (None if None in mine else max(filter(None, mine), default=None))
        assert all(each.since_s is None and each.due_s == each.told_s for each in lines(app, "MUG"))
        well(app)
        leave(app)


def test_a_customer_is_told_once_of_a_supply_that_was_moved_often_and_not_if_it_came_back(app: App) -> None:
    expect(desk(app), "PO-1", ("MUG", "BER"), 5, NOW + 9 * DAY_S)
    take_in(app, waits(1, 3), waits(2, 2))
    for days in (12, 15, 11):
        put_off(desk(app), "PO-1", "", 0, NOW + days * DAY_S)
        work(app, 600)
    assert kept(app, "MUG") == dict.fromkeys((("canonical-1", 1), ("canonical-2", 1)), NOW + 11 * DAY_S)
    assert expected_at(order_of(app, 1)) == NOW + 9 * DAY_S
    assert (told(app, 1), told(app, 2)) == (0, 0)
    work(app, 601)
    assert expected_at(order_of(app, 1)) == NOW + 11 * DAY_S
    assert (told(app, 1), told(app, 2)) == (1, 1)
    for days in (30, 11):
        put_off(desk(app), "PO-1", "", 0, NOW + days * DAY_S)
        work(app, 60)
    work(app, HOUR_S)
    assert (told(app, 1), told(app, 2)) == (1, 1)
    assert app.store.due(app.clock.now_s(), 9).wakes == ()


def test_what_shrinks_is_split_or_canceled_hits_those_who_come_last(app: App) -> None:
    expect(desk(app), "PO-1", ("MUG", "BER"), 5, NOW + 9 * DAY_S)
    take_in(app, waits(1, 3), waits(2, 2), waits(3, 1, "TEA"))
    (seen,) = foreseen(desk(app), canceling(desk(app), "PO-1", "MUG", 1, "short"))
    assert [(hit.order, hit.before_s, hit.due_s, hit.is_later) for hit in seen.hits] == [
        ("canonical-2", NOW + 9 * DAY_S, None, True)
    ]
    assert (seen.messages, seen.hits[0].position) == (({"delayed": 1},), 2)
    (seen,) = foreseen(desk(app), putting_off(desk(app), "PO-1", "MUG", 2, NOW + 10 * DAY_S))
    assert [(hit.order, hit.due_s) for hit in seen.hits] == [("canonical-2", NOW + 10 * DAY_S)]
    cancel(desk(app), "PO-1", "", 0, "never")
    assert kept(app, "MUG", "TEA") == dict.fromkeys((("canonical-1", 1), ("canonical-2", 1), ("canonical-3", 1)))


def test_an_order_that_is_placed_in_the_quiet_time_is_told_at_once(app: App) -> None:
    expect(desk(app), "PO-1", ("MUG", "BER"), 5, NOW + 9 * DAY_S)
    take_in(app, waits(1, 3))
    put_off(desk(app), "PO-1", "", 0, NOW + 12 * DAY_S)
    work(app, 60)
    assert [expected_at(order_of(app, 1))] == [NOW + 9 * DAY_S]
    take_in(app, waits(2, 1, placed_at_s=app.clock.now_s()))
    assert expected_at(order_of(app, 2)) == NOW + 12 * DAY_S


def test_what_is_sent_from_one_location_to_another_is_expected_there(tmp_path: Path) -> None:
    app = opened(tmp_path / "shop", "  eligible: [active, ships_to_country, {of_kind: {kind: store}}]\n", mug=4)
    take_in(app, waits(1, 3))
    transfer(desk(app), "MUG", ("BER", "MUC"), 3, "T-1", NOW + 2 * DAY_S)
    assert kept(app, "MUG") == {("canonical-1", 1): NOW + 2 * DAY_S}
    work(app, HOUR_S)
    assert expected_at(order_of(app, 1)) == NOW + 2 * DAY_S
    well(app)
    leave(app)


def test_if_others_wait_by_now_it_is_worked_out_again(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    expect(desk(app), "PO-1", ("MUG", "BER"), 5, NOW + 9 * DAY_S)
    take_in(app, waits(1, 3))
    worked_out, late = Cascading.of, [waits(2, 2, placed_at_s=NOW + 5 * HOUR_S)]

    def of(self: Cascading, *given: object, **more: object) -> object:
        found = worked_out(self, *given, **more)  # type: ignore[arg-type]
        if late:
            take_in(app, late.pop())
        return found

    monkeypatch.setattr(Cascading, "of", of)
    put_off(desk(app), "PO-1", "", 0, NOW + 12 * DAY_S)
    assert kept(app, "MUG") == dict.fromkeys((("canonical-1", 1), ("canonical-2", 1)), NOW + 12 * DAY_S)


def test_supply_after_moves_is_summed_by_where_and_when() -> None:
    inbound = ((10, "BER", 5, "PO-1"), (20, "BER", 1, "PO-1"))
    moves = [SupplyMove("PO-1", "MUG", "BER", 10, -5, "moved"), SupplyMove("PO-1", "MUG", "BER", 20, 5, "moved")]
    assert after(inbound, moves) == ((20, "BER", 6, "PO-1"),)
