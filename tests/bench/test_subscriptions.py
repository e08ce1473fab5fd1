"""Years of subscriptions: an independent count agrees with the shop to the order and to the charge, whatever goes wrong.

Covers K-5.
"""

import ast
from datetime import UTC, date, datetime
from pathlib import Path

import bench.subscriptions.count
from bench.subscriptions.count import Gap, expected
from bench.subscriptions.life import Life, start_of
from bench.subscriptions.people import Customer, Plan
from bench.subscriptions.verdict import judged

HOUR_S, DAY_S = 3_600, 86_400


def test_the_count_knows_nothing_of_segue() -> None:
    tree = ast.parse(Path(bench.subscriptions.count.__file__).read_text("utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {name for name in imported if name and name.startswith("segue")}


def at(month: int, day: int, hour: int = 9) -> int:
    return int(datetime(2026, month, day, hour, tzinfo=UTC).timestamp())


def test_the_count_says_what_can_be_counted_by_hand() -> None:
    monthly = Plan(1, 0, date(2026, 1, 31))
    gap = Gap(at(2, 1), at(4, 1))
    for catch_up, days in (("all", ("0131", "0228", "0331")), ("latest", ("0131", "0331")), ("none", ("0131", "0331"))):
        customer = Customer("S1", "UTC", "09:00", catch_up, (monthly,))
        assert expected([customer], [gap], at(4, 2)) == {f"S1.2026{day}" for day in days}
    late = Customer("S1", "UTC", "09:00", "none", (monthly,))
    assert expected([late], [Gap(at(2, 1), at(4, 1, 10))], at(4, 2)) == {"S1.20260131"}
    twice = Customer("S1", "UTC", "09:00", "all", (Plan(0, 1, date(2026, 1, 1), 3), Plan(0, 2, date(2026, 1, 1), 2)))
    assert len(expected([twice], [], at(12, 31))) == 3


def test_every_order_and_every_charge_is_there_once_through_all_that_goes_wrong(tmp_path: Path) -> None:
    verdict = judged(tmp_path, 40, 1, seed=3)
    assert verdict.is_exact, list(verdict.rows())
    assert verdict.expected > 50
    assert verdict.troubles["down"] > 0
    assert verdict.troubles["ahead"] + verdict.troubles["back"] > 0


def test_an_order_that_is_missing_and_one_too_many_are_seen(tmp_path: Path) -> None:
    start_s, until_s = start_of(1)
    customer = Customer("S1", "UTC", "09:00", "all", (Plan(1, 0, date(2026, 1, 31), 3),))
    life = Life(tmp_path, start_s, 1)
    life.begin([customer])
    life.live(until_s, [])
    names = {name for (name,) in life.database.reader().execute("SELECT channel_order_id FROM orders")}
    assert names == expected([customer], [], until_s)
    other = customer._replace(plans=(Plan(1, 0, date(2026, 1, 30), 3),))
    assert len(names ^ expected([other], [], until_s)) == 4
