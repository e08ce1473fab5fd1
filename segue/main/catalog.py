"""The command `segue catalog`: the entries that orders are checked against."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from segue.main.asking import ask
from segue.main.failing import DONE, FOUND, WRONG_USE, Failed
from segue.main.formats import count
from segue.main.output import print_json, say, table
from segue.main.parameters import HERE, Json, Shop
from segue.main.wanted import PutItems

app = App(name="catalog", help_format="plaintext")


@app.default
def catalog(
    skus: Annotated[tuple[str, ...], Parameter(name="SKU", help="The SKUs to look up.")],
    /,
    *,
    shop: Shop = HERE,
    json: Json = False,
) -> int:
    """Show the catalog's entries."""
    from segue.main.shops import stock_of
    from segue.store.loading import load_items

    found = load_items(stock_of(shop).cursor(), frozenset(skus))
    if json:
        print_json({sku: found[sku] for sku in skus})
    else:
        rows = [(sku, item.title, item.price_minor, item.weight_g) for sku in skus if (item := found[sku]) is not None]
        table(("sku", "title", ">price, minor units", ">weight, g"), rows)
    missing = [sku for sku in skus if found[sku] is None]
    if missing and not json:
        say(f"The catalog has no {', '.join(missing)}.")
    return FOUND if missing else DONE


@app.command
def put(
    file: Annotated[Path, Parameter(name="FILE", help="A table with the columns of catalog.csv.")],
    /,
    *,
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Put items into the catalog, new ones or others in their place. Orders that wait for them go on by themselves."""
    if not file.is_file():
        raise Failed(f"{file}: there is no such file.", WRONG_USE)
    result = ask(shop, PutItems(str(file.resolve())))
    if json:
        print_json(result)
        return
    items, changed = count(result["items"], "item"), result["changed"]
    say(f"{items} read, {changed:,} new or changed. Orders that waited for one are looked at by `segue work`.")
