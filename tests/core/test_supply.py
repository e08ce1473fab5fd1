"""Supply: what comes first is for whose turn is first."""

from segue.core.supply import Inbound, KeptApart, unpegged


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
