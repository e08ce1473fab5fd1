"""Renewing subscriptions in a shop with its simulated world: one order a cycle, whatever happens."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from segue.app import App
from segue.connectors.simulated.faults import CallFault, Script
from segue.core.base import Refusal
from segue.core.subscription.commands import (
    AddLine,
    ChangeNext,
    ChangePayment,
    End,
    OrderNow,
    Pause,
    SkipNext,
)
from segue.core.subscription.standing import Payment
from segue.engine.noticing import skipping, token
from segue.store.reading import Finder
from tests.engine.shops import leave
from tests.engine.subscribing import (
    a_shop,
    ask,
    at,
    cycles,
    mails,
    mugs,
    orders,
    refused,
    standing,
    subscribed,
    work,
)

START = at(2026, 1, 20)
FROM_31ST = date(2026, 1, 31)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = a_shop(tmp_path, START)
    yield app
    leave(app)


def days(app: App, outcome: str = "ordered", id: str = "S1") -> list[str]:
    return [day for day, _, found in cycles(app, id) if found == outcome]


def test_monthly_from_the_31st_is_the_last_day_of_shorter_months(app: App) -> None:
    """Covers K-5."""
    subscribed(app, mugs(starts_on=FROM_31ST))
    work(app, at(2026, 6, 1))
    assert days(app) == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]
    placed = [placed_at_s for (placed_at_s,) in app.reader().execute("SELECT placed_at_s FROM orders ORDER BY number")]
    assert placed == [at(2026, *day, 9) for day in ((1, 31), (2, 28), (3, 31), (4, 30), (5, 31))]
    assert {status for _, status in orders(app)} <= {"delivered", "at_the_warehouse", "on_its_way", "allocated"}
    assert not app.audit()


def test_each_order_is_charged_once(app: App) -> None:
    """Covers K-5."""
    subscribed(app, mugs("FREQ=WEEKLY;COUNT=3", FROM_31ST))
    work(app, at(2026, 3, 15))
    charged = app.world.gateway.ledger()
    assert [(row.operation, row.amount_minor) for row in charged if row.operation == "capture"] == [
        ("capture", 12_00)
    ] * 3
    assert standing(app).state == "ended"


@pytest.mark.parametrize(
    ("catch_up", "made", "caught_up"),
    [
        ("latest", ["2026-06-30"], ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]),
        ("all", ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"], []),
        ("none", [], ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"]),
    ],
)
def test_what_became_due_while_nobody_was_at_work_is_made_up_for_as_agreed(
    app: App, catch_up: str, made: list[str], caught_up: list[str]
) -> None:
    """Covers K-5."""
    subscribed(app, mugs(starts_on=FROM_31ST), catch_up=catch_up)
    work(app, at(2026, 2, 2))
    app.clock.sleep_until(at(2026, 7, 10))
    work(app, at(2026, 7, 12))
    assert days(app) == ["2026-01-31", *made]
    assert days(app, "caught_up") == caught_up
    assert len(orders(app)) == 1 + len(made)


def test_a_process_that_dies_before_it_commits_has_made_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Covers K-5."""
    app = a_shop(tmp_path, START, on_disk=True)
    subscribed(app, mugs(starts_on=FROM_31ST))
    app.clock.sleep_until(at(2026, 1, 31))
    with monkeypatch.context() as dying:
        dying.setattr("segue.store.sqlite.add_and_claim", _die)
        with pytest.raises(KeyboardInterrupt):
            app.worker.round()
    leave(app)
    app = a_shop(tmp_path, at(2026, 1, 31), on_disk=True)
    assert (cycles(app), orders(app)) == ([], [])
    app.worker.round()
    leave(app)  # its message is there, and is not handled yet
    app = a_shop(tmp_path, at(2026, 1, 31), on_disk=True)
    assert (cycles(app), orders(app)) == ([("2026-01-31", 1, "ordered")], [])
    work(app, at(2026, 2, 1))
    assert [name for name, _ in orders(app)] == ["S1.20260131"]
    leave(app)


