"""Needs: what a wave will look at is loaded in bulk, and whatever it lacks all the same after that."""

from pathlib import Path

import pytest

from segue.core.base import NeedFacts
from segue.core.facts import Facts
from segue.core.note import Note
from segue.core.step import Restless
from segue.core.wake import Wake
from segue.engine.needs import first_needs, lacking, load, second_needs, until_known
from segue.ports import Loaded, Needs
from segue.store.sqlite import SqliteStore
from tests.engine.shops import arrive, bought, message_of, open_shop, order_of, placing, rounds


class Counting(SqliteStore):
    """A store that counts how often it is asked to load."""

    loads = 0

    def load(self, needs: Needs) -> Loaded:
        self.loads += 1
        return super().load(needs)


def test_a_new_order_needs_its_items_and_its_customers_past() -> None:
    request = placing(bought(1, person="ada"))
    needs = first_needs([(request.order, request.command), ("web-2", Wake())])
    assert needs == Needs(frozenset({request.order, "web-2"}), frozenset({"MUG"}), past=frozenset({"ada"}))


def test_an_order_that_waits_for_stock_needs_to_know_of_it(tmp_path: Path) -> None:
    app = open_shop(tmp_path)
    arrive(app, message_of(bought(1)))
    rounds(app, 2)
    orders = {"canonical-1": order_of(app, 1), "canonical-2": None}
    assert second_needs(orders, [("canonical-1", Wake()), ("canonical-2", Wake())]).stock == frozenset({"MUG"})
    assert second_needs(orders, [("canonical-1", Note("hello"))]) == Needs()


@pytest.mark.parametrize(
    ("kind", "needs"),
    [
        ("item", Needs(items=frozenset({"A"}))), ("stock", Needs(stock=frozenset({"A"}))),
        ("past", Needs(past=frozenset({"A"}))), ("inbound", Needs(inbound=frozenset({"A"}))),
        ("apart", Needs(apart=frozenset({"A"}))),
    ],
)  # fmt: skip
def test_what_a_step_lacks_is_what_is_loaded(kind: str, needs: Needs) -> None:
    assert lacking(NeedFacts(kind, frozenset({"A"}))) == needs


def test_facts_that_no_store_has_are_a_mistake() -> None:
    with pytest.raises(AssertionError, match="weather"):
        lacking(NeedFacts("weather", frozenset({"A"})))


def test_a_wave_of_a_hundred_orders_loads_a_handful_of_times(tmp_path: Path) -> None:
    app = open_shop(tmp_path)
    store = app.worker.store = Counting(app.database, app.seal)
    arrive(app, *(message_of(bought(number)) for number in range(100)))
    app.worker.round()
    assert store.loads <= 2
    assert load(store, Needs(), Facts()) == Loaded({}, {}, {}, {})


def test_a_step_may_lack_one_fact_after_the_other() -> None:
    """As an order of many stores does, whose carriers are asked for each."""
    known: set[str] = set()

    def attempt() -> int:
        missing = next((str(number) for number in range(150) if str(number) not in known), None)
        if missing:
            raise NeedFacts("rate", frozenset((missing,)))
        return len(known)

    assert until_known(attempt, lambda need: known.update(need.keys)) == 150


def test_who_asks_for_what_it_was_given_asks_in_circles() -> None:
    asked: list[frozenset[str]] = []

    def attempt() -> None:
        raise NeedFacts("stock", frozenset("A") if asked else frozenset("AB"))

    with pytest.raises(Restless, match="facts of the kind stock were asked for again"):
        until_known(attempt, lambda need: asked.append(need.keys))
    assert len(asked) == 1


def test_facts_without_end_are_not_loaded_for_ever() -> None:
    asked: list[frozenset[str]] = []

    def attempt() -> None:
        raise NeedFacts("stock", frozenset((str(len(asked)),)))

    with pytest.raises(Restless, match="1000 times"):
        until_known(attempt, lambda need: asked.append(need.keys))
