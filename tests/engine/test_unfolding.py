"""Subscriptions are what their events make of them; whatever is changed behind their back is found."""

import sqlite3
from collections.abc import Iterator
from datetime import date

import pytest

from segue.app import App
from segue.core.subscription.commands import ChangePayment, OrderNow, Pause, SkipNext
from segue.core.subscription.standing import Payment
from segue.engine.unfolding import strayed
from segue.store.subscription_list import subscription_stories
from tests.engine.shops import leave
from tests.engine.subscribing import a_shop, ask, at, mugs, subscribed, work


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    app = a_shop(tmp_path_factory.mktemp("shop"), at(2026, 1, 20))
    subscribed(app, mugs("FREQ=WEEKLY", date(2026, 1, 31)), mugs(starts_on=date(2026, 1, 31), sku="TEA"))
    subscribed(app, mugs("FREQ=DAILY;COUNT=3"), id="S2")
    ask(app, SkipNext())
    ask(app, OrderNow())
    ask(app, ChangePayment(Payment("sepa")))
    work(app, at(2026, 3, 1))
    ask(app, Pause(date(2026, 4, 1)))
    work(app, at(2026, 5, 1))
    yield app
    leave(app)


def test_what_is_stored_is_what_its_events_make(app: App) -> None:
    stories = list(subscription_stories(app.reader()))
    assert [story.order for story in stories] == ["S1", "S2"]
    assert len(stories[0].steps) > 10
    assert strayed(stories) == []
    assert not app.audit()


@pytest.mark.parametrize(
    ("change", "id", "detail"),
    [
        ("UPDATE subscriptions SET value = json_set(value, '$.made', 99)", "I40", "made is 99"),
        ("UPDATE subscriptions SET value = json_set(value, '$.lines.1.next_on', '2027-01-01')", "I40", "next_on"),
        (
            "UPDATE subscription_steps SET record = replace(record, '2026-02-21', '2026-02-22') WHERE version > 1",
            "I61",
            "is due",
        ),
        ("DELETE FROM subscription_steps WHERE version = 2", "I", ""),
        ("UPDATE subscription_steps SET record = '{}' WHERE version = 2", "I40", "missing required field"),
        ("UPDATE subscription_steps SET version = 900 WHERE subscription_id = 'S2' AND version = 5", "I60", "it has"),
    ],
)
def test_what_was_changed_behind_its_back_is_found(app: App, change: str, id: str, detail: str) -> None:
    copy = sqlite3.connect(":memory:", isolation_level=None)
    app.reader().backup(copy)
    copy.executescript(
        "DROP TRIGGER subscription_steps_are_not_changed; DROP TRIGGER subscription_steps_are_not_deleted;"
    )
    copy.execute(change)
    found = strayed(subscription_stories(copy))
    assert found
    assert found[0].id.startswith(id)
    assert detail in found[0].detail
    copy.close()
