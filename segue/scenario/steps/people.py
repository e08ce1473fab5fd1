"""People: what staff ask of an order, and what the customer does."""

from typing import Any

from segue.core.adjust import AdjustPrice, GiveGoodwill
from segue.core.assign import AssignLocation
from segue.core.cancel import Cancel
from segue.core.conditions import Vocabulary
from segue.core.decide import COMMANDS, EVENTS
from segue.core.hold import LiftHold, PlaceHold
from segue.core.note import Note
from segue.loader.declared import Declared, Offered
from segue.loader.problems import Spot
from segue.loader.reactions import command_of
from segue.loader.tree import Node
from segue.ports import Inbound
from segue.scenario.forms import Field, Form, Kind, Words, brief
from segue.scenario.kinds import AMOUNT_MINOR, COUNT, DURATION, NOTHING, ORDER, TEXT, named
from segue.scenario.setting import policies
from segue.scenario.stage import Stage
from segue.scenario.steps.verb import ABOUT, Values, Verb, given

ANN = "ann"
WHO: Form = {"by": Field(TEXT, f"who; `{ANN}`"), **ABOUT}
LINE: Form = {"line": Field(COUNT, "a line of the order; without it the whole order")}
REASON: Form = {"reason": Field(TEXT, "why")}
HOLDING: Form = {
    "hold": Field(named("hold"), "a type of hold that the workflow declares", required=True),
    "until": Field(DURATION, "after how long it lifts itself"),
    **LINE, **REASON, **WHO,
}  # fmt: skip
ADJUSTING: Form = {
    "line": Field(COUNT, "a line of the order; 1"),
    "amount": Field(AMOUNT_MINOR, "off its units together", required=True),
    "quantity": Field(COUNT, "so many units of the line; all that are kept"),
    **REASON, **WHO,
}  # fmt: skip
APOLOGIZING: Form = {"amount": Field(AMOUNT_MINOR, "how much", required=True), **REASON, **WHO}
ASSIGNING: Form = {
    "location": Field(named("location"), "where it comes from; without it the rules decide again"),
    **LINE, **REASON, **WHO,
}  # fmt: skip
CANCELING: Form = {
    **LINE,
    "bundle": Field(TEXT, "the key of a bundle, `B1`"),
    "quantity": Field(COUNT, "so many units of the line, or so many of the bundle; all of them"),
    **REASON,
    **WHO,
}


def _hold_name(node: Node, words: Words) -> str:
    """A hold as an order has it: its type, with `:line` if it is on a line."""
    name = node.text(words.problems, "a hold")
    if name.partition(":")[0] not in words.names["hold"]:
        words.problems.add_unknown(node, "hold", name, words.names["hold"])
    return name


def _command(node: Node, words: Words) -> dict[str, Any]:
    """`{command: capture}` with what it takes, and beside it `order` and `by`."""
    fields = node.entries(words.problems, "a command such as {command: capture}")
    values: dict[str, Any] = {}
    if "order" in fields:
        values["order"] = ORDER.read(fields.pop("order"), words)
    if "by" in fields:
        values["by"] = fields.pop("by").text(words.problems)
    whole = Node("mapping", fields, Spot(node.file, node.line, node.column))
    whole.key = node.key
    names = words.names
    offered = Offered(policies(), {name: kind for name, kind in COMMANDS.items() if name != "place_order"}, EVENTS)
    declared = Declared(
        offered, words.problems, Vocabulary({}), names["hold"], names["message"], names["item state"], set()
    )
    return values | {"command": command_of(whole, declared)}


HOLD_NAME = Kind(_hold_name, {"type": "string"}, "a hold: `service`, `known_skus:2`")
LIFTING: Form = {"hold": Field(HOLD_NAME, "the hold: `service`, `known_skus:2`", required=True), **REASON, **WHO}
NOTING: Form = {"text": Field(TEXT, "what to remember", required=True), **WHO}
COMMAND = Kind(
    _command, {"type": "object", "required": ["command"]}, "a command as workflows write it: `{command: capture}`"
)
SKU_CANCELED: Form = {
    "sku": Field(named("SKU"), "of which SKU, where the customer does not say which order"),
    **CANCELING,
}


