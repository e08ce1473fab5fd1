"""Carts and shares: what a checkout reserves, extends and lets go; what of a SKU is kept for which channel."""

from segue.core.draft import Destination, Draft, DraftLine
from segue.core.fences import EVERYWHERE, Fence
from segue.engine.carting import NotReserved, extend, release, reserve
from segue.engine.fencing import fence, reallocate
from segue.engine.taking import Desk
from segue.ports import NotThere, Unwritable
from segue.scenario.forms import Field, Form, filled
from segue.scenario.kinds import COUNT, DURATION, TEXT, UNITS_OF, named
from segue.scenario.stage import Impossible, Stage
from segue.scenario.steps.verb import Refusal, Values, Verb

NOT_RESERVED = "not_reserved"  # what is refused of a cart that has nothing, or has no key
CONTRADICTORY = "contradictory_shares"
NOT_LEFT = "not_left"  # of units that a share does not have any more
FOR_S = 900

CART = Field(TEXT, "the cart's key; its order names the same", required=True)
RESERVING: Form = {
    "cart": CART,
    "lines": Field(UNITS_OF, "what the cart holds", required=True),
    "for": Field(DURATION, "how long; `15m`"),
    "channel": Field(named("channel"), "the channel of its order; the shop's first"),
    "gets": Field(COUNT, "how many units it must get; any"),
}
EXTENDING: Form = {"cart": CART, "for": Field(DURATION, "how long from now; `15m`")}
RELEASING: Form = {"cart": CART}
FENCING: Form = {
    "sku": Field(named("SKU"), "of what", required=True),
    "channel": Field(named("channel"), "the channel whose share it is"),
    "pool": Field(TEXT, "or a pool that channels' shares are parts of"),
    "units": Field(COUNT, "its share, in all; nothing"),
    "within": Field(TEXT, "the pool that it is a part of"),
    "safety": Field(COUNT, "so many of the last units it never promises"),
    "location": Field(named("location"), "at this location; over all of them"),
}
REALLOCATING: Form = {
    "sku": Field(named("SKU"), "of what", required=True),
    "from": Field(TEXT, "whose share gets smaller", required=True),
    "to": Field(TEXT, "whose share gets larger", required=True),
    "units": Field(COUNT, "how many units", required=True),
    "location": Field(named("location"), "at this location; over all of them"),
}


def reserved(stage: Stage, values: Values) -> None:
    """A cart reserves. Raises Impossible if it gets another number of units than is said."""
    channel = values.get("channel") or next(iter(stage.setting.shop.channels))
    lines = tuple(DraftLine(sku, count, 0) for sku, count in values["lines"])
    cart = Draft(
        channel, values["cart"], stage.now_s, stage.setting.shop.currency, lines, 0, ship_to=Destination("DE"),
        cart=values["cart"],
    )  # fmt: skip
    got = reserve(_desk(stage), cart, values.get("for", FOR_S)).cart.units
    if values.get("gets", got) != got:
        raise Impossible(f"a cart that gets {values['gets']} units", f"it gets {got}")


def extended(stage: Stage, values: Values) -> None:
    """A cart has more time. Raises Refusal if it has nothing any more."""
    try:
        extend(_desk(stage), values["cart"], values.get("for", FOR_S))
    except NotReserved as error:
        raise Refusal(NOT_RESERVED, str(error)) from error


def released(stage: Stage, values: Values) -> None:
    """A cart is left. Raises Refusal if it has nothing any more."""
    try:
        release(_desk(stage), values["cart"])
    except NotReserved as error:
        raise Refusal(NOT_RESERVED, str(error)) from error


def fenced(stage: Stage, values: Values) -> None:
    """A channel has a share. Raises Refusal if shares contradict each other."""
    share = Fence(
        values.get("location", EVERYWHERE), _owner_of(values), values.get("units", 0), parent=values.get("within", ""),
        safety=values.get("safety", 0),
    )  # fmt: skip
    try:
        fence(_desk(stage), values["sku"], [share])
    except Unwritable as error:
        raise Refusal(CONTRADICTORY, str(error)) from error


def reallocated(stage: Stage, values: Values) -> None:
    """Units of a share become another's. Raises Refusal if it has not so many left."""
    between, location = (values["from"], values["to"]), values.get("location", EVERYWHERE)
    try:
        reallocate(_desk(stage), values["sku"], values["units"], between, location)
    except NotThere as error:
        raise Refusal(NOT_LEFT, str(error)) from error


def _owner_of(values: Values) -> str:
    named = [values[word] for word in ("channel", "pool") if word in values]
    if len(named) != 1:
        raise Impossible("a share is a channel's or a pool's", f"{len(named)} of the two are named")
    return str(named[0])


def _desk(stage: Stage) -> Desk:
    return stage.app.stock_desk("checkout")


VERBS = {
    "reserve": Verb("A cart sets units aside for a while.", filled(RESERVING), reserved),
    "extend": Verb("A cart has more time.", filled(EXTENDING), extended),
    "leave_cart": Verb("A cart is left: what it had is free.", filled(RELEASING), released),
    "fence": Verb("A channel has a share of a SKU's stock.", filled(FENCING), fenced),
    "reallocate": Verb("Units of one share become another's.", filled(REALLOCATING), reallocated),
}
