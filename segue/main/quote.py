"""The command `segue quote`: what a cart would cost as an order, by the code that prices orders. Nothing is kept."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter
from msgspec.structs import replace

from segue.core.draft import Draft
from segue.core.mistakes import told
from segue.core.order import Failure
from segue.core.pricing.discounting import Told
from segue.core.pricing.pricing import Priced
from segue.core.pricing.taxing import merged, net_of
from segue.core.pricing.telling import name_of, why_not
from segue.core.proration import shipping_of
from segue.core.tally import Units, whole
from segue.main.failing import FOUND, WRONG_USE, Failed, failing
from segue.main.formats import money, show_in
from segue.main.output import facts, plain, print_json, say, table
from segue.main.parameters import HERE, Json, Shop
from segue.main.shops import folder_of

if TYPE_CHECKING:
    from segue.core.mapping import Mapping
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
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Price a cart: list prices, promotions, shipping, taxes, total. Nothing is kept."""
    folder = folder_of(shop)
    from segue.settings import read_shop

    with failing():
        known = read_shop(folder)
        mapping = mapping_of(channel_of(known, channel))
        cart = cart_in(file, mapping, known.currency, now_of(folder), digest_of(folder))
        found = _quoted(folder, known, cart)
    show_in(known.time_zone)
    if problems := [*mistakes_of_method(cart.ship_method, known.shipping_methods), *map(_of_lack, found.lacks)]:
        raise Failed("\n".join(f"{file}: {problem}" for problem in problems), FOUND)
    if json:
        print_json(as_json(found))
        return
    show(found.draft, _shipping_note(found.draft, known))
    if explain:
        tell(found)


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
    if channel and channel not in known.channels:
        raise Failed(f"The shop has no channel {channel}; there is {', '.join(known.channels)}.", WRONG_USE)
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


def as_json(found: Priced) -> dict[str, Any]:
    """The priced cart for programs, with what became of each promotion."""
    draft = found.draft
    return {
        "currency": draft.currency,
        "lines": [plain(line) | {"to_pay_minor": _to_pay(draft, number)} for number, line in enumerate(draft.lines)],
        "shipping_minor": shipping_of(draft),
        "shipping_taxes": plain(draft.shipping_taxes),
        "charges": plain(draft.charges),
        "taxes_included": draft.taxes_included,
        "total_minor": draft.total_minor,
        "grants": plain(draft.grants),
        "promotions": plain(found.told),
    }


def _to_pay(draft: Draft, number: int) -> int:
    line = draft.lines[number]
    return net_of(line) + (0 if draft.taxes_included else line.tax_minor)


def show(draft: Draft, note: str = "") -> None:
    """The cart, line by line, and what it comes to; the note is put behind what shipping costs."""
    code = draft.currency
    table(
        ("line", "sku", "title", ">units", ">list price", ">off", ">tax", ">to pay"),
        [
            (
                number,
                line.sku,
                line.title,
                line.quantity,
                money(line.price_minor * line.quantity, code),
                money(-line.discount_minor, code) if line.discount_minor else "",
                money(line.tax_minor, code),
                money(_to_pay(draft, number - 1), code),
            )
            for number, line in enumerate(draft.lines, 1)
        ],
    )
    facts(_sums(draft, note))


def _shipping_note(draft: Draft, known: "ShopFiles") -> str:
    """Why nobody has said what the shipping costs, if nobody has."""
    if draft.shipping_minor or draft.ship_method in known.shipping:
        return ""
    if not draft.ship_method:
        return (
            f", no ship_method is chosen yet{': ' if known.shipping_methods else ''}{', '.join(known.shipping_methods)}"
        )
    return f", shop.yaml says no price of {draft.ship_method}"


def _sums(draft: Draft, note: str) -> Iterator[tuple[str, str]]:
    code = draft.currency
    yield "goods", money(sum(_to_pay(draft, number) for number in range(len(draft.lines))), code)
    yield "shipping", f"{money(shipping_of(draft), code)}{note}"
    yield from ((charge.code, money(charge.amount_minor, code)) for charge in draft.charges)
    taxes = merged(tax for line in draft.lines for tax in line.taxes) + draft.shipping_taxes
    for tax in merged(taxes):
        meaning = "included" if draft.taxes_included else "added"
        yield f"{tax.name} {tax.rate}", f"{money(tax.amount_minor, code)}, {meaning}"
    yield "total", money(draft.total_minor, code)


def tell(found: Priced) -> None:
    """What each promotion gave, and why the others gave nothing."""
    say()
    if not found.told:
        say("The shop has no promotions.")
    code = found.draft.currency
    for each in found.told:
        if each.times:
            say(f"{name_of(each)} gives {money(sum(each.given.values()) + each.shipping_minor, code)}:")
            for text in _given(each, found.draft):
                say(f"  {text}")
        else:
            say(f"{name_of(each)} gives nothing: {why_not(each, code)}.")


def _given(told: Told, draft: Draft) -> Iterator[str]:
    """Which cents to which units of which line."""
    for number, off in told.given.items():
        line = draft.lines[number - 1]
        got = told.units.get(number) or whole(line.quantity)
        yield f"{money(off, draft.currency)} off line {number} ({line.sku}), {_units(got)}"
    if told.shipping_minor:
        yield f"{money(told.shipping_minor, draft.currency)} off the shipping"


def _units(units: Units) -> str:
    texts = [str(first) if first == last else f"{first} to {last}" for first, last in units]
    return f"{'unit' if texts == [str(units[0][0])] else 'units'} {', '.join(texts)}"
