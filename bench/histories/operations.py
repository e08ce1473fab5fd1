"""What may happen: orders, carts, counts, moves, transfers, shares, and time."""

import random
from collections.abc import Callable, Iterable

from bench.checkouts import PLACES
from bench.histories.history import CHANNELS, FIRM, History, Place, Wrong
from bench.histories.kits import draft
from bench.histories.model import Share
from segue.core.allocate import Allocate, Reserve
from segue.core.base import Command
from segue.core.cancel import Cancel
from segue.core.deallocate import Deallocate
from segue.core.fences import Fence
from segue.core.fulfill import RecordReject, RecordShipment, RecordShortPick, Release
from segue.core.intake import PlaceOrder
from segue.core.order import Order, units_in
from segue.core.tally import Units, common, lowest
from segue.engine.carting import NotReserved, extend, release, reserve
from segue.engine.fencing import fence
from segue.engine.outcomes import Request
from segue.engine.stocktaking import HOWS, count, move_stock
from segue.engine.supplying import receive, transfer
from segue.ports import NotThere, Unwritable
from tests.core.bundled import in_counters

POOL = "both"
# What a unit does to what is fit to be sold, and to what is on hand and is not.
FITTER = {
    "receive": (1, 0), "adjust": (1, 0), "damage": (-1, 1), "scrap": (0, -1), "quarantine": (-1, 1), "release": (1, -1),
}  # fmt: skip

Operation = Callable[[History, random.Random], None]


def place(history: History, dice: random.Random) -> None:
    """An order comes in; perhaps it names a cart, whose it is or not."""
    name = f"{history.name}-{len(history.orders)}"
    cart, channel, units = dice.choice([*history.carts, ""]), dice.choice(CHANNELS), _wanted(history, dice)
    history.orders[name] = channel
    history.say(f"order {name} of {channel}: {units}, of cart `{cart}`")
    drafted = draft(name, units, channel, cart, history.kits)
    history.run([Request(name, PlaceOrder(name, drafted), "buyer")])


def allocate(history: History, dice: random.Random) -> None:
    """Some orders ask for stock, in one wave."""
    asked = dice.sample(sorted(history.orders), min(3, len(history.orders)))
    commands = [(name, dice.choice((Allocate(), Reserve()))) for name in asked]
    history.say(f"stock is asked for: {[(name, type(command).__name__) for name, command in commands]}")
    history.ask(*commands)


def let_go(history: History, dice: random.Random) -> None:
    """An order is canceled, in part or as a whole; or gives its stock back."""
    command: Command = dice.choice((Cancel(line=1, quantity=1), Cancel(), Deallocate()))
    if history.orders:
        name = dice.choice(sorted(history.orders))
        history.say(f"{name}: {command}")
        history.ask((name, command))


def to_warehouse(history: History, dice: random.Random) -> None:
    """Locations are asked to ship what is allocated."""
    history.say("all is allocated and released")
    history.ask(*((name, Allocate()) for name in sorted(history.orders)))
    history.ask(*((name, Release()) for name in sorted(history.orders)))


def ship(history: History, dice: random.Random) -> None:
    """A location ships what it was asked to."""
    _at_location(history, lambda name, units: RecordShipment(name, f"parcel {len(history.done)}", units))


def miss(history: History, dice: random.Random) -> None:
    """A location does not find what it was asked to ship, or will not do it."""
    if dice.random() < 0.4:
        _at_location(history, lambda name, units: RecordReject(name, "busy"))
    elif dice.random() < 0.5:
        _at_location(history, RecordShortPick)
    else:  # a unit of one line: of a kit all the others go back
        _at_location(history, lambda name, units: RecordShortPick(name, _one(units)))
    standing = history.shop.room.standing(list(history.fit), history.now_s)
    gone = history.look().gone
    for key, known in standing.items():  # what else is gone with it is the product's to say; it is never more than was
        fit = known.counter.fit + gone[key]
        if fit > history.fit[key]:
            raise Wrong(f"{fit} of {key} are fit to be sold, and {history.fit[key]} were")
        history.fit[key], history.unfit[key] = fit, known.counter.damaged + known.counter.quarantined


def _one(units: dict[int, Units]) -> dict[int, Units]:
    line, here = next(iter(units.items()))
    return {line: lowest(here, 1)}


def _at_location(history: History, command: Callable[[str, dict[int, Units]], Command]) -> None:
    for name, order in history.known().orders.items():
        inside = units_in(order, *FIRM) if order else {}
        for fulfillment, each in order.fulfillments.items() if order else ():
            units = {line: here for line, all in each.units.items() if (here := common(all, inside.get(line, ())))}
            if units:
                asked = command(fulfillment, units)
                history.say(f"{name}: {type(asked).__name__} of {fulfillment} at {each.location}, {units}")
                history.ask((name, asked))
                return


def put_in_cart(history: History, dice: random.Random) -> None:
    """A cart is reserved; perhaps one that has something already."""
    if not history.carts or dice.random() < 0.6:
        history.carts.append(f"{history.name}-C{len(history.carts)}")
    key = dice.choice(history.carts)
    channel = CHANNELS[history.carts.index(key) % len(CHANNELS)]
    units, for_s = _wanted(history, dice), dice.choice((60, 600))
    history.say(f"cart {key} of {channel}: {units}, for {for_s} s")
    reserve(history.desk, draft(key, units, channel, key, history.kits), for_s)


