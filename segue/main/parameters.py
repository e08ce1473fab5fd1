"""Parameters: those that many commands share."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

HERE = Path(".")

Shop = Annotated[Path, Parameter(name="--shop", env_var="SEGUE_SHOP", help="The shop's folder.")]
Json = Annotated[bool, Parameter(name="--json", negative=(), help="Print JSON; its keys stay the same.")]
By = Annotated[str, Parameter(name="--by", help="Who asks for this, if not you: person:ann.")]
Order = Annotated[str, Parameter(name="ID", help="The order: its id, or the channel's own number.")]
Reason = Annotated[str, Parameter(name="--reason", help="Why; it stays with the order.")]
Preview = Annotated[
    bool, Parameter(name="--preview", negative=(), help="Show what it would come to, to the cent; nothing is changed.")
]
Expect = Annotated[str, Parameter(name="--expect", help="What a preview named: it comes to just that, or is refused.")]
Limit = Annotated[int, Parameter(name="--limit", help="How many rows at most.")]


def person(by: str) -> str:
    """Who acts: as given, or the one who is logged in."""
    from getpass import getuser

    if by:
        return by if ":" in by else f"person:{by}"
    return f"person:{getuser()}"
