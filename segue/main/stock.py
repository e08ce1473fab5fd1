"""The command `segue stock`: what is where, and all that changes it: counts, moves, what locations report."""

from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from segue.main.asking import ask
from segue.main.failing import DONE, FOUND, WRONG_USE, Failed
from segue.main.fences import fence, fences, reallocate
from segue.main.formats import count
from segue.main.output import print_json, say, table
from segue.main.parameters import HERE, UNITS_MAX, By, Json, Shop, person, up_to
from segue.main.stock_lists import feed, movements, stock, waiting
from segue.main.wanted import AnyWanted, CountStock, DropReport, MoveStock, Supply, TakeStock

MISTAKEN = {"refused", "altered"}  # reports that need a person

app = App(name="stock", help_format="plaintext")
app.default(stock)
app.command(movements)
app.command(feed)
app.command(waiting)
app.command(fences)
app.command(fence)
app.command(reallocate)

Sku = Annotated[str, Parameter(name="SKU")]
Place = Annotated[str, Parameter(name="LOCATION", help="A location of locations.yaml.")]
Units = Annotated[int, Parameter(name="UNITS", help="How many.")]
Why = Annotated[str, Parameter(name="--reason", help="Why; it stays with the movement.")]
File = Annotated[Path, Parameter(name="FILE", help="A table: sku,location,on_hand,damaged,quarantined,at,id ...")]
Source = Annotated[str, Parameter(help="Who says so: the system that the file comes from.")]
At = Annotated[str, Parameter(help="Of when it is, if rows do not say so: 2026-03-02T09:00:00Z; now.")]
Sequence = Annotated[int, Parameter(help="Its number among the source's reports, if it counts them.")]


