"""The inbox: a message from outside becomes the request that it means, or is parked with the reason."""

import re
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from segue.core.cancel import CANCELABLE, Cancel
from segue.core.decide import COMMANDS
from segue.core.intake import PlaceOrder
from segue.core.order import Draft, Order
from segue.core.returns import RETURNABLE, RecordReturn
from segue.core.tally import core_state, size
from segue.engine.wave import Request
from segue.ports import Handled, Inbound, Store

PLAIN_ID = re.compile(r"[A-Za-z0-9._]{1,64}")


class Meaning(NamedTuple):
    """What a message means: requests, or that it is parked."""

    requests: tuple[Request, ...] = ()
    handled: Handled | None = None


def order_id(channel: str, channel_order_id: str) -> str:
    """The id of an order: the channel's own where that is plain, else with a digest of it. Always the same."""
    if PLAIN_ID.fullmatch(channel_order_id):
        return f"{channel}-{channel_order_id}"
    plain = re.sub(r"[^A-Za-z0-9._]+", "", channel_order_id)[:32]
    digest = blake2b(channel_order_id.encode(), digest_size=4).hexdigest()
    return f"{channel}-{plain}-{digest}"


def meaning_of(message: Inbound, store: Store) -> Meaning:
    """Read a message. What cannot be read is parked, never dropped."""
    try:
        if message.kind == "order":
            return _order(message)
        if message.kind == "cancellation":
            return _cancellation(message, store)
        return _command(message)
    except msgspec.ValidationError as error:
        return Meaning(handled=Handled(message.source, message.id, "parked", f"{message.kind}: {error}"))


def _order(message: Inbound) -> Meaning:
    draft = msgspec.convert(message.body["draft"], Draft)
    name = order_id(draft.channel, draft.channel_order_id)
    return Meaning((Request(name, PlaceOrder(name, draft), f"channel:{draft.channel}", message),))


def _command(message: Inbound) -> Meaning:
    kind = COMMANDS.get(message.kind)
    if kind is None:
        reason = f"no command is called {message.kind}"
        return Meaning(handled=Handled(message.source, message.id, "parked", reason))
    command = msgspec.convert(message.body, kind, strict=False)
    return Meaning((Request(message.order, command, message.source, message),))


class Sought(msgspec.Struct, frozen=True):
    """What a channel's cancellation says: whose, of what, how many, when."""

    person: str
    sku: str
    quantity: int
    at_s: int = 0
    document: str = ""


def _cancellation(message: Inbound, store: Store) -> Meaning:
    """Find the customer's latest earlier order that has as many units of this SKU; cancel them, or take them back."""
    sought = msgspec.convert(message.body, Sought)
    earlier = [order for order in store.matching(sought.person, sought.sku) if order.placed_at_s <= sought.at_s]
    if not sought.person or not earlier:
        return _unmatched(message, "no earlier order of this customer has this SKU")
    for order in earlier:
        requests = _take_back(order, sought, message)
        if requests:
            return Meaning(requests)
    return _unmatched(message, f"no earlier order of this customer has {sought.quantity} units of this SKU left")


def _unmatched(message: Inbound, reason: str) -> Meaning:
    return Meaning(handled=Handled(message.source, message.id, "parked", f"unmatched cancellation: {reason}"))


def _take_back(order: Order, sought: Sought, message: Inbound) -> tuple[Request, ...]:
    """The commands that cancel or return so many units, over as many lines as it takes; none if they are not there."""
    wanted = sought.quantity
    commands: list[Any] = []
    for line in order.lines:
        if line.sku != sought.sku:
            continue
        for states, command in ((CANCELABLE, _cancel), (RETURNABLE, _return)):
            there = sum(size(units) for state, units in line.tally.items() if core_state(state) in states)
            taken = min(wanted, there)
            if taken:
                commands.append(command(line.number, taken, sought.document))
                wanted -= taken
    if wanted:
        return ()
    source = f"channel:{message.source}"
    last = len(commands) - 1
    return tuple(
        Request(order.id, command, source, message if position == last else None)
        for position, command in enumerate(commands)
    )


def _cancel(line: int, quantity: int, document: str) -> Cancel:
    return Cancel(f"canceled by {document}", line, quantity)


def _return(line: int, quantity: int, document: str) -> RecordReturn:
    return RecordReturn(line, quantity, reason=f"returned by {document}")
