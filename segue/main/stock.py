"""The command `segue stock`: what is where; counting it, receiving it."""

from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from segue.main.asking import ask
from segue.main.formats import count
from segue.main.output import print_json, say, table
from segue.main.parameters import HERE, UNITS_MAX, Json, Limit, Shop, up_to
from segue.main.wanted import AnyWanted, CountStock, ReceiveStock

app = App(name="stock", help_format="plaintext")

Sku = Annotated[str, Parameter(name="SKU")]
Place = Annotated[str, Parameter(name="LOCATION", help="A location of locations.yaml.")]


@app.default
def stock(
    sku: Annotated[str, Parameter(name="SKU", help="One SKU; without it, all.")] = "",
    /,
    *,
    location: Annotated[str, Parameter(help="One location.")] = "",
    limit: Limit = 100,
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Show stock."""
    from segue.main.shops import connection_to
    from segue.store.overview import Overview

    found = Overview(connection_to(shop)).stock(sku, location, limit + 1)
    shown = found[:limit]
    if json:
        print_json(shown)
        return
    columns = ("sku", "location", ">on hand", ">allocated", ">safety", ">free to promise")
    table(
        columns, [(s.sku, s.location, *(f"{n:,}" for n in (s.on_hand, s.allocated, s.safety, s.free))) for s in shown]
    )
    more = "; there is more, --limit shows it" if len(found) > limit else ""
    say(f"{count(len(shown), 'place')} of {count(len({s.sku for s in shown}), 'SKU')}{more}.")


@app.command(name="set")
def count_stock(
    sku: Sku,
    location: Place,
    units: Annotated[int, Parameter(name="UNITS", help="How many are there.", validator=up_to(UNITS_MAX, 0))],
    /,
    *,
    safety: Annotated[int, Parameter(help="So many of them are never promised.", validator=up_to(UNITS_MAX, 0))] = 0,
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Say how many units were counted at a location."""
    _change(shop, CountStock(sku, location, units, safety), json)


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
    reason: Annotated[str, Parameter(help="received, damaged, found ...")] = "received",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Say that units have come to a location. Orders that wait for them go on by themselves."""
    _change(shop, ReceiveStock(sku, location, units, reason), json)


def _change(shop: Path, wanted: AnyWanted, json: bool) -> None:
    result: dict[str, Any] = ask(shop, wanted)
    if json:
        print_json(result)
    elif result["changed"]:
        say("Done. Orders that waited for it are looked at by `segue work`.")
    else:
        say("Nothing had to be changed: so many are there already.")
