"""Means of payment: what is usual, and what a shop lays over it."""

import pytest

from segue.core.means import Means, means_for
from segue.loader.problems import Problems
from segue.loader.reading import parse_tree
from segue.loader.tenders import read_means, usual_means

DAY_S = 86_400


def read(text: str) -> dict[str, Means]:
    problems = Problems()
    found = read_means(parse_tree(text, "shop.yaml", problems), problems)
    assert problems.sorted() == []
    return found


def test_usual_means_of_payment_need_not_be_described() -> None:
    assert read("{}") == usual_means()
    assert {"card", "gift_card", "store_credit", "wallet", "pay_later", "other"} <= usual_means().keys()
    assert usual_means()["gift_card"].lasts_s == {}, "a gift card's hold does not end"


def test_what_the_shop_says_is_laid_over_the_usual() -> None:
    found = read("card: {void_part: true}")
    assert found["card"] == Means("many", True, usual_means()["card"].lasts_s)
    assert found["gift_card"] == usual_means()["gift_card"]


def test_a_method_of_the_shops_own_may_be_like_another() -> None:
    found = read("klarna: {like: pay_later, captures: one, authorization_lasts: {customer: 20d, merchant: never}}")
    assert found["klarna"] == Means("one", usual_means()["pay_later"].void_part, {"customer": 20 * DAY_S})
    assert read("bank: {authorization_lasts: never}")["bank"].lasts_s == {}
    assert read("bank: {authorization_lasts: 2d}")["bank"].lasts_s == {"customer": 2 * DAY_S, "merchant": 2 * DAY_S}


@pytest.mark.parametrize("method", ["voucher", ""])
def test_a_method_without_an_entry_is_like_all_others(method: str) -> None:
    assert means_for(usual_means(), method) == usual_means()["other"]
    assert means_for({}, method) == Means()
