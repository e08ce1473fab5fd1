"""Strict queues: nobody takes what those before want, whoever they are and wherever it lies. Covers J-1."""

from collections.abc import Sequence

from hypothesis import given as where
from hypothesis import strategies as st
from msgspec.structs import replace

from segue.core.allocate import Allocate, UnitsAllocated, UnitsBackordered
from segue.core.cascade import together
from segue.core.expected import Awaited, Expected
from segue.core.facts import StockMove
from segue.core.order import Order
from segue.core.pegging import Demand, pegged
from segue.core.queue import Entry, Queue
from segue.core.repromise import Repromise, StockExpected
from segue.core.strict import BEFORE, passed, without
from segue.core.supply import Inbound, Turns
from segue.core.tally import size
from segue.core.waiting import Waiting
from tests.core.given import Given, given
from tests.core.shop import NOW_S, draft, sold

STRICT = Turns(strict=True)
SOON_S, LATER_S = NOW_S + 3 * 86_400, NOW_S + 9 * 86_400


def wanting(units: int, free: dict[str, int], *queue: Entry, supplies: Inbound = ()) -> Given:
    """An order that wants shirts where these wait for them too, in a strict queue."""
    here = given(draft(sold("SHIRT", units))).knowing(stock={"SHIRT": free})
    here.facts.turns = STRICT
    here.facts.queues["SHIRT"] = Queue(queue)
    here.facts.arriving["SHIRT"] = supplies
    return here


def before(units: int, id: str = "web-1000") -> Entry:
    return (("", NOW_S - 60), id, units)


def test_what_those_before_want_is_kept_for_them_from_the_first_location_on() -> None:
    order = wanting(3, {"DAL": 4, "MIA": 2}, before(5)).when(Allocate())
    allocated, rest = order.events
    assert isinstance(allocated, UnitsAllocated)
    assert (allocated.location, allocated.units) == ("MIA", {1: ((1, 1),)})
    assert isinstance(rest, UnitsBackordered)
    assert rest.units == {1: ((2, 3),)}
    assert rest.because is not None
    assert rest.because.figures[BEFORE] == {"SHIRT": 5}


def test_who_comes_behind_or_is_the_order_itself_keeps_it_from_nothing() -> None:
    behind, itself = (("", NOW_S + 60), "web-1002", 9), (("", NOW_S), "web-1001", 3)
    made = wanting(3, {"DAL": 3}, behind, itself).when(Allocate())
    assert [type(event) for event in made.events] == [UnitsAllocated]


def test_of_two_ordered_at_the_same_instant_the_first_by_its_id_goes_first() -> None:
    first, second = (("", NOW_S), "web-1000", 3), (("", NOW_S), "web-1002", 3)
    assert [type(event) for event in wanting(3, {"DAL": 3}, first).when(Allocate()).events] == [UnitsBackordered]
    assert [type(event) for event in wanting(3, {"DAL": 3}, second).when(Allocate()).events] == [UnitsAllocated]


def test_without_a_strict_queue_nobody_is_kept_from_what_is_there() -> None:
    here = wanting(3, {"DAL": 3}, before(9))
    here.facts.turns = Turns()
    assert [type(event) for event in here.when(Allocate()).events] == [UnitsAllocated]


def test_where_nothing_is_free_the_reason_names_nobody() -> None:
    (event,) = wanting(3, {"DAL": 0}, before(9)).when(Allocate()).events
    assert event.because is not None
    assert BEFORE not in event.because.figures


def test_those_before_have_what_is_free_and_then_what_comes_first() -> None:
    supplies = ((SOON_S, "DAL", 4, "PO-1"), (LATER_S, "DAL", 9, "PO-2"))
    here = wanting(3, {"DAL": 2}, before(5), supplies=supplies)
    here = here._replace(order=here.when(Allocate()).order)
    awaited = Awaited(SOON_S, "DAL", 1, ("PO-1",)), Awaited(LATER_S, "DAL", 2, ("PO-2",))
    (event,) = here.when(Repromise()).events
    assert isinstance(event, StockExpected)
    assert event.lines[1].awaited == awaited
    assert event.lines[1] == Expected(awaited, day=event.lines[1].day)
    assert here.facts.turns.strict
    assert here.facts.stock["SHIRT"] == {"DAL": 2}


