"""Parameters: those that many commands share."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

HERE = Path(".")
ROWS_MAX = 1_000_000
LINES_MAX = 10_000
UNITS_MAX = 1_000_000_000
NUMBER_MAX = 10**15


def up_to(most: int, least: int = 1) -> Number:
    """What a number may be on the command line."""
    return Number(gte=least, lte=most)


Shop = Annotated[Path, Parameter(name="--shop", env_var="SEGUE_SHOP", help="The shop's folder.")]
Json = Annotated[bool, Parameter(name="--json", negative=(), help="Print JSON; its keys stay the same.")]
By = Annotated[str, Parameter(name="--by", help="Who asks for this, if not you: person:ann.")]
Order = Annotated[str, Parameter(name="ID", help="The order: its id, or the channel's own number.")]
Reason = Annotated[str, Parameter(name="--reason", help="Why; it stays with the order.")]
Preview = Annotated[
    bool, Parameter(name="--preview", negative=(), help="Show what it would come to, to the cent; nothing is changed.")
]
Expect = Annotated[
    str | None, Parameter(name="--expect", help="What a preview named: it comes to just that, or is refused.")
]
Limit = Annotated[int, Parameter(name="--limit", help="How many rows at most.", validator=up_to(ROWS_MAX))]
Line = Annotated[
    int | None,
    Parameter(name="--line", help="A line of the order; without it, the whole order.", validator=up_to(LINES_MAX)),
]
OneLine = Annotated[int, Parameter(name="--line", help="A line of the order.", validator=up_to(LINES_MAX))]
Quantity = Annotated[
    int | None,
    Parameter(help="So many units of the line; without it, all of them.", validator=up_to(UNITS_MAX)),
]
Bundle = Annotated[str, Parameter(name="--bundle", help="A bundle of the order, B1, with all of its parts.")]


def person(by: str) -> str:
    """Who acts: as given, or the one who is logged in."""
    from getpass import getuser

    if by:
        return by if ":" in by else f"person:{by}"
    return f"person:{getuser()}"
