"""Laws of discounts, for any cart and any promotions: no cent lost, exclusions and limits hold. Covers H-1."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import given as chance
from hypothesis import strategies as st
from msgspec.structs import replace

from segue.core.amounts import of_units
from segue.core.draft import Destination, Draft, DraftLine, Grant
from segue.core.pricing.basket import fits
from segue.core.pricing.discounting import Discounted
from segue.core.promotion import Goods, Lack, Promotion, compiled
from segue.core.tally import size
from tests.core.pricing.carts import NOW_S, OTHER, TAGS, carts, priced, promotion, promotions, stacked, told_of

USES = st.dictionaries(
    st.sampled_from(["SPRING", "SPRING|ada", "VIP5|ada", "p0", "p0|ada", "p1|ada"]), st.integers(0, 2)
)


@chance(carts(), stacked(), USES)
def test_no_cent_is_lost_and_nothing_falls_below_nothing(
    basket: Draft, listed: tuple[Promotion, ...], uses: dict[str, int]
) -> None:
    found = priced(basket, *listed, uses=uses)
    by_line: Counter[int] = Counter()
    for grant in found.draft.grants:
        by_line.update(grant.given)
        assert all(off > 0 for off in grant.given.values())
    for number, line in enumerate(found.draft.lines, 1):
        assert line.discount_minor == by_line.pop(number, 0)
        assert 0 <= line.discount_minor <= line.price_minor * line.quantity
    assert not by_line
    shipping = sum(grant.shipping_minor for grant in found.draft.grants)
    assert found.draft.shipping_minor == basket.shipping_minor - shipping >= 0
    assert found.draft.discount_minor == basket.discount_minor


@chance(carts(), stacked(), USES)
def test_cut_lines_add_up_to_what_was_ordered_in_its_order(
    basket: Draft, listed: tuple[Promotion, ...], uses: dict[str, int]
) -> None:
    lines = list(priced(basket, *listed, uses=uses).draft.lines)
    for ordered in basket.lines:
        count = 0
        while count < ordered.quantity:
            piece = lines.pop(0)
            assert piece == replace(ordered, quantity=piece.quantity, discount_minor=piece.discount_minor)
            count += piece.quantity
        assert count == ordered.quantity
    assert not lines


@chance(carts(), stacked(), USES)
def test_grants_name_units_that_there_are_each_in_one_group_of_a_promotion(
    basket: Draft, listed: tuple[Promotion, ...], uses: dict[str, int]
) -> None:
    found = priced(basket, *listed, uses=uses)
    for told in found.told:
        grants = [grant for grant in found.draft.grants if grant.promotion == told.promotion]
        assert told.times == len(grants)
        for line, units in told.units.items():
            assert units[0][0] >= 1
            assert units[-1][1] <= found.draft.lines[line - 1].quantity
            assert size(units) <= sum(size(grant.units.get(line, ())) for grant in grants)
            if not any(grant.condition for grant in grants) and not any(grant.from_minor for grant in grants):
                assert size(units) == sum(size(grant.units.get(line, ())) for grant in grants)
        assert all(line in grant.units for grant in grants for line in grant.given)


@chance(carts(), stacked(), USES)
def test_what_does_not_go_together_does_not_apply_together(
    basket: Draft, listed: tuple[Promotion, ...], uses: dict[str, int]
) -> None:
    found = priced(basket, *listed, uses=uses)
    conflicts = compiled(listed).conflicts
    applied = [at for at, each in enumerate(listed) if told_of(found, each.name).times]
    assert not any(conflicts[one] >> other & 1 for one in applied for other in applied)
    for at, each in enumerate(listed):
        for lack in told_of(found, each.name).lacks:
            if lack.kind == "excluded":
                (by,) = lack.names
                assert told_of(found, by).times
                assert conflicts[at] >> [other.name for other in listed].index(by) & 1


@chance(carts(), stacked(), USES)
def test_every_promotion_applies_or_is_told_why_not(
    basket: Draft, listed: tuple[Promotion, ...], uses: dict[str, int]
) -> None:
    found = priced(basket, *listed, uses=uses)
    known = {code for each in listed for code in each.needs.codes}
    unknown = [code for code in dict.fromkeys(code.strip().upper() for code in basket.codes) if code not in known]
    assert [told.promotion for told in found.told] == [each.name for each in listed] + [""] * len(unknown)
    assert [told.code for told in found.told if not told.promotion] == unknown
    for told in found.told:
        assert bool(told.times) != bool(told.lacks or not told.promotion)


@chance(carts(), stacked(), USES)
def test_no_counter_is_taken_from_that_is_used_up(
    basket: Draft, listed: tuple[Promotion, ...], uses: dict[str, int]
) -> None:
    found = priced(basket, *listed, uses=uses)
    for key, most in found.uses.items():
        assert uses.get(key, 0) < most
    for each in listed:
        if told_of(found, each.name).times and each.per_customer is not None:
            name = told_of(found, each.name).code or each.name
            assert basket.person
            assert found.uses[f"{name}|{basket.person}"] <= each.per_customer


@chance(carts(), stacked(), USES)
def test_the_return_policy_moves_cents_but_makes_none(
    basket: Draft, listed: tuple[Promotion, ...], uses: dict[str, int]
) -> None:
    totals = set()
    for policy in ("prorate", "reclaim", "keep"):
        same = [replace(each, on_return=policy) for each in listed if each.level == "goods"][:1]
        found = priced(basket, *same, uses=uses)
        totals.add(sum(line.discount_minor for line in found.draft.lines))
    assert len(totals) == 1


@chance(carts(), stacked(), USES)
def test_without_a_promotion_a_group_costs_what_it_costs_with_it_and_what_it_gave(
    basket: Draft, listed: tuple[Promotion, ...], uses: dict[str, int]
) -> None:
    found = priced(basket, *listed, uses=uses)
    for grant in found.draft.grants:
        assert bool(grant.without) == (grant.on_return == "reclaim")
        for line, cost in grant.without.items():
            sold, units = found.draft.lines[line - 1], grant.units[line]
            paid = sold.price_minor * size(units) - of_units(sold.discount_minor, sold.quantity, units)
            assert cost == paid + grant.given.get(line, 0)
        assert all(size(units) == size(_common(grant, line)) for line, units in grant.condition.items())


def _common(grant: Grant, line: int) -> tuple[tuple[int, int], ...]:
    """The units of a condition that are in the grant's group too."""
    units = {number for first, last in grant.units[line] for number in range(first, last + 1)}
    wanted = {number for first, last in grant.condition[line] for number in range(first, last + 1)}
    return tuple((number, number) for number in sorted(units & wanted))


