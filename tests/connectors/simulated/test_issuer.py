"""The simulated issuer: one code for each unit, whatever gets lost; gift cards pay for what they are worth, once."""

from pathlib import Path
from typing import Any

import pytest

from segue.connectors.codes import card_number
from segue.connectors.simulated.behavior import CALM, Behavior, IssuerBehavior
from segue.connectors.simulated.world import World
from segue.ports import Answer, PortFailed

SECRET = b"a key of thirty-two bytes or more"


def wanted(units: int = 2, kind: str = "gift_card") -> dict[str, Any]:
    line = {"line": 1, "sku": "CARD", "kind": kind, "worth_minor": 50_00, "units": ((1, units),)}
    return {"order": "web-1", "issue": "D1", "currency": "EUR", "lines": [line]}


def paying(world: World, number: str, amount_minor: int, key: str = "a1", currency: str = "EUR") -> Answer:
    return world.gateway.authorize(key, f"web-2/{key}", amount_minor, currency, "gift_card", number)


def a_world(path: Path | None = None, behavior: Behavior = CALM) -> World:
    return World(behavior=behavior, journal_path=path, secret=SECRET)


def a_card(world: World, name: str = "1.1") -> str:
    world.issuer.issue("k1", wanted())
    return world.issuer.numbers_of("web-1")[name]


def test_the_same_key_makes_the_same_codes_and_no_others() -> None:
    world = a_world()
    answer = world.issuer.issue("k1", wanted())
    first = world.issuer.codes(answer.reference, ["1.1", "1.2"])
    assert world.issuer.issue("k1", wanted()) == answer
    assert world.issuer.codes(answer.reference, ["1.1", "1.2"]) == first
    assert len(set(first)) == 2
    assert world.issuer.issued == [("web-1", "CARD", "1.1"), ("web-1", "CARD", "1.2")]


def test_a_process_that_was_killed_goes_on_with_the_same_codes_and_cards(tmp_path: Path) -> None:
    world = a_world(tmp_path / "world.ndjson")
    number, codes = a_card(world), world.issuer.codes("k1", ["1.1", "1.2"])
    world.issuer.take_back("t1", "k1", "1.2")
    world.close()
    assert not any(code in (tmp_path / "world.ndjson").read_text() for code in codes)
    again = a_world(tmp_path / "world.ndjson")
    assert again.issuer.codes("k1", ["1.1", "1.2"]) == codes
    assert paying(again, number, 50_00).outcome == "done"
    assert paying(again, card_number(codes[1]), 1, "a2").detail == "card_closed"


def test_codes_that_were_never_made_are_not_told() -> None:
    world = a_world()
    world.issuer.issue("k1", wanted())
    with pytest.raises(PortFailed, match=r"no codes 1\.3 of k1"):
        world.issuer.codes("k1", ["1.1", "1.3"])


def test_a_card_pays_for_no_more_than_it_is_worth() -> None:
    world = a_world()
    number = a_card(world)
    held = paying(world, number, 30_00)
    assert paying(world, number, 20_01, "a2").detail == "insufficient_funds"
    assert paying(world, number, 20_00, "a3").outcome == "done"
    world.gateway.void("v1", held.reference, 10_00, "EUR")
    assert paying(world, number, 10_00, "a4").outcome == "done"
    taken = world.gateway.capture("c1", held.reference, 20_00, "EUR")
    assert world.gateway.spent_on(number) == (20_00, 30_00)
    world.gateway.refund("r1", taken.reference, 5_00, "EUR")
    assert world.gateway.spent_on(number) == (15_00, 30_00)


def test_a_card_that_nobody_bought_or_in_another_currency_pays_for_nothing() -> None:
    world = a_world()
    number = a_card(world)
    assert paying(world, "GC-0", 1).detail == "unknown_card"
    assert paying(world, number, 1, "a2", "USD").detail == "currency_differs"


def test_what_is_left_is_said_once_and_the_card_is_closed() -> None:
    world = a_world()
    number = a_card(world)
    held = paying(world, number, 30_00)
    assert world.issuer.take_back("t1", "k1", "1.1") == Answer("declined", detail="in_use")
    taken = world.gateway.capture("c1", held.reference, 30_00, "EUR")
    assert world.issuer.take_back("t2", "k1", "1.1") == Answer("done", "k1", 20_00)
    assert world.issuer.take_back("t2", "k1", "1.1") == Answer("done", "k1", 20_00)
    assert world.issuer.take_back("t3", "k1", "1.1").detail == "unknown_code"
    assert world.issuer.take_back("t4", "k1", "1.9").detail == "unknown_code"
    assert world.gateway.refund("r1", taken.reference, 30_00, "EUR").detail == "card_closed"


def test_a_key_for_software_is_no_card_and_is_worth_its_price() -> None:
    world = a_world()
    world.issuer.issue("k1", wanted(kind="digital"))
    assert world.issuer.numbers_of("web-1") == {}
    assert world.issuer.take_back("t1", "k1", "1.1").amount_minor == 50_00


def test_an_issuer_may_have_none_left() -> None:
    world = a_world(behavior=Behavior(issuer=IssuerBehavior(decline_rate=1)))
    assert world.issuer.issue("k1", wanted()) == Answer("declined", detail="sold_out")
    assert world.issuer.issued == []


def test_a_world_without_a_secret_has_codes_of_its_seed() -> None:
    codes = []
    for seed in (1, 1, 2):
        world = World(seed, CALM)
        world.issuer.issue("k1", wanted())
        codes.append(world.issuer.codes("k1", ["1.1"]))
    assert codes[0] == codes[1] != codes[2]
