"""The commands `segue adjust` and `goodwill`: money that is given up after the sale."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from segue.core.amounts import exponent
from segue.main.changing import give
from segue.main.failing import WRONG_USE, Failed
from segue.main.parameters import HERE, By, Expect, Json, Order, Preview, Reason, Shop
from segue.main.shops import connection_to, found_order
from segue.store.reading import Finder

Amount = Annotated[str, Parameter(name="AMOUNT", help="In the order's currency, with its tax: 12.50.")]


def adjust(
    id: Order,
    amount: Amount,
    /,
    *,
    line: Annotated[int, Parameter(help="The line whose price is lowered.")],
    quantity: Annotated[int, Parameter(help="So many units of the line; without it, all that are kept.")] = 0,
    reason: Reason = "",
    preview: Preview = False,
    expect: Expect = "",
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Lower the price of units of a line after the sale, by an amount for all of them together."""
    minor = _minor(shop, id, amount)
    command = {"command": "adjust_price", "line": line, "amount_minor": minor, "quantity": quantity, "reason": reason}
    give(id, command, by, shop, json, preview, expect)


def goodwill(
    id: Order,
    amount: Amount,
    /,
    *,
    reason: Annotated[str, Parameter(name="--reason", help="What for; it stays with the order.")],
    preview: Preview = False,
    expect: Expect = "",
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Give the customer an amount as an apology, of what is left of the order."""
    command = {"command": "give_goodwill", "amount_minor": _minor(shop, id, amount), "reason": reason}
    give(id, command, by, shop, json, preview, expect)


def _minor(shop: Path, id: str, amount: str) -> int:
    """An amount in minor units of the order's currency. Raises Failed if it is none, or has too many digits."""
    connection = connection_to(shop)
    order = Finder(connection).order(found_order(connection, id).id)
    currency = order.currency if order else ""
    try:
        minor = Decimal(amount) * 10 ** exponent(currency)
    except InvalidOperation as error:
        raise Failed(f"`{amount}` is not an amount, like 12.50.", WRONG_USE) from error
    if not minor.is_finite() or minor != int(minor):
        raise Failed(f"`{amount}` has more digits than {currency} has.", WRONG_USE)
    return int(minor)
