"""Supply: what comes first is for whose turn is first."""

from msgspec.structs import replace

from segue.core.allocate import Allocate
from segue.core.supply import Inbound, ahead_of, queue_of, unpegged
from tests.core.given import given
from tests.core.shop import draft, sold


def test_older_demand_takes_from_the_earliest_supply() -> None:
    supplies: Inbound = ((30, "B", 5, "late"), (10, "A", 2, "early"), (20, "A", 4, "middle"))
    assert unpegged(supplies, 0) == tuple(sorted(supplies))
    assert unpegged(supplies, 3) == ((20, "A", 3, "middle"), (30, "B", 5, "late"))
    assert unpegged(supplies, 99) == ()


def test_who_waits_for_a_sku_stands_in_the_queue_by_age() -> None:
    waiting = given(draft(sold("SHIRT", 3), sold("CAP"))).knowing(stock={"SHIRT": {"DAL": 1}}).after(Allocate()).order
    assert waiting is not None
    older = replace(waiting, id="web-9", placed_at_s=waiting.placed_at_s - 5)
    queue = queue_of("SHIRT", (("", waiting), ("", older)))
    assert queue == ((("", older.placed_at_s), "web-9", 2), (("", waiting.placed_at_s), waiting.id, 2))
    assert queue_of("SOCK", (("", waiting),)) == ()
    assert ahead_of(queue, ("", waiting.placed_at_s), waiting.id) == 2
    assert ahead_of(queue, ("", older.placed_at_s), "web-9") == 0
