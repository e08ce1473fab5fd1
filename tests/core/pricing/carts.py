"""Carts and promotions: made by hand for examples, and by chance for laws."""

from fractions import Fraction
from functools import partial
from typing import Any

from hypothesis import strategies as st

from segue.core.draft import Destination, Draft, DraftLine
from segue.core.pricing.discounting import Discounted, Told, discounted
from segue.core.promotion import DISCOUNTS, Bought, Goods, Needs, Promotion, compiled
from segue.policies import discounts

TAGS = {"MUG": ("kitchen",), "CUP": ("kitchen",), "CAP": ("wear",), "TEE": ("wear",), "BAG": ()}
SKUS = tuple(TAGS)
OTHER = "OTHER"  # what no promotion names
NOW_S = 1_000_000
NO_NEEDS = Needs()


def cart(*lines: tuple[str, int, int], **fields: Any) -> Draft:
    """A cart of lines (SKU, quantity, list price), in euros, with 500 for the shipping."""
    sold = tuple(DraftLine(sku, quantity, price) for sku, quantity, price in lines)
    usual = {"channel": "web", "channel_order_id": "1", "placed_at_s": 0, "currency": "EUR", "total_minor": 0}
    return Draft(**{**usual, "lines": sold, "shipping_minor": 500, "priced": False, **fields})


def promotion(name: str, mechanism: str, needs: Needs = NO_NEEDS, /, **fields: Any) -> Promotion:
    """A promotion; what is not a field of it is a parameter of its mechanism."""
    function = getattr(discounts, mechanism)
    given = {key: fields.pop(key) for key in list(fields) if key not in Promotion.__struct_fields__}
    for key in ("percent",):
        if key in given:
            given[key] = Fraction(given[key])
    return Promotion(name, DISCOUNTS[function.__policy__], mechanism, partial(function, **given), needs, **fields)


def priced(basket: Draft, *promotions: Promotion, uses: dict[str, int] | None = None, now_s: int = NOW_S) -> Discounted:
    """The cart with these promotions."""
    return discounted(basket, compiled(promotions), uses or {}, now_s, TAGS)


def told_of(found: Discounted, name: str) -> Told:
    """What is told of a promotion."""
    return next(told for told in found.told if told.promotion == name)


def left(found: Discounted) -> list[tuple[str, int, int]]:
    """The lines after all discounts: SKU, quantity, what is left to pay."""
    return [
        (line.sku, line.quantity, line.price_minor * line.quantity - line.discount_minor) for line in found.draft.lines
    ]


def given(found: Discounted) -> list[tuple[str, dict[int, int], int]]:
    """The grants: promotion, minor units off by line, off the shipping."""
    return [(grant.promotion, grant.given, grant.shipping_minor) for grant in found.draft.grants]


SOME_GOODS = st.sampled_from(
    [("skus", ("MUG",)), ("skus", ("CAP", "BAG")), ("tags", ("wear",)), ("tags", ("kitchen", "wear"))]
)
PERCENTS = st.sampled_from([Fraction(text) for text in ("1", "10", "12.5", "33.3", "50", "100")])
COUNTS = st.integers(1, 3)


