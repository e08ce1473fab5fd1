"""The command `segue order`: one order on one page, and what can be done with it now."""

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from segue.core.actions import Action, allowed_actions
from segue.core.correct import may_be_corrected
from segue.core.facts import Facts
from segue.core.order import Order as OrderValue
from segue.core.reclaim import net_of
from segue.core.tally import Units, size, whole
from segue.core.workflow import Workflow
from segue.core.worth import keeps
from segue.engine.needs import lacking, learn, until_known
from segue.main.bundled import show_bundles
from segue.main.failing import failing
from segue.main.formats import instant, iso, money, words
from segue.main.output import facts, plain, print_json, say, table
from segue.main.owing import show_differences, show_since, total_of
from segue.main.parameters import HERE, Json, Order, Shop
from segue.main.shops import connection_to, found_order, present_s
from segue.store.looking import all_of
from segue.store.outline import outline_of
from segue.store.reading import Finder, Found
from segue.store.stock_list import Standing, StockList
from segue.versions import compiled

if TYPE_CHECKING:
    from segue.store.database import Connection
TYPED = {  # what is not typed as `do ID NAME KEY=VALUE`, and what the choices are of
    "place_hold": ("hold {id} TYPE", "hold"),
    "lift_hold": ("lift {id} HOLD", "hold"),
    "note": ("note {id} TEXT", ""),
    "adjust_price": ("adjust {id} AMOUNT --line LINE", "line"),
    "give_goodwill": ("goodwill {id} AMOUNT --reason TEXT", ""),
    "record_return": ("do {id} record_return line=LINE quantity=UNITS", "line"),
    "record_chargeback": ("do {id} record_chargeback tender=TENDER amount_minor=AMOUNT reference=CASE", "tender"),
    "resolve_settlement": ('do {id} resolve_settlement line="LINE" reason=TEXT', "line"),
}


def order(id: Order, /, *, shop: Shop = HERE, json: Json = False) -> None:
    """Show one order: lines, payments, parcels, and what can be done now."""
    connection = connection_to(shop)
    found = found_order(connection, id)
    finder = Finder(connection)
    known = finder.order(found.id)
    text = finder.workflow_text(known.workflow) if known else None
    assert known is not None, f"{found.id} is in the list of orders and nowhere else"
    assert text is not None, f"{known.workflow} has orders, and its text is gone"
    with failing():
        actions = _actions(connection, known, compiled(text, outline_of(connection).policy_modules))
    if json:
        standing = StockList(connection).standing(known.id)
        print_json(_as_json(found, known, actions, finder) | {"queue": plain(standing)})
    else:
        _show(connection, found, known, actions, finder)


def _actions(connection: "Connection", known: OrderValue, workflow: Workflow) -> tuple[Action, ...]:
    """What the order allows now, with the facts loaded that finding out takes."""
    now_s, outline = present_s(connection), outline_of(connection)
    known_facts = Facts(outline.locations, frozenset(outline.shipping_methods), outline.means)
    return until_known(
        lambda: allowed_actions(known, workflow, known_facts, now_s),
        lambda need: learn(known_facts, all_of(connection, replace(lacking(need), now_s=now_s))),
    )


def _as_json(found: Found, known: OrderValue, actions: tuple[Action, ...], finder: Finder) -> dict[str, Any]:
    value: dict[str, Any] = plain(known)
    return value | {
        "owed_minor": keeps(known),
        "status": found.status,
        "folders": found.folders,
        "open": found.open,
        "placed_at": iso(known.placed_at_s),
        "wake_at": iso(found.wake_at_s),
        "may_be_corrected": may_be_corrected(known),
        "actions": [plain(_fields(action)) for action in actions],
        "tasks": plain(finder.tasks(known.id)),
    }


def _fields(action: Action) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(action.command)
    return fields


def _show(
    connection: "Connection", found: Found, known: OrderValue, actions: tuple[Action, ...], finder: Finder
) -> None:
    say(f"Order {known.id}: {words(found.status)}{'' if found.open else ', closed'}")
    facts(
        [
            ("placed", instant(known.placed_at_s)),
            ("channel", f"{known.channel}, number {known.channel_order_id}"),
            ("total", total_of(known)),
            ("shipping", f"{money(known.shipping_minor, known.currency)}, {known.ship_method or 'no method'}"),
            ("to", ", ".join(part for part in (known.ship_to.region, known.ship_to.country) if part) or "unknown"),
            ("promised", instant(known.promised_at_s)),
            ("person", known.person),
            ("folders", ", ".join(words(name) for name in found.folders)),
            ("grade", "" if known.score is None else f"{known.score}{f', {known.band}' if known.band else ''}"),
            ("screening", known.screening),
            ("workflow", known.workflow),
        ]
    )
    _show_goods(known)
    _show_money(known)
    _show_queue(connection, known)
    _show_waiting(known, finder)
    _show_actions(actions, known)


