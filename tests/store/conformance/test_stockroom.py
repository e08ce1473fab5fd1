"""The stockroom: what is filed is found, moves beside the orders are written with them, and stale decisions are refused."""

import pytest

from segue.core.facts import Item, StockMove
from segue.core.order import Fulfillment
from segue.core.stocktaking import Counter, Moved, Report
from segue.ports import Batch, Filed, Needs, OutOfStock, ShopMove, StaleOrder, Standing, Stocked, SupplyMove
from segue.store.shelf import Count
from tests.store.shops import NOW, AnyShop, a_step, an_order, free, rows, stepped

KEY = ("A", "BER")
PARTS = "SELECT on_hand, allocated, reserved, damaged, quarantined, in_transit, safety FROM stock WHERE sku = 'A'"
SENT = SupplyMove("T-1", "A", "PAR", NOW + 50, 3, "sent", "BER")


def a_report(id: str = "R-1", **changes: object) -> Report:
    return Report(**{"source": "wms", "id": id, "kind": "delta", "sku": "A", "location": "BER", "at_s": NOW} | changes)  # type: ignore[arg-type]


def write(shop: AnyShop, *steps: object, **stocked: object) -> None:
    shop.store.commit(Batch(NOW, steps, stocked=Stocked("person:eve", **stocked)))  # type: ignore[arg-type]


@pytest.fixture
def stocked(shop: AnyShop) -> AnyShop:
    """Ten of A in Berlin."""
    shop.shelf.count_stock([Count("A", "BER", 10)], NOW - 100)
    return shop


def test_all_parts_of_a_counter_move(stocked: AnyShop) -> None:
    move = StockMove("A", "BER", 2, 0, "counted", 1, 2, 3, 4)
    write(stocked, moves=(ShopMove(move, "wms R-1"),), safety={KEY: 1})
    assert rows(stocked, PARTS) == [(12, 0, 1, 2, 3, 4, 1)]
    assert free(stocked) == {"BER": 12 - 1 - 2 - 3 - 1}
    kept = rows(
        stocked, "SELECT reserved, damaged, quarantined, in_transit, actor, report FROM stock_moves WHERE on_hand = 2"
    )
    assert kept == [(1, 2, 3, 4, "person:eve", "wms R-1")]


def test_moves_of_orders_and_beside_them_add_up_by_counter(stocked: AnyShop) -> None:
    step = a_step(
        an_order(), moves=(StockMove("A", "BER", 0, 8, "allocated"), StockMove("A", "BER", 0, 0, "x", damaged=1))
    )
    write(stocked, step, moves=(ShopMove(StockMove("A", "BER", -1, 0, "lost")),))
    assert rows(stocked, PARTS) == [(9, 8, 0, 1, 0, 0, 0)]
    assert len(rows(stocked, "SELECT 1 FROM stock_moves WHERE order_id = 'web-1'")) == 2


@pytest.mark.parametrize("parts", [{"damaged": 11}, {"quarantined": 11}, {"reserved": 11}, {"in_transit": -1}])
def test_no_part_takes_what_is_not_there(stocked: AnyShop, parts: dict[str, int]) -> None:
    with pytest.raises(OutOfStock, match=r"^A at BER$"):
        write(stocked, moves=(ShopMove(StockMove("A", "BER", 0, 0, "x", **parts)),))
    with pytest.raises(OutOfStock, match=r"^A at BER$"):
        stepped(stocked, a_step(an_order(), moves=(StockMove("A", "BER", 0, 0, "x", **parts),)))
    assert rows(stocked, PARTS) == [(10, 0, 0, 0, 0, 0, 0)]


def test_what_was_decided_of_other_counters_is_stale(stocked: AnyShop) -> None:
    move = (ShopMove(StockMove("A", "BER", -1, 0, "lost")),)
    with pytest.raises(StaleOrder, match="A at BER"):
        write(stocked, moves=move, seen={KEY: Counter(9)})
    with pytest.raises(StaleOrder, match="A at PAR"):
        write(stocked, moves=move, seen={KEY: Counter(10), ("A", "PAR"): Counter(1)})
    write(stocked, moves=move, seen={KEY: Counter(10), ("A", "PAR"): Counter()})
    assert free(stocked) == {"BER": 9}


def test_reports_are_found_by_counter_and_by_name(stocked: AnyShop) -> None:
    first, second, other = a_report(), a_report("R-2", on_hand=4), a_report("R-3", sku="B")
    write(stocked, filed=(Filed(first, "applied"), Filed(second, "waiting", "no SKU"), Filed(other, "refused", "no")))
    assert stocked.room.standing([KEY], NOW)[KEY] == Standing(Counter(10), (first,))
    assert {id: each.state for id, each in stocked.room.filed("wms", ["R-1", "R-2", "R-9"]).items()} == {
        "R-1": "applied", "R-2": "waiting",
    }  # fmt: skip
    assert stocked.room.filed("pos", ["R-1"]) == {}
    assert [(each.report, each.detail) for each in stocked.room.unapplied()] == [(second, "no SKU"), (other, "no")]
    write(stocked, filed=(Filed(second, "applied"),), forgotten=(("wms", "R-1"), ("wms", "R-3")))
    assert stocked.room.standing([KEY], NOW)[KEY].reports == (second,)
    assert stocked.room.unapplied() == []