def change_cart(history: History, dice: random.Random) -> None:
    """A cart is extended, or let go, if it still has something."""
    if not history.carts:
        return
    key, longer = dice.choice(history.carts), dice.random() < 0.5
    history.say(f"cart {key} {'has 300 s more' if longer else 'is let go'}")
    try:
        if longer:
            extend(history.desk, key, 300)
        else:
            release(history.desk, key)
    except NotReserved as error:
        if key in history.live(history.known()):
            raise Wrong(f"cart {key} has something, and yet: {error}") from error


def wait(history: History, dice: random.Random) -> None:
    """Time goes by: some carts are over."""
    history.now_s += dice.choice((1, 59, 60, 600))
    history.say(f"it is {history.now_s}")


def recount(history: History, dice: random.Random) -> None:
    """A location counts, and finds fewer or more. What it was asked to ship stays its own to answer for."""
    key, units = dice.choice(sorted(history.fit)), dice.randint(0, 7)
    history.say(f"{units} of {key} are counted")
    (told,) = count(history.desk, key, units).told
    if told.outcome in ("applied", "unchanged"):
        loaded = history.known()
        gone, firm = history.look(loaded).gone[key], _firm(loaded.orders.values(), key)
        least = firm + history.safety[key] if firm else 0
        history.unfit[key] = min(history.unfit[key], units)  # where nothing is, nothing is damaged
        history.fit[key] = gone + max(units - history.unfit[key], min(history.fit[key] - gone, least))


def _firm(orders: Iterable[Order | None], key: Place) -> int:
    """How many units a location was asked to ship."""
    found = 0
    for order in filter(None, orders):
        found += in_counters(order, FIRM)[key]
    return found


def move(history: History, dice: random.Random) -> None:
    """Somebody says what has become of units, as far as that can be."""
    key, how, units = dice.choice(sorted(history.fit)), dice.choice(sorted(HOWS)), dice.randint(1, 3)
    units = -units if how == "adjust" and dice.random() < 0.6 else units
    history.say(f"{how} {units} of {key}")
    try:
        move_stock(history.desk, [HOWS[how](*key, units, "")])
    except NotThere:
        return
    fit, unfit = FITTER[how]
    history.fit[key] += fit * units
    history.unfit[key] += unfit * units


def send(history: History, dice: random.Random) -> None:
    """Units leave one location for the other."""
    sku, units = dice.choice(history.skus), dice.randint(1, 4)
    origin, to = dice.sample(PLACES, 2)
    reference = f"{history.name}-T{len(history.done)}"
    history.say(f"{units} of {sku} leave {origin} for {to}")
    try:
        transfer(history.desk, sku, (origin, to), units, reference, history.now_s + 600)
    except NotThere:
        return
    history.fit[sku, origin] -= units
    history.sent.append((reference, sku, to, units))


def arrive(history: History, dice: random.Random) -> None:
    """What was sent arrives."""
    if history.sent:
        reference, sku, to, units = history.sent.pop(0)
        history.say(f"{units} of {sku} arrive at {to}")
        receive(history.desk, reference, sku, units, True)
        history.fit[sku, to] += units


def share(history: History, dice: random.Random) -> None:
    """A channel, or a pool of both, is given a share or another one, as far as shares can be so."""
    sku = dice.choice(history.skus)
    shares, scope = history.shares[sku], history.scope[sku]
    name = dice.choice((*CHANNELS, POOL))
    pool = POOL if name != POOL and POOL in shares and dice.random() < 0.6 else ""
    units, safety = dice.randint(0, 5), dice.choice((0, 1)) if name != POOL else 0
    history.say(f"{units} of {sku} are for {name} of `{pool}`, its safety is {safety}")
    try:
        fence(history.desk, sku, [Fence(scope, name, units, parent=pool, safety=safety)])
    except Unwritable:
        within = sum(each.units for each_name, each in shares.items() if each.pool == name)
        siblings = sum(each.units for other, each in shares.items() if pool and each.pool == pool and other != name)
        if within <= units and (not pool or siblings + units <= shares[pool].units):
            raise
        return
    taken = sum(had for (who, at), had in history.look().taken[sku].items() if who == name and scope in ("", at))
    shares[name] = Share(units, safety, pool, shares[name].before if name in shares else taken)


def _wanted(history: History, dice: random.Random) -> dict[str, int]:
    """How many units of each SKU somebody wants."""
    some = dice.sample(history.skus, dice.randint(1, len(history.skus)))
    return {sku: dice.randint(1, 4) for sku in sorted(some)}


ALL: dict[str, tuple[Operation, int]] = {  # and how often each is chosen
    "place": (place, 3), "allocate": (allocate, 2), "let_go": (let_go, 1), "to_warehouse": (to_warehouse, 1),
    "ship": (ship, 2), "miss": (miss, 1), "put_in_cart": (put_in_cart, 3), "change_cart": (change_cart, 1),
    "wait": (wait, 2), "recount": (recount, 1), "move": (move, 1), "send": (send, 1), "arrive": (arrive, 1),
    "share": (share, 2),
}  # fmt: skip
WRITERS = (
    "place",
    "allocate",
    "let_go",
    "put_in_cart",
    "change_cart",
    "recount",
    "send",
    "share",
)  # may get in between