def by_of(values: Values) -> str:
    """Who it is."""
    return f"person:{values.get('by', ANN)}"


def hold(stage: Stage, values: Values) -> None:
    """Somebody puts something in the order's way."""
    until_s = stage.now_s + values["until"] if "until" in values else None
    command = PlaceHold(values["hold"], values.get("reason", ""), values.get("line", 0), until_s)
    given(stage, values["order"], command, by_of(values))


def lift(stage: Stage, values: Values) -> None:
    """Somebody lifts a hold."""
    given(stage, values["order"], LiftHold(values["hold"], values.get("reason", "")), by_of(values))


def note(stage: Stage, values: Values) -> None:
    """Somebody writes something down."""
    given(stage, values["order"], Note(values["text"]), by_of(values))


def cancel(stage: Stage, values: Values) -> None:
    """Somebody of the shop cancels."""
    reason, line, quantity = values.get("reason", ""), values.get("line", 0), values.get("quantity", 0)
    command = Cancel(reason, line, quantity, bundle=values.get("bundle", ""))
    given(stage, values["order"], command, by_of(values))


def assign(stage: Stage, values: Values) -> None:
    """Somebody says where goods come from."""
    command = AssignLocation(values.get("location", ""), values.get("line", 0), values.get("reason", ""))
    given(stage, values["order"], command, by_of(values))


def adjust(stage: Stage, values: Values) -> None:
    """Somebody lowers a price after the sale."""
    line, quantity = values.get("line", 1), values.get("quantity", 0)
    command = AdjustPrice(line, values["amount"], quantity, values.get("reason", ""))
    given(stage, values["order"], command, by_of(values))


def goodwill(stage: Stage, values: Values) -> None:
    """Somebody gives an amount as an apology."""
    given(stage, values["order"], GiveGoodwill(values["amount"], values.get("reason", "an apology")), by_of(values))


def command(stage: Stage, values: Values) -> None:
    """Somebody gives any command that there is."""
    given(stage, values["order"], values["command"], by_of(values))


def customer_cancels(stage: Stage, values: Values) -> None:
    """The customer cancels: the message names the order; or, with `sku`, only who they are and what it is about."""
    id = stage.message_id("cancel")
    if "sku" not in values:
        body = {"reason": values.get("reason", "the customer asked"), "line": values.get("line", 0)}
        body |= {"quantity": values.get("quantity", 0), "bundle": values.get("bundle", "")}
        stage.receive(Inbound("customer", id, "cancel", body, values["order"]))
        return
    order = stage.order(values["order"])
    body = {"person": order.person, "sku": values["sku"], "quantity": values.get("quantity", 1)}
    stage.receive(Inbound("customer", id, "cancellation", body | {"at_s": stage.now_s, "document": id}))


VERBS = {
    "hold": Verb("Somebody puts a hold on an order or a line.", brief("hold", named("hold"), HOLDING), hold, True),
    "lift": Verb("Somebody lifts a hold.", brief("hold", HOLD_NAME, LIFTING), lift, True),
    "note": Verb("Somebody writes a note.", brief("text", TEXT, NOTING), note, True),
    "cancel": Verb(
        "Somebody of the shop cancels an order, a line, or units.", brief("line", NOTHING, CANCELING), cancel, True
    ),
    "assign": Verb(
        "Somebody says where an order or a line comes from.",
        brief("location", named("location"), ASSIGNING),
        assign,
        True,
    ),
    "adjust": Verb(
        "Somebody lowers the price of a line after the sale.", brief("amount", AMOUNT_MINOR, ADJUSTING), adjust, True
    ),
    "goodwill": Verb(
        "Somebody gives the customer an amount.", brief("amount", AMOUNT_MINOR, APOLOGIZING), goodwill, True
    ),
    "do": Verb("Somebody gives any other command.", COMMAND, command, True),
    "customer_cancels": Verb(
        "The customer cancels, by a message.", brief("line", NOTHING, SKU_CANCELED), customer_cancels, True
    ),
}
