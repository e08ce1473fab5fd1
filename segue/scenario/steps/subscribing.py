"""Subscriptions in scenarios: one that begins, and what its customer asks of it."""

from datetime import date
from typing import Any

import msgspec

from segue.core.base import Refused
from segue.core.draft import Destination
from segue.core.subscription.commands import Begin, NewLine
from segue.core.subscription.decide import COMMANDS
from segue.core.subscription.standing import Address, Payment, Terms
from segue.engine.noticing import skipping, token
from segue.loader.tree import Node
from segue.ports import Person
from segue.scenario.forms import Field, Form, Kind, Words, filled, list_of
from segue.scenario.kinds import AMOUNT_MINOR, COUNT, FLAG, TEXT, UNITS_OF, named, one_of
from segue.scenario.plot import Killed
from segue.scenario.stage import Stage, name_of_refusal
from segue.scenario.steps.verb import Refusal, Values, Verb

FIRST = "S1"  # what a subscription is called of which nothing is said
NOT_FOR_CUSTOMERS = ("begin", "renew", "record_payment")


def _day(node: Node, words: Words) -> date | None:
    """`2026-01-31`."""
    text = node.text(words.problems, "a day")
    try:
        return date.fromisoformat(text)
    except ValueError:
        words.problems.add(node, f"`{text}` is no day", "write it like 2026-01-31")
        return None


DAY = Kind(_day, {"type": "string"}, "a day: `2026-01-31`")
MEANS = Kind(lambda node, words: node.plain_value(), {"type": "object"}, "what the command says, by name")
LINE: Form = {
    "units": Field(UNITS_OF, "of what, and how many", required=True),
    "rule": Field(TEXT, "when, as RFC 5545 writes it: `FREQ=MONTHLY;COUNT=3`", required=True),
    "from": Field(DAY, "its first day; today"),
    "price": Field(AMOUNT_MINOR, "of one unit, fixed; what the catalog says by then"),
}
SUBSCRIBING: Form = {
    "id": Field(TEXT, "what it is called; `S1`"),
    "lines": Field(list_of(filled(LINE)), "what comes, and when", required=True),
    "channel": Field(named("channel"), "the channel of its orders; the shop's first"),
    "time_zone": Field(TEXT, "by whose clock; `UTC`"),
    "at": Field(TEXT, "the time of the day at which its orders are made; `09:00`"),
    "method": Field(TEXT, "the shipping method; the shop's first"),
    "pays": Field(TEXT, "the method of payment; `card`"),
    "catch_up": Field(one_of("policy", "latest", "all", "none"), "what is made up for after down-time; `latest`"),
    "merge": Field(FLAG, "whether what is due on one day comes in one order; it does"),
    "orders": Field(COUNT, "so many orders in all"),
    "ends": Field(DAY, "the last day"),
}
ASKING: Form = {
    "id": Field(TEXT, "which; `S1`"),
    "do": Field(
        one_of("command", *(name for name in COMMANDS if name not in NOT_FOR_CUSTOMERS)), "what is asked", required=True
    ),
    "with": Field(MEANS, "what the command says: `{until: 2026-05-01}`"),
}
LINKED: Form = {
    "id": Field(TEXT, "which; `S1`"),
    "on": Field(DAY, "the day of the order that the link was sent for", required=True),
    "forged": Field(FLAG, "whether somebody else has made the link"),
}


def subscribed(stage: Stage, values: Values) -> None:
    """A subscription begins. Raises Refusal."""
    shop = stage.setting.shop
    id = values.get("id", FIRST)
    person = f"customer-{id}"
    stage.app.keep([], {person: Person(person, "Ada", "ada@example.com", ship_to={"country": "DE"})})
    terms = Terms(
        channel=values.get("channel") or next(iter(shop.channels)),
        currency=shop.currency,
        person=person,
        time_zone=values.get("time_zone", "UTC"),
        at=values.get("at", "09:00"),
        address=Address(Destination("DE", "", 52.5, 13.4)),
        payment=Payment(values.get("pays", "card"), "stored-1"),
        ship_method=values.get("method") or next(iter(shop.shipping_methods), ""),
        merge=values.get("merge", True),
        catch_up=values.get("catch_up", "latest"),
        ends_on=values.get("ends"),
        orders_max=values.get("orders"),
    )
    _ask(stage, id, Begin(id, terms, tuple(_line(line) for line in values["lines"])), "person:customer")


def _line(values: Values) -> NewLine:
    ((sku, quantity), *_) = values["units"]
    return NewLine(sku, quantity, values["rule"], values.get("from"), values.get("price"))


def asked(stage: Stage, values: Values) -> None:
    """A customer asks something of a subscription. Raises Refusal."""
    fields: dict[str, Any] = values.get("with") or {}
    try:
        command = msgspec.convert({"command": values["do"], **fields}, COMMANDS[values["do"]], strict=False)
    except msgspec.ValidationError as error:
        raise Refusal("wrong_values", str(error)) from error
    _ask(stage, values.get("id", FIRST), command, "person:customer")


def linked(stage: Stage, values: Values) -> None:
    """A customer follows the link to skip. Raises Refusal."""
    sign = stage.app.worker.renewing.agreed.sign
    made = token(values.get("id", FIRST), values["on"], (lambda text: "0" * 32) if values.get("forged") else sign)
    try:
        id, command = skipping(made, sign)
    except Refused as error:
        raise Refusal(error.refusal.name.lower(), str(error)) from error
    _ask(stage, id, command, "link")


def _ask(stage: Stage, id: str, command: Any, by: str) -> None:
    try:
        told = stage.app.worker.renewing.submit(id, command, by, stage.now_s)
    except Killed:
        stage.kill(stage.plot.die())
        return
    if told.refused is not None:
        raise Refusal(name_of_refusal(str(told.refused)), str(told.refused))


VERBS = {
    "subscribe": Verb("A customer orders something again and again.", filled(SUBSCRIBING), subscribed),
    "subscription": Verb("A customer asks something of a subscription.", filled(ASKING), asked),
    "skip_link": Verb("A customer follows the link to skip the next order.", filled(LINKED), linked),
}
