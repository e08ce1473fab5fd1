"""A cart's question: the cheapest way and the earliest, in one answer."""

import numpy as np
import pytest

from segue.planning.network import NO_ZONE, Demand, network
from segue.planning.quote import NEVER, cart_offer

NET = network(
    zone=[[0, 0, NO_ZONE]], stock=[[1, 1, 9], [2, 1, 9]], weight_g=100, unfilled=90_000, limits_g=[1_000], rates=[[500]]
)
DAYS = np.array([[4, 2, 1]])


@pytest.mark.parametrize("compiled", [True, False])
def test_the_cheapest_may_be_late_and_the_earliest_dear(compiled: bool) -> None:
    offers = cart_offer(NET, Demand(0, (0, 1), (1, 1)), DAYS, compiled=compiled)
    assert [(offer.day, [parcel.location for parcel in offer.plan.parcels]) for offer in offers] == [(4, [0]), (2, [1])]


def test_the_cheapest_may_be_the_earliest() -> None:
    offers = cart_offer(NET, Demand(0, (1,), (2,)), np.array([[2, 2, 1]]))
    assert offers.cheapest == offers.earliest
    assert (offers.cheapest.day, offers.cheapest.plan.cost_mills) == (2, 500)


def test_several_units_are_there_when_the_last_one_is() -> None:
    offers = cart_offer(NET, Demand(0, (1,), (3,)), DAYS)
    assert (offers.earliest.day, len(offers.earliest.plan.parcels)) == (4, 2)


def test_what_nobody_has_never_arrives() -> None:
    offers = cart_offer(NET, Demand(0, (0,), (5,)), DAYS)
    assert offers.cheapest.day == offers.earliest.day == NEVER
    assert offers.cheapest.plan.unfilled == (3,)
