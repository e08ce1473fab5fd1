"""Pegging: the oldest demand has the earliest supply, no unit is given twice, and none is forgotten."""

from collections import Counter, deque

from hypothesis import given
from hypothesis import strategies as st

from segue.core.pegging import Demand, Peg, pegged
from segue.core.supply import taken, unpegged

NOW = 1_000
OLD, YOUNG = Demand("web-9", 1, 5, 10), Demand("web-1", 2, 5, 20)
DEMANDS = st.lists(
    st.builds(Demand, st.sampled_from("ABC"), st.integers(1, 3), st.integers(1, 9), st.integers(0, 5)), max_size=6
)
FREE = st.dictionaries(st.sampled_from(["BER", "MUC"]), st.integers(-3, 9))
INBOUND = st.lists(
    st.tuples(st.integers(900, 1_100), st.sampled_from(["BER", "MUC"]), st.integers(1, 9), st.sampled_from("PQ")),
    max_size=4,
).map(tuple)


def test_who_ordered_first_has_what_is_free_and_then_what_comes_first() -> None:
    inbound = ((1_200, "BER", 4, "PO-2"), (1_100, "MUC", 2, "PO-1"))
    assert pegged([YOUNG, OLD], {"MUC": 3, "BER": 0}, inbound, NOW) == [
        Peg("web-9", 1, 3, "MUC", NOW), Peg("web-9", 1, 2, "MUC", 1_100, "PO-1"),
        Peg("web-1", 2, 4, "BER", 1_200, "PO-2"), Peg("web-1", 2, 1),
    ]  # fmt: skip


def test_what_is_overdue_comes_last_and_nobody_can_say_when() -> None:
    inbound = ((NOW, "BER", 9, "PO-1"), (NOW + 1, "MUC", 4, "PO-2"))
    assert pegged([OLD, YOUNG], {}, inbound, NOW) == [
        Peg("web-9", 1, 4, "MUC", NOW + 1, "PO-2"), Peg("web-9", 1, 1, "BER", None, "PO-1"),
        Peg("web-1", 2, 5, "BER", None, "PO-1"),
    ]  # fmt: skip


@given(INBOUND, st.integers(0, 20), st.integers(1, 9))
def test_a_promise_has_the_supply_that_the_pegs_of_older_demand_leave(
    inbound: tuple[tuple[int, str, int, str], ...], ahead: int, wanted: int
) -> None:
    older, asking = Demand("web-1", 1, ahead, 10), Demand("cart", 1, wanted, 20)
    pegs = pegged([asking, older] if ahead else [asking], {}, inbound, NOW)
    own = [(peg.at_s, peg.location, peg.units, peg.reference) for peg in pegs if peg.order == "cart" and peg.location]
    left = taken(deque(unpegged(inbound, ahead, NOW)), wanted)
    assert own == [(at_s if at_s > NOW else None, *rest) for at_s, *rest in left]


@given(DEMANDS, FREE, INBOUND)
def test_no_unit_is_given_twice_and_no_demand_is_forgotten(
    demands: list[Demand], free: dict[str, int], inbound: tuple[tuple[int, str, int, str], ...]
) -> None:
    pegs = pegged(demands, free, inbound, NOW)
    given_to: Counter[tuple[str, int]] = Counter()
    given_of: Counter[tuple[str, str]] = Counter()
    for peg in pegs:
        given_to[peg.order, peg.line] += peg.units
        if peg.location:
            given_of[peg.location, peg.reference] += peg.units
    wanted: Counter[tuple[str, int]] = Counter()
    for demand in demands:
        wanted[demand.order, demand.line] += demand.units
    there: Counter[tuple[str, str]] = Counter({(place, ""): units for place, units in free.items() if units > 0})
    for _, place, units, reference in inbound:
        there[place, reference] += units
    assert given_to == wanted
    assert given_of <= there
    assert given_of.total() == min(there.total(), wanted.total())
    assert pegs == pegged(demands[::-1], free, inbound[::-1], NOW) or len({(d.order, d.line) for d in demands}) < len(
        demands
    )
