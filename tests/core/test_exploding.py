"""Exploding: a line of a bundle becomes lines of its parts, to the cent. Covers I-3 and I-6."""

from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from msgspec.structs import replace

from segue.core.bundles import Bundle, Group, Part, Recipe, Recipes, Rules, only_in, units_of
from segue.core.contents import pieces_of, wrong_choice
from segue.core.draft import Draft, Grant, Tax
from segue.core.exploding import exploded, fits, folded, in_parts
from segue.core.facts import Facts, Item
from segue.core.proration import lines_of, shipping_of
from tests.core.shop import draft, sold

KIT = Rules("together", "together", "together", "cancel")
DRINKS = Group("drinks", ("GIN", "TONIC"), 2, 4, free=3, extra_minor={"GIN": 5_00})
RECIPES: Recipes = {
    "BOX": Recipe("BOX", "kit", (Part("MUG"), Part("TEA", 2)), rules=KIT, title="Gift box"),
    "BIG": Recipe("BIG", "set", (Part("BOX", 2), Part("CARD")), rules=Rules(prepacked=True)),
    "FIXED": Recipe("FIXED", parts=(Part("MUG", weight=1), Part("TEA", 2, weight=1)), price_minor=9_00),
    "HAMPER": Recipe("HAMPER", "custom", (Part("BASKET"),), (DRINKS,), price_minor=40_00),
    "SUM": Recipe("SUM", parts=(Part("MUG"), Part("HAMPER"))),
    "ODD": Recipe("ODD", parts=(Part("NEW"), Part("TEA"))),
    "DEAR": Recipe("DEAR", parts=(Part("TEA"),)),
}
PRICES = {"MUG": 20_00, "TEA": 10_00, "CARD": 7_00, "BASKET": 10_00, "GIN": 30_00, "TONIC": 2_00}
ITEMS: dict[str, Item | None] = {sku: Item(sku, sku.title(), price) for sku, price in PRICES.items()}
ITEMS |= {"BOX": Item("BOX", "Box", 30_00), "NEW": Item("NEW")} | dict.fromkeys(
    ("BIG", "FIXED", "HAMPER", "SUM", "ODD")
)


def made(*lines: Any, **more: Any) -> Draft:
    return exploded(draft(*lines, **more), RECIPES, ITEMS)[0]


def nets(of: Draft) -> list[tuple[str, int, int]]:
    return [(line.sku, line.quantity, line.price_minor * line.quantity - line.discount_minor) for line in of.lines]


def test_a_price_is_spread_by_what_the_parts_cost_alone_and_the_rest_is_a_discount() -> None:
    found = made(sold("CAP"), sold("BOX", 2, 30_01))
    assert nets(found) == [("CAP", 1, 10_00), ("MUG", 2, 30_01), ("TEA", 4, 30_01)]
    assert [(line.price_minor, line.discount_minor, line.bundle, line.title) for line in found.lines[1:]] == [
        (20_00, 9_99, "B1", "Mug"),
        (10_00, 9_99, "B1", "Tea"),
    ]
    assert found.bundles == {
        "B1": Bundle("BOX", 2, {2: 1, 3: 2}, "Gift box", "kit", KIT, price_minor=30_01, saved_minor={2: 9_99, 3: 9_99})
    }


def test_declared_weights_count_instead_and_pieces_where_a_price_is_not_known() -> None:
    assert nets(made(sold("FIXED", 1, 9_00))) == [("MUG", 1, 3_00), ("TEA", 2, 6_00)]
    assert nets(made(sold("ODD", 1, 9_01))) == [("NEW", 1, 4_51), ("TEA", 1, 4_50)]
    assert nets(made(sold("BOX", 1, 0))) == [("MUG", 1, 0), ("TEA", 2, 0)]


def test_a_part_is_never_dearer_than_its_price_says() -> None:
    (line,) = made(sold("DEAR", 2, 12_35)).lines
    assert (line.price_minor, line.discount_minor) == (12_35, 0)


def test_a_bundle_in_a_bundle_has_its_share_and_follows_the_rules_of_the_outer_one() -> None:
    found = made(sold("BIG", 1, 60_00, title="The big one"))
    assert nets(found) == [("MUG", 2, 26_87), ("TEA", 4, 26_86), ("CARD", 1, 6_27)]
    outer, inner = found.bundles["B1"], found.bundles["B2"]
    assert (outer.title, outer.parts, outer.rules) == ("The big one", {1: 2, 2: 4, 3: 1}, Rules(prepacked=True))
    assert (inner.sku, inner.quantity, inner.inside, inner.parts) == ("BOX", 2, "B1", {1: 1, 2: 2})
    assert inner.rules == Rules()
    assert [line.bundle for line in found.lines] == ["B2", "B2", "B1"]


