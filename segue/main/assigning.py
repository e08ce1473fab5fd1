"""The command `segue assign`: a person says where lines come from."""

from typing import Annotated

from cyclopts import Parameter

from segue.main.changing import give
from segue.main.failing import WRONG_USE, Failed
from segue.main.parameters import HERE, By, Expect, Json, Line, Preview, Reason, Shop


def assign(
    ids: Annotated[tuple[str, ...], Parameter(name="ID", help="The orders: ids, or the channel's own numbers.")],
    /,
    *,
    location: Annotated[str, Parameter(help="Where all of it comes from, and from nowhere else.")] = "",
    rules: Annotated[bool, Parameter(negative=(), help="Let the rules decide again.")] = False,
    line: Line = None,
    reason: Reason = "",
    preview: Preview = False,
    expect: Expect = "",
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Say where orders, or a line of them, come from. No rule is asked; stock and capacity still count."""
    if bool(location) == rules:
        raise Failed("Give either `--location`, or `--rules` to let the rules decide again.", WRONG_USE)
    command = {"command": "assign_location", "location": location, "line": line or 0, "reason": reason}
    for id in ids:
        give(id, command, by, shop, json, preview, expect)
