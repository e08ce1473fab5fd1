"""Facts: what is missing is asked for by name; what a step has taken, the next one sees."""

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from segue.core.base import NeedFacts
from segue.core.facts import Facts, Item, StockMove
from segue.core.fences import SHIPPED, Fence
from segue.core.past import PAST_MAX, Past
from segue.core.promotion import CouponUse
from segue.core.queue import Queue
from segue.core.taxes import TaxAnswer, TaxRequest


def test_what_is_not_loaded_is_asked_for() -> None:
    facts = Facts()
    facts.items["SHIRT"] = Item("SHIRT")
    with pytest.raises(NeedFacts, match="item: CAP") as lack:
        facts.listed(frozenset(("SHIRT", "CAP", "TIE")))
    assert lack.value.keys == {"CAP", "TIE"}
    for ask, kind in (
        (lambda: facts.item("CAP"), "item"),
        (lambda: facts.free(frozenset(("CAP",))), "stock"),
        (lambda: facts.earlier("ann"), "past"),
    ):
        with pytest.raises(NeedFacts) as lack:
            ask()
        assert lack.value.kind == kind


def test_what_is_loaded_is_known_also_that_there_is_none() -> None:
    facts = Facts()
    facts.items |= {"SHIRT": Item("SHIRT"), "CAP": None}
    facts.learn_stock("SHIRT", {"DAL": 3})
    assert facts.item("CAP") is None
    assert facts.listed(frozenset(("SHIRT",))) == {"SHIRT": Item("SHIRT")}
    assert facts.free(frozenset(("SHIRT",))) == {"SHIRT": {"DAL": 3}}


MOVES = st.builds(
    StockMove, st.sampled_from(["A", "B"]), st.sampled_from(["DAL", "MIA"]), st.integers(-3, 3), st.integers(-3, 3),
    st.just("test"),
)  # fmt: skip


@forall(st.lists(MOVES), st.lists(MOVES))
def test_stock_advances_alike_whether_it_was_loaded_before_the_moves_or_after(
    early: list[StockMove], late: list[StockMove]
) -> None:
    before, after = Facts(), Facts()
    before.learn_stock("A", {"DAL": 5})
    for move in [*early, *late]:
        before.advance(move)
    for move in early:
        after.advance(move)
    after.learn_stock("A", {"DAL": 5})
    for move in late:
        after.advance(move)
    assert _stock(before) == _stock(after)


@forall(st.lists(MOVES))
def test_what_came_to_nothing_is_as_if_it_had_not_been(moves: list[StockMove]) -> None:
    facts = Facts()
    facts.learn_stock("A", {"DAL": 5})
    for move in moves:
        facts.advance(move)
    for move in reversed(moves):
        facts.undo(move)
    facts.learn_stock("B", {})
    assert _stock(facts) == {"DAL": 5}
    assert not any(facts.stock["B"].values())


def _stock(facts: Facts) -> dict[str, int]:
    return {location: count for location, count in facts.stock["A"].items() if count}


def test_a_new_order_is_history_for_the_next_step() -> None:
    facts = Facts()
    facts.past["ann"] = tuple(Past(f"web-{number}", number, "") for number in range(PAST_MAX))
    facts.placed("ann", Past("web-new", PAST_MAX, ""))
    facts.placed("bob", Past("web-bob", 1, ""))
    assert facts.earlier("ann")[0].order == "web-new"
    assert len(facts.earlier("ann")) == PAST_MAX
    assert "bob" not in facts.past, "what was not loaded will be loaded whole"


def test_uses_advance_within_a_wave() -> None:
    known = Facts()
    known.use(CouponUse("TENTH", 1, 2))
    known.learn_uses({"TENTH": 4, "OTHER": 1})
    known.use(CouponUse("OTHER", -1, 2))
    assert known.used(frozenset(("TENTH", "OTHER"))) == {"TENTH": 5, "OTHER": 0}


def test_taxes_that_are_not_known_are_asked_for() -> None:
    request = TaxRequest("DE", "", "EUR", 1, ())
    known = Facts()
    with pytest.raises(NeedFacts) as need:
        known.tax(request)
    (key,) = need.value.keys
    known.taxes[key] = TaxAnswer(included=True)
    assert (need.value.kind, known.tax(request)) == ("tax", TaxAnswer(included=True))


def test_who_waits_for_a_sku_is_asked_for_once_it_is_needed() -> None:
    facts = Facts()
    with pytest.raises(NeedFacts, match="queued: SHIRT"):
        facts.queued(frozenset(("SHIRT",)))
    facts.queues["SHIRT"] = queue = Queue(((("", 1), "web-1", 2),))
    assert facts.queued(frozenset(("SHIRT",))) == {"SHIRT": queue}


SHARES = (Fence("", "market", 4), Fence("", "web", 3))
DRAWING = st.lists(st.tuples(MOVES, st.sampled_from(["web", "market", "shop"])))


@forall(DRAWING, DRAWING)
def test_shares_are_drawn_on_alike_whether_they_were_loaded_before_the_moves_or_after(
    early: list[tuple[StockMove, str]], late: list[tuple[StockMove, str]]
) -> None:
    before, after = Facts(), Facts()
    for facts in (before, after):
        facts.learn_stock("A", {"DAL": 9, "MIA": 9})
    before.learn_fences("A", SHARES)
    for move, channel in [*early, *late]:
        before.advance(move, channel)
    for move, channel in early:
        after.advance(move, channel)
    after.learn_fences("A", SHARES)
    for move, channel in late:
        after.advance(move, channel)
    assert before.fences == after.fences
    assert all(_free(before, name) == _free(after, name) for name in ("web", "market", "shop"))
    for move, channel in [*late[::-1], *early[::-1]]:
        before.undo(move, channel)
    assert before.fences["A"] == SHARES
    assert before.stock["A"] == {"DAL": 9, "MIA": 9}


def test_a_channel_is_told_what_others_shares_leave_and_other_skus_are_not_touched() -> None:
    facts = Facts()
    facts.learn_stock("A", {"DAL": 9})
    facts.learn_stock("B", {"DAL": 2})
    facts.learn_fences("A", SHARES)
    told = [facts.free(frozenset(("A", "B")), name) for name in ("web", "shop")]
    assert told == [{"A": {"DAL": 5}, "B": {"DAL": 2}}, {"A": {"DAL": 2}, "B": {"DAL": 2}}]
    facts.advance(StockMove("A", "DAL", -2, -2, SHIPPED), "web")  # it was drawn when it was allocated
    assert facts.fences["A"] == SHARES


def test_a_cart_that_was_not_looked_up_is_asked_for() -> None:
    facts = Facts()
    with pytest.raises(NeedFacts, match="cart: C-1"):
        facts.cart("C-1")
    facts.carts["C-1"] = None
    assert facts.cart("C-1") is None


def _free(facts: Facts, channel: str) -> dict[str, int]:
    return facts.free(frozenset(("A",)), channel)["A"]
