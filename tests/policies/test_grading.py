"""Grading: each rule fires for what it is about, and for nothing else."""

from typing import Any

import pytest

from segue.core.draft import Destination, Draft
from segue.core.facts import Facts
from segue.core.past import Past
from segue.policies import grading
from tests.core.given import given
from tests.core.shop import NOW_S, draft, sold

PLAIN = draft(sold())
BEFORE = Past("web-1", NOW_S - 100, "b")

# rule, parameters, draft, what else the customer ordered, figures
RULES: tuple[tuple[str, dict[str, Any], Draft, tuple[Past, ...], dict[str, Any] | None], ...] = (
    ("high_value", {"from_minor": 10_00}, PLAIN, (), {"total": 10_00, "from": 10_00}),
    ("high_value", {"from_minor": 10_01}, PLAIN, (), None),
    ("country_mismatch", {}, draft(sold(), bill_country="CA"), (), {"ship_to": "US", "bill_to": "CA"}),
    ("country_mismatch", {}, draft(sold(), bill_country="US"), (), None),
    ("country_mismatch", {}, PLAIN, (), None),
    ("first_order", {}, PLAIN, (), {"earlier_orders": 0}),
    ("first_order", {}, PLAIN, (Past("web-1001", NOW_S, "b"),), {"earlier_orders": 0}),
    ("first_order", {}, PLAIN, (BEFORE,), None),
    ("first_order", {}, draft(sold(), person=""), (), {"earlier_orders": 0}),
    ("velocity", {"orders": 2, "within_s": 100}, PLAIN, (BEFORE,), {"orders": 2, "within_s": 100}),
    ("velocity", {"orders": 2, "within_s": 99}, PLAIN, (BEFORE,), None),
    ("velocity", {"orders": 1}, draft(sold(), person=""), (), None),
    ("many_units", {"from_units": 3}, draft(sold("A", 2), sold("B", 3)), (), {"sku": "B", "units": 3}),
    ("many_units", {"from_units": 4}, draft(sold("A", 2), sold("B", 3)), (), None),
    ("address_incomplete", {}, draft(sold(), ship_to=Destination("US", missing=("city",))), (), {"missing": ("city",)}),
    ("address_incomplete", {}, PLAIN, (), None),
    ("tagged", {"tag": "risk"}, draft(sold(), tags=("vip", "risk")), (), {"tag": "risk"}),
    ("tagged", {"tag": "risk"}, PLAIN, (), None),
)


@pytest.mark.parametrize(("name", "parameters", "sent", "past", "figures"), RULES)
def test_a_rule_fires_with_its_figures_or_not_at_all(
    name: str, parameters: dict[str, Any], sent: Draft, past: tuple[Past, ...], figures: dict[str, Any] | None
) -> None:
    facts = Facts()
    if sent.person:  # of nobody there is no history
        facts.past[sent.person] = past
    assert getattr(grading, name)(given(sent).order, facts, **parameters) == figures