@chance(carts(), st.integers(1, 3), st.integers(1, 3), st.booleans())
def test_who_buys_some_gets_the_cheapest_free_as_often_as_they_fit(
    basket: Draft, buy: int, get: int, keep: bool
) -> None:
    offer = promotion("b", "buy_and_get", buy=buy, get=get, tags=("wear",), on_return="keep" if keep else "prorate")
    found = priced(basket, offer)
    prices = sorted(
        line.price_minor for line in basket.lines for _ in range(line.quantity) if "wear" in TAGS.get(line.sku, ())
    )
    free = prices[: len(prices) // (buy + get) * get]
    assert sum(line.discount_minor for line in found.draft.lines) == sum(free)
    if keep:
        nothing = [line for line in found.draft.lines if line.discount_minor]
        assert all(line.discount_minor == line.price_minor * line.quantity for line in nothing)
        assert sum(line.quantity for line in nothing) == len(free)


MENDABLE = {"value", "goods", "code", "tier", "method", "channel", "country", "customer", "from"}


@chance(carts(), promotions("p"))
def test_the_smallest_change_makes_it_apply_and_anything_less_does_not(basket: Draft, alone: Promotion) -> None:
    lacks = told_of(priced(basket, alone), "p").lacks
    if not lacks:
        return
    assert {lack.kind for lack in lacks} <= MENDABLE
    assert told_of(changed(basket, alone, lacks), "p").times
    for lack in lacks:
        others = tuple(each for each in lacks if each is not lack)
        if lack.count <= 1:
            less = others
        elif lack.kind == "value" and any(each.kind == "goods" for each in others):
            continue  # the goods that lack beside it may be worth more than that
        else:
            less = (*others, replace(lack, count=lack.count - 1))
        if lack.kind != "goods" or not any(each.kind == "goods" for each in others):
            assert not told_of(changed(basket, alone, less), "p").times


def changed(basket: Draft, alone: Promotion, lacks: tuple[Lack, ...]) -> Discounted:
    """What becomes of the cart with just so much changed."""
    now_s = NOW_S
    added: list[DraftLine] = []
    for lack in sorted(lacks, key=lambda each: each.kind == "value"):  # goods first, since they are worth something
        if lack.kind == "goods" and (short := lack.count - _fitting(added, lack.goods)) > 0:
            added.append(DraftLine(_one_of(lack.goods), short, 1_000))
        elif (
            lack.kind == "value" and (value := lack.count - sum(line.price_minor * line.quantity for line in added)) > 0
        ):
            added.append(DraftLine(OTHER, 1, value))
        elif lack.kind == "from":
            now_s = lack.count
        elif lack.kind in CHANGES:
            basket = replace(basket, **CHANGES[lack.kind](lack))
    return priced(replace(basket, lines=(*basket.lines, *added)), alone, now_s=now_s)


def _fitting(lines: list[DraftLine], goods: Goods) -> int:
    return sum(line.quantity for line in lines if fits(line.sku, TAGS.get(line.sku, ()), goods.skus, goods.tags))


def _one_of(goods: Goods) -> str:
    """A SKU of these goods."""
    return goods.skus[0] if goods.skus else next(sku for sku, tags in TAGS.items() if set(tags) & set(goods.tags))


CHANGES: dict[str, Callable[[Lack], dict[str, Any]]] = {
    "code": lambda lack: {"codes": lack.names[:1]},
    "tier": lambda lack: {"tier": lack.names[0]},
    "method": lambda lack: {"ship_method": lack.names[0]},
    "channel": lambda lack: {"channel": lack.names[0]},
    "country": lambda lack: {"ship_to": Destination(lack.names[0])},
    "customer": lambda lack: {"person": "bob"},
}
