"""The commands `segue hold`, `lift`, `cancel`, `note`, `do`: what people ask of an order."""

import re
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from segue.core.preview import TOKEN
from segue.main.asking import ask
from segue.main.failing import WRONG_USE, Failed
from segue.main.formats import words
from segue.main.output import print_json, say
from segue.main.parameters import HERE, Bundle, By, Expect, Json, Line, Order, Preview, Quantity, Reason, Shop, person
from segue.main.previewing import show
from segue.main.shops import connection_to, found_order
from segue.main.wanted import Give, LookAhead
from segue.main.when import with_instants
from segue.store.reading import Finder

SOON = "soon"  # instead of a date: as soon as possible


def hold(
    id: Order,
    type: Annotated[str, Parameter(name="TYPE", help="A hold that the order's workflow declares: service.")],
    /,
    *,
    reason: Reason = "",
    line: Line = None,
    preview: Preview = False,
    expect: Expect = None,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Put a hold on an order or a line."""
    command = {"command": "place_hold", "hold": type, "reason": reason, "line": line or 0}
    give(id, command, by, shop, json, preview, expect)


def lift(
    id: Order,
    hold: Annotated[str, Parameter(name="HOLD", help="The hold, as `segue order` names it: service, known_skus:2.")],
    /,
    *,
    reason: Reason = "",
    preview: Preview = False,
    expect: Expect = None,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Lift a hold."""
    give(id, {"command": "lift_hold", "hold": hold, "reason": reason}, by, shop, json, preview, expect)


def cancel(
    id: Order,
    /,
    *,
    line: Line = None,
    quantity: Quantity = None,
    bundle: Bundle = "",
    reason: Reason = "",
    preview: Preview = False,
    expect: Expect = None,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Cancel an order, a line or a bundle, or some units of that."""
    if quantity and not line and not bundle:
        raise Failed(
            "`--quantity` says how many units of a line or bundle: give `--line` or `--bundle` too.", WRONG_USE
        )
    command = {"command": "cancel", "line": line or 0, "quantity": quantity or 0, "reason": reason, "bundle": bundle}
    give(id, command, by, shop, json, preview, expect)


def reschedule(
    id: Order,
    date: Annotated[str, Parameter(name="DATE", help="2026-12-24; `soon` for as soon as possible.")],
    /,
    *,
    line: Line = None,
    preview: Preview = False,
    expect: Expect = None,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Let an order, or a line, arrive on another date."""
    command = {"command": "reschedule", "deliver_on": "" if date == SOON else date, "line": line or 0}
    give(id, command, by, shop, json, preview, expect)


def note(
    id: Order,
    text: Annotated[str, Parameter(name="TEXT", help="What to remember. No personal data: notes cannot be erased.")],
    /,
    *,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Write something down about an order."""
    give(id, {"command": "note", "text": text}, by, shop, json)


def do(
    id: Order,
    command: Annotated[str, Parameter(name="COMMAND", help="The command, as workflows write it.")],
    values: Annotated[tuple[str, ...], Parameter(name="KEY=VALUE", help="What it takes; values may be JSON.")] = (),
    /,
    *,
    preview: Preview = False,
    expect: Expect = None,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Give an order any other command."""
    give(
        id,
        {**_checked(dict(_pair(value) for value in values)), "command": command.replace("-", "_")},
        by,
        shop,
        json,
        preview,
        expect,
    )


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    """The same. Raises Failed for a line or a quantity of 0, which would mean all: for that it is left out."""
    for key in ("line", "quantity"):
        if re.fullmatch("-[0-9]+|0+", str(values.get(key, 1)).strip()):
            raise Failed(f"`{key}={values[key]}`: it is 1 or more; leave it out to mean all.", WRONG_USE)
    return values


def _pair(value: str) -> tuple[str, Any]:
    from json import JSONDecodeError, loads

    key, sign, text = value.partition("=")
    if not sign or not key:
        raise Failed(f"`{value}` is not KEY=VALUE, like message=delivered.", WRONG_USE)
    try:
        return key, loads(text) if text[:1] in "{[" else text
    except JSONDecodeError as error:
        raise Failed(f"`{key}` starts like JSON and is none: {error}.", WRONG_USE) from error


def give(
    id: str, command: dict[str, Any], by: str, shop: Path, json: bool, preview: bool = False, expect: str | None = None
) -> None:
    """Give an order a command, or show what it would come to, and say what came of it."""
    _check_expected(preview, expect)
    connection = connection_to(shop)
    order = found_order(connection, id).id
    command = with_instants(command)
    if preview:
        _look_ahead(order, command, by, shop, json)
        return
    result = ask(shop, Give(order, command, person(by), expect or ""))
    after = Finder(connection).find(order)[0]
    if json:
        print_json({**result, "status": after.status, "folders": after.folders, "version": _version(connection, order)})
        return
    done = "done" if result["changed"] else "nothing had to be changed"
    say(f"{order}: {done}. It is {words(after.status)} now. What follows from it is done by `segue work`.")


def _check_expected(preview: bool, expect: str | None) -> None:
    """Raises Failed if what is expected is not what a preview names, or is to be previewed."""
    if expect is None:
        return
    if preview:
        raise Failed("`--preview` changes nothing, so it takes no `--expect`: give one of the two.", WRONG_USE)
    if not TOKEN.fullmatch(expect):
        raise Failed(
            f"`{expect}` names no preview: give `--expect` what `--preview` said, like 24-3f09ab51-9f1c02ab.", WRONG_USE
        )


def _look_ahead(order: str, command: dict[str, Any], by: str, shop: Path, json: bool) -> None:
    seen = ask(shop, LookAhead(order, command, person(by)))
    if json:
        print_json(seen)
    else:
        known = Finder(connection_to(shop)).order(order)
        show(seen, known.currency if known else "")


def _version(connection: Any, order: str) -> int:
    known = Finder(connection).order(order)
    return known.version if known else 0
