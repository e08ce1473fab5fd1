"""Splitting: which plans would send too many parcels."""

import pytest

from segue.core.base import Because
from segue.core.sourcing import Parcel, Plan
from segue.policies.splitting import (
    one_shipment,
    parcel_worth_at_least,
    parcels_of_line_at_most,
    parcels_of_order_at_most,
    rest_worth_at_least,
    shipments_at_most,
)
from tests.core.given import given
from tests.core.shop import DALLAS, MIAMI, draft, sold

ORDER = given(draft(sold("SHIRT", 2))).order
FROM_DALLAS, FROM_MIAMI = Parcel(DALLAS, {1: 1}), Parcel(MIAMI, {1: 1})


def plan(*parcels: Parcel, missing: int = 0) -> Plan:
    return Plan(parcels, {1: missing} if missing else {}, Because("rank"))


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (plan(FROM_DALLAS), None),
        (plan(FROM_DALLAS, missing=1), "no single location has all of it"),
        (plan(FROM_DALLAS, FROM_MIAMI), "it would take 2 parcels"),
    ],
)
def test_one_shipment_means_all_from_one_location_or_nothing_yet(made: Plan, reason: str | None) -> None:
    assert ORDER is not None
    assert one_shipment(made, ORDER) == reason


def test_more_parcels_than_allowed_are_not_sent() -> None:
    assert ORDER is not None
    assert shipments_at_most(plan(FROM_DALLAS, FROM_MIAMI), ORDER, count=2) is None
    assert shipments_at_most(plan(FROM_DALLAS, FROM_MIAMI), ORDER, count=1) == "it would take 2 parcels, 1 at most"


def test_parcels_are_counted_by_order_and_by_line() -> None:
    assert ORDER is not None
    both = plan(FROM_DALLAS, FROM_MIAMI)
    assert parcels_of_order_at_most(both, ORDER, count=2) is None
    assert parcels_of_order_at_most(both, ORDER, count=1) == "the order would take 2 parcels, 1 at most"
    assert parcels_of_line_at_most(both, ORDER, count=2) is None
    assert parcels_of_line_at_most(both, ORDER, count=1) == "line 1 would take 2 parcels, 1 at most"


def test_parts_and_rests_are_worth_their_parcel() -> None:
    assert ORDER is not None
    both = plan(FROM_DALLAS, FROM_MIAMI)
    assert parcel_worth_at_least(both, ORDER, part_minor=10_00) is None
    assert parcel_worth_at_least(both, ORDER, part_minor=10_01) == "DAL would send goods of 1000, 1001 at least"
    assert parcel_worth_at_least(plan(FROM_DALLAS), ORDER, part_minor=99_99) is None, "there is no split"
    assert parcel_worth_at_least(plan(FROM_DALLAS, missing=1), ORDER, part_minor=99_99) is not None
    assert rest_worth_at_least(both, ORDER, rest_minor=99_99) is None
    assert rest_worth_at_least(plan(missing=1), ORDER, rest_minor=10_00) is None
    assert (
        rest_worth_at_least(plan(missing=1), ORDER, rest_minor=10_01)
        == "goods of 1000 would stay behind, 1001 at least"
    )
