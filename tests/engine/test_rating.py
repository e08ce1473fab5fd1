"""Asking carriers what parcels cost: each is asked at once for all, left alone while it is silent, and not asked twice."""

from collections.abc import Sequence

import pytest
from msgspec import json

from segue.core.base import NeedFacts
from segue.core.facts import Facts
from segue.core.rates import RateAnswer, RateRequest
from segue.engine import rating
from segue.engine.needs import supplied
from segue.engine.rating import KEPT_S, LEFT_ALONE_S, NoCarriers, Rating
from segue.engine.rules import NoTaxes
from segue.ports import Loaded, Needs, PortFailed


def asked(carrier: str, grams: int) -> str:
    return json.encode(RateRequest(carrier, "standard", "W1", "DE", "", "10", grams)).decode()


class Line:
    """A carrier on the telephone: it answers a cent a gram, as long as the line is not dead."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, int]] = []
        self.dead: set[str] = set()

    def rate(self, carrier: str, requests: Sequence[RateRequest]) -> Sequence[RateAnswer]:
        self.calls.append((carrier, len(requests)))
        if carrier in self.dead:
            raise PortFailed("the line is dead")
        return [RateAnswer(request.weight_g) for request in requests]


def test_each_carrier_is_asked_once_for_all_its_parcels_and_its_answers_are_kept_for_an_hour() -> None:
    line = Line()
    desk = Rating(line)
    keys = frozenset((asked("post", 100), asked("post", 200), asked("swift", 100)))
    found = desk.answers(keys, 0)
    assert {key: answer.price_minor for key, answer in found.items()} == {
        asked("post", 100): 100, asked("post", 200): 200, asked("swift", 100): 100,
    }  # fmt: skip
    assert sorted(line.calls) == [("post", 2), ("swift", 1)]
    assert desk.answers(keys, KEPT_S - 1) == found
    assert len(line.calls) == 2
    desk.answers(keys, KEPT_S)
    assert len(line.calls) == 4


def test_who_does_not_answer_is_left_alone_for_a_while_and_others_are_not() -> None:
    line = Line()
    line.dead = {"post"}
    desk = Rating(line)
    both = frozenset((asked("post", 100), asked("swift", 100)))
    silent = RateAnswer(silent="the line is dead")
    assert desk.answers(both, 0)[asked("post", 100)] == silent
    assert desk.answers(both, LEFT_ALONE_S - 1)[asked("post", 100)] == silent
    assert line.calls == [("post", 1), ("swift", 1)]
    line.dead.clear()
    assert desk.answers(both, LEFT_ALONE_S)[asked("post", 100)] == RateAnswer(100)


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ([], "answered 0 of 1 questions"),
        ([RateAnswer(-1)], "answered a price of -1"),
        ([RateAnswer(10**9)], "answered a price of 1000000000"),
        ([RateAnswer(silent="hm")], "answered a price of None"),
    ],
)
def test_an_answer_that_makes_no_sense_is_none(answers: list[RateAnswer], why: str) -> None:
    class Odd:
        def rate(self, carrier: str, requests: Sequence[RateRequest]) -> Sequence[RateAnswer]:
            return answers

    assert Rating(Odd()).answers(frozenset((asked("post", 1),)), 0) == {asked("post", 1): RateAnswer(silent=why)}


def test_a_parcel_that_is_not_taken_is_an_answer_too() -> None:
    class Small:
        def rate(self, carrier: str, requests: Sequence[RateRequest]) -> Sequence[RateAnswer]:
            return [RateAnswer() for _ in requests]

    assert Rating(Small()).answers(frozenset((asked("post", 1),)), 0) == {asked("post", 1): RateAnswer()}


def test_only_so_many_answers_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rating, "KEPT_MAX", 2)
    desk = Rating(Line())
    for grams in (1, 2, 3):
        desk.answers(frozenset((asked("post", grams),)), 0)
    assert list(desk.known) == [asked("post", 3)]


def test_a_decision_that_lacks_a_rate_gets_it_and_without_carriers_is_told_so() -> None:
    class Empty:
        def load(self, needs: Needs) -> Loaded:
            return Loaded({}, {}, {}, {})

    def attempt(facts: Facts) -> RateAnswer:
        if asked("post", 700) not in facts.quotes:
            raise NeedFacts("rate", frozenset((asked("post", 700),)))
        return facts.quotes[asked("post", 700)]

    facts, bare = Facts(), Facts()
    assert supplied(Empty(), facts, lambda: attempt(facts), NoTaxes(), Rating(Line())) == RateAnswer(700)
    silent = supplied(Empty(), bare, lambda: attempt(bare), NoTaxes(), Rating(NoCarriers()))
    assert silent == RateAnswer(silent="no carrier is plugged in")
