"""Dated supply: moved, split, shrunk, canceled, received; what is in transit is nowhere else."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from segue.app import App
from segue.engine.supplying import cancel, expect, put_off, receive, transfer
from segue.engine.taking import Desk
from segue.ports import NotThere, SupplyMove
from segue.store.overview import Overview, StockFound
from tests.engine.shops import NOW, leave, open_shop

DAY_S = 86_400


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A shop with 10 mugs in Berlin."""
    app = open_shop(tmp_path, mug=10)
    yield app
    assert app.audit() == []
    leave(app)


def desk(app: App) -> Desk:
    return app.stock_desk("person:eve")


def there(app: App, sku: str = "MUG", location: str = "BER") -> StockFound:
    (found,) = Overview(app.reader()).stock(sku, location)
    return found


def supplies(app: App, reference: str) -> list[tuple[str, int, int]]:
    return [
        (each.sku, (each.expected_at_s - NOW) // DAY_S, each.units) for each in desk(app).room.supplies(reference, "")
    ]


def test_a_supply_is_moved_split_shrunk_canceled_and_received(app: App) -> None:
    expect(desk(app), "PO-1", ("MUG", "BER"), 40, NOW + 3 * DAY_S)
    put_off(desk(app), "PO-1", "MUG", 10, NOW + 5 * DAY_S)
    assert supplies(app, "PO-1") == [("MUG", 3, 30), ("MUG", 5, 10)]
    put_off(desk(app), "PO-1", "", 0, NOW + 6 * DAY_S)
    put_off(desk(app), "PO-1", "MUG", 25, NOW + 4 * DAY_S)
    assert supplies(app, "PO-1") == [("MUG", 4, 25), ("MUG", 6, 15)]
    cancel(desk(app), "PO-1", "MUG", 20, "too late")
    assert supplies(app, "PO-1") == [("MUG", 4, 20)]
    receive(desk(app), "PO-1", "MUG", 5, False)
    assert (supplies(app, "PO-1"), there(app).on_hand) == ([("MUG", 4, 15)], 15)
    receive(desk(app), "PO-1", "MUG", 18, False)
    assert (supplies(app, "PO-1"), there(app).on_hand) == ([], 33)
    with pytest.raises(NotThere, match="nothing of MUG is expected by PO-1"):
        receive(desk(app), "PO-1", "MUG", 1, False)
    with pytest.raises(NotThere, match="nothing is expected by PO-1"):
        cancel(desk(app), "PO-1", "", 0, "x")


def test_more_than_is_expected_is_not_canceled(app: App) -> None:
    expect(desk(app), "PO-1", ("MUG", "BER"), 40, NOW)
    with pytest.raises(NotThere, match="40 are expected, 41 were named"):
        cancel(desk(app), "PO-1", "MUG", 41, "x")


def test_a_transfer_is_in_transit_until_it_is_received_and_what_is_missing_is_gone(app: App) -> None:
    transfer(desk(app), "MUG", ("BER", "MUC"), 6, "T-1", NOW + DAY_S)
    assert (there(app).on_hand, there(app, location="MUC").in_transit, there(app, location="MUC").free) == (4, 6, 0)
    receive(desk(app), "T-1", "MUG", 2, False)
    assert (there(app, location="MUC").on_hand, there(app, location="MUC").in_transit) == (2, 4)
    receive(desk(app), "T-1", "MUG", 3, True)
    assert (there(app, location="MUC").on_hand, there(app, location="MUC").in_transit) == (5, 0)
    assert supplies(app, "T-1") == []


def test_a_transfer_that_never_arrives_is_closed_with_nothing(app: App) -> None:
    transfer(desk(app), "MUG", ("BER", "MUC"), 6, "T-1", NOW + DAY_S)
    receive(desk(app), "T-1", "MUG", 0, True)
    assert (there(app, location="MUC").on_hand, there(app, location="MUC").in_transit) == (0, 0)


def test_a_canceled_transfer_is_in_transit_no_more(app: App) -> None:
    transfer(desk(app), "MUG", ("BER", "MUC"), 6, "T-1", NOW + DAY_S)
    cancel(desk(app), "T-1", "MUG", 2, "lost")
    assert there(app, location="MUC").in_transit == 4


@pytest.mark.parametrize(("units", "expected_at_s", "said"), [(5, 0, "nobody says when"), (0, NOW, "0 units of PO-9")])
def test_a_supply_without_a_date_or_without_units_is_refused(
    app: App, units: int, expected_at_s: int, said: str
) -> None:
    with pytest.raises(NotThere, match=said):
        expect(desk(app), "PO-9", ("MUG", "BER"), units, expected_at_s)
    with pytest.raises(NotThere, match=said):
        transfer(desk(app), "MUG", ("BER", "MUC"), units, "PO-9", expected_at_s)
    assert (there(app).on_hand, supplies(app, "PO-9")) == (10, [])
    expect(desk(app), "PO-9", ("MUG", "BER"), 5, NOW + DAY_S)
    with pytest.raises(NotThere, match="nobody says when"):
        put_off(desk(app), "PO-9", "MUG", 0, 0)
    assert supplies(app, "PO-9") == [("MUG", 1, 5)]


class Overtaken:
    """A stockroom in which somebody else does something right after the first look at what is expected."""

    def __init__(self, room: Any, deed: Callable[[], object]) -> None:
        self.room, self.deeds = room, [deed]

    def supplies(self, reference: str, sku: str) -> Sequence[SupplyMove]:
        found: Sequence[SupplyMove] = self.room.supplies(reference, sku)
        if self.deeds:
            self.deeds.pop()()
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.room, name)


@pytest.mark.parametrize(
    ("deed", "left"),
    [
        (lambda desk: receive(desk, "PO-1", "MUG", 40, False), [("MUG", 5, 5)]),
        (lambda desk: put_off(desk, "PO-1", "MUG", 40, NOW + 9 * DAY_S), [("MUG", 5, 5), ("MUG", 9, 40)]),
        (lambda desk: cancel(desk, "PO-1", "MUG", 40, "never"), [("MUG", 3, 5)]),
    ],
)
def test_who_is_overtaken_looks_again(
    app: App, deed: Callable[[Desk], object], left: list[tuple[str, int, int]]
) -> None:
    def other() -> None:
        put_off(desk(app), "PO-1", "MUG", 20, NOW + 5 * DAY_S)

    expect(desk(app), "PO-1", ("MUG", "BER"), 45, NOW + 3 * DAY_S)
    deed(replace(desk(app), room=Overtaken(desk(app).room, other)))
    assert supplies(app, "PO-1") == left


def test_what_another_has_received_meanwhile_is_not_received_again(app: App) -> None:
    expect(desk(app), "PO-1", ("MUG", "BER"), 40, NOW)
    room = Overtaken(desk(app).room, lambda: receive(desk(app), "PO-1", "MUG", 40, False))
    with pytest.raises(NotThere, match="nothing of MUG is expected by PO-1"):
        receive(replace(desk(app), room=room), "PO-1", "MUG", 40, False)
    assert there(app).on_hand == 50
