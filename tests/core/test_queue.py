"""Queues: who waits for a SKU in turn, and how many units are wanted before anybody's turn comes."""

from hypothesis import given as where
from hypothesis import strategies as st
from msgspec.structs import replace

from segue.core.allocate import Allocate
from segue.core.queue import STRETCH, Entry, Queue, wanted_of
from tests.core.given import given
from tests.core.shop import draft, sold

ENTRIES = st.lists(
    st.tuples(st.tuples(st.sampled_from(("", "a", "b")), st.integers(0, 20)), st.integers(1, 9)), max_size=30
)
CHANGES = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(("", "a", "b")), st.integers(0, 20), st.integers(0, 9)), max_size=30
)


def counted(entries: list[Entry], place: tuple[tuple[str, int], str]) -> int:
    """The units of those whose turn is before, one by one."""
    return sum(units for turn, order, units in entries if (turn, order) < place)


@where(ENTRIES, CHANGES)
def test_what_is_ahead_is_the_units_of_those_whose_turn_is_before(
    first: list[tuple[tuple[str, int], int]], changes: list[tuple[int, str, int, int]]
) -> None:
    known: dict[str, Entry] = {f"web-{n}": (turn, f"web-{n}", units) for n, (turn, units) in enumerate(first)}
    queue = Queue(known.values())
    for number, rank, at_s, units in changes:
        order = f"web-{number}"
        queue.put(order, (rank, at_s), units)
        known.pop(order, None)
        if units:
            known[order] = ((rank, at_s), order, units)
    entries = sorted(known.values())
    assert list(queue) == entries
    assert len(queue) == len(entries)
    for turn, order, _ in [*entries, (("a", 10), "web-x", 1)]:
        assert queue.ahead(turn, order) == counted(entries, (turn, order))


def test_a_long_queue_is_added_up_in_stretches() -> None:
    queue = Queue((("", n), f"web-{n}", 2) for n in range(3 * STRETCH))
    queue.put("web-5", ("", 5), 0)
    queue.put("web-9999", ("", 2 * STRETCH), 7)
    assert queue.ahead(("", 0), "web-0") == 0
    assert queue.ahead(("", 2 * STRETCH), "web-9999") == 4 * STRETCH
    assert queue.ahead(("z", 0), "") == 6 * STRETCH - 2 + 7


def test_an_order_wants_what_its_lines_wait_for() -> None:
    lines = (sold("SHIRT", 3), sold("CAP"), sold("SHIRT", 2))
    order = given(draft(*lines)).knowing(stock={"SHIRT": {"DAL": 1}, "CAP": {"DAL": 1}}).after(Allocate()).order
    assert order is not None
    assert wanted_of(order) == {"SHIRT": 4}
    assert wanted_of(replace(order, lines=())) == {}


def test_a_copy_goes_its_own_way() -> None:
    queue = Queue((("", n), f"web-{n}", 2) for n in range(STRETCH + 1))
    for _ in range(2):  # also when it is known by then who is in it
        copy, before = queue.copy(), list(queue)
        copy.put("web-1", ("", 1), 0)
        copy.put("web-9999", ("", 0), 5)
        assert list(queue) == before
        assert copy.ahead(("", 2), "web-2") == 2 + 5
        queue.put("web-0", ("", 0), 2)
        assert list(queue) == before


def test_the_place_of_an_order_is_how_many_are_before_it() -> None:
    queue = Queue([(("", number), f"web-{number:04}", 2) for number in range(3 * STRETCH)])
    assert [queue.place(("", number), f"web-{number:04}") for number in (0, 1, STRETCH, 2 * STRETCH + 7)] == [
        1, 2, STRETCH + 1, 2 * STRETCH + 8,
    ]  # fmt: skip
    assert queue.place(("", 5), "web-0005a") == 7
    assert queue.place(("z", 0), "web-9") == 3 * STRETCH + 1
    assert Queue().place(("", 0), "web-1") == 1