def _show_goods(known: OrderValue) -> None:
    table(
        ("line", "sku", "title", ">units", "where they are", ">to pay"),
        [
            (
                line.number,
                line.sku,
                line.title,
                line.quantity,
                _tally(line.tally),
                money(net_of(known, {line.number: whole(line.quantity)}), known.currency),
            )
            for line in known.lines
        ],
    )
    paid = {line.number: net_of(known, {line.number: whole(line.quantity)}) for line in known.lines}
    show_bundles(known.bundles, paid, known.currency)
    if known.fulfillments:
        rows: list[Any] = [
            (name, each.location, _units(each.units), instant(each.released_at_s) or "not asked yet")
            for name, each in known.fulfillments.items()
        ]
        table(("fulfillment", "location", "units", "asked to ship"), rows)
    if known.shipments:
        rows = [
            (name, each.fulfillment, _units(each.units), f"{each.carrier} {each.tracking}", instant(each.shipped_at_s),
             instant(each.delivered_at_s))
            for name, each in known.shipments.items()
        ]  # fmt: skip
        table(("parcel", "of", "units", "tracking", "shipped", "delivered"), rows)


def _show_money(known: OrderValue) -> None:
    rows: list[Any] = [
        (name, each.kind, each.method, money(each.amount_minor, known.currency), _amounts(each.tally, known.currency))
        for name, each in known.tenders.items()
    ]
    table(("tender", "kind", "method", ">amount", "how far it is"), rows)
    if known.transactions:
        rows = [
            (name, each.kind, each.tender, money(each.amount_minor, known.currency), each.outcome, each.reference)
            for name, each in known.transactions.items()
        ]
        table(("transaction", "to", "tender", ">amount", "outcome", "the gateway's id"), rows)
    show_since(known)
    show_differences(known)


def _show_queue(connection: "Connection", known: OrderValue) -> None:
    rows = [
        (each.line, each.sku, f"{each.units:,}", f"{each.position:,}", f"{each.units_ahead:,}",
         instant(each.due_s) or "nobody knows", _still_to_be_said(each))
        for each in StockList(connection).standing(known.id)
    ]  # fmt: skip
    if rows:
        table(("line", "waits for", ">units", ">place", ">units ahead", "to be had", ""), rows)


def _still_to_be_said(each: Standing) -> str:
    """What the customer does not know yet."""
    if each.look_at_s is None:
        return ""
    return f"told: {instant(each.told_s) or 'nobody knew'}; hears of it {instant(each.look_at_s)}"


def _show_waiting(known: OrderValue, finder: Finder) -> None:
    if known.failures:
        found = [
            (words(each.check), each.path or (f"line {each.line}" if each.line else ""), each.detail,
             "holds" if each.blocks else "informs")
            for each in known.failures
        ]  # fmt: skip
        table(("failed check", "where", "what it found", ""), found)
    if known.holds:
        rows: list[Any] = [
            (name, each.reason, each.by, instant(each.since_s), instant(each.until_s))
            for name, each in known.holds.items()
        ]
        table(("hold", "reason", "by", "since", "until"), rows)
    if known.timers:
        rows = [(instant(timer.due_at_s), timer.reaction) for timer in known.timers.values()]
        table(("due", "then the workflow does"), sorted(rows))
    waiting = [task for task in finder.tasks(known.id) if task.state not in ("done", "declined")]
    if waiting:
        rows = [(task.kind, task.provider, words(task.state), task.attempt, task.detail) for task in waiting]
        table(("asked", "of", "state", ">attempts", "last answer"), rows)


def _show_actions(actions: tuple[Action, ...], known: OrderValue) -> None:
    """What can be done now, as it is typed; what differs in one word only stands together."""
    offered: dict[str, list[str]] = {f"correct {known.id} FILE": []} if may_be_corrected(known) else {}
    for action in actions:
        text, word = typed(_fields(action), known.id)
        offered.setdefault(text, []).extend([word] if word else [])
    say("What can be done now:")
    facts((f"segue {text}", ", ".join(choices) or " ") for text, choices in offered.items())


def typed(fields: dict[str, Any], id: str) -> tuple[str, str]:
    """The command as it is typed, and the word that stands for what is in capitals there."""
    name = fields.pop("command")
    if name == "record_return" and "bundle" in fields:
        return f"do {id} record_return bundle=BUNDLE quantity=BUNDLES", str(fields["bundle"])
    if name in TYPED:
        text, differs = TYPED[name]
        return text.format(id=id), str(fields.get(differs, ""))
    if name == "cancel":
        what = next((key for key in ("line", "bundle") if fields.get(key)), "")
        return (f"cancel {id} --{what} {what.upper()}", str(fields[what])) if what else (f"cancel {id}", "")
    ((key, value),) = fields.items() or [("", "")]
    return (f"do {id} {name} {key}={key.upper()}", str(value)) if key else (f"do {id} {name}", "")


def _tally(tally: dict[str, Units]) -> str:
    return ", ".join(f"{size(units)} {words(state.rpartition('.')[2])}" for state, units in tally.items())


def _units(units: dict[int, Units]) -> str:
    return ", ".join(f"{size(ranges)} of line {number}" for number, ranges in units.items())


def _amounts(tally: dict[str, int], currency: str) -> str:
    return ", ".join(f"{money(amount, currency)} {state}" for state, amount in tally.items() if amount)