def test_what_a_customer_chose_is_made_into_lines_and_stays_with_the_bundle() -> None:
    chosen = {"drinks": "GIN, 3 x TONIC", "card": "For Ada"}
    found = made(sold("HAMPER", 1, 47_00, properties=chosen))
    assert nets(found) == [("BASKET", 1, 10_22), ("GIN", 1, 30_65), ("TONIC", 3, 6_13)]
    assert [line.properties for line in found.lines] == [{"card": "For Ada"}] * 3
    assert found.bundles["B1"].choice == {"drinks": "GIN, 3 x TONIC"}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "drinks: 0 chosen of 2 to 4"),
        ("5 x GIN", "drinks: 5 chosen of 2 to 4"),
        ("GIN and TONIC", "drinks: `GIN and TONIC` cannot be read"),
        ("GIN, RUM", "drinks: RUM cannot be chosen; there: GIN, TONIC"),
    ],
)
def test_a_choice_that_breaks_its_groups_leaves_the_line_as_it_is(text: str, wrong: str) -> None:
    assert list(wrong_choice(RECIPES["SUM"], {"drinks": text}, RECIPES)) == [wrong]
    assert nets(made(sold("SUM", 1, 50_00, properties={"drinks": text}))) == [("SUM", 1, 50_00)]


def test_a_group_of_a_certain_number_says_just_that() -> None:
    fixed = {"TRIO": Recipe("TRIO", groups=(Group("three", ("MUG",), 3, 3),))}
    assert list(wrong_choice(fixed["TRIO"], {}, fixed)) == ["three: 0 chosen of 3"]


def test_pieces_are_named_with_commas_and_counts() -> None:
    assert pieces_of("A, 2 x B,3*C , ") == (("A", 1), ("B", 2), ("C", 3))


@pytest.mark.parametrize(
    "line", [sold("BOX", 0), sold("BOX", -1), sold("BOX", discount_minor=10_01), sold("BOX", 1, -5)]
)
def test_a_line_whose_amounts_cannot_be_stays_as_it_is(line: Any) -> None:
    assert made(line).lines == (line,)


def test_taxes_are_spread_each_by_itself_and_one_without_a_name_too() -> None:
    named = sold("BOX", 1, 30_00, tax_minor=5_01, taxes=(Tax("VAT", 4_00, "0.13"), Tax("CITY", 1_00)))
    found = made(named).lines
    assert [line.tax_minor for line in found] == [2_51, 2_50]
    assert found[0].taxes == (Tax("VAT", 2_00, "0.13"), Tax("CITY", 50), Tax("", 1))
    assert [line.taxes for line in made(sold("BOX", 1, 30_00, tax_minor=4_01)).lines] == [(), ()]
    assert [line.tax_minor for line in made(sold("BOX", 1, 0, tax_minor=3)).lines] == [2, 1]


def test_what_a_promotion_gave_to_a_bundle_lies_on_its_parts() -> None:
    grant = Grant("spring", given={1: 6_00, 2: 1_00}, units={1: ((2, 2),), 2: ((1, 1),)}, without={1: 33_00, 2: 10_00})
    lines = (sold("BOX", 2, 30_00, discount_minor=6_00), sold("CAP", discount_minor=1_00))
    (found,) = made(*lines, grants=(replace(grant, condition={1: ((1, 2),), 9: ((1, 1),)}),)).grants
    assert found.given == {1: 3_00, 2: 3_00, 3: 1_00}
    assert found.units == {1: ((2, 2),), 2: ((3, 4),), 3: ((1, 1),)}
    assert found.without == {1: 16_50, 2: 16_50, 3: 10_00}
    assert found.condition == {1: ((1, 2),), 2: ((1, 4),)}


@pytest.mark.parametrize("given", [7_00, -1])
def test_a_grant_that_is_no_part_of_the_discount_changes_nothing_about_that(given: int) -> None:
    grant = Grant("odd", given={1: given}, without={1: 30_00})
    found = made(sold("BOX", 1, 30_00, discount_minor=6_00), grants=(grant,), taxes_included=True)
    assert nets(found) == [("MUG", 1, 12_00), ("TEA", 2, 12_00)]
    assert sum(found.grants[0].given.values()) == given
    assert sum(found.grants[0].without.values()) == 30_00


def test_a_free_bundle_costs_what_its_grant_says_without_it() -> None:
    grant = Grant("free", given={1: 30_00}, without={1: 30_00})
    found = made(sold("BOX", 1, 30_00, discount_minor=30_00), grants=(grant,))
    assert found.grants[0].without == {1: 10_00, 2: 20_00}


