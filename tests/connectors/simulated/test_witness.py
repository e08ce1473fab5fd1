"""The witness: whatever the gateway did and we do not know, or we believe and it did not do, is found (I03)."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from segue.app import App
from segue.connectors.simulated.books import LedgerRow
from segue.connectors.simulated.witness import Comparison, comparison, unmatched
from segue.store.reading import every_order
from tests.engine.shops import leave
from tests.store.healthy import healthy_shop


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A healthy shop; two of its authorizations are not answered yet."""
    app = healthy_shop(tmp_path_factory.mktemp("shop"))
    app.worker.run()
    yield app
    leave(app)


def sides(shop: App, rows: tuple[LedgerRow, ...]) -> tuple[list[str], list[str]]:
    """What only the gateway has of these rows, and what only we have: operations."""
    theirs, ours = unmatched(rows, every_order(shop.reader()))
    return [each.operation for each in theirs], [each.operation for each in ours]


def test_a_healthy_shop_and_its_gateway_agree(shop: App) -> None:
    assert sides(shop, shop.world.gateway.ledger()) == ([], [])


@pytest.mark.parametrize("operation", ["authorize", "capture", "void", "refund"])
def test_what_the_gateway_did_not_do_or_did_otherwise_is_found(shop: App, operation: str) -> None:
    rows = shop.world.gateway.ledger()
    at = next(n for n, row in enumerate(rows) if row.operation == operation)
    before, row, after = rows[:at], rows[at], rows[at + 1 :]
    assert sides(shop, (*before, *after)) == ([], [operation])
    assert sides(shop, (*before, row, row, *after)) == ([operation], [])
    assert sides(shop, (*before, replace(row, amount_minor=row.amount_minor + 1), *after)) == ([operation], [operation])
    assert sides(shop, (*before, replace(row, currency="USD"), *after)) == ([operation], [operation])
    assert sides(shop, (*before, replace(row, id="other"), *after)) == ([operation], [operation])


def compared(shop: App, rows: tuple[LedgerRow, ...]) -> Comparison:
    return comparison(rows, every_order(shop.reader()))


def row_of(shop: App, operation: str) -> tuple[tuple[LedgerRow, ...], LedgerRow]:
    rows = shop.world.gateway.ledger()
    return rows, next(row for row in rows if row.operation == operation)


def test_nothing_was_done_twice_or_beyond_what_it_may_in_a_healthy_shop(shop: App) -> None:
    assert compared(shop, shop.world.gateway.ledger()) == Comparison([], [], [], [], [])


@pytest.mark.parametrize("operation", ["authorize", "capture", "void", "refund"])
@pytest.mark.parametrize("changes", [{"id": "other"}, {"id": "other", "key": "other"}])
def test_what_the_gateway_did_once_more_is_a_duplicate(shop: App, operation: str, changes: dict[str, str]) -> None:
    rows, row = row_of(shop, operation)
    again = replace(row, **changes)
    assert compared(shop, (*rows, again)).duplicates == [again]


def test_more_taken_than_was_held_or_given_back_than_was_taken_is_found(shop: App) -> None:
    rows, taken = row_of(shop, "capture")
    order = taken.reference.partition("/")[0]
    found = compared(shop, (*rows, replace(taken, id="c", key="c", amount_minor=1_000_000)))
    assert found.over_captures == [taken.authorization, order]
    assert found.over_refunds == []
    back = replace(taken, operation="refund", id="r", key="r", amount_minor=taken.amount_minor + 1)
    assert compared(shop, (*rows, back)).over_refunds == [taken.authorization, order]
