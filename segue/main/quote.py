"""The command `segue quote`: what a cart would cost as an order, by the code that prices orders.

Nothing is kept, unless the cart is to be reserved at the same time.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter
from msgspec.structs import replace

from segue.core.draft import Draft
from segue.core.mistakes import told
from segue.core.order import Failure
from segue.core.pricing.pricing import Priced
from segue.main.failing import FOUND, WRONG_USE, Failed, failing
from segue.main.formats import show_in
from segue.main.known import need
from segue.main.output import plain, print_json
from segue.main.parameters import HERE, By, Json, Shop
from segue.main.quoted import as_json, shipping_note, show, tell, tell_standing
from segue.main.reserving import seconds, set_aside, tell_reserved
from segue.main.shops import folder_of

if TYPE_CHECKING:
    from segue.core.mapping import Mapping
    from segue.engine.quoting import Standing
    from segue.loader.shop import Shop as ShopFiles

CART_BYTES_MAX = 10_000_000
CANONICAL = "canonical"  # carts are written like Segue's own order document


def quote(
    file: Annotated[Path, Parameter(name="CART", help="The cart: JSON, as Segue's own order document.")],
    /,
    *,
    explain: Annotated[
        bool, Parameter(negative=(), help="Show what each promotion gave to which units, and why others gave nothing.")
    ] = False,
    channel: Annotated[
        str, Parameter(help="The channel that it would come from, which knows its customers; the shop's first.")
    ] = "",
    reserve: Annotated[str, Parameter(help="Set its units aside too, for so long: 15m.")] = "",
    cart: Annotated[str, Parameter(help="With --reserve, the cart's key, if the file has no `cart`.")] = "",
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Price a cart: list prices, promotions, shipping, taxes, total. Nothing is kept, but for what is reserved."""
    folder = folder_of(shop)
    from segue.settings import read_shop

    for_s = seconds(reserve, "--reserve") if reserve else 0
    with failing():
        known = read_shop(folder)
        draft = cart_of(file, folder, known, channel)
        found = _quoted(folder, known, draft)
    show_in(known.time_zone)
    if problems := [*mistakes_of_method(draft.ship_method, known.shipping_methods), *map(_of_lack, found.lacks)]:
        raise Failed("\n".join(f"{file}: {problem}" for problem in problems), FOUND)
    with failing():
        stands = _standing(folder, known, draft)
    reserved = set_aside(shop, draft, cart, for_s, by) if for_s else None
    if json:
        print_json(as_json(found) | plain(stands) | ({"reservation": reserved} if reserved else {}))
        return
    show(found.draft, shipping_note(found.draft, known))
    tell_standing(stands)
    if explain:
        tell(found)
    if reserved:
        tell_reserved(reserved)


def mistakes_of_method(method: str, offered: tuple[str, ...]) -> Iterator[str]:
    """What is wrong about a shipping method that an order would be held for. A cart need not have one yet."""
    from segue.loader.problems import did_you_mean, listed, shortened

    if method and offered and method not in offered:
        there_is, advice = f"there is {listed(offered)}", did_you_mean(method, offered)
        more = "." if advice == there_is else f" T{there_is[1:]}."
        yield f"ship_method: the shop has no shipping method `{shortened(method)}`; {advice}{more}"


def _of_lack(lack: Failure) -> str:
    return f"{_place(lack.path)}it cannot be priced: {lack.detail}."


def channel_of(known: "ShopFiles", channel: str) -> str:
    """The channel that is named, or the shop's first. Raises Failed if the shop has no such one."""
    if channel:
        need("channel", channel, known.channels)
    return channel or next(iter(known.channels), CANONICAL)


