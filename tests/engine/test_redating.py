"""The catalog says other street dates: open orders follow before anything else of theirs goes on."""

from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from segue.app import App
from segue.core.base import Event
from segue.core.facts import Item
from segue.core.fulfill import FulfillmentReleased
from segue.core.order import count_in, is_open
from segue.engine.replay import DECISIONS
from segue.ports import Batch, Person
from segue.store.reading import every_order
from tests.engine.shops import (
    NOW,
    arrive,
    bought,
    leave,
    message_of,
    open_shop,
    order_of,
    reopen_shop,
    well,
    write_shop,
)

DAY_S = 86_400
ORDERS, MOVES = 20, 30


def day_in(days: float, now_s: int) -> str:
    """The day that many days on; nothing if that is less than none."""
    return datetime.fromtimestamp(now_s + days * DAY_S, UTC).date().isoformat() if days >= 0 else ""


def begins_s(day: str) -> int:
    """When a day begins; these shops keep UTC."""
    return int(datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp()) if day else 0


def until(app: App, at_s: int) -> None:
    """Work until then."""
    app.worker.run(lambda next_at_s: next_at_s is not None and next_at_s <= at_s and _slept(app, next_at_s))
    app.clock.sleep_until(at_s)


def _slept(app: App, at_s: int) -> bool:
    app.clock.sleep_until(at_s)
    return True


@pytest.mark.parametrize("workflow", ["standard", "preorder"])
@pytest.mark.parametrize("seed", range(4))
def test_after_any_moves_of_street_dates_nothing_is_released_before_the_day_in_force(
    tmp_path: Path, seed: int, workflow: str
) -> None:
    """Covers J-1."""
    chance = Random(seed)
    app = open_shop(tmp_path, workflow=workflow, seed=seed, mug=12, tea=9)
    people = tuple(Person(f"p{n}", "Ada", "ada@example.com") for n in range(1, ORDERS + 1))
    app.store.commit(Batch(NOW, people=people))
    drafts = [bought(n, chance.choice(("MUG", "TEA")), chance.randint(1, 2)) for n in range(1, ORDERS + 1)]
    placed = [replace(draft, placed_at_s=NOW + chance.randint(0, 2 * DAY_S)) for draft in drafts]
    arrive(app, *(replace(message_of(draft), due_at_s=draft.placed_at_s) for draft in placed))
    in_force: dict[str, list[tuple[int, str]]] = {"MUG": [(-1, "")], "TEA": [(-1, "")]}
    for _ in range(MOVES):
        until(app, app.clock.now_s() + chance.choice((1, 60, 1800, 3600, DAY_S // 3)))
        sku, now_s = chance.choice(("MUG", "TEA")), app.clock.now_s()
        day = day_in(chance.choice((-1, 0, 1, 1.5, 2, 4)), now_s)
        app.shelf.put_items([replace(app.shop.items[sku], street_date=day)], now_s)
        (last,) = app.reader().execute("SELECT coalesce(max(number), 0) FROM steps").fetchone()
        in_force[sku].append((last, day))  # since this step
    app.worker.run()
    released = 0
    for number, order, at_s, record in app.reader().execute("SELECT number, order_id, at_s, record FROM steps"):
        events: list[Event] = [event for decision in DECISIONS.decode(record) for event in decision.events]
        for line in [line for event in events if isinstance(event, FulfillmentReleased) for line in event.units]:
            sku = order_of(app, order.removeprefix("canonical-")).lines[line - 1].sku
            day = [day for last, day in in_force[sku] if last < number][-1]
            assert at_s >= begins_s(day), (order, day)
            released += 1
    assert released
    assert all(
        not is_open(order) or order.holds or count_in(order, "backordered") for order in every_order(app.reader())
    )
    well(app)
    leave(app)


def test_an_order_hears_of_its_day_though_the_process_ends_first(tmp_path: Path) -> None:
    folder = write_shop(tmp_path)
    app = reopen_shop(folder)
    arrive(app, message_of(bought(1)))
    until(app, NOW + 600)  # it is in its grace period
    day = day_in(9, NOW)
    app.shelf.put_items([Item("MUG", "Mug", 1200, street_date=day)], app.clock.now_s())
    leave(app)
    app = reopen_shop(folder, NOW + 600)
    until(app, begins_s(day) - 1)
    assert count_in(order_of(app, 1), "preordered") == 1
    until(app, begins_s(day) + DAY_S)
    assert count_in(order_of(app, 1), "preordered") == 0
    well(app)
    leave(app)
