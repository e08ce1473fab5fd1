"""Supply: what comes first is for whose turn is first."""

from msgspec.structs import replace

from segue.core.allocate import Allocate
from segue.core.supply import Inbound, KeptApart, ahead_of, queue_of, unpegged
from tests.core.given import given
from tests.core.shop import draft, sold


def test_older_demand_takes_from_the_earliest_supply() -> None:
    supplies: Inbound = ((30, "B", 5, "late"), (10, "A", 2, "early"), (20, "A", 4, "middle"))
    assert unpegged(supplies, 0, 5) == tuple(sorted(supplies))
    assert unpegged(supplies, 3, 5) == ((20, "A", 3, "middle"), (30, "B", 5, "late"))
    assert unpegged(supplies, 99, 5) == ()


def test_what_is_overdue_comes_last_and_safety_stock_has_the_first_units() -> None:
    supplies: Inbound = ((10, "A", 2, "early"), (20, "A", 4, "middle"), (30, "B", 5, "late"))
    assert unpegged(supplies, 6, 10) == ((30, "B", 3, "late"), (10, "A", 2, "early"))
    kept = {"A": KeptApart(0, 0, 5), "B": KeptApart(3, 1, 0)}
    assert unpegged(supplies, 0, 5, kept) == ((20, "A", 1, "middle"), (30, "B", 5, "late"))


def test_who_waits_for_a_sku_stands_in_the_queue_by_age() -> None:
    waiting = given(draft(sold("SHIRT", 3), sold("CAP"))).knowing(stock={"SHIRT": {"DAL": 1}}).after(Allocate()).order
    assert waiting is not None
    older = replace(waiting, id="web-9", placed_at_s=waiting.placed_at_s - 5)
    queue = queue_of("SHIRT", (("", waiting), ("", older)))
    assert queue == ((("", older.placed_at_s), "web-9", 2), (("", waiting.placed_at_s), waiting.id, 2))
    assert queue_of("SOCK", (("", waiting),)) == ()
    assert ahead_of(queue, ("", waiting.placed_at_s), waiting.id) == 2
    assert ahead_of(queue, ("", older.placed_at_s), "web-9") == 0
