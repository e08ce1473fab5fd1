"""The commands `segue adjust` and `goodwill`: money that is given up after the sale."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from segue.core.amounts import exponent
from segue.main.changing import give
from segue.main.failing import WRONG_USE, Failed
from segue.main.parameters import HERE, By, Expect, Json, OneLine, Order, Preview, Quantity, Reason, Shop
from segue.main.shops import connection_to, found_order
from segue.store.reading import Finder

AMOUNT = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,12})?")

Amount = Annotated[str, Parameter(name="AMOUNT", help="In the order's currency, with its tax: 12.50.")]


def adjust(
    id: Order,
    amount: Amount,
    /,
    *,
    line: OneLine,
    quantity: Quantity = None,
    reason: Reason = "",
    preview: Preview = False,
    expect: Expect = None,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Lower the price of units of a line after the sale, by an amount for all of them together."""
    minor = _minor(shop, id, amount)
    command = {"command": "adjust_price", "line": line, "amount_minor": minor, "quantity": quantity or 0}
    command["reason"] = reason
    give(id, command, by, shop, json, preview, expect)


def goodwill(
    id: Order,
    amount: Amount,
    /,
    *,
    reason: Annotated[str, Parameter(name="--reason", help="What for; it stays with the order.")],
    preview: Preview = False,
    expect: Expect = None,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Give the customer an amount as an apology, of what is left of the order."""
    if not reason.strip():
        raise Failed("Say what it is for: `--reason` may not be empty.", WRONG_USE)
    command = {"command": "give_goodwill", "amount_minor": _minor(shop, id, amount), "reason": reason}
    give(id, command, by, shop, json, preview, expect)


def _minor(shop: Path, id: str, amount: str) -> int:
    """An amount in minor units of the order's currency. Raises Failed if it is none, or has too many digits."""
    connection = connection_to(shop)
    order = Finder(connection).order(found_order(connection, id).id)
    currency = order.currency if order else ""
    if not AMOUNT.fullmatch(amount):
        raise Failed(f"`{amount}` is not an amount, like 12.50.", WRONG_USE)
    minor = Decimal(amount) * 10 ** exponent(currency)
    if minor != int(minor):
        raise Failed(f"`{amount}` has more digits than {currency} has.", WRONG_USE)
    if minor < 1:
        raise Failed(f"`{amount}`: an amount above zero is needed.", WRONG_USE)
    return int(minor)
