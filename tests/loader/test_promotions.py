"""Promotions: what promotions.yaml comes to, and every mistake in it with its place."""

import re
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from segue.core.facts import Item
from segue.core.policy import policies_in, policy
from segue.core.pricing.basket import Basket, Offer
from segue.core.promotion import Bought, Goods, Needs, Promotions
from segue.loader.problems import Problems
from segue.loader.promotion_needs import Around
from segue.loader.promotions import promotions, promotions_of
from segue.loader.reading import parse_tree
from segue.policies import discounts

ITEMS = {"MUG": Item("MUG", tags=("kitchen",)), "CAP": Item("CAP", tags=("wear",)), "TEE": Item("TEE", tags=("wear",))}
AROUND = Around(policies_in([discounts]), ZoneInfo("Europe/Berlin"), ITEMS, ("standard", "express"), ("web",), "EUR")


class Case(NamedTuple):
    """A file, and what is said about it."""

    name: str
    text: str
    mistakes: list[str]


def cases() -> list[Case]:
    """The cases of broken_promotions.txt."""
    text = Path(__file__).with_name("broken_promotions.txt").read_text(encoding="utf-8")
    found = []
    for part in text.split("\n### ")[1:]:
        name, _, rest = part.partition("\n")
        source, _, mistakes = rest.partition("---\n")
        found.append(Case(name, source, mistakes.strip().splitlines()))
    return found


def read(text: str, around: Around = AROUND) -> tuple[Promotions, list[str]]:
    """The promotions of a text, and its mistakes as they are printed."""
    problems = Problems()
    tree = parse_tree(text, "promotions.yaml", problems)
    found = promotions_of(tree, around, problems) if tree else Promotions()
    return found, [str(problem) for problem in problems.sorted()]


def loaded(text: str, around: Around = AROUND) -> Promotions:
    """The promotions of a text without a mistake."""
    found, mistakes = read(text, around)
    assert mistakes == []
    return found


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_every_mistake_is_found_with_its_place(case: Case) -> None:
    assert read(case.text)[1] == case.mistakes


def test_there_are_cases_and_each_has_a_mistake() -> None:
    assert len(cases()) >= 12
    assert all(case.mistakes for case in cases())


ALL = """
tiers: [gold]
promotions:
  spring:
    gives: {percent_off_order: {percent: 12.5}}
    needs:
      subtotal_from: 5000
      subtotal_of: {tags: [wear]}
      items: [{skus: [MUG], count: 2}, {tags: [wear]}]
      codes: [spring, Spring2]
      tiers: [gold]
      methods: [express]
      channels: [web]
      countries: [DE]
    from: 2026-12-01
    until: 2026-12-24
    limits: {per_code: 100, per_customer: 1}
    excludes: [ship]
    group: best
    on_return: reclaim
  mugs:
    gives: {buy_and_get: {skus: [MUG], buy: 2, percent: 50}}
    stacks: {only_with: [ship]}
    group: best
    on_return: keep
  ship:
    gives: free_shipping
    from: 2026-12-01T18:00
    until: 2026-12-01T18:00:30Z
  alone:
    gives: {percent_by_tier: {percents: {gold: 5}}}
    stacks: alone
"""


def berlin(*at: int) -> int:
    """An instant in the shop's time."""
    return int(datetime(*at, tzinfo=AROUND.zone).timestamp())  # type: ignore[misc,arg-type]


def test_promotions_have_what_the_file_says() -> None:
    spring, mugs, ship, alone = loaded(ALL).listed
    assert spring.needs == Needs(
        subtotal_from_minor=5000,
        subtotal_of=Goods(tags=("wear",)),
        items=(Bought(Goods(("MUG",)), 2), Bought(Goods(tags=("wear",)), 1)),
        codes=("SPRING", "SPRING2"),
        tiers=("gold",),
        methods=("express",),
        channels=("web",),
        countries=("DE",),
    )
    assert (spring.per_code, spring.per_customer, spring.on_return, spring.group) == (100, 1, "reclaim", "best")
    assert [(each.name, each.level, each.mechanism) for each in (spring, mugs, ship, alone)] == [
        ("spring", "order", "percent_off_order"),
        ("mugs", "goods", "buy_and_get"),
        ("ship", "shipping", "free_shipping"),
        ("alone", "order", "percent_by_tier"),
    ]
    assert (mugs.on_return, mugs.only_with, alone.alone, ship.on_return) == ("keep", ("ship",), True, "prorate")


