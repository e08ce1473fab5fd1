"""Price of bundles: a bundle is priced and discounted as one article, and taxed part by part. Covers I-3 and I-6."""

from typing import Any

import pytest
from msgspec.structs import replace

from segue.core.bundles import Group, Part, Recipe, Recipes, Rules
from segue.core.cancel import Cancel
from segue.core.draft import Draft
from segue.core.facts import Facts, Item
from segue.core.intake import CorrectOrder, PlaceOrder, Validate
from segue.core.order import Order
from segue.core.price import Price
from segue.core.pricing.pricing import UNPRICED, priced
from segue.core.tally import Units
from segue.core.worth import keeps
from segue.policies.validation import sold_only_in_bundles, whole_bundles
from tests.core.given import Given
from tests.core.shop import hold, rule, workflow
from tests.core.test_price import HOLDS, NOW_S, ONE_FREE, facts, new, phone, units

KIT = Rules("together", "together", "together", "cancel")
RECIPES: Recipes = {
    "BOX": Recipe("BOX", "kit", (Part("MUG"), Part("BOOK", 2)), rules=KIT, price_minor=30_00),
    "DUO": Recipe("DUO", parts=(Part("MUG", 2),)),
    "PICK": Recipe("PICK", "custom", (Part("BOOK"),), (Group("cups", ("MUG", "NEW"), 1, 3, 1, {"MUG": 100}),)),
    "PAID": Recipe("PAID", groups=(Group("cups", ("MUG", "BOOK"), 1, 5, 2, {"MUG": 100}),), price_minor=20_00),
}


def known(*promotions: Any, **items: Item | None) -> Facts:
    found = facts(*promotions)
    found.items |= dict.fromkeys(RECIPES) | items
    found.recipes, found.only_in = RECIPES, {"BOOK": ("BOX",)}
    return found


def flow() -> Any:
    checks: dict[str, Any] = {"validate": (rule(whole_bundles), rule(sold_only_in_bundles))}
    return workflow(holds=HOLDS | {"whole_bundles": hold(), "sold_only_in_bundles": hold()}, **checks)


def placed(sent: Draft, facts: Facts) -> Given:
    return new(facts)._replace(workflow=flow()).after(PlaceOrder("phone-1", sent))


def order_of(here: Given) -> Order:
    assert here.order is not None
    return here.order


def test_the_price_of_a_bundle_is_its_own_and_each_part_has_the_tax_of_its_class() -> None:
    found = priced(phone(units("BOX", 2)), known(), NOW_S).draft
    assert [(line.sku, line.quantity, line.tax_minor, line.taxes[0].rate) for line in found.lines] == [
        ("MUG", 2, 342, "0.19"),
        ("BOOK", 4, 252, "0.07"),
    ]
    assert (found.total_minor, found.bundles["B1"].price_minor) == (60_00 + 4_90, 30_00)


def test_the_catalogs_price_counts_before_that_of_the_recipe_and_without_either_the_parts_cost_what_they_cost() -> None:
    listed = priced(phone(units("BOX"), units("DUO")), known(BOX=Item("BOX", "Box", 25_00)), NOW_S).draft
    assert listed.total_minor == 25_00 + 2 * 11_90 + 4_90
    assert (listed.bundles["B1"].title, listed.bundles["B2"].saved_minor) == ("Box", {})


@pytest.mark.parametrize(
    ("sku", "cups", "price"),
    [
        ("PICK", "MUG", 10_70 + 11_90 + 1_00),
        ("PICK", "2 x MUG", 10_70 + 2 * 11_90 + 2_00),
        ("PAID", "MUG, BOOK", 20_00 + 1_00),
        ("PAID", "MUG, 2 x BOOK", 20_00 + 1_00 + 10_70),
        ("PAID", "3 x MUG", 20_00 + 3_00 + 11_90),
    ],
)
def test_what_is_chosen_beyond_what_the_price_includes_costs_what_it_costs_alone(
    sku: str, cups: str, price: int
) -> None:
    line = replace(units(sku), properties={"cups": cups})
    assert priced(phone(line), known(), NOW_S).draft.total_minor == price + 4_90


@pytest.mark.parametrize(
    ("cups", "lacking"),
    [
        ("NEW", "the catalog has no price of NEW"),
        ("9 x MUG", "PICK cannot be priced: cups: 9 chosen of 1 to 3"),
    ],
)
def test_a_bundle_that_cannot_be_priced_says_why(cups: str, lacking: str) -> None:
    line = replace(units("PICK"), properties={"cups": cups})
    assert [(lack.check, lack.detail) for lack in priced(phone(line), known(), NOW_S).lacks] == [(UNPRICED, lacking)]


