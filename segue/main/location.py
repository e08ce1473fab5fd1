"""The command `segue location`: which locations are closed; closing and opening them without a change of any file."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from segue.main.asking import ask
from segue.main.failing import WRONG_USE, Failed
from segue.main.formats import ZONE, count, instant
from segue.main.output import print_json, say, table
from segue.main.parameters import HERE, By, Json, Shop, person
from segue.main.wanted import AnyWanted, CloseLocation, OpenLocation

app = App(name="location", help_format="plaintext")

Place = Annotated[str, Parameter(name="LOCATION", help="A location of locations.yaml.")]
Why = Annotated[str, Parameter(name="--reason", help="Why; it stays with the location.")]


@app.default
def location(
    *,
    history: Annotated[bool, Parameter(negative=(), help="Who closed and opened what, why and when.")] = False,
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Show which locations are closed, or all that was done to them."""
    from segue.main.shops import stock_of
    from segue.store.closing import load_closed, load_story

    cursor = stock_of(shop).cursor()
    story, closed = load_story(cursor), list(load_closed(cursor).values())
    if json:
        print_json(story if history else closed)
    elif history:
        rows = [(instant(s.at_s), s.location, s.change, instant(s.until_s), s.by, s.reason) for s in story]
        table(("at", "location", "what", "until", "by", "reason"), rows)
        say(f"{count(len(story), 'change')}.")
    else:
        shown = [(c.location, instant(c.since_s), instant(c.until_s), c.by, c.reason) for c in closed]
        table(("location", "closed since", "until", "by", "reason"), shown)
        say(f"{count(len(closed), 'location')} closed by hand; `active: false` in locations.yaml closes others.")


@app.command
def off(place: Place, /, *, reason: Why = "", by: By = "", shop: Shop = HERE, json: Json = False) -> None:
    """Send no further orders to a location until it is opened again. What it has already it still ships."""
    _change(shop, CloseLocation(place, None, reason, person(by)), json)


@app.command
def freeze(
    place: Place,
    until: Annotated[str, Parameter(name="UNTIL", help="2026-12-01, or 2026-12-01T18:00, in the shop's time.")],
    /,
    *,
    reason: Why = "",
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Send no further orders to a location until then; it opens again by itself."""
    from segue.main.shops import stock_of

    stock_of(shop)  # the shop's time from now on
    _change(shop, CloseLocation(place, _at_s(until), reason, person(by)), json)


@app.command
def on(place: Place, /, *, reason: Why = "", by: By = "", shop: Shop = HERE, json: Json = False) -> None:
    """Send orders to a location again. Those that waited for what it has go on by themselves."""
    _change(shop, OpenLocation(place, reason, person(by)), json)


def _at_s(text: str) -> int:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Failed(f"`{text}` is not a date; write it as 2026-12-01 or 2026-12-01T18:00.", WRONG_USE) from None
    return int((at if at.tzinfo else at.replace(tzinfo=ZONE.get())).timestamp())


def _change(shop: Path, wanted: AnyWanted, json: bool) -> None:
    result: dict[str, Any] = ask(shop, wanted)
    if json:
        print_json(result)
    else:
        say("Done." if result["changed"] else "It was open already.")
