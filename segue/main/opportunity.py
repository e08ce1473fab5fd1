"""The command `segue opportunity`: what units are worth where they lie, to orders that are still to come."""

from typing import Any

from cyclopts import App

from segue.core.lanes import MILLS
from segue.main.asking import ask
from segue.main.failing import FOUND, Failed
from segue.main.formats import count, instant, money
from segue.main.output import print_json, say, table
from segue.main.parameters import HERE, Json, Shop
from segue.main.wanted import RefreshOpportunity

app = App(name="opportunity", help_format="plaintext")


@app.default
def opportunity(*, shop: Shop = HERE, json: Json = False) -> None:
    """Show what a unit of each SKU is worth more at some locations than at others, and when that was worked out."""
    from segue.main.shops import folder_of, stock_of
    from segue.settings import read_shop
    from segue.store.outlook import every_price

    kept = every_price(stock_of(shop).cursor())
    if json:
        print_json(kept)
        return
    currency = read_shop(folder_of(shop)).currency
    rows = [
        (sku, place, money(-(-mills // MILLS), currency), instant(prices.at_s))
        for sku, prices in kept.items()
        for place, mills in sorted(prices.mills.items())
    ]
    table(("SKU", "at", ">worth more", "as of"), rows)
    say(f"{count(len(kept), 'SKU')} looked at; what is not named is worth no more there than elsewhere.")


@app.command
def refresh(*, shop: Shop = HERE, json: Json = False) -> None:
    """Work it out again, from what was sold lately and what is there. A worker does so every hour where orders go by it."""
    result: dict[str, Any] = ask(shop, RefreshOpportunity())
    if result["reason"]:
        raise Failed(f"Nothing was worked out: {result['reason']}.", FOUND)
    if json:
        print_json(result)
    else:
        say(
            f"{count(result['skus'], 'SKU')} looked at, {result['unit_prices']} of their places are worth more than others."
        )