def _die(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_clock_that_jumps_back_finds_nothing_due_twice(tmp_path: Path) -> None:
    """Covers K-5."""
    app = a_shop(tmp_path, START, on_disk=True)
    subscribed(app, mugs(starts_on=FROM_31ST))
    work(app, at(2026, 3, 1))
    leave(app)
    app = a_shop(tmp_path, at(2026, 1, 15), on_disk=True)
    work(app, at(2026, 4, 1))
    assert days(app) == ["2026-01-31", "2026-02-28", "2026-03-31"]
    assert len(orders(app)) == 3
    leave(app)


def test_what_is_due_on_one_day_comes_in_one_order(app: App) -> None:
    """Covers K-6."""
    lines = (
        mugs("FREQ=WEEKLY;COUNT=5", date(2026, 1, 31)),
        mugs("FREQ=WEEKLY;INTERVAL=2;COUNT=3", date(2026, 1, 31), "TEA"),
    )
    subscribed(app, *lines)
    subscribed(app, *lines, id="S2", merge=False)
    work(app, at(2026, 3, 15))
    names = [name for name, _ in orders(app)]
    assert [name for name in names if name.startswith("S1")] == [
        f"S1.2026{day}" for day in ("0131", "0207", "0214", "0221", "0228")
    ]
    assert len([name for name in names if name.startswith("S2")]) == 8
    order = Finder(app.reader()).order("canonical-S1.20260214")
    assert order is not None
    assert [line.sku for line in order.lines] == ["MUG", "TEA"]


def test_pause_skip_now_and_next_only(app: App) -> None:
    """Covers K-6."""
    subscribed(app, mugs(starts_on=FROM_31ST))
    ask(app, ChangeNext(1, quantity=3, sku="TEA"))
    ask(app, OrderNow())
    work(app, at(2026, 2, 1))
    assert [name for name, _ in orders(app)] == ["S1.20260131.1"]
    ask(app, SkipNext())
    ask(app, OrderNow(extra=True))
    ask(app, Pause(date(2026, 5, 1)))
    work(app, at(2026, 6, 1))
    assert cycles(app) == [
        ("2026-01-31", 1, "ordered"),
        ("2026-02-28", 1, "skipped"),
        ("2026-03-31", 1, "paused"),
        ("2026-04-30", 1, "paused"),
        ("2026-05-31", 1, "ordered"),
        ("extra.1", 1, "ordered"),
    ]
    first = Finder(app.reader()).order("canonical-S1.20260131.1")
    later = Finder(app.reader()).order("canonical-S1.20260531")
    assert first is not None
    assert later is not None
    assert [(line.sku, line.quantity) for line in first.lines + later.lines] == [("TEA", 3), ("MUG", 1)]


def declining(count: int) -> Script:
    """A gateway that declines so many authorizations of the first order."""
    first, numbers = "canonical-S1.20260131", range(1, count + 1)
    return Script([CallFault("declined", "gateway", "authorize", first, nth=nth, attempt=0) for nth in numbers])


def test_a_declined_payment_is_tried_again_and_then_it_goes_on(tmp_path: Path) -> None:
    """Covers K-6."""
    app = a_shop(tmp_path, START, "subscriptions: {retries: [1d, 3d]}\n", script=declining(2))
    subscribed(app, mugs("FREQ=MONTHLY;COUNT=1", FROM_31ST))
    work(app, at(2026, 2, 3))
    unpaid = standing(app).unpaid["20260131"]
    assert (unpaid.declines, standing(app).state) == (2, "ended")
    work(app, at(2026, 2, 10))
    assert standing(app).unpaid == {}
    assert orders(app)[0][1] in ("delivered", "on_its_way", "at_the_warehouse")
    assert mails(app, "canonical-S1.20260131")[:2] == ["order_received", "payment_failed"]
    leave(app)


def test_it_is_on_hold_after_the_last_try_until_there_is_another_way_to_pay(tmp_path: Path) -> None:
    """Covers K-6."""
    app = a_shop(tmp_path, START, "subscriptions: {retries: [1d, 2d]}\n", script=declining(3))
    subscribed(app, mugs("FREQ=WEEKLY", FROM_31ST))
    work(app, at(2026, 2, 6))
    assert standing(app).state == "on_hold"
    assert app.reader().execute("SELECT state, wake_at_s FROM subscriptions").fetchone() == (
        "on_hold",
        at(2026, 2, 7, 9),
    )
    work(app, at(2026, 2, 8))
    assert refused(app, OrderNow()) is Refusal.SUBSCRIPTION_ON_HOLD
    ask(app, ChangePayment(Payment("sepa", "mandate-7")))
    work(app, at(2026, 2, 16))
    assert (standing(app).state, standing(app).unpaid) == ("active", {})
    assert cycles(app) == [("2026-01-31", 1, "ordered"), ("2026-02-07", 1, "on_hold"), ("2026-02-14", 1, "ordered")]
    order = Finder(app.reader()).order("canonical-S1.20260131")
    assert order is not None
    assert (order.tenders["P1"].method, order.tenders["P1"].reference) == ("sepa", "mandate-7")
    assert order.tenders["P1"].tally == {"captured": 12_00} or order.covered
    leave(app)


def test_the_customer_is_told_before_and_can_skip_by_a_link(tmp_path: Path) -> None:
    """Covers K-6."""
    more = 'subscriptions: {notice_days: 3, skip_link: "https://corner.example/skip/$token"}\n'
    app = a_shop(tmp_path, START, more)
    subscribed(app, mugs(starts_on=FROM_31ST))
    work(app, at(2026, 1, 29))
    assert mails(app, "S1") == ["next_order"]
    (words,) = (
        app.reader().execute("SELECT json_extract(payload, '$.words') FROM tasks WHERE order_id = 'S1'").fetchone()
    )
    sign = app.worker.renewing.agreed.sign
    given = token("S1", date(2026, 1, 31), sign)
    assert f"https://corner.example/skip/{given}" in words
    id, command = skipping(given, sign)
    assert (id, command) == ("S1", SkipNext(on=date(2026, 1, 31)))
    ask(app, command)
    assert refused(app, command) is Refusal.CYCLE_NOT_FOUND
    work(app, at(2026, 3, 1))
    assert cycles(app) == [("2026-01-31", 1, "skipped"), ("2026-02-28", 1, "ordered")]
    assert mails(app, "S1") == ["next_order", "next_order"]
    leave(app)


def test_what_ends_makes_no_more_orders(app: App) -> None:
    """Covers K-6."""
    subscribed(app, mugs(starts_on=FROM_31ST), orders_max=2)
    subscribed(app, mugs(starts_on=FROM_31ST), id="S2")
    ask(app, End("moved away"), "S2")
    assert refused(app, AddLine(mugs()), "S2") is Refusal.SUBSCRIPTION_OVER
    work(app, at(2026, 6, 1))
    assert [name for name, _ in orders(app)] == ["S1.20260131", "S1.20260228"]
    assert {standing(app).state, standing(app, "S2").state} == {"ended"}
