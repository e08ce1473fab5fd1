"""Telling: each reason why a promotion gives nothing is a sentence that names the smallest change."""

from typing import Any, get_args, get_type_hints

import pytest

from segue.core.pricing.discounting import Told
from segue.core.pricing.telling import UNKNOWN_CODE, WORDS, name_of, why_not
from segue.core.promotion import Goods, Lack

LAMPS = Goods(("LAMP",), ("light",))
SAID: dict[str, tuple[dict[str, Any], str]] = {
    "value": ({"count": 1250}, "it takes 12.50 EUR more of any goods"),
    "paid": (
        {"count": 5, "goods": LAMPS},
        "it takes 0.05 EUR more of LAMP or goods tagged light, after other discounts",
    ),
    "goods": ({"count": 2, "goods": LAMPS}, "it takes 2 more of LAMP or goods tagged light"),
    "code": ({"names": ("SPRING", "MAY")}, "it takes the code SPRING or MAY"),
    "tier": ({"names": ("gold",)}, "it is for customers who are gold"),
    "method": ({"names": ("express",)}, "it is for shipping by express"),
    "channel": ({"names": ("web",)}, "it is for the channel web"),
    "country": ({"names": ("DE",)}, "it is for orders to DE"),
    "currency": ({"names": ("EUR",)}, "it is for orders in EUR"),
    "customer": ({}, "it takes a customer who is known"),
    "from": ({"count": 1_780_000_000}, "it begins at 2026-05-28 20:26 UTC"),
    "over": ({"count": 1_780_000_000}, "it was over at 2026-05-28 20:26 UTC"),
    "used_up": ({"count": 10}, "it was used by as many orders as may: 10"),
    "used_by_customer": ({"count": 1}, "this customer has used it as often as they may: 1"),
    "excluded": ({"names": ("vip",)}, "it does not go together with vip"),
    "nothing_left": ({}, "what it is for costs nothing any more"),
}


@pytest.mark.parametrize("kind", SAID)
def test_each_lack_is_told(kind: Any) -> None:
    fields, sentence = SAID[kind]
    assert why_not(Told("p", lacks=(Lack(kind, **fields),)), "EUR") == sentence


def test_there_is_a_sentence_for_every_kind() -> None:
    kinds = set(get_args(get_type_hints(Lack)["kind"]))
    assert kinds == WORDS.keys() == SAID.keys()


def test_several_lacks_are_told_together_and_amounts_have_their_currencys_digits() -> None:
    told = Told("p", lacks=(Lack("value", 1250), Lack("tier", names=("gold",))))
    assert why_not(told, "JPY") == "it takes 1250 JPY more of any goods; it is for customers who are gold"


def test_one_that_gave_something_needs_no_change() -> None:
    assert why_not(Told("p", times=2), "EUR") == ""


def test_a_code_that_nobody_has_is_told() -> None:
    assert (name_of(Told(code="X")), why_not(Told(code="X"), "EUR")) == ("X", UNKNOWN_CODE)
    assert name_of(Told("p", "X")) == "p"