def cart_in(
    path: Path,
    mapping: "Mapping",
    currency: str,
    now_s: int,
    digest: Callable[[str], str],
    to: dict[str, str] | None = None,
) -> Draft:
    """The cart of a file, going `to` an address if one is given. What an order needs and a cart does not have is put in.

    Raises Failed, naming each mistake.
    """
    from segue.core.mapping import Document, map_document

    fields = fields_of(path)
    if to:
        customer = fields.get("customer")
        fields["customer"] = {**(customer if isinstance(customer, dict) else {}), "ship_to": to}
    usual = {"channel_order_id": "quote", "placed_at_s": now_s, "currency": currency}
    whole = usual | fields | {"priced": False}
    mapped = map_document(mapping, Document(whole, path.name, (1,)))
    draft = mapped.draft
    mistakes = [] if isinstance(fields.get("priced", False), bool) else ["priced: is neither true nor false"]
    mistakes += [f"{_place(reject.path)}{reject.reason}{_found(reject.value)}" for reject in mapped.rejects]
    if draft is not None:
        mistakes += [told(each) for each in draft.mistakes]
        mistakes += list(_odd(draft))
    if draft is None or mistakes:
        raise Failed("\n".join(f"{path}: {mistake}." for mistake in mistakes), WRONG_USE)
    person = digest(mapped.person.identity) if mapped.person.identity else draft.person
    return replace(draft, person=person, tenders=())


def cart_of(path: Path, folder: Path, known: "ShopFiles", channel: str = "") -> Draft:
    """The cart of a file, as one of this shop's channel, or its first one. Raises Failed."""
    mapping = mapping_of(channel_of(known, channel))
    return cart_in(path, mapping, known.currency, now_of(folder), digest_of(folder))


def digest_of(folder: Path) -> Callable[[str], str]:
    """How the shop names people; one without orders knows nobody yet."""
    from segue.settings import KEY_FILE
    from segue.store.people import Seal, shop_key

    path = folder / KEY_FILE
    return Seal(shop_key(path)).digest if path.exists() else str


def fields_of(path: Path) -> dict[str, Any]:
    """The object that a file holds."""
    from msgspec import DecodeError
    from msgspec.json import decode

    if not path.is_file():
        raise Failed(f"{path}: there is no such file.", WRONG_USE)
    if path.stat().st_size > CART_BYTES_MAX:
        raise Failed(f"{path}: a cart has at most {CART_BYTES_MAX} bytes.", WRONG_USE)
    try:
        fields = decode(path.read_bytes())
    except (DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Failed(f"{path}: this is not JSON: {error}.", WRONG_USE) from error
    if not isinstance(fields, dict):
        raise Failed(f"{path}: a cart is an object with `lines`.", WRONG_USE)
    return fields


def mapping_of(channel: str) -> "Mapping":
    """How a cart of this channel is read."""
    from segue.loader.channel import load_channel, prebuilt_channels
    from segue.loader.problems import Problems

    problems = Problems()
    mapping = load_channel(prebuilt_channels()[CANONICAL], f"{CANONICAL}.yaml", problems)
    assert mapping is not None, problems.sorted()
    return replace(mapping, name=channel)


def _odd(draft: Draft) -> Iterator[str]:
    """What a mapping takes for an order's checks to find, and a cart has no checks."""
    for number, line in enumerate(draft.lines):
        if line.quantity < 1:
            yield f"lines[{number}].quantity: a cart has at least one of it (found: {line.quantity})"


def _place(path: str) -> str:
    return f"{path}: " if path else ""


def _found(value: str) -> str:
    return f" (found: {value})" if value else ""


def now_of(folder: Path) -> int:
    """The shop's present time; the clock's, if it has no orders yet."""
    import time

    from segue.main.shops import present_s
    from segue.store.database import reading

    try:
        return present_s(reading(folder)) or int(time.time())
    except FileNotFoundError:
        return int(time.time())


def _quoted(folder: Path, known: "ShopFiles", cart: Draft) -> Priced:
    from segue.app import rules_of
    from segue.engine.quoting import quoted
    from segue.store.looking import Looking

    return quoted(Looking(folder, known.items), rules_of(known), cart, cart.placed_at_s)


def _standing(folder: Path, known: "ShopFiles", cart: Draft) -> "Standing":
    from segue.app import rules_of
    from segue.engine.quoting import standing
    from segue.store.looking import Looking

    return standing(Looking(folder, known.items, known.stock), rules_of(known), cart, cart.placed_at_s)
