"""The inbox: a message from outside becomes the request that it means, or is parked with the reason."""

import re
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from segue.core.base import MISTAKES
from segue.core.bundling import bundles_with, sold_of
from segue.core.cancel import CANCELABLE, Cancel
from segue.core.decide import COMMANDS
from segue.core.draft import Draft
from segue.core.intake import PlaceOrder
from segue.core.order import Order, units_in
from segue.core.returns import RETURNABLE, RecordReturn
from segue.core.tally import Units, core_state, minus, size, union
from segue.engine.outcomes import Request
from segue.ports import PERSON, Handled, Inbound, Store

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


class Meanings:
    """What the messages of a wave mean, read one after the other.

    A cancellation is matched with orders as they are stored. One that is about an order that this wave moves, or about
    a person who orders in it, waits for the next wave: it stays new.
    """

    def __init__(self, store: Store, others: Iterable[Request]) -> None:
        self.store = store
        self.requests: list[Request] = []
        self.handled: list[Handled] = []
        self._moving = {request.order for request in others}
        self._busy: set[str] = set()  # people who order in this wave, or whose cancellations wait

    def add(self, message: Inbound) -> None:
        """Read a message. What cannot be read is parked, never dropped."""
        unreadable: Exception
        try:
            meaning = self._meaning(message)
        except msgspec.ValidationError as error:
            unreadable = error
        except MISTAKES as error:  # a key that is not there, half a character
            unreadable = error
        else:
            self._take(meaning)
            return
        self._take(_parked(message, f"{message.kind}: {type(unreadable).__name__}: {unreadable}"))

    def _meaning(self, message: Inbound) -> Meaning:
        if message.kind == "order":
            return _order(message)
        if message.kind == "cancellation":
            return self._cancellation(message)
        return _command(message)

    def _take(self, meaning: Meaning) -> None:
        for request in meaning.requests:
            self._moving.add(request.order)
            if isinstance(request.command, PlaceOrder):
                self._busy.add(request.command.draft.person)
        self.requests += meaning.requests
        if meaning.handled is not None:
            self.handled.append(meaning.handled)

    def _cancellation(self, message: Inbound) -> Meaning:
        """Find the customer's latest earlier order that has as many units of this SKU; cancel them, or take them back."""
        sought = msgspec.convert(message.body, Sought)
        if not sought.person or sought.quantity < 1:
            return _unmatched(message, sought, "it names no customer, or no units")
        matching = self.store.matching(sought.person, sought.sku)
        if sought.person in self._busy or any(order.id in self._moving for order in matching):
            self._busy.add(sought.person)
            return Meaning()
        earlier = [order for order in matching if order.placed_at_s <= sought.at_s]
        for order in earlier:
            requests = _take_back(order, sought, message)
            if requests:
                return Meaning(requests)
        left = "no earlier order of this customer has as many units of this SKU left"
        return _unmatched(message, sought, left if earlier else "no earlier order of this customer has this SKU")


def _order(message: Inbound) -> Meaning:
    draft = msgspec.convert(message.body["draft"], Draft, str_keys=True)
    name = order_id(draft.channel, draft.channel_order_id)
    return Meaning((Request(name, PlaceOrder(name, draft), f"channel:{draft.channel}", message),))


def _command(message: Inbound) -> Meaning:
    kind = COMMANDS.get(message.kind)
    if kind is None or kind is PlaceOrder:  # orders come as `order`, so that their ids are made in one place
        return _parked(message, f"no message is called {message.kind}")
    command = msgspec.convert(message.body, kind, strict=False)
    return Meaning((Request(message.order, command, message.source, message),))


class Sought(msgspec.Struct, frozen=True):
    """What a channel's cancellation says: whose, of what, how many, when."""

    person: str
    sku: str
    quantity: int
    at_s: int = 0
    document: str = ""


def _unmatched(message: Inbound, sought: Sought, reason: str) -> Meaning:
    """Parked until the customer has another order, which it may be about."""
    return _parked(message, f"unmatched cancellation: {reason}", f"{PERSON}{sought.person}" if sought.person else "")


def _parked(message: Inbound, reason: str, until_order: str = "") -> Meaning:
    return Meaning(handled=Handled(message.source, message.id, "parked", reason, until_order))


def _take_back(order: Order, sought: Sought, message: Inbound) -> tuple[Request, ...]:
    """The commands that cancel or return so many units or bundles, over as many lines as it takes; none, if too few."""
    wanted = sought.quantity
    commands: list[Any] = []
    for key, bundle in sold_of(order):
        left: Units = () if bundle.sku == sought.sku else ((1, bundle.quantity),)
        for states, back in ((CANCELABLE, _cancel_bundle), (RETURNABLE, _return_bundle)):
            which = minus(bundles_with(bundle, units_in(order, *states)), left)
            taken = min(wanted, size(which))
            if taken:
                commands.append(back(key, taken, sought.document))
                wanted, left = wanted - taken, union(left, which)
    for line in order.lines:
        if sought.sku not in (line.sku, line.was):
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
    return tuple(Request(order.id, command, source, message) for command in commands)


def _cancel(line: int, quantity: int, document: str) -> Cancel:
    return Cancel(f"canceled by {document}", line, quantity)


def _cancel_bundle(key: str, quantity: int, document: str) -> Cancel:
    return Cancel(f"canceled by {document}", quantity=quantity, bundle=key)


def _return_bundle(key: str, quantity: int, document: str) -> RecordReturn:
    return RecordReturn(quantity=quantity, reason=f"returned by {document}", bundle=key)


def _return(line: int, quantity: int, document: str) -> RecordReturn:
    return RecordReturn(line, quantity, reason=f"returned by {document}")
