"""Collected at a store: an order to be collected names where, and customers can collect there."""

import pytest

from segue.core.facts import Facts, Location
from segue.core.order import Failure
from segue.policies.validation import collected_at_a_store
from tests.core.given import given
from tests.core.shop import draft, sold

PLACES = {"MUC": Location("MUC", "store", capabilities=("pickup",)), "BER": Location("BER")}


@pytest.mark.parametrize(
    ("method", "place", "said"),
    [
        ("pickup", "MUC", None),
        ("ground", "", None),
        ("ground", "BER", None),
        ("pickup", "", "line 1 names no store"),
        ("pickup", "BRE", "line 1 names BRE, which is no location"),
        ("pickup", "BER", "line 1 names BER, where nothing can be collected"),
    ],
)
def test_what_is_collected_names_a_store_for_it(method: str, place: str, said: str | None) -> None:
    order = given(draft(sold(location=place), ship_method=method)).order
    assert order is not None
    found = list(collected_at_a_store(order, Facts(PLACES), method="pickup"))
    assert found == ([Failure("collected_at_a_store", said)] if said else [])