def test_a_mechanism_has_its_parameters_bound_and_percentages_are_exact() -> None:
    spring, mugs, *_ = loaded(ALL).listed
    bound: Any = spring.give
    assert (bound.func, bound.keywords) == (discounts.percent_off_order, {"percent": Fraction(25, 2)})
    bound = mugs.give
    assert bound.keywords == {"skus": ("MUG",), "buy": 2, "percent": Fraction(50)}


def test_days_begin_at_midnight_of_the_shop_and_the_last_one_counts() -> None:
    spring, _, ship, _ = loaded(ALL).listed
    assert (spring.from_s, spring.until_s) == (berlin(2026, 12, 1), berlin(2026, 12, 25))
    assert (ship.from_s, ship.until_s) == (
        berlin(2026, 12, 1, 18),
        int(datetime(2026, 12, 1, 18, 0, 30, tzinfo=UTC).timestamp()),
    )


def test_what_does_not_go_together_does_so_both_ways() -> None:
    found = loaded(ALL)
    assert found.conflicts == (0b1110, 0b1001, 0b1001, 0b0111)
    assert found.turns == (1, 0, 3, 2)
    assert found.currency == "EUR"


def test_without_a_catalog_any_goods_may_be_named() -> None:
    text = "promotions:\n  a: {gives: {percent_off_goods: {percent: 1, skus: [X], tags: [y]}}}\n"
    (promotion,) = loaded(text, AROUND._replace(items={})).listed
    assert promotion.mechanism == "percent_off_goods"


def test_a_plug_in_s_mechanism_is_named_and_checked_like_the_built_in_ones() -> None:
    def every_other(basket: Basket, *, skus: tuple[str, ...], off_minor: int = 1, note: str = "") -> Offer:
        """Something of a shop's own."""
        return Offer()

    policy("goods_discount")(every_other)
    module: Any = type("Module", (), {"every_other": every_other})
    around = AROUND._replace(registry=policies_in([module]))
    text = "promotions:\n  a: {gives: {every_other: {skus: [MUGG], off: 0, note: x}}}\n"
    assert read(text, around)[1] == [
        "promotions.yaml:2:36: the SKU `MUGG` is not in catalog.csv; did you mean `MUG`?",
        "promotions.yaml:2:48: 0 is out of range; it has to be at least 1",
    ]


def test_a_shop_has_a_limited_number_of_promotions() -> None:
    many = "".join(f"  p{number}: {{gives: free_shipping}}\n" for number in range(1_001))
    assert read("promotions:\n" + many)[1] == ["promotions.yaml:1:1: a shop has at most 1000 promotions"]


def test_a_shop_without_the_file_has_no_promotions(tmp_path: Path) -> None:
    problems = Problems()
    assert promotions(tmp_path, AROUND, problems) == Promotions()
    (tmp_path / "promotions.yaml").write_text("promotions: {a: {gives: free_shipping}}\n")
    assert [each.name for each in promotions(tmp_path, AROUND, problems).listed] == ["a"]
    assert not len(problems)


JUNK = ("", "[]", "{}", "[[]]", "{a: {}}", "[{}, x]", "-1", "9" * 30, "1e999", ".5", "true", "2026-13-01", "'é'")


@pytest.mark.parametrize("number", range(1, len(ALL.splitlines())))
@pytest.mark.parametrize("junk", JUNK)
def test_whatever_stands_where_a_value_should_be_is_told_with_its_place_if_it_is_wrong(number: int, junk: str) -> None:
    lines = ALL.splitlines()
    lines[number] = f"{lines[number].partition(':')[0]}: {junk}"
    mistakes = read("\n".join(lines))[1]
    assert all(re.match(r"promotions\.yaml:[0-9]+:[0-9]+: .", mistake) for mistake in mistakes)
