"""What the tests of subscriptions are written with: a shop that has some, and what became of their days."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from segue.app import App, open_app, open_world
from segue.connectors.clock import VirtualClock
from segue.connectors.simulated.faults import Script
from segue.core.base import Command, Refusal
from segue.core.draft import Destination
from segue.core.subscription.commands import Begin, NewLine
from segue.core.subscription.standing import Address, Subscription, Terms
from segue.engine.renewing import Answered
from segue.ports import Batch, Needs, Person
from segue.settings import read_shop
from tests.engine.shops import DATABASE, write_shop

BERLIN = ZoneInfo("Europe/Berlin")
MONTHLY = "FREQ=MONTHLY"


def at(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> int:
    """An instant by the clock on the wall in Berlin."""
    return int(datetime(year, month, day, hour, minute, tzinfo=BERLIN).timestamp())


def a_shop(folder: Path, now_s: int, more: str = "", on_disk: bool = False, script: Script | None = None) -> App:
    """A shop whose orders take the workflow of subscriptions; `more` is added to its shop.yaml."""
    if not (folder / "shop.yaml").exists():
        write_shop(folder, workflow="subscription")
        with (folder / "shop.yaml").open("a", encoding="utf-8") as file:
            file.write(more)
    shop, clock = read_shop(folder), VirtualClock(now_s, 60)
    world = open_world(shop, clock, plan=script) if script else None
    app = open_app(folder, shop, folder / DATABASE if on_disk else None, clock, world=world)
    app.store.commit(Batch(now_s, people=(Person("p1", "Ada", "ada@example.com"),)))
    return app


def terms(**more: Any) -> Terms:
    """Terms of a customer in Berlin."""
    usual: dict[str, Any] = {
        "channel": "canonical",
        "currency": "EUR",
        "person": "p1",
        "time_zone": "Europe/Berlin",
        "address": Address(Destination("DE", "", 52.5, 13.4)),
        "ship_method": "standard",
    }
    return Terms(**usual | more)


def mugs(rule: str = MONTHLY, starts_on: date | None = None, sku: str = "MUG", quantity: int = 1) -> NewLine:
    """A line of mugs at 12 EUR."""
    return NewLine(sku, quantity, rule, starts_on, 12_00)


def subscribed(app: App, *lines: NewLine, id: str = "S1", **more: Any) -> Subscription:
    """A subscription that begins."""
    told = ask(app, Begin(id, terms(**more), lines), id)
    assert told.subscription is not None, told.refused
    return told.subscription


def ask(app: App, command: Command, id: str = "S1") -> Answered:
    """What became of what somebody asks."""
    return app.worker.renewing.submit(id, command, "person:ann", app.clock.now_s())


def refused(app: App, command: Command, id: str = "S1") -> Refusal | None:
    """Why what somebody asks is refused."""
    told = ask(app, command, id)
    return told.refused.refusal if told.refused else None


def standing(app: App, id: str = "S1") -> Subscription:
    """A subscription as it stands."""
    found = app.store.load(Needs(subscriptions=frozenset((id,)))).subscriptions[id]
    assert found is not None
    return found


def cycles(app: App, id: str = "S1") -> list[tuple[str, int, str]]:
    """What became of its days: day, line, outcome."""
    rows = app.reader().execute(
        "SELECT on_day, line, outcome FROM cycles WHERE subscription_id = ? ORDER BY on_day, line", (id,)
    )
    return [(day, line, outcome) for day, line, outcome in rows]


def orders(app: App) -> list[tuple[str, str]]:
    """Orders and their status."""
    return list(app.reader().execute("SELECT channel_order_id, status FROM orders ORDER BY channel_order_id"))


def mails(app: App, order: str) -> list[str]:
    """The messages that were sent about an order or a subscription."""
    rows = app.reader().execute(
        "SELECT json_extract(payload, '$.message') FROM tasks WHERE kind = 'mail' AND state = 'done' AND order_id = ?"
        " ORDER BY number",
        (order,),
    )
    return [name for (name,) in rows]


def work(app: App, until_s: int) -> None:
    """Work until an instant, and stop there."""
    clock = app.clock

    def wait(next_at_s: int | None) -> bool:
        if next_at_s is None or next_at_s > until_s:
            return False
        clock.sleep_until(next_at_s)
        return True

    app.worker.run(wait)
    clock.sleep_until(until_s)
