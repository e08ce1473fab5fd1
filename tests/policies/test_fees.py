"""Fees: what a return costs the customer, by amount or percent, and for which reasons."""

import pytest

from segue.core.tally import Units
from segue.policies.fees import per_return, restocking
from tests.core.given import given
from tests.core.shop import draft, sold

ORDER = given(draft(sold(quantity=3, price_minor=10_05), sold("CAP", 1, 3_33))).order
assert ORDER is not None


@pytest.mark.parametrize(("percent", "fee"), [(10.0, 1_01 + 33), (12.5, 1_26 + 42), (100.0, 13_38), (0.0, 0)])
def test_a_restocking_fee_is_rounded_half_up_once_for_each_line(percent: float, fee: int) -> None:
    assert ORDER is not None
    assert restocking(ORDER, {1: ((2, 2),), 2: ((1, 1),)}, "", percent=percent) == fee


def test_a_fee_may_be_for_some_reasons_only_or_for_all_but_some() -> None:
    assert ORDER is not None
    units: dict[int, Units] = {1: ((1, 1),)}
    assert per_return(ORDER, units, "does_not_fit", fee_minor=3_00) == 3_00
    assert per_return(ORDER, units, "damaged", fee_minor=3_00, unless=("damaged",)) == 0
    assert per_return(ORDER, units, "does_not_fit", fee_minor=3_00, only=("no_reason",)) == 0
    assert restocking(ORDER, units, "no_reason", percent=50.0, only=("no_reason",)) == 5_03
    assert restocking(ORDER, units, "damaged", percent=50.0, unless=("damaged",)) == 0
