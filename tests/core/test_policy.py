"""Policies: found in modules by their mark, each with its kind, name and sentence."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from segue.core.policy import KINDS, policies_in, policy
from segue.policies import (
    discounts,
    dividing,
    eligibility,
    fees,
    grading,
    payment,
    routing,
    serving,
    shipping,
    splitting,
    validation,
)

MODULES = (discounts, dividing, eligibility, fees, grading, payment, routing, serving, shipping, splitting, validation)


def test_the_built_in_policies_are_found_by_their_mark() -> None:
    found = policies_in(MODULES)
    assert set(found) == set(KINDS)
    assert set(found["capture"]) == {"on_shipment", "on_release", "at_once", "on_delivery"}
    assert "distance_km" not in found["rank"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_policies_and_each_says_in_a_sentence_what_it_does(kind: str) -> None:
    found = policies_in(MODULES)[kind]
    assert found
    for name, each in found.items():
        assert (each.kind, each.name) == (kind, name)
        assert each.sentence.endswith(".")


def test_a_plug_in_is_a_module_like_the_built_in_ones() -> None:
    module = ModuleType("plug_in")

    def cheapest(offer: object, order: object, facts: object) -> float:
        return 0

    vars(module)["cheapest"] = policy("rank")(cheapest)
    assert policies_in([module])["rank"]["cheapest"].sentence == ""


def test_a_kind_that_does_not_exist_is_our_own_mistake() -> None:
    mark: Callable[..., Any] = policy
    with pytest.raises(AssertionError, match="no kind of policy is called ranking"):
        mark("ranking")
