"""Discounts against a plain model in exact fractions, in the order that M6 says. Covers H-1."""

from fractions import Fraction
from math import floor
from typing import Any

from hypothesis import given as chance
from hypothesis import strategies as st

from segue.core.draft import Draft
from tests.core.pricing.carts import PERCENTS, SOME_GOODS, TAGS, carts, priced, promotion

Said = tuple[str, dict[str, Any]]  # a mechanism, and what it takes
LEVELS = (
    ("percent_off_goods", "amount_off_goods"),
    ("percent_off_order", "amount_off_order"),
    ("percent_off_shipping", "amount_off_shipping", "free_shipping"),
)


@st.composite
def said(draw: st.DrawFn) -> Said:
    """A discount that cuts no line."""
    name = draw(st.sampled_from([name for level in LEVELS for name in level]))
    takes: dict[str, Any] = {}
    if name.startswith("percent"):
        takes["percent"] = draw(PERCENTS)
    elif name.startswith("amount"):
        takes["off_minor"] = draw(st.integers(1, 4_000))
    return name, takes | dict([draw(SOME_GOODS)] if name.endswith("goods") else [])


def rounded(exact: Fraction) -> int:
    """Half up."""
    return floor(exact + Fraction(1, 2))


def spread(amount: int, weights: list[int]) -> list[int]:
    """By largest remainder, one cent at a time."""
    exact = [Fraction(amount * weight, sum(weights)) for weight in weights]
    shares = [floor(each) for each in exact]
    while sum(shares) < amount:
        gaps = [each - share for each, share in zip(exact, shares, strict=True)]
        shares[gaps.index(max(gaps))] += 1
    return shares


def off(takes: dict[str, Any], left: int, units: int = 1) -> int:
    """What one discount takes off what is left."""
    if "percent" in takes:
        return rounded(left * takes["percent"] / 100)
    at_most: int = takes.get("off_minor", left) * units
    return min(at_most, left)


def model(basket: Draft, discounts: list[Said]) -> tuple[list[int], int]:
    """What is left of each line and of the shipping."""
    left = [line.price_minor * line.quantity for line in basket.lines]
    shipping = basket.shipping_minor
    for level in LEVELS:
        for _, takes in (each for each in discounts if each[0] in level):
            if level is LEVELS[0]:
                for number, line in enumerate(basket.lines):
                    if line.sku in takes.get("skus", ()) or set(TAGS.get(line.sku, ())) & set(takes.get("tags", ())):
                        left[number] -= off(takes, left[number], line.quantity)
            elif level is LEVELS[1]:
                shares = spread(off(takes, sum(left)), left) if any(left) else []
                left = [each - share for each, share in zip(left, shares, strict=True)] if shares else left
            else:
                shipping -= off(takes, shipping)
    return left, shipping


@chance(carts(), st.lists(said(), max_size=8))
def test_discounts_come_to_what_the_model_says_in_the_order_of_levels_and_of_the_file(
    basket: Draft, discounts: list[Said]
) -> None:
    listed = [promotion(f"p{number}", name, **takes) for number, (name, takes) in enumerate(discounts)]
    found = priced(basket, *listed).draft
    left = [line.price_minor * line.quantity - line.discount_minor for line in found.lines]
    assert (left, found.shipping_minor) == model(basket, discounts)
