"""Telling: what became of each promotion, in words: what it gave, or the smallest change that would make it apply."""

from collections.abc import Callable

from segue.core.amounts import exponent
from segue.core.moments import moment
from segue.core.pricing.discounting import Told
from segue.core.promotion import Goods, Lack

UNKNOWN_CODE = "no promotion has this code"


def name_of(told: Told) -> str:
    """How it is called: by its name, else by the code that the customer gave."""
    return told.promotion or told.code


def why_not(told: Told, currency: str) -> str:
    """The smallest change that would make a promotion apply; nothing, if it does."""
    if told.times:
        return ""
    if not told.promotion:
        return UNKNOWN_CODE
    return "; ".join(WORDS[lack.kind](lack, currency) for lack in told.lacks)


def money(amount_minor: int, currency: str) -> str:
    """An amount with the digits of its currency: `12.50 EUR`, `1250 JPY`."""
    digits = exponent(currency)
    whole, part = divmod(amount_minor, 10**digits)
    return f"{whole}.{part:0{digits}} {currency}" if digits else f"{whole} {currency}"


def _of(goods: Goods) -> str:
    named = [*goods.skus, *(f"goods tagged {tag}" for tag in goods.tags)]
    return " or ".join(named) or "any goods"


def _more(lack: Lack, currency: str) -> str:
    return f"{money(lack.count, currency)} more of {_of(lack.goods)}"


def _one_of(what: str) -> Callable[[Lack, str], str]:
    return lambda lack, currency: f"{what} {' or '.join(lack.names)}"


WORDS: dict[str, Callable[[Lack, str], str]] = {
    "value": lambda lack, currency: f"it takes {_more(lack, currency)}",
    "paid": lambda lack, currency: f"it takes {_more(lack, currency)}, after other discounts",
    "goods": lambda lack, currency: f"it takes {lack.count} more of {_of(lack.goods)}",
    "code": _one_of("it takes the code"),
    "tier": _one_of("it is for customers who are"),
    "method": _one_of("it is for shipping by"),
    "channel": _one_of("it is for the channel"),
    "country": _one_of("it is for orders to"),
    "currency": _one_of("it is for orders in"),
    "customer": lambda lack, currency: "it takes a customer who is known",
    "from": lambda lack, currency: f"it begins at {moment(lack.count)}",
    "over": lambda lack, currency: f"it was over at {moment(lack.count)}",
    "used_up": lambda lack, currency: f"it was used by as many orders as may: {lack.count}",
    "used_by_customer": lambda lack, currency: f"this customer has used it as often as they may: {lack.count}",
    "excluded": _one_of("it does not go together with"),
    "nothing_left": lambda lack, currency: "what it is for costs nothing any more",
}
