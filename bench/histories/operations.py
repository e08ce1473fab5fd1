"""What may happen to a SKU: orders, carts, counts, shares, and time."""

from collections.abc import Callable

from bench.checkouts import PLACED_ONLY, PLACES, draft, placing, rules
from bench.histories.model import CHANNELS, FIRM, History, Operation, held, shipped
from segue.core.allocate import Allocate, Reserve
from segue.core.base import Command
from segue.core.cancel import Cancel
from segue.core.deallocate import Deallocate
from segue.core.fences import Fence
from segue.core.fulfill import RecordReject, RecordShipment, RecordShortPick, Release
from segue.core.order import units_in
from segue.core.tally import Units, common
from segue.engine.carting import NotReserved, extend, fence, release, reserve
from segue.engine.stocktaking import count
from segue.engine.wave import run_wave
from segue.ports import Batch


def place(history: History) -> None:
    """An order comes in; perhaps it names a cart, whose it is or not."""
    name = f"{history.sku}-{len(history.orders)}"
    cart = history.dice.choice([*history.carts, ""]) if history.carts else ""
    channel = history.dice.choice(CHANNELS)
    history.orders[name] = channel
    request = placing(name, {history.sku: history.dice.randint(1, 5)}, channel, cart)
    run_wave(history.store, rules(PLACED_ONLY), [request], Batch(history.now_s))  # type: ignore[arg-type]


def allocate(history: History) -> None:
    """Some orders ask for stock, in one wave."""
    asked = history.dice.sample(sorted(history.orders), min(3, len(history.orders)))
    history.ask(*((name, history.dice.choice((Allocate(), Reserve()))) for name in asked))


def let_go(history: History) -> None:
    """An order is canceled, in part or as a whole; or gives its stock back."""
    one(history, lambda _: history.dice.choice((Cancel(line=1, quantity=1), Cancel(), Deallocate())))


def to_warehouse(history: History) -> None:
    """Locations are asked to ship what is allocated."""
    history.ask(*((name, Allocate()) for name in sorted(history.orders)))
    history.ask(*((name, Release()) for name in sorted(history.orders)))


def ship(history: History) -> None:
    """A location ships what it was asked to, or one unit of it."""
    _at_location(history, lambda name, units: RecordShipment(name, f"{history.now_s}-{len(history.done)}", units))


def miss(history: History) -> None:
    """A location does not find a unit, or will not do any of it."""
    reject = history.dice.random() < 0.4
    _at_location(history, lambda name, units: RecordReject(name, "busy") if reject else RecordShortPick(name, units))
    history.look_up_fit()


def _at_location(history: History, command: Callable[[str, dict[int, Units]], Command]) -> None:
    orders, _ = history.known()
    for name, order in orders.items():
        inside = units_in(order, *FIRM)
        for fulfillment, each in order.fulfillments.items():
            units = {line: here for line, all in each.units.items() if (here := common(all, inside.get(line, ())))}
            if units:
                asked = command(fulfillment, units)
                history.ask((name, asked))
                history.fit[each.location] -= shipped(history.known()[0][name]) - shipped(order)
                return


def one(history: History, command: Callable[[str], Command]) -> None:
    """Ask something of an order."""
    if history.orders:
        name = history.dice.choice(sorted(history.orders))
        history.ask((name, command(name)))


def put_in_cart(history: History) -> None:
    """A cart is reserved; perhaps one that has something already."""
    if not history.carts or history.dice.random() < 0.6:
        history.carts.append(f"{history.sku}-C{len(history.carts)}")
    key = history.dice.choice(history.carts)
    channel = CHANNELS[history.carts.index(key) % len(CHANNELS)]
    cart = draft(key, {history.sku: history.dice.randint(1, 6)}, channel, key)
    reserve(history.desk, cart, history.dice.choice((60, 600)))


def change_cart(history: History) -> None:
    """A cart is extended, or let go, if it still has something."""
    if history.carts:
        key = history.dice.choice(history.carts)
        try:
            if history.dice.random() < 0.5:
                extend(history.desk, key, 300)
            else:
                release(history.desk, key)
        except NotReserved:
            assert key not in history.known()[1], key


def wait(history: History) -> None:
    """Time goes by: some carts are over."""
    history.now_s += history.dice.choice((1, 59, 60, 600))


def recount(history: History) -> None:
    """A location counts, and finds fewer or more. What it was asked to ship stays its own to answer for."""
    place, units = history.dice.choice(PLACES), history.dice.randint(0, 9)
    count(history.desk, (history.sku, place), units)
    orders, _ = history.known()
    firm = sum(held(order, FIRM)[place] for order in orders.values())
    least = firm + history.safety[place] if firm else 0
    history.fit[place] = max(units, min(history.fit[place], least))


def share(history: History) -> None:
    """A channel is given a share, or another one."""
    channel, units = history.dice.choice(CHANNELS), history.dice.randint(0, 5)
    safety, known = history.dice.choice((0, 1)), history.shares.get(channel)
    fence(history.desk, history.sku, [Fence("", channel, units, safety=safety)])
    history.shares[channel] = (units, safety, known[2] if known else history.taken_by(channel))


WRITERS: tuple[Operation, ...] = (place, allocate, let_go, put_in_cart)  # who may get in between
ALL: tuple[Operation, ...] = (
    place, place, allocate, allocate, let_go, to_warehouse, ship, ship, miss, put_in_cart, put_in_cart, change_cart, wait,
    recount, share,
)  # fmt: skip
