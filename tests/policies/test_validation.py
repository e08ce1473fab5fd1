"""Validation: what each check finds, with the line and what could mend it."""

from typing import Any

import pytest

from segue.core.draft import Charge, Destination, Draft
from segue.core.facts import Facts, Item, Past
from segue.core.intake import basket_of
from segue.core.order import Failure
from segue.policies import validation
from tests.core.given import given
from tests.core.shop import NOW_S, draft, paid, sold

PLAIN = draft(sold())
SAME = Failure("not_a_duplicate", "the same as web-1, 10 minutes apart at most")
BASKET = basket_of(given(PLAIN).order)  # type: ignore[arg-type]


def facts(**known: Any) -> Facts:
    found = Facts(methods=frozenset(known.get("methods", ())))
    found.items |= {"SHIRT": Item("SHIRT"), "CAP": None, "": None}
    found.past["ann"] = tuple(known.get("past", ()))
    return found


def past(order: str = "web-1", placed_at_s: int = NOW_S - 600, basket: str = BASKET, digest: str = "") -> Past:
    return Past(order, placed_at_s, basket, digest)


# check, draft, facts, what it finds
CHECKS: tuple[tuple[str, Draft, dict[str, Any], list[Failure]], ...] = (
    ("known_skus", PLAIN, {}, []),
    (
        "known_skus",
        draft(sold(), sold("CAP"), sold("")),
        {},
        [
            Failure("known_skus", "the catalog has no CAP", 2, facts=("item:CAP",)),
            Failure("known_skus", "the catalog has no empty SKU", 3, facts=("item:",)),
        ],
    ),
    ("known_shipping_method", PLAIN, {}, []),
    ("known_shipping_method", PLAIN, {"methods": ["ground"]}, []),
    (
        "known_shipping_method",
        PLAIN,
        {"methods": ["sea", "air"]},
        [Failure("known_shipping_method", "ground; offered: air, sea", facts=("method:ground",))],
    ),
    (
        "known_shipping_method",
        draft(sold(), ship_method=""),
        {"methods": ["air"]},
        [Failure("known_shipping_method", "none; offered: air", facts=("method:",))],
    ),
    ("money_adds_up", draft(sold(), shipping_minor=4_99, charges=(Charge("gift", -1_00),)), {}, []),
    (
        "money_adds_up",
        draft(sold(), total_minor=9_99),
        {},
        [
            Failure("money_adds_up", "the parts come to 1000, the total says 999"),
            Failure("money_adds_up", "the tenders come to 1000, the total says 999"),
        ],
    ),
    (
        "money_adds_up",
        draft(sold(), tenders=[paid(4_00), paid(5_00)]),
        {},
        [Failure("money_adds_up", "the tenders come to 900, the total says 1000")],
    ),
    ("amounts_in_range", PLAIN, {}, []),
    (
        "amounts_in_range",
        draft(sold("A", 0), sold("B", 1, -1), sold("C", 1, 100, discount_minor=101)),
        {},
        [
            Failure("amounts_in_range", "quantity 0", 1),
            Failure("amounts_in_range", "price -1", 2),
            Failure("amounts_in_range", "discount 101 is above the price", 3),
        ],
    ),
    ("deliverable_address", PLAIN, {}, []),
    (
        "deliverable_address",
        draft(sold(), ship_to=Destination("US", missing=("street", "city"))),
        {},
        [Failure("deliverable_address", "missing: street, city")],
    ),
    (
        "deliverable_address",
        draft(sold(), ship_to=Destination()),
        {},
        [Failure("deliverable_address", "missing: country")],
    ),
    ("not_a_duplicate", PLAIN, {"past": [past()]}, [SAME]),
    ("not_a_duplicate", PLAIN, {"past": [past(placed_at_s=NOW_S - 601)]}, []),
    ("not_a_duplicate", PLAIN, {"past": [past(basket="other")]}, []),
    ("not_a_duplicate", PLAIN, {"past": [past(digest="other street")]}, []),
    ("not_a_duplicate", PLAIN, {"past": [past("web-1001", NOW_S)]}, []),
    ("not_a_duplicate", PLAIN, {"past": [past("web-2", NOW_S + 60)]}, []),  # it is that one which is the duplicate
    ("not_a_duplicate", draft(sold(), person=""), {}, []),
)  # fmt: skip


@pytest.mark.parametrize(("check", "sent", "known", "failures"), CHECKS)
def test_a_check_finds_all_that_is_wrong(
    check: str, sent: Draft, known: dict[str, Any], failures: list[Failure]
) -> None:
    assert list(getattr(validation, check)(given(sent).order, facts(**known))) == failures