@where(
    st.dictionaries(st.sampled_from(("DAL", "MIA")), st.integers(0, 6)),
    st.lists(st.tuples(st.sampled_from((10, 20, 30)), st.integers(1, 6)), max_size=3),
    st.integers(0, 12),
    st.integers(1, 6),
)
def test_an_order_is_to_have_what_its_pegs_say(
    free: dict[str, int], coming: list[tuple[int, int]], ahead: int, wanted: int
) -> None:
    supplies = tuple(sorted((NOW_S + days, "DAL", units, f"PO-{n}") for n, (days, units) in enumerate(coming)))
    here = wanting(wanted, free, *([before(ahead)] if ahead else []), supplies=supplies)
    made = here.when(Allocate())
    given_out = [event for event in made.events if isinstance(event, UnitsAllocated)]
    for event in given_out:
        here.facts.advance(StockMove("SHIRT", event.location, 0, size(event.units[1]), "allocated"))
    there = sum(size(event.units[1]) for event in given_out)
    here = here._replace(order=made.order)
    told = here.when(Repromise()).order
    assert told is not None
    dates = sorted((each.at_s, each.units) for each in (told.expected[1].awaited if told.expected else ()))
    demands = [Demand("web-1001", 1, wanted, NOW_S), *([Demand("web-1000", 1, ahead, NOW_S - 60)] if ahead else [])]
    pegs = [peg for peg in pegged(demands, free, supplies, NOW_S) if peg.order == "web-1001"]
    assert there == sum(peg.units for peg in pegs if peg.location and not peg.reference)
    known: dict[int, int] = {}
    for peg in pegs:
        if peg.reference and peg.at_s is not None:
            known[peg.at_s] = known.get(peg.at_s, 0) + peg.units
    assert dates == sorted(known.items())


def test_more_is_taken_than_there_is_and_nothing_is_owed() -> None:
    assert without({"B": 3, "A": 2, "C": -1}, 4) == {"A": 0, "B": 1, "C": -1}
    assert without({"A": 2}, 9) == {"A": 0}


def order_with(waiting: Sequence[tuple[int, int]], tier: str = "") -> Order:
    events = (UnitsBackordered({1: tuple(waiting)}),) if waiting else ()
    order = given(draft(sold("SHIRT", 5)), *events).order
    assert order is not None
    return replace(order, tier=tier)


def test_others_may_be_served_when_an_order_wants_less_or_comes_later() -> None:
    many, few, none = order_with([(1, 5)]), order_with([(1, 2)]), order_with([])
    assert passed(many, few, STRICT) == ("SHIRT",)
    assert passed(few, none, STRICT) == ("SHIRT",)
    assert passed(few, many, STRICT) == ()
    assert passed(None, many, STRICT) == ()
    assert passed(none, none, STRICT) == ()
    assert passed(many, few, Turns()) == ()
    tiers = Turns(("tier",), ("gold",), strict=True)
    gold, plain = order_with([(1, 5)], "gold"), order_with([(1, 5)])
    assert passed(gold, plain, tiers) == ("SHIRT",)
    assert passed(plain, gold, tiers) == ()


def test_those_who_are_to_have_some_of_what_is_free_are_alike_only_with_as_much_of_it() -> None:
    waiting = [Waiting("MUG", f"web-{number}", 1, 2, "", number, "k") for number in range(5)]
    supplies = ((10, "DAL", 4, "PO-1"), (20, "DAL", 4, "PO-2"))
    groups = [[each.order for each in group] for group in together(waiting, supplies, free=3)]
    assert groups == [["web-0"], ["web-1"], ["web-2"], ["web-3"], ["web-4"]]
    assert [len(group) for group in together(waiting, supplies)] == [2, 2, 1]
