"""Splitting: which plans would send too many parcels."""

import pytest

from segue.core.base import Because
from segue.core.sourcing import Parcel, Plan
from segue.policies.splitting import one_shipment, shipments_at_most
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
