"""Stock beside the orders: what locations report, what people move, what is sent, ordered and received."""

from segue.core.stocktaking import UNDATED, Report
from segue.core.supply import Presale
from segue.engine.cascading import as_seen
from segue.engine.preselling import presell
from segue.engine.stocktaking import HOWS, move_stock, take_reports
from segue.engine.supplying import (
    Change,
    cancel,
    canceling,
    expect,
    foreseen,
    put_off,
    putting_off,
    receive,
    transfer,
)
from segue.engine.taking import Desk
from segue.ports import NotThere
from segue.scenario.forms import Field, Form, filled
from segue.scenario.kinds import COUNT, FLAG, INSTANT_S, NUMBER, TEXT, named, one_of
from segue.scenario.stage import Impossible, Stage
from segue.scenario.steps.verb import Refusal, Values, Verb

NOT_THERE = "not_there"  # what is refused that takes away more than there is
OUTCOMES = ("applied", "unchanged", "repeated", "altered", "older", "contained", "waiting", "refused")
GOODS: Form = {
    "sku": Field(TEXT, "the SKU, also one that nobody knows", required=True),
    "location": Field(TEXT, "the location, also one that nobody knows", required=True),
}
REPORTING: Form = {
    "kind": Field(one_of("kind of report", "snapshot", "delta"), "what is there, or what came or went", required=True),
    **GOODS,
    "on_hand": Field(NUMBER, "units; of a delta how many more"),
    "damaged": Field(NUMBER, "units of them"),
    "quarantined": Field(NUMBER, "units of them"),
    "at": Field(INSTANT_S, "of when it is; now"),
    "sequence": Field(COUNT, "its number among the source's reports"),
    "id": Field(TEXT, "its id: a report that comes twice has the same"),
    "source": Field(TEXT, "who says so; `wms`"),
    "told": Field(one_of("outcome", *OUTCOMES), "what has to become of it"),
}
MOVING: Form = {
    "how": Field(one_of("move", *HOWS), "what becomes of the units", required=True),
    "sku": Field(named("SKU"), "of what", required=True),
    "location": Field(named("location"), "where", required=True),
    "units": Field(NUMBER, "how many", required=True),
    "reason": Field(TEXT, "why"),
}
SENDING: Form = {
    "sku": Field(named("SKU"), "of what", required=True),
    "from": Field(named("location"), "the location that they leave", required=True),
    "to": Field(named("location"), "the location that they go to", required=True),
    "units": Field(COUNT, "how many", required=True),
    "reference": Field(TEXT, "what the transfer is called", required=True),
    "expected": Field(INSTANT_S, "when they are expected", required=True),
}
SUPPLYING: Form = {
    "how": Field(
        one_of("change", "add", "move", "cancel", "receive", "sell"), "what becomes of what is expected", required=True
    ),
    "reference": Field(TEXT, "what it is called: `PO-77`", required=True),
    "sku": Field(named("SKU"), "of what; all of it"),
    "location": Field(named("location"), "where it is expected, if it is added"),
    "units": Field(COUNT, "how many; all"),
    "expected": Field(INSTANT_S, "when it is expected, if it is added or moved"),
    "percent": Field(COUNT, "the share of it that may be sold before it is there; as the workflow says of all"),
    "most": Field(COUNT, "how many units of it may be sold before it is there"),
    "last": Field(FLAG, "whether no more of it will come, if it is received"),
    "hits": Field(COUNT, "how many orders get another date by it, as it is previewed, if it is moved or canceled"),
    "delays": Field(COUNT, "how many customers would be told that it takes longer, as it is previewed"),
}


def reported(stage: Stage, values: Values) -> None:
    """A location reports. Raises Impossible if another thing becomes of it than is said."""
    report = Report(
        values.get("source", "wms"), values.get("id") or stage.message_id(values["kind"]), values["kind"], values["sku"],
        values["location"], values.get("at", UNDATED), values.get("sequence", 0), values.get("on_hand"),
        values.get("damaged"), values.get("quarantined"),
    )  # fmt: skip
    (told, *_) = take_reports(_desk(stage), [report]).told
    if values.get("told", told.outcome) != told.outcome:
        raise Impossible(f"a report that is {values['told']}", f"it is {told.outcome}")


def moved(stage: Stage, values: Values) -> None:
    """People move stock. Raises Refusal."""
    move = HOWS[values["how"]](values["sku"], values["location"], values["units"], values.get("reason", ""))
    try:
        move_stock(_desk(stage), [move])
    except NotThere as error:
        raise Refusal(NOT_THERE, str(error)) from error


def sent(stage: Stage, values: Values) -> None:
    """Units leave for another location. Raises Refusal."""
    between = (values["from"], values["to"])
    try:
        transfer(_desk(stage), values["sku"], between, values["units"], values["reference"], values["expected"])
    except NotThere as error:
        raise Refusal(NOT_THERE, str(error)) from error


def supplied(stage: Stage, values: Values) -> None:
    """Something is on order, comes at another time, or is here. Raises Refusal."""
    desk, reference = _desk(stage), values["reference"]
    sku, units, expected = values.get("sku", ""), values.get("units", 0), values.get("expected", 0)
    try:
        match values["how"]:
            case "add":
                expect(desk, reference, (sku, values.get("location", "")), units, expected)
            case "move":
                _foresee(desk, putting_off(desk, reference, sku, units, expected), values)
                put_off(desk, reference, sku, units, expected)
            case "cancel":
                _foresee(desk, canceling(desk, reference, sku, units, "canceled"), values)
                cancel(desk, reference, sku, units, "canceled")
            case "sell":
                presell(desk, reference, sku, Presale(values.get("percent"), values.get("most")))
            case _:
                receive(desk, reference, sku, units, values.get("last", False))
    except NotThere as error:
        raise Refusal(NOT_THERE, str(error)) from error


def _foresee(desk: Desk, change: Change, values: Values) -> None:
    """Raises Impossible if it would come to something else than is said."""
    if "hits" in values or "delays" in values:
        seen = as_seen(foreseen(desk, change))
        found = {"hits": seen.orders, "delays": seen.messages.get("delayed", 0)}
        wrong = {name: units for name, units in found.items() if values.get(name, units) != units}
        if wrong:
            raise Impossible(str({name: values[name] for name in wrong}), str(wrong))


def _desk(stage: Stage) -> Desk:
    return stage.app.stock_desk("person:stock")


VERBS = {
    "stock_reported": Verb(
        "A location's system says what is there, or what came or went.", filled(REPORTING), reported
    ),
    "stock_moved": Verb("People say what has become of units.", filled(MOVING), moved),
    "transfer": Verb("Units are sent to another location.", filled(SENDING), sent),
    "supply": Verb(
        "What is on order or on its way is added, moved, canceled, received, sold.", filled(SUPPLYING), supplied
    ),
}
