"""Payment: the units in which states are to be paid."""

import pytest

from segue.core.policy import policies_in
from segue.core.tally import STATES
from segue.policies import payment
from tests.core.given import given
from tests.core.shop import draft, sold

# policy, the first state in which a unit is to be paid
FIRST_PAID = (("at_once", "new"), ("on_release", "released"), ("on_shipment", "shipped"), ("on_delivery", "delivered"))


@pytest.mark.parametrize(("name", "first"), FIRST_PAID)
def test_a_unit_is_to_be_paid_from_some_state_on_and_no_more_when_it_is_back(name: str, first: str) -> None:
    states = getattr(payment, name)(given(draft(sold())).order)
    assert set(states) == set(STATES[STATES.index(first) :]) - {"canceled", "returned"}


def test_every_capture_policy_is_in_the_table() -> None:
    assert {name for name, _ in FIRST_PAID} == set(policies_in([payment])["capture"])
