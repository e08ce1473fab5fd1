"""The commands `segue reserve` and `segue reservations`: what carts set aside at checkout, for a while."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from segue.main.asking import ask
from segue.main.failing import WRONG_USE, Failed, failing
from segue.main.formats import count, instant, iso, show_in
from segue.main.output import plain, print_json, say, table
from segue.main.parameters import HERE, By, Json, Limit, Shop, person
from segue.main.reserving import seconds, set_aside, tell_cart, tell_reserved
from segue.main.shops import folder_of, present_s, stock_of
from segue.main.wanted import ChangeCart

USUAL = "15m"


def reserve(
    file: Annotated[Path, Parameter(name="CART", help="The cart: JSON, as Segue's own order document.")],
    /,
    *,
    lasting: Annotated[str, Parameter(name="--for", help="How long: 90s, 15m, 2h.")] = USUAL,
    cart: Annotated[str, Parameter(help="The cart's key, if the file has no `cart`; its order names the same.")] = "",
    channel: Annotated[str, Parameter(help="The channel that its order will come from; the shop's first.")] = "",
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Set a cart's units aside, where its order would be given them; again, if it has changed."""
    from segue.main.quote import cart_of, mistakes_of_method
    from segue.settings import read_shop

    for_s = seconds(lasting, "--for")
    folder = folder_of(shop)
    with failing():
        known = read_shop(folder)
        draft = cart_of(file, folder, known, channel)
    show_in(known.time_zone)
    if problems := list(mistakes_of_method(draft.ship_method, known.shipping_methods)):
        raise Failed("\n".join(f"{file}: {problem}" for problem in problems))
    result = set_aside(shop, draft, cart, for_s, by)
    if json:
        print_json(result)
    else:
        tell_reserved(result)


def reservations(
    key: Annotated[str, Parameter(name="CART", help="One cart, by its key; without it, all.")] = "",
    /,
    *,
    extend: Annotated[str, Parameter(help="It ends so long from now: 10m.")] = "",
    release: Annotated[bool, Parameter(negative=(), help="It ends now: what it has is free again.")] = False,
    limit: Limit = 100,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """List what carts have set aside and is not over; extend a reservation, or let it go."""
    if extend and release:
        raise Failed("--extend and --release are one or the other.", WRONG_USE)
    if extend or release:
        _change(shop, key, extend, person(by), json)
        return
    from segue.store.cart_list import live_carts

    connection = stock_of(shop)
    found = live_carts(connection, present_s(connection), key, limit)
    if key and not found:
        raise Failed(f"Cart {key} has nothing reserved; it may be over, or an order's by now.")
    if json:
        print_json([plain(each) | {"expires_at": iso(each.expires_at_s)} for each in found])
        return
    columns = ("cart", "channel", "until", "sku", "location", ">units")
    table(
        columns,
        [
            (each.id, each.channel, instant(each.expires_at_s), held.sku, held.location, f"{held.units:,}")
            for each in found
            for held in each.held
        ],
    )
    say(f"{count(len(found), 'cart')}.")


def _change(shop: Path, key: str, extend: str, by: str, json: bool) -> None:
    if not key:
        raise Failed("Name the cart: `segue reservations C-1077 --extend 10m`.", WRONG_USE)
    result = ask(shop, ChangeCart(key, seconds(extend, "--extend") if extend else 0, by))
    if json:
        print_json(result)
    elif extend:
        stock_of(shop).close()  # instants are shown in the shop's time
        tell_cart(result["cart"])
    else:
        say(f"Cart {key} has nothing reserved any more.")
