"""The command `segue assign`: a person says where lines come from."""

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from segue.main.changing import give
from segue.main.failing import FOUND, WRONG_USE, Failed
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
    expect: Expect = None,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Say where orders, or a line of them, come from. No rule is asked; stock and capacity still count."""
    if bool(location) == rules:
        raise Failed("Give either `--location`, or `--rules` to let the rules decide again.", WRONG_USE)
    command = {"command": "assign_location", "location": location, "line": line or 0, "reason": reason}
    if len(ids) == 1:
        give(ids[0], command, by, shop, json, preview, expect)
        return
    refused = [said for id in ids if (said := _refusal(id, command, by, shop, json, preview, expect))]
    if refused:
        raise Failed("\n".join((*refused, f"{len(refused)} of {len(ids)} orders are as they were.")))


def _refusal(
    id: str, command: dict[str, Any], by: str, shop: Path, json: bool, preview: bool, expect: str | None
) -> str:
    """Give one of several orders the command. Why it refuses, which keeps no other from it; "" if it does not."""
    try:
        give(id, command, by, shop, json, preview, expect)
    except Failed as failed:
        if failed.code != FOUND:
            raise
        return f"{id}: {failed}"
    return ""
