"""Messages to the customer, and updates to the sales channel."""

from string import Template

from segue.core.base import Command, Event, Refusal, Refused
from segue.core.context import Context
from segue.core.order import Order
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


class ChannelUpdateRequested(Event):
    """The channel is to be told, once."""

    update: str


def notify(order: Order, command: Notify, context: Context) -> list[Event]:
    """Refused if the workflow has no such message."""
    if command.message not in context.workflow.messages:
        raise Refused(Refusal.MESSAGE_UNKNOWN, command.message)
    return [MessageRequested(command.message)]


def tell_channel(order: Order, command: TellChannel, context: Context) -> list[Event]:
    """Always possible."""
    return [ChannelUpdateRequested(command.update)]


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