@st.composite
def mechanisms(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A mechanism, and what it takes."""
    key, goods = draw(SOME_GOODS)
    percent = draw(PERCENTS)
    name = draw(
        st.sampled_from(
            ["percent_off_goods", "amount_off_goods", "buy_and_get", "get_others", "same_sku", "bundle_price",
             "percent_off_order", "amount_off_order", "free_shipping", "percent_off_shipping", "amount_off_shipping"]
        )
    )  # fmt: skip
    groups = {"buy": draw(COUNTS), "get": draw(COUNTS), "percent": percent, "times": draw(st.integers(1, 4))}
    takes: dict[str, dict[str, Any]] = {
        "percent_off_goods": {"percent": percent, key: goods},
        "amount_off_goods": {"off_minor": draw(st.integers(1, 900)), key: goods},
        "buy_and_get": {**groups, key: goods},
        "get_others": {**groups, "skus": ("MUG", "CUP"), "get_tags": ("wear",)},
        "same_sku": {**groups, key: goods, "same_sku": True},
        "bundle_price": {"skus": ("MUG", "CAP", "CAP"), "price_minor": draw(st.integers(1, 900))},
        "percent_off_order": {"percent": percent},
        "amount_off_order": {"off_minor": draw(st.integers(1, 5_000))},
        "free_shipping": {},
        "percent_off_shipping": {"percent": percent},
        "amount_off_shipping": {"off_minor": draw(st.integers(1, 700))},
    }
    return {"get_others": "buy_and_get", "same_sku": "buy_and_get"}.get(name, name), takes[name]


@st.composite
def needed(draw: st.DrawFn) -> Needs:
    """What a promotion needs, if anything."""
    key, goods = draw(SOME_GOODS)
    rarely = st.booleans().flatmap(lambda first: st.booleans() if first else st.just(False))
    return Needs(
        subtotal_from_minor=draw(st.sampled_from([0, 0, 0, 5_000, 20_001, 60_000])),
        items=(Bought(Goods(**{key: goods}), draw(st.integers(1, 5))),) if draw(rarely) else (),
        codes=draw(st.sampled_from([(), (), ("SPRING",), ("SPRING", "VIP5")])),
        tiers=("gold",) if draw(rarely) else (),
        methods=("express",) if draw(rarely) else (),
        channels=("app",) if draw(rarely) else (),
        countries=("DE", "AT") if draw(rarely) else (),
    )


@st.composite
def promotions(draw: st.DrawFn, name: str) -> Promotion:
    """Any promotion that may stand alone."""
    mechanism, takes = draw(mechanisms())
    return promotion(
        name,
        mechanism,
        draw(needed()),
        from_s=draw(st.sampled_from([None, None, NOW_S, NOW_S + 10])),
        per_customer=draw(st.sampled_from([None, None, 1, 2])),
        on_return=draw(st.sampled_from(["prorate", "reclaim", "keep"])),
        **takes,
    )


@st.composite
def stacked(draw: st.DrawFn) -> tuple[Promotion, ...]:
    """Up to seven promotions, some of which do not go together."""
    names = [f"p{number}" for number in range(draw(st.integers(1, 7)))]
    some = st.lists(st.sampled_from(names), max_size=2).map(tuple)
    return tuple(
        Promotion(
            **{
                **{field: getattr(each, field) for field in each.__struct_fields__},
                "alone": draw(st.sampled_from([False, False, False, True])),
                "only_with": draw(st.one_of(st.none(), st.none(), some)),
                "excludes": draw(st.one_of(st.just(()), some)),
                "group": draw(st.sampled_from(["", "", "best"])),
                "needs": Needs(**{**_fields(each.needs), "paid_from_minor": draw(st.sampled_from([0, 0, 9_000]))}),
            }
        )
        for each in [draw(promotions(name)) for name in names]
    )


def _fields(needs: Needs) -> dict[str, Any]:
    return {field: getattr(needs, field) for field in needs.__struct_fields__}


@st.composite
def carts(draw: st.DrawFn) -> Draft:
    """Any cart of one to five lines."""
    line = st.tuples(st.sampled_from((*SKUS, OTHER)), st.integers(1, 7), st.integers(1_000, 9_999))
    return cart(
        *draw(st.lists(line, min_size=1, max_size=5)),
        codes=draw(st.sampled_from([(), (" spring",), ("Vip5", "WRONG")])),
        tier=draw(st.sampled_from(["", "gold"])),
        ship_method=draw(st.sampled_from(["standard", "express"])),
        ship_to=Destination(draw(st.sampled_from(["DE", "FR"]))),
        person=draw(st.sampled_from(["", "ada"])),
        shipping_minor=draw(st.integers(100, 999)),
    )
