"""Known: whether what somebody has named is there; where it is not, one sentence with what was probably meant."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from segue.main.failing import WRONG_USE, Failed

if TYPE_CHECKING:
    from segue.store.database import Connection


def need(what: str, name: str, known: Iterable[str]) -> None:
    """Raises Failed, with advice, if a name is none of these."""
    from segue.loader.problems import advice, shortened

    names = list(known)
    if name not in names:
        raise Failed(f"There is no {what} `{shortened(name)}`; {advice(name, names)}", WRONG_USE)


def need_channel(connection: "Connection", channel: str) -> None:
    """Raises Failed, with advice, if the shop has no such channel."""
    from segue.store.outline import outline_of

    need("channel", channel, outline_of(connection).channels)


def need_stock(connection: "Connection", sku: str = "", location: str = "", supply: str = "") -> None:
    """Raises Failed, with advice, for what was named and is nowhere in the shop. To be asked where a list came out empty."""
    from segue.store.outline import outline_of
    from segue.store.stock_list import StockList

    names = StockList(connection)
    if sku and not names.knows(sku):
        need("SKU", sku, names.skus())
    if location:
        need("location", location, {**outline_of(connection).locations, **dict.fromkeys(names.locations())})
    if supply:
        need("supply", supply, names.references())
