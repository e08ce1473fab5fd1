"""The command `segue subscription`: standing orders, what became of their days, and what customers ask of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from segue.main.asking import ask
from segue.main.failing import WRONG_USE, Failed
from segue.main.formats import count, instant, iso
from segue.main.output import print_json, say, table
from segue.main.parameters import HERE, By, Json, Limit, Shop, person, up_to
from segue.main.wanted import AskSubscription

app = App(name="subscription", help_format="plaintext")
STATES = ("active", "paused", "on_hold", "ended")
QUANTITY_MAX = 10_000

Id = Annotated[str, Parameter(name="ID", help="The subscription.")]
Number = Annotated[int, Parameter(name="LINE", help="One of its lines.")]
OfLine = Annotated[int, Parameter(name="--line", help="Only this line of it; without it, all that is due.")]
State = Annotated[str, Parameter(name="--state", help="Only those that are active, paused, on_hold or ended.")]
Day = Annotated[str, Parameter(name="--until", help="The first day on which orders are made again: 2026-05-01.")]


@app.command(name="list")
def listed(
    *,
    state: State = "",
    customer: Annotated[str, Parameter(name="--person", help="Only those of this person, by id.")] = "",
    limit: Limit = 100,
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """List subscriptions, the oldest first."""
    from segue.loader.problems import did_you_mean
    from segue.main.shops import connection_to
    from segue.store.subscription_list import subscriptions

    connection = connection_to(shop)
    if state and state not in STATES:
        raise Failed(f"There is no state `{state}` of subscriptions; {did_you_mean(state, STATES)}", WRONG_USE)
    found = subscriptions(connection, state, customer, limit)
    if json:
        print_json([_plain(each.subscription, each.renewed_at_s) for each in found])
        return
    rows = [(s.subscription.id, s.subscription.state, _goods(s.subscription), _next(s.renewed_at_s)) for s in found]
    table(("id", "state", "goods", "looked at next"), rows)
    say(f"{count(len(found), 'subscription')}.")


@app.command
def show(
    id: Id,
    /,
    *,
    history: Annotated[bool, Parameter(negative=(), help="All that happened to it, and who asked.")] = False,
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Show a subscription: what became of its days, and what comes next."""
    from segue.main.shops import connection_to
    from segue.store import subscription_list as reading

    connection = connection_to(shop)
    found = reading.subscription(connection, id)
    if found is None:
        raise Failed(f"There is no subscription {id}.")
    steps, days = reading.history(connection, id), reading.days(connection, id)
    if json:
        told = {"days": _written(days)} | ({"history": _written(steps)} if history else {})
        print_json(_plain(found.subscription, found.renewed_at_s) | told)
        return
    known = found.subscription
    say(f"Subscription {id} is {known.state}{f' ({known.over})' if known.over else ''}: {_goods(known)}.")
    if history:
        rows = [(instant(s.at_s), s.by, _name(event), _values(event)) for s in steps for event in s.taken.events]
        table(("at", "by", "what", "of what"), rows)
        return
    table(("day", "line", "became", "order"), [(d.on_day, d.line, d.outcome, d.order) for d in days])
    for number, line in known.lines.items():
        say(
            f"Line {number}, {line.quantity} x {line.sku}: {f'next on {line.next_on}' if line.next_on else 'comes no more'}."
        )
    for cycle, unpaid in known.unpaid.items():
        again = f"tried again {instant(unpaid.retry_at_s)}" if unpaid.retry_at_s else "not tried again by itself"
        say(f"The order of {cycle} could not be paid ({count(unpaid.declines, 'decline')}): {again}.")


