"""What people look for: orders, their stories, counts, stock, and whatever is in trouble."""

import pytest

from segue.core.facts import StockMove
from segue.ports import Batch, Handled, Settled
from segue.store.overview import FolderCount, Money, Overview, StockFound
from segue.store.reading import Finder
from segue.store.shelf import Count
from segue.store.trouble import ReasonCount, Trouble
from tests.store.shops import NOW, Shop, a_message, a_step, a_task, an_order, live, stepped


@pytest.fixture
def finder(shop: Shop) -> Finder:
    return Finder(shop.database.reader())


def test_an_order_is_found_by_its_id_or_its_channels(shop: Shop, finder: Finder) -> None:
    stepped(
        shop, a_step(an_order(), folders=("vip", "late")), a_step(an_order("eu-1", channel="eu", channel_order_id="1"))
    )
    (found,) = finder.find("web-1")
    assert (found.id, found.status, found.open, found.total_minor, found.folders) == (
        "web-1", "pending", True, 2000, ("late", "vip"),
    )  # fmt: skip
    assert {found.id for found in finder.find("1")} == {"web-1", "eu-1"}
    assert finder.find("2") == []
    assert finder.order("web-1") == an_order()
    assert finder.order("web-2") is None


def test_a_story_is_told_step_by_step(shop: Shop, finder: Finder) -> None:
    live(shop, "web-1")
    told = finder.story("web-1")
    assert [(step.version_before, step.version, step.by) for step in told][:3] == [
        (0, 2, "channel:web"), (2, 3, "gateway"), (3, 5, "timer"),
    ]  # fmt: skip
    assert told[0].record == [{"event": "order_placed"}]
    assert finder.story("web-2") == []


def test_orders_are_listed_by_folder_status_and_whether_they_are_open(shop: Shop, finder: Finder) -> None:
    stepped(
        shop,
        a_step(an_order("web-1"), folders=("vip",)),
        a_step(an_order("web-2"), folders=("vip",), status="held"),
        a_step(an_order("web-3"), status="done", open=False),
        a_step(an_order("web-4"), status="held", open=False, folders=("vip",)),
    )

    def listed(**filters: object) -> list[str]:
        return [found.id for found in finder.orders(**filters)]  # type: ignore[arg-type]

    assert listed(folder="vip") == ["web-1", "web-2", "web-4"]
    assert listed(folder="vip", status="held") == ["web-2", "web-4"]
    assert listed(folder="vip", status="held", open=True) == ["web-2"]
    assert listed(status="held", open=False) == ["web-4"]
    assert listed(open=False) == ["web-4", "web-3"]
    assert listed(limit=1) == ["web-4"]


def test_an_orders_tasks_and_ledger_are_listed_as_they_came(shop: Shop, finder: Finder) -> None:
    live(shop, "web-1")
    assert [(task.kind, task.state) for task in finder.tasks("web-1")] == [
        ("authorize", "ready"), ("capture", "ready"), ("mail", "ready"),
    ]  # fmt: skip
    assert [(entry.debit, entry.credit) for entry in finder.ledger("web-1")][-1] == ("cash:gateway", "customer")


def test_statuses_and_folders_are_counted(shop: Shop) -> None:
    overview = Overview(shop.database.reader())
    stepped(shop, *(a_step(an_order(f"web-{n}", places={"vip": NOW - n}), folders=("vip",)) for n in range(3)))
    stepped(shop, a_step(an_order("web-9"), status="held"))
    assert overview.statuses() == {"held": 1, "pending": 3}
    assert overview.folders() == [FolderCount("vip", 3, NOW - 2)]


def test_an_order_that_is_overdue_in_two_folders_counts_once(shop: Shop) -> None:
    overview = Overview(shop.database.reader())
    stepped(
        shop,
        a_step(an_order("web-1", places={"vip": NOW - 9, "late": NOW - 8}), folders=("vip", "late")),
        a_step(an_order("web-2", places={"vip": NOW - 1, "late": NOW - 8}), folders=("vip", "late")),
        a_step(an_order("web-3", places={"vip": NOW - 1, "unlimited": NOW - 9}), folders=("vip", "unlimited")),
    )
    assert [overview.overdue(folder, NOW - 5) for folder in ("vip", "late")] == [1, 2]
    assert overview.overdue_anywhere({"vip": NOW - 5, "late": NOW - 5}) == 2
    assert overview.overdue_anywhere({"vip": NOW - 5}) == 1
    assert overview.overdue_anywhere({}) == 0


def test_the_totals_of_an_empty_shop_are_nothing(shop: Shop) -> None:
    totals = Overview(shop.database.reader()).totals()
    assert (totals.orders, totals.touched, totals.touchless, totals.money) == (0, 0, 1.0, ())


def test_the_totals_add_up_money_by_currency_messages_and_touched_orders(shop: Shop) -> None:
    overview = Overview(shop.database.reader())
    live(shop, "web-1", "web-2")
    stepped(shop, a_step(an_order("web-3"), by="person:eve"), a_step(an_order("web-4"), by="personal:shopper"))
    for task in shop.store.commit(Batch(NOW, claim={"mailer": 1})):
        shop.store.commit(Batch(NOW, settled=(Settled(task.order, task.id, task.attempt, "done"),)))
    totals = overview.totals()
    assert (totals.orders, totals.open, totals.messages_sent, totals.touched) == (4, 2, 1, 1)
    assert totals.touchless == 0.75
    assert totals.money == (Money("EUR", 4000, 4000, 0),)


def test_stock_is_listed_by_sku_and_location(shop: Shop) -> None:
    overview = Overview(shop.database.reader())
    shop.shelf.count_stock([Count("A", "BER", 10, 2), Count("A", "PAR", 1), Count("B", "BER", 1)], NOW)
    stepped(shop, a_step(an_order(), moves=(StockMove("A", "BER", 0, 3, "allocated"),)))
    assert overview.stock("A", "BER") == [StockFound("A", "BER", 10, 3, 2, 5)]
    assert [found.sku for found in overview.stock(location="BER")] == ["A", "B"]
    assert len(overview.stock(limit=2)) == 2


def test_messages_that_were_not_done_are_counted_by_reason(shop: Shop) -> None:
    trouble = Trouble(shop.database.reader())
    ended = [Handled("warehouse", f"M-{n}", "refused", "no such order") for n in (1, 2)]
    parked = Handled("warehouse", "M-3", "parked", "too early")
    messages = tuple(a_message(f"M-{n}") for n in (1, 2, 3, 4))
    shop.store.commit(Batch(NOW, received=messages, handled=(*ended, parked)))
    assert trouble.reasons() == [
        ReasonCount("parked", "too early", 1, NOW),
        ReasonCount("refused", "no such order", 2, NOW),
    ]
    assert [message.id for message in trouble.messages()] == ["M-1", "M-2", "M-3"]


def test_tasks_in_trouble_are_those_unknown_and_those_tried_again(shop: Shop) -> None:
    trouble = Trouble(shop.database.reader())
    stepped(shop, a_step(an_order(), tasks=tuple(a_task(f"T-{n}") for n in range(3))), claim={"gateway": 3})
    settled = (
        Settled("web-1", "T-0", 1, "unknown", "no answer"),
        Settled("web-1", "T-1", 1, "retry", "timed out", NOW + 9),
    )
    shop.store.commit(Batch(NOW, settled=settled))
    assert [(each.task.id, each.state, each.detail) for each in trouble.tasks()] == [
        ("T-0", "unknown", "no answer"), ("T-1", "ready", "timed out"),
    ]  # fmt: skip
