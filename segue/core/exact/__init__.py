"""The true optimum of one order: which sites send what, so that the sum of all costs is as low as it can be.

`shapes` are the parts of an order, `search` is the quick way, `careful` the one where sites have too little, or where the
number of parcels is limited.
"""

from segue.core.exact.careful import carefully
from segue.core.exact.search import (
    FAR,
    KEY,
    KEY_LOST,
    KEY_STRAINED,
    KEY_UNFILLED,
    Found,
    Kind,
    Problem,
    Sent,
    Site,
    Table,
    Tariff,
    lowered,
    mills_of,
    parts_of,
    parts_up_to,
    tabled,
    takes_too_much,
    walked,
)
from segue.core.exact.shapes import PAIRS_MAX, Shape, pairs_of, shape_of

__all__ = [
    "FAR",
    "KEY",
    "KEY_LOST",
    "KEY_STRAINED",
    "KEY_UNFILLED",
    "PAIRS_MAX",
    "Found",
    "Kind",
    "Problem",
    "Sent",
    "Shape",
    "Site",
    "Table",
    "Tariff",
    "carefully",
    "cheapest",
    "lowered",
    "mills_of",
    "pairs_of",
    "parts_of",
    "parts_up_to",
    "shape_of",
    "tabled",
    "takes_too_much",
    "walked",
]


def cheapest(problem: Problem) -> tuple[Found, Table]:
    """The cheapest plan in which no site gives more than it has; and the quick search's table, which bounds every part."""
    table = tabled(problem)
    found = walked(problem, table, problem.shape.all)
    return (carefully(problem, table) if takes_too_much(found) else found), table