@app.command
def add(
    file: Annotated[
        Path, Parameter(name="FILE", help="JSON: id, terms, lines; and customer, whose data is kept apart.")
    ],
    /,
    *,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Begin a subscription, as a file says."""
    fields = _read(file)
    with _of(file):
        _ask(shop, str(fields.get("id", "")), {**fields, "command": "begin"}, by, json)


@app.command
def pause(id: Id, /, *, until: Day = "", by: By = "", shop: Shop = HERE, json: Json = False) -> None:
    """Make no orders until a day, or until it is resumed."""
    _ask(shop, id, {"command": "pause"} | ({"until": until} if until else {}), by, json)


@app.command
def resume(id: Id, /, *, by: By = "", shop: Shop = HERE, json: Json = False) -> None:
    """Make orders again."""
    _ask(shop, id, {"command": "resume"}, by, json)


@app.command
def skip(
    id: Annotated[str, Parameter(name="ID", help="The subscription; none with --token.")] = "",
    /,
    *,
    line: OfLine = 0,
    token: Annotated[str, Parameter(help="What the link to skip carries; it says which.")] = "",
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Make no order of the next cycle."""
    if bool(id) == bool(token):
        raise Failed("Say which subscription, or give the --token of a link.", WRONG_USE)
    _ask(shop, id, {"token": token} if token else {"command": "skip_next", "line": line}, by, json)


@app.command
def now(
    id: Id,
    /,
    *,
    line: OfLine = 0,
    extra: Annotated[
        bool, Parameter(negative=(), help="Beside its days: the next order still comes on its day.")
    ] = False,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Make the next order now; it does not come again on its day."""
    _ask(shop, id, {"command": "order_now", "line": line, "extra": extra}, by, json)


@app.command
def change(
    id: Id,
    line: Number,
    /,
    *,
    quantity: Annotated[int | None, Parameter(help="So many units; as before.", validator=up_to(QUANTITY_MAX))] = None,
    sku: Annotated[str, Parameter(help="Another article; as before.")] = "",
    rule: Annotated[str, Parameter(help="Other days: FREQ=WEEKLY;INTERVAL=2; as before.")] = "",
    next_only: Annotated[bool, Parameter(name="--next", negative=(), help="The next time only.")] = False,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Change a line: another article, number or rhythm; from now on, or the next time only."""
    if next_only and rule:
        raise Failed("Other days are from now on: --next and --rule are one or the other.", WRONG_USE)
    if not (quantity or sku or rule):
        raise Failed("Say what changes: --quantity, --sku or --rule.", WRONG_USE)
    fields = {"line": line, "quantity": quantity or 0, "sku": sku} | ({"rule": rule} if rule else {})
    _ask(shop, id, {"command": "change_next" if next_only else "change_line", **fields}, by, json)


@app.command
def pay(
    id: Id,
    /,
    *,
    method: Annotated[str, Parameter(help="How: card, sepa ...")],
    reference: Annotated[str, Parameter(help="Under which the gateway keeps it.")] = "",
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Pay in another way from now on, and what could not be paid so far."""
    payment = {"method": method, "reference": reference}
    _ask(shop, id, {"command": "change_payment", "payment": payment}, by, json)


@app.command
def cancel(
    id: Id,
    /,
    *,
    reason: Annotated[str, Parameter(help="Why; it stays with it.")] = "canceled by the customer",
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """End a subscription. What was ordered before goes its way."""
    _ask(shop, id, {"command": "end", "reason": reason}, by, json)


@app.command(name="do")
def do_anything(
    id: Id,
    file: Annotated[Path, Parameter(name="FILE", help='JSON: {"command": "add_line", "line": {...}}.')],
    /,
    *,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Give a subscription any other command: add_line, remove_line, change_address ..."""
    with _of(file):
        _ask(shop, id, _read(file), by, json)


def _ask(shop: Path, id: str, command: dict[str, Any], by: str, json: bool) -> None:
    result = ask(shop, AskSubscription(id, command, person(by)))
    if json:
        print_json(result)
        return
    for event in result["events"]:
        say(f"{_name(event)} {_values(event)}".rstrip())


@contextmanager
def _of(file: Path) -> Iterator[None]:
    """What is wrong with what stands in a file names the file."""
    try:
        yield
    except Failed as failed:
        text = str(failed)
        named = text if text.startswith(str(file)) else f"{file}: {text}"
        raise Failed(named, failed.code, failed.refused) from failed


def _read(file: Path) -> dict[str, Any]:
    import msgspec

    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise Failed(f"{file}: {error}.", WRONG_USE) from error


def _plain(subscription: Any, renewed_at_s: int | None) -> dict[str, Any]:
    told: dict[str, Any] = _written(subscription)
    return told | {
        "state": subscription.state,
        "looked_at_next": iso(renewed_at_s) if renewed_at_s is not None else None,
    }


def _written(value: Any) -> Any:
    from segue.main.subscribing import written

    return written(value)


def _goods(subscription: Any) -> str:
    return ", ".join(f"{line.quantity} x {line.sku}" for line in subscription.lines.values())


def _next(at_s: int | None) -> str:
    return instant(at_s) if at_s is not None else "-"


def _name(event: Any) -> str:
    return str(_fields(event)["event"]).replace("_", " ")


def _values(event: Any) -> str:
    shown = {name: value for name, value in _fields(event).items() if name not in ("event", "id", "terms", "because")}
    return _said(shown)


def _said(value: Any) -> str:
    """A value of an event as people read it."""
    if isinstance(value, dict):
        return ", ".join(f"{str(name).replace('_', ' ')} {_part(each)}" for name, each in value.items())
    if isinstance(value, list | tuple):
        return " and ".join(_part(each) for each in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _part(value: Any) -> str:
    return f"({_said(value)})" if isinstance(value, dict) else _said(value)


def _fields(event: Any) -> dict[str, Any]:
    found: dict[str, Any] = event if isinstance(event, dict) else _written(event)
    return found