def test_a_price_that_is_lacking_beyond_what_is_included_is_lacking_too() -> None:
    recipes = RECIPES | {"PAID": replace(RECIPES["PAID"], groups=(Group("cups", ("NEW",), 1, 5, 1),))}
    facts = known()
    facts.recipes = recipes
    line = replace(units("PAID"), properties={"cups": "2 x NEW"})
    assert [lack.detail for lack in priced(phone(line), facts, NOW_S).lacks] == ["the catalog has no price of NEW"]


def test_promotions_see_a_bundle_as_one_article_and_what_they_give_is_told_of_its_parts() -> None:
    free = replace(ONE_FREE, give=lambda basket: ONE_FREE.give.func(basket, skus=("DUO",)))  # type: ignore[attr-defined]
    found = priced(phone(units("DUO", 2)), known(free), NOW_S)
    assert [(line.quantity, line.discount_minor) for line in found.draft.lines] == [(2, 0), (2, 23_80)]
    assert found.told[0].given == {2: 23_80}
    assert (found.draft.bundles["B1"].parts, found.draft.bundles["B2"].parts) == ({1: 2}, {2: 2})


def test_an_order_that_waits_for_its_prices_is_made_into_parts_and_these_keep_their_states() -> None:
    facts = known(NEW=Item("NEW"))
    here = placed(phone(units("BOX", 2), units("NEW")), facts)
    assert [(line.sku, line.quantity) for line in order_of(here).lines] == [("MUG", 2), ("BOOK", 4), ("NEW", 1)]
    half = here.after(Cancel(line=2, quantity=1))
    facts.items["NEW"] = Item("NEW", price_minor=5_00)
    order = order_of(half.after(Validate()))
    gone: dict[str, Units] = {"MUG": ((1, 1),), "BOOK": ((1, 2),)}
    assert {line.sku: line.tally.get("canceled", ()) for line in order.lines} == {**gone, "NEW": ()}
    assert (order.unpriced, order.total_minor, keeps(order)) == (None, 69_90, 39_90)


def test_bundles_that_are_cut_keep_the_states_of_their_parts() -> None:
    free = replace(ONE_FREE, give=lambda basket: ONE_FREE.give.func(basket, skus=("BOX",)))  # type: ignore[attr-defined]
    facts = known(free, NEW=Item("NEW"))
    half = placed(phone(units("BOX", 2), units("NEW")), facts).after(Cancel(bundle="B1", quantity=1))
    facts.items["NEW"] = Item("NEW", price_minor=5_00)
    order = order_of(half.after(Price()))
    assert [(line.sku, line.quantity, *line.tally) for line in order.lines] == [
        ("MUG", 1, "canceled"), ("BOOK", 2, "canceled"), ("MUG", 1, "new"), ("BOOK", 2, "new"), ("NEW", 1, "new"),
    ]  # fmt: skip


def test_a_recipe_that_has_changed_meanwhile_makes_other_lines() -> None:
    facts = known(NEW=Item("NEW"))
    here = placed(phone(units("BOX"), units("NEW")), facts)
    facts.items["NEW"] = Item("NEW", price_minor=5_00)
    facts.recipes = RECIPES | {"BOX": replace(RECIPES["BOX"], parts=(Part("BOOK"), Part("MUG", 2)))}
    order = order_of(here.after(Validate()))
    assert [(line.sku, line.quantity) for line in order.lines] == [("BOOK", 1), ("MUG", 2), ("NEW", 1)]


def test_a_choice_that_does_not_fit_holds_the_order_until_it_is_corrected() -> None:
    facts = known()
    wrong = replace(phone(replace(units("PAID"), price_minor=20_00)), priced=True)
    here = placed(wrong, facts)
    order = order_of(here)
    assert [(each.check, each.line, each.detail, each.path) for each in order.failures] == [
        ("whole_bundles", 1, "PAID: cups: 0 chosen of 1 to 5", "lines[0]")
    ]
    right = replace(wrong, lines=(replace(wrong.lines[0], properties={"cups": "MUG"}),))
    after = order_of(here.after(CorrectOrder(right)))
    assert ([line.sku for line in after.lines], after.holds, after.failures) == (["MUG"], {}, ())


def test_amounts_that_cannot_be_spread_hold_the_order_and_parts_are_not_sold_alone() -> None:
    odd = phone(replace(units("BOX"), price_minor=-1), replace(units("BOOK"), price_minor=1))
    order = order_of(placed(replace(odd, priced=True), known()))
    assert [(each.check, each.detail) for each in order.failures] == [
        ("whole_bundles", "BOX: its amounts cannot be spread over its parts"),
        ("sold_only_in_bundles", "BOOK is sold in BOX only"),
    ]


def test_where_nothing_is_in_bundles_nothing_is_looked_at() -> None:
    order = order_of(new(facts()).after(PlaceOrder("phone-1", phone(units("MUG")))))
    assert [*whole_bundles(order, facts()), *sold_only_in_bundles(order, facts())] == []
