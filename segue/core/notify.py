"""Messages to the customer, and updates to the sales channel."""

from collections.abc import Iterable
from string import Template

from segue.core.base import Command, Event, Refusal, Refused, Value
from segue.core.context import Context
from segue.core.facts import Facts
from segue.core.order import Order
from segue.core.queue import wanted_of
from segue.core.tally import AWAITING
from segue.core.turns import rank_of
from segue.core.workflow import Message


class Notify(Command):
    """Send the customer a message of the workflow."""

    message: str


class TellChannel(Command):
    """Tell the sales channel what has happened: shipped, canceled, refunded ..."""

    update: str


class MessageRequested(Event):
    """A message is to be sent, once."""

    message: str


class Place(Value):
    """Where an order stands in the queue of a SKU."""

    position: int  # the first is 1
    units_ahead: int  # that those before want


class ChannelUpdateRequested(Event):
    """The channel is to be told, once."""

    update: str
    places: dict[str, Place] = {}  # in the queues of the SKUs that the order waits for


def notify(order: Order, command: Notify, context: Context) -> list[Event]:
    """Refused if the workflow has no such message."""
    if command.message not in context.workflow.messages:
        raise Refused(Refusal.MESSAGE_UNKNOWN, command.message)
    return [MessageRequested(command.message)]


def tell_channel(order: Order, command: TellChannel, context: Context) -> list[Event]:
    """Always possible. Of what waits the channel is told its place in the queue."""
    wanted = wanted_of(order) if any(state in line.tally for line in order.lines for state in AWAITING) else {}
    return [ChannelUpdateRequested(command.update, places_of(order, wanted, context.facts) if wanted else {})]


def places_of(order: Order, skus: Iterable[str], facts: Facts) -> dict[str, Place]:
    """By SKU where an order stands in its queue."""
    turn = (rank_of(order, facts.turns), order.placed_at_s)
    queues = sorted(facts.queued(frozenset(skus)).items())
    return {sku: Place(queue.place(turn, order.id), queue.ahead(turn, order.id)) for sku, queue in queues}


def render(message: Message, words: dict[str, str]) -> tuple[str, str]:
    """Subject and text with the $words put in; a word that is not known stays as it stands."""
    return Template(message.subject).safe_substitute(words), Template(message.text).safe_substitute(words)


def unchanged(order: Order, event: Event, at_s: int) -> Order:
    """Messages live in the order's story, not in its state."""
    return order


def said_to_nobody(order: Order) -> list[Command]:
    """A message is sent, and nothing comes of it."""
    return []


DECISIONS = {Notify: notify, TellChannel: tell_channel}
EVOLUTIONS = {MessageRequested: unchanged, ChannelUpdateRequested: unchanged}
ANSWERS = {MessageRequested: said_to_nobody, ChannelUpdateRequested: said_to_nobody}