def test_own_moves_since_an_instant_are_found(stocked: AnyShop) -> None:
    stepped(stocked, a_step(an_order(), at_s=NOW - 50, moves=(StockMove("A", "BER", 0, 2, "allocated"),)))
    stepped(stocked, a_step(an_order(version=3), 2, at_s=NOW - 20, moves=(StockMove("A", "BER", -2, -2, "shipped"),)))
    write(
        stocked,
        moves=(
            ShopMove(StockMove("A", "BER", 0, 0, "x", damaged=1)),
            ShopMove(StockMove("A", "BER", 5, 0, "y"), "wms R-1"),
        ),
    )
    shipped, damaged = Moved(NOW - 20, -2), Moved(NOW, damaged=1)
    assert stocked.room.standing([KEY], NOW - 20)[KEY].own == (damaged,)
    assert stocked.room.standing([KEY], NOW - 40)[KEY].own == (shipped, damaged)
    everything = stocked.room.standing([KEY], 0)[KEY].own
    assert {Moved(NOW - 50), shipped, damaged} == set(everything)


def test_who_may_hold_stock_is_found_the_youngest_first(stocked: AnyShop) -> None:
    for number, (placed, location, is_open) in enumerate(
        [(NOW, "BER", True), (NOW + 5, "BER", True), (NOW, "BER", True), (NOW + 9, "PAR", True), (NOW, "BER", False)]
    ):
        order = an_order(
            f"web-{number}", placed_at_s=placed, fulfillments={"F1": Fulfillment(location, {1: ((1, 2),)})}
        )
        stepped(stocked, a_step(order, open=is_open))
    assert list(stocked.room.holders(KEY)) == ["web-1", "web-2", "web-0"]
    assert list(stocked.room.holders(("B", "BER"))) == []


def test_supplies_are_sums_of_their_moves(stocked: AnyShop) -> None:
    ordered = SupplyMove("PO-1", "A", "BER", NOW + 90, 40, "ordered")
    write(stocked, supplies=(ordered, SENT))
    write(
        stocked,
        supplies=(
            SupplyMove("PO-1", "A", "BER", NOW + 90, -10, "moved"),
            SupplyMove("PO-1", "A", "BER", NOW + 99, 10, "moved"),
        ),
    )
    assert [(each.expected_at_s, each.units) for each in stocked.room.supplies("PO-1", "")] == [
        (NOW + 90, 30),
        (NOW + 99, 10),
    ]
    assert [each.origin for each in stocked.room.supplies("T-1", "A")] == ["BER"]
    assert list(stocked.room.supplies("T-1", "B")) == []
    inbound = stocked.store.load(Needs(inbound=frozenset("AB"))).inbound
    assert inbound == {
        "A": ((NOW + 50, "PAR", 3, "T-1"), (NOW + 90, "BER", 30, "PO-1"), (NOW + 99, "BER", 10, "PO-1")), "B": (),
    }  # fmt: skip
    with pytest.raises(OutOfStock, match="A of PO-1"):
        write(stocked, supplies=(SupplyMove("PO-1", "A", "BER", NOW + 90, -31, "canceled"),))
    with pytest.raises(StaleOrder, match="PO-1 has A from elsewhere"):
        write(stocked, supplies=(SupplyMove("PO-1", "A", "BER", NOW + 90, 1, "sent", "PAR"),))
    assert len(rows(stocked, "SELECT 1 FROM supply_moves")) == 4


def test_what_is_expected_otherwise_wakes_those_who_watch_it(stocked: AnyShop) -> None:
    stepped(stocked, a_step(an_order(), watches=frozenset(("inbound:A",))))
    stepped(stocked, a_step(an_order("web-2"), watches=frozenset(("stock:A",))))
    write(stocked, supplies=(SENT,))
    assert stocked.store.due(NOW, 10).wakes == ("web-1",)
    write(stocked, moves=(ShopMove(StockMove("A", "BER", 0, 0, "x", quarantined=1)),))
    assert stocked.store.due(NOW, 10).wakes == ("web-1",)
    write(stocked, moves=(ShopMove(StockMove("A", "BER", 0, 0, "x", quarantined=-1)),))
    assert stocked.store.due(NOW, 10).wakes == ("web-1", "web-2")


def test_a_shop_may_have_its_catalog_elsewhere(stocked: AnyShop) -> None:
    assert not stocked.room.has_catalog()
    stocked.shelf.put_items([Item("A")], NOW)
    assert stocked.room.has_catalog()


@pytest.mark.parametrize("change", ["UPDATE supply_moves SET units = 4", "DELETE FROM supply_moves"])
def test_a_move_of_supply_is_kept_for_ever(stocked: AnyShop, change: str) -> None:
    write(stocked, supplies=(SENT,))
    with pytest.raises(stocked.refused), stocked.database.transaction() as cursor:
        cursor.execute(change)
