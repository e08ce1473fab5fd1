"""A cart's units set aside, from the command line: how long, by whom, and what is said of it."""

from pathlib import Path
from typing import Any

from msgspec.structs import replace

from segue.core.draft import Draft
from segue.main.asking import ask
from segue.main.failing import WRONG_USE, Failed
from segue.main.formats import count, instant
from segue.main.output import plain, say
from segue.main.parameters import person
from segue.main.wanted import ReserveCart


def set_aside(shop: Path, draft: Draft, key: str, for_s: int, by: str) -> dict[str, Any]:
    """Reserve what a cart holds, under this key or its own. Raises Failed."""
    named = replace(draft, cart=key or draft.cart)
    return ask(shop, ReserveCart(plain(named), for_s, person(by)))


def tell_reserved(result: dict[str, Any]) -> None:
    """What a cart has set aside, and what of it found nothing."""
    tell_cart(result["cart"])
    for sku, units in result["missing"].items():
        say(f"{count(units, 'unit')} of {sku} found nothing.")


def tell_cart(cart: dict[str, Any]) -> None:
    """What a cart has set aside, where, and until when."""
    held = cart.get("held", [])
    units = sum(each["units"] for each in held)
    until = f" until {instant(cart['expires_at_s'])}" if held else ""
    say(f"Cart {cart['id']} has {count(units, 'unit')} set aside{until}.")
    for each in held:
        say(f"  {each['units']} of {each['sku']} at {each['location']}")


def seconds(text: str, called: str) -> int:
    """A duration as it is written, in seconds. Raises Failed."""
    from segue.loader.problems import Problems
    from segue.loader.reading import parse_tree

    problems = Problems()
    node = parse_tree(text, called, problems)
    found = node.duration_s(problems) if node is not None else 0
    if len(problems) or found <= 0:
        raise Failed(f"{called}: write a duration as in 90s, 15m or 2h, of 1s at least (found: {text}).", WRONG_USE)
    return found
