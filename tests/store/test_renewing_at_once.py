"""Several schedulers at once on one PostgreSQL, each with a connection of its own: each cycle makes one order."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from segue.app import rules_of
from segue.core.subscription.commands import Begin, NewLine, SkipNext
from segue.core.subscription.standing import Terms
from segue.engine.renewing import Agreed, Renewing
from segue.ports import StaleOrder
from segue.settings import read_shop
from tests.engine.shops import write_shop
from tests.store.shops import rows
from tests.store.writers import Shops

SUBSCRIPTIONS = 60
START = 1_767_225_600  # 2026-01-01
DAY_S = 86_400
DAYS = 5


def test_four_schedulers_make_each_order_once(shops: Shops, tmp_path: Path) -> None:
    """Covers K-5."""
    rules = rules_of(read_shop(write_shop(tmp_path, workflow="subscription")))
    renewing = [Renewing(shop.store, rules, Agreed()) for shop in shops.each]
    terms = Terms("canonical", "EUR", at="00:00", catch_up="all")
    for number in range(SUBSCRIPTIONS):
        line = NewLine("MUG", 1, "FREQ=DAILY", date(2026, 1, 1), 12_00)
        renewing[0].submit(f"S{number}", Begin(f"S{number}", terms, (line,)), "person:ann", START)

    def schedule(own: Renewing) -> None:
        for day in range(DAYS):
            now_s = START + day * DAY_S
            while due := own.store.due(now_s, 25).renewals:
                own.round(now_s, due, ())

    with ThreadPoolExecutor() as threads:
        for done in [threads.submit(schedule, own) for own in renewing]:
            done.result()
    first = shops.each[0]
    assert rows(first, "SELECT count(*), count(DISTINCT order_id) FROM cycles WHERE outcome = 'ordered'") == [
        (SUBSCRIPTIONS * DAYS, SUBSCRIPTIONS * DAYS)
    ]
    assert rows(first, "SELECT count(*), count(DISTINCT id) FROM inbox WHERE kind = 'order'") == [
        (SUBSCRIPTIONS * DAYS, SUBSCRIPTIONS * DAYS)
    ]
    assert rows(first, "SELECT count(*) FROM inbox WHERE kind <> 'order'") == [(0,)]
    assert rows(first, "SELECT min(version), max(version) FROM subscriptions") == [(1 + DAYS, 1 + DAYS)]


def test_two_who_skip_at_once_skip_two_cycles_or_one_of_them_is_told(shops: Shops, tmp_path: Path) -> None:
    rules = rules_of(read_shop(write_shop(tmp_path, workflow="subscription")))
    renewing = [Renewing(shop.store, rules, Agreed()) for shop in shops.each]
    line = NewLine("MUG", 1, "FREQ=DAILY", date(2026, 1, 2), 12_00)
    renewing[0].submit("S1", Begin("S1", Terms("canonical", "EUR"), (line,)), "person:ann", START)

    def skip(own: Renewing) -> int:
        try:
            own.submit("S1", SkipNext(), "person:ann", START)
        except StaleOrder:
            return 0
        return 1

    with ThreadPoolExecutor() as threads:
        done = sum(threads.map(skip, renewing))
    assert rows(shops.each[0], "SELECT count(*), count(DISTINCT on_day) FROM cycles") == [(done, done)]
    assert done >= 1


def test_the_link_to_skip_skips_once_however_often_it_is_used(shops: Shops, tmp_path: Path) -> None:
    """Covers K-6."""
    rules = rules_of(read_shop(write_shop(tmp_path, workflow="subscription")))
    renewing = [Renewing(shop.store, rules, Agreed()) for shop in shops.each]
    line = NewLine("MUG", 1, "FREQ=DAILY", date(2026, 1, 2), 12_00)
    renewing[0].submit("S1", Begin("S1", Terms("canonical", "EUR"), (line,)), "person:ann", START)

    def skip(own: Renewing) -> bool:
        return own.submit("S1", SkipNext(on=date(2026, 1, 2)), "link", START).refused is None

    with ThreadPoolExecutor() as threads:
        assert sum(threads.map(skip, renewing)) == 1
    assert rows(shops.each[0], "SELECT on_day, outcome FROM cycles") == [("2026-01-02", "skipped")]
