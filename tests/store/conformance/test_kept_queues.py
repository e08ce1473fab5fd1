"""Kept queues: a long one is not read anew, and never believed if somebody has changed who is in it."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from segue.core.order import Order
from segue.core.queue import Queue
from segue.ports import Needs, StaleOrder, Store
from segue.store import kept
from segue.store.kept import KeptQueues
from segue.store.waiting_rows import queues_of
from tests.store.shops import NOW, AnyShop, a_step, an_order, stepped

WATCHES = frozenset(("stock:A",))
Reads = list[frozenset[str]]


def waits(number: int, units: int, version: int = 2, sku: str = "A") -> Order:
    """An order of which the last units wait for stock."""
    tally = {"allocated": ((1, 5 - units),), "backordered": ((6 - units, 5),)}
    order = an_order(f"web-{number}", 5, sku, placed_at_s=NOW + number, version=version)
    return replace(order, lines=(replace(order.lines[0], tally=tally),))


def step(shop: AnyShop, *orders: Order, rank: str = "", watches: frozenset[str] = WATCHES) -> None:
    stepped(shop, *(a_step(o, o.version - 1 if o.version > 2 else 0, watches=watches, rank=rank) for o in orders))


def queue_in(store: Store) -> Queue:
    return store.load(Needs(queued=frozenset(("A",)))).queued["A"]


def units_in(store: Store) -> list[tuple[str, int]]:
    return [(order.removeprefix("web-"), units) for _, order, units in queue_in(store)]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    """Which queues were read. One of three orders is long."""
    found: Reads = []

    def read(skus: frozenset[str], rows: object) -> dict[str, Queue]:
        found.append(skus)
        return queues_of(skus, rows)  # type: ignore[arg-type]

    for module in ("segue.store.waiting", "segue.store.postgres.waiting"):
        monkeypatch.setattr(f"{module}.queues_of", read)
    monkeypatch.setattr(kept, "LONG", 3)
    return found


def test_a_long_queue_is_read_once_and_each_wave_has_its_own(shop: AnyShop, reads: Reads) -> None:
    step(shop, waits(1, 1), waits(2, 2), waits(3, 3))
    mine = queue_in(shop.store)
    mine.put("web-2", ("", NOW + 2), 0)
    assert units_in(shop.store) == [("1", 1), ("2", 2), ("3", 3)]
    step(shop, waits(1, 1, version=3), waits(9, 1, sku="B"), watches=frozenset(("stock:A", "stock:B")))
    with pytest.raises(StaleOrder):
        step(shop, waits(2, 4, version=7))
    assert units_in(shop.store) == [("1", 1), ("2", 2), ("3", 3)]
    assert reads == [frozenset("A")]


def test_a_short_queue_is_read_each_time(shop: AnyShop, reads: Reads) -> None:
    step(shop, waits(1, 1), waits(2, 2))
    assert units_in(shop.store) == units_in(shop.store) == [("1", 1), ("2", 2)]
    assert reads == [frozenset("A")] * 2


CHANGES: dict[str, tuple[Callable[[AnyShop], None], list[tuple[str, int]]]] = {
    "one more waits": (lambda shop: step(shop, waits(4, 1)), [("1", 1), ("2", 2), ("3", 3), ("4", 1)]),
    "one waits for less": (lambda shop: step(shop, waits(2, 1, version=3)), [("1", 1), ("2", 1), ("3", 3)]),
    "one waits no more": (lambda shop: step(shop, waits(2, 2, version=3), watches=frozenset()), [("1", 1), ("3", 3)]),
    "one has another turn": (lambda shop: step(shop, waits(1, 1, version=3), rank="z"), [("2", 2), ("3", 3), ("1", 1)]),
    "the shop says another thing of turns": (
        lambda shop: shop.shelf.rank(lambda order: f"z {9 - int(order.id[-1])}", NOW), [("3", 3), ("2", 2), ("1", 1)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_what_changes_a_queue_is_seen_by_whoever_keeps_it(shop: AnyShop, reads: Reads, what: str) -> None:
    step(shop, waits(1, 1), waits(2, 2), waits(3, 3))
    other = shop.another_store()
    assert units_in(shop.store) == units_in(other) == [("1", 1), ("2", 2), ("3", 3)]
    change, expected = CHANGES[what]
    change(shop)
    assert units_in(shop.store) == units_in(other) == expected


def test_those_that_were_loaded_the_longest_time_ago_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LONG", 2)
    monkeypatch.setattr(kept, "IN_QUEUES_MAX", 5)
    queues, versions = KeptQueues(), dict.fromkeys("ABC", 1)
    made = {sku: Queue((("", n), f"web-{n}", 1) for n in range(2)) for sku in "ABC"}
    for sku in "ABAC":
        queues.keep({sku: made[sku]}, versions)
    assert queues.still(versions).keys() == {"A", "C"}
    assert queues.still({"A": 2, "C": 1}).keys() == {"C"}