@app.command(name=("count", "set"))
def count_stock(
    sku: Sku,
    location: Place,
    units: Annotated[int, Parameter(name="UNITS", help="How many are there.", validator=up_to(UNITS_MAX, 0))],
    /,
    *,
    safety: Annotated[
        int | None, Parameter(help="So many of them are never promised; as before.", validator=up_to(UNITS_MAX, 0))
    ] = None,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Say how many units were counted at a location. Where orders have more, the youngest look elsewhere."""
    _change(shop, CountStock(sku, location, units, safety, person(by)), json)


@app.command
def receive(
    sku: Sku,
    location: Place,
    units: Annotated[
        int,
        Parameter(
            name="UNITS",
            help="How many have come; negative: gone.",
            allow_leading_hyphen=True,
            validator=up_to(UNITS_MAX, -UNITS_MAX),
        ),
    ],
    /,
    *,
    reason: Why = "received",
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Say that units have come to a location. Orders that wait for them go on by themselves."""
    _change(shop, MoveStock("receive", sku, location, units, reason, person(by)), json)


@app.command
def adjust(
    sku: Sku,
    location: Place,
    units: Annotated[
        int, Parameter(name="UNITS", help="How many more are there; negative: fewer.", allow_leading_hyphen=True)
    ],
    /,
    *,
    reason: Why,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Correct what is on hand by some units, and say why."""
    if not reason.strip():
        raise Failed("Say why: `--reason` may not be empty.", WRONG_USE)
    _change(shop, MoveStock("adjust", sku, location, units, reason, person(by)), json)


@app.command
def quarantine(
    sku: Sku, location: Place, units: Units, /, *, reason: Why = "", by: By = "", shop: Shop = HERE, json: Json = False
) -> None:
    """Keep units from being promised until somebody has looked at them."""
    _change(shop, MoveStock("quarantine", sku, location, units, reason, person(by)), json)


@app.command
def release(
    sku: Sku, location: Place, units: Units, /, *, reason: Why = "", by: By = "", shop: Shop = HERE, json: Json = False
) -> None:
    """Let units out of quarantine: they can be promised again."""
    _change(shop, MoveStock("release", sku, location, units, reason, person(by)), json)


@app.command
def damage(
    sku: Sku, location: Place, units: Units, /, *, reason: Why = "", by: By = "", shop: Shop = HERE, json: Json = False
) -> None:
    """Say that units are damaged: they are there, and are never promised."""
    _change(shop, MoveStock("damage", sku, location, units, reason, person(by)), json)


@app.command
def scrap(
    sku: Sku, location: Place, units: Units, /, *, reason: Why = "", by: By = "", shop: Shop = HERE, json: Json = False
) -> None:
    """Say that damaged units are gone."""
    _change(shop, MoveStock("scrap", sku, location, units, reason, person(by)), json)


@app.command
def transfer(
    sku: Sku,
    origin: Annotated[str, Parameter(name="FROM", help="The location that they leave.")],
    location: Annotated[str, Parameter(name="TO", help="The location that they go to.")],
    units: Units,
    /,
    *,
    reference: Annotated[str, Parameter(help="What the transfer is called: T-17.")],
    expected: Annotated[str, Parameter(help="When they are expected: 2026-03-05, or an instant.")],
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Send units to another location. They are in transit until `segue supply receive` says that they have come."""
    from segue.main.supply import expected_s, tell_overdue

    at_s = expected_s(shop, expected)
    sent = Supply("send", reference, person(by), sku, location, origin, units, at_s)
    result = ask(shop, sent)
    if json:
        print_json(result)
        return
    _tell(result)
    say(f"{count(units, 'unit')} of {sku} are on the way from {origin} to {location}.")
    tell_overdue(result, at_s)


@app.command
def snapshot(
    file: File,
    /,
    *,
    source: Source,
    at: At = "",
    sequence: Sequence = 0,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> int:
    """Take in what locations say is there. An older one than is known changes nothing, and neither does one twice."""
    return _take(shop, file, "snapshot", source, at, sequence, by, json)


@app.command
def delta(
    file: File,
    /,
    *,
    source: Source,
    at: At = "",
    sequence: Sequence = 0,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> int:
    """Take in what locations say came or went. What a later snapshot has in it already counts once."""
    return _take(shop, file, "delta", source, at, sequence, by, json)


@app.command
def drop(
    number: Annotated[int, Parameter(name="NUMBER", help="A report, as `segue stock waiting` names it.")],
    /,
    *,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Leave a report that waits or was refused undone for good."""
    result = ask(shop, DropReport(number, person(by)))
    print_json(result) if json else say(f"Report {number} is dropped.")


def _take(
    shop: Path, file: Path, kind: Literal["snapshot", "delta"], source: str, at: str, sequence: int, by: str, json: bool
) -> int:
    from segue.connectors.stock_files import Unreadable, instant_s

    if not file.is_file():
        raise Failed(f"{file}: there is no such file.", WRONG_USE)
    try:
        at_s = instant_s(at) if at else None
    except Unreadable as error:
        raise Failed(f"--at: {error}.", WRONG_USE) from error
    result = ask(shop, TakeStock(str(file.resolve()), kind, source, at_s, sequence, person(by)))
    mistaken = FOUND if MISTAKEN & result["outcomes"].keys() else DONE
    if json:
        print_json(result)
        return mistaken
    table(("reports", ">rows"), [(name, f"{rows:,}") for name, rows in result["outcomes"].items()])
    _tell(result)
    if "waiting" in result["outcomes"]:
        say(
            "What waits is applied once its SKU or location is known, or enough is there; `segue stock waiting` lists it."
        )
    if mistaken:
        say(
            "What was refused is not in the stock, all else is. Correct it in a new file; `segue stock waiting` has its"
        )
        say("number, and `segue stock drop NUMBER` ends it.")
    return mistaken


def _change(shop: Path, wanted: AnyWanted, json: bool) -> None:
    result: dict[str, Any] = ask(shop, wanted)
    if json:
        print_json(result)
        return
    _tell(result)
    if result.get("changed", True):
        say("Done. Orders that waited for it are looked at by `segue work`.")
    else:
        say("Nothing had to be changed: so many are there already.")


def _tell(result: dict[str, Any]) -> None:
    """What stands out: what could not be applied, and which orders gave something back."""
    for each in result["noted"]:
        what = each["row"] or f"{each['sku']} at {each['location']}"
        say(f"{each['outcome'].capitalize()}: {what}{': ' + each['detail'] if each['detail'] else ''}.")
    for order, units in result["given_back"].items():
        say(f"{order} gave back {count(units, 'unit')}: its workflow looks for them elsewhere.")
