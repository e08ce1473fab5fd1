"""Discounts in words: which promotion took what off which units, to the cent."""

from msgspec.structs import replace

from segue.core.draft import Draft, Grant
from segue.core.explain.discounts import discounts
from segue.core.explain.happened import SENTENCES
from segue.core.explain.words import Tale
from segue.core.intake import OrderPlaced, born
from segue.core.price import OrderPriced
from tests.core.pricing.carts import cart, priced, promotion

CART = cart(("MUG", 3, 1_000), ("CAP", 2, 2_500))


def told(draft: Draft) -> str:
    """The sentence on the discounts of a cart."""
    return discounts(draft, Tale(born(None, OrderPlaced(id="1", workflow="w@1", draft=draft), 0), {}))


def granted(*grants: Grant) -> str:
    """The same, of these grants."""
    return told(replace(CART, grants=grants))


def test_an_order_without_discounts_says_nothing() -> None:
    assert granted() == ""


def test_each_unit_has_its_cents() -> None:
    assert granted(Grant("three_days", given={1: 1_000}, units={1: ((1, 3),)})) == (
        "; three days takes 10.00 EUR off line 1 (MUG): 3.34 EUR off unit 1 and 3.33 EUR each off units 2 to 3"
    )
    assert granted(Grant("even", given={1: 900}, units={1: ((1, 3),)})) == (
        "; even takes 9.00 EUR off line 1 (MUG): 3.00 EUR each off units 1 to 3"
    )
    assert granted(Grant("one", given={1: 900}, units={1: ((2, 2),)})) == (
        "; one takes 9.00 EUR off line 1 (MUG), unit 2"
    )
    assert granted(Grant("most", given={1: 1_001}, units={1: ((1, 1), (3, 3))})) == (
        "; most takes 10.01 EUR off line 1 (MUG): 5.01 EUR off unit 1 and 5.00 EUR off unit 3"
    )


def test_codes_shipping_and_several_lines_are_named() -> None:
    spring = Grant("spring", "SPRING", {1: 300, 2: 500}, 250, units={2: ((1, 2),)})
    assert granted(spring, Grant("free", shipping_minor=250)) == (
        "; spring (code SPRING) takes 3.00 EUR off line 1 (MUG), 5.00 EUR off line 2 (CAP): 2.50 EUR each off units 1 to 2"
        " and 2.50 EUR off the shipping; free takes 2.50 EUR off the shipping"
    )


def test_what_pricing_gives_is_told() -> None:
    found = priced(CART, promotion("three_for_two", "buy_and_get", buy=2, skus=("MUG",), on_return="keep"))
    assert told(found.draft) == "; three for two takes 10.00 EUR off line 2 (MUG), unit 1"


def test_an_order_that_is_priced_later_tells_its_discounts_too() -> None:
    found = priced(CART, promotion("free", "free_shipping"))
    tale = Tale(born(None, OrderPlaced(id="1", workflow="w@1", draft=CART), 0), {})
    assert SENTENCES[OrderPriced](OrderPriced(draft=found.draft), tale) == (
        "It came without prices; now it costs 0.00 EUR; free takes 5.00 EUR off the shipping"
    )
