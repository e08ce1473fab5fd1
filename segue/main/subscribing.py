"""Subscriptions as they are wanted, done in an opened shop: decodes and submits; what is allowed is for the core to say."""

from typing import Any

import msgspec

from segue.app import App
from segue.core.base import Refused
from segue.core.subscription.commands import Begin
from segue.core.subscription.decide import COMMANDS
from segue.engine.noticing import skipping
from segue.loader.problems import did_you_mean
from segue.main.failing import WRONG_USE, Failed
from segue.main.stocking import known_goods
from segue.main.wanted import AskSubscription
from segue.ports import Person

NOT_FOR_PEOPLE = ("renew", "record_payment")
CUSTOMER = "customer"  # beside the terms of a new one: its person, whose data is kept apart
TOKEN = "token"  # in the stead of an id: what the link to skip carries


def ask_subscription(app: App, wanted: AskSubscription) -> dict[str, Any]:
    """Have a subscription do what is asked. Raises Failed."""
    fields, id = dict(wanted.command), wanted.id
    customer = fields.pop(CUSTOMER, None)
    try:
        if TOKEN in fields:
            id, command = skipping(str(fields[TOKEN]), app.worker.renewing.agreed.sign)
        else:
            command = _command(fields)
        person = _person(customer, command) if isinstance(command, Begin) else None
        _check_channel(app, command)
        _check_goods(app, command)
        told = app.worker.renewing.submit(id, command, wanted.by, app.clock.now_s())
    except Refused as refused:
        raise Failed(f"Refused: {refused}.") from refused
    if told.refused is not None:
        raise Failed(f"Refused: {told.refused}.")
    if person is not None:
        app.keep([], {person.id: person})
    assert told.subscription is not None
    return {"subscription": written(told.subscription), "events": written(told.events)}


def written(value: Any) -> Any:
    """A value as JSON has it; days too."""
    return msgspec.to_builtins(value, str_keys=True)


def _command(fields: dict[str, Any]) -> Any:
    name = str(fields.get("command", ""))
    offered = {known: kind for known, kind in COMMANDS.items() if known not in NOT_FOR_PEOPLE}
    if name not in offered:
        raise Failed(f"There is no command `{name}` for subscriptions; {did_you_mean(name, offered)}", WRONG_USE)
    try:
        return msgspec.convert(fields, offered[name], strict=False)
    except msgspec.ValidationError as error:
        raise Failed(f"{name}: {error}.", WRONG_USE) from error


def _check_channel(app: App, command: Any) -> None:
    if isinstance(command, Begin) and command.terms.channel not in app.shop.channels:
        name = command.terms.channel
        raise Failed(f"There is no channel `{name}`; {did_you_mean(name, app.shop.channels)}", WRONG_USE)


def _check_goods(app: App, command: Any) -> None:
    """Raises Failed for an article that is neither in the catalog nor a bundle: its orders could not go on by themselves."""
    lines = command.lines if isinstance(command, Begin) else (getattr(command, "line", None), command)
    wanted = {sku for line in lines if (sku := getattr(line, "sku", ""))} - app.shop.recipes.keys()
    for sku in sorted(wanted):
        known_goods(app, sku)


def _person(customer: dict[str, Any] | None, command: Begin) -> Person | None:
    """The customer of a new one, if their data is given: under the id that its terms name."""
    if customer is None:
        return None
    if not command.terms.person:
        raise Failed("customer: the terms name no `person`, the id that the customer's data is kept under.", WRONG_USE)
    try:
        return msgspec.convert({**customer, "id": command.terms.person}, Person)
    except msgspec.ValidationError as error:
        raise Failed(f"customer: {error}.", WRONG_USE) from error