@pytest.mark.parametrize("lines", [(sold("BOX", 2, 30_01), sold("CAP")), (sold("BIG", 1, 60_00),)])
def test_what_was_made_into_parts_fits_and_is_folded_again(lines: Any) -> None:
    known = draft(*lines)
    found = made(*lines)
    assert fits(found)
    again = folded(found, RECIPES)
    assert [(line.sku, line.quantity, line.price_minor) for line in again.lines] == [
        (line.sku, line.quantity, line.price_minor) for line in known.lines
    ]
    assert again.bundles == {}
    assert folded(found, {}).lines == tuple(replace(line, bundle="") for line in found.lines)


def test_the_choice_and_the_location_are_folded_too() -> None:
    sent = sold("HAMPER", 1, 45_00, properties={"drinks": "2 x GIN", "card": "x"}, location="DAL")
    assert folded(made(sent), RECIPES).lines == (sent,)


def odd_ones() -> list[dict[str, Any]]:
    right = made(sold("BOX", 2, 30_01)).bundles["B1"]
    return [
        {"bundles": {"B1": replace(right, quantity=0)}},
        {"bundles": {"B1": replace(right, parts={})}},
        {"bundles": {"B1": replace(right, inside="B1")}},
        {"bundles": {"B1": replace(right, parts={1: 2, 2: 2})}},
        {"bundles": {"B1": replace(right, parts={1: 1, 9: 2})}},
        {"bundles": {"B1": replace(right, parts={1: 1})}},
        {"bundles": {"B2": right}},
    ]


@pytest.mark.parametrize("changes", odd_ones())
def test_bundles_of_a_channel_that_are_unlike_its_lines_are_a_mistake(changes: dict[str, Any]) -> None:
    sent = replace(made(sold("BOX", 2, 30_01)), **changes)
    assert not fits(sent)
    found = in_parts(sent, Facts())
    assert found.bundles == {}
    assert [mistake.code for mistake in found.mistakes] == ["bundles_unlike_their_lines"]


def test_bundles_that_a_channel_made_into_parts_itself_stay_beside_those_of_the_shop() -> None:
    sent = made(sold("BOX", 2, 30_01))
    facts = Facts()
    facts.items = dict(ITEMS)
    assert in_parts(sent, facts) == sent
    facts.recipes = RECIPES
    both = in_parts(replace(sent, lines=(sold("BOX", 1, 30_00), *sent.lines), bundles=moved(sent.bundles, 1)), facts)
    assert {key: bundle.parts for key, bundle in both.bundles.items()} == {"B1": {3: 1, 4: 2}, "B2": {1: 1, 2: 2}}
    assert both.bundles["B1"].saved_minor == {3: 9_99, 4: 9_99}
    assert fits(both)


def moved(bundles: dict[str, Bundle], by: int) -> dict[str, Bundle]:
    return {
        key: replace(
            bundle,
            parts={number + by: per for number, per in bundle.parts.items()},
            saved_minor={number + by: saved for number, saved in bundle.saved_minor.items()},
        )
        for key, bundle in bundles.items()
    }


def test_a_recipe_knows_its_articles_and_which_are_not_sold_alone() -> None:
    assert units_of("BIG", RECIPES) == {"MUG": 2, "TEA": 4, "CARD": 1}
    assert units_of("MUG", RECIPES) == {"MUG": 1}
    assert only_in(RECIPES) == {"MUG": ("BOX",), "TEA": ("BOX",)}
    choosing = replace(RECIPES["HAMPER"], rules=KIT)
    assert only_in({"HAMPER": choosing}) == dict.fromkeys(("BASKET", "GIN", "TONIC"), ("HAMPER",))


@forall(
    st.lists(
        st.tuples(st.sampled_from(("BOX", "BIG", "FIXED", "CAP")), st.integers(1, 5), st.integers(0, 99_99)), min_size=1
    ),
    st.data(),
)
def test_whatever_is_sold_its_parts_cost_the_same_to_the_cent(
    lines: list[tuple[str, int, int]], data: st.DataObject
) -> None:
    sent = []
    for sku, quantity, price in lines:
        off, tax = data.draw(st.integers(0, price * quantity)), data.draw(st.integers(0, 9_99))
        sent.append(sold(sku, quantity, price, discount_minor=off, tax_minor=tax))
    known = draft(*sent, shipping_minor=4_99)
    found = exploded(known, RECIPES, ITEMS)[0]
    assert sum(line.paid_minor for line in lines_of(found)) == sum(line.paid_minor for line in lines_of(known))
    assert sum(line.tax_minor for line in found.lines) == sum(line.tax_minor for line in known.lines)
    assert all(0 <= line.discount_minor <= line.price_minor * line.quantity for line in found.lines)
    assert shipping_of(found) == shipping_of(known)
    assert fits(found)
