"""The commands `segue trouble`, `retry`, `settle`, `dismiss`: what the world left open, and what people do about it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from segue.main.asking import ask
from segue.main.failing import WRONG_USE, Failed
from segue.main.formats import count, instant, iso, span, words
from segue.main.output import plain, print_json, say, table
from segue.main.parameters import HERE, NUMBER_MAX, By, Json, Limit, Shop, person, up_to
from segue.main.shops import connection_to, present_s
from segue.main.wanted import AnyWanted, Dismiss, Retry, Settle

if TYPE_CHECKING:
    from segue.store.trouble import MessageInTrouble, TaskInTrouble

OPERATOR = "operator"  # who runs the shop: owns what is in no folder
TASKS = ("task", "of order", "what", "of", "outcome", ">attempts", "asked", "owner", "last answer")
MESSAGES = (">message", "from", "id", "what", "of order", "state", "received", "owner", "because")

Task = Annotated[str, Parameter(name="TASK", help="A task, as `segue trouble` names it.")]
Message = Annotated[
    int,
    Parameter(
        name="MESSAGE",
        help="A message's number, as `segue trouble` names it.",
        validator=up_to(NUMBER_MAX),
    ),
]
Why = Annotated[str, Parameter(name="--reason", help="Why, or how you know; it stays. No personal data.")]


def trouble(*, limit: Limit = 100, shop: Shop = HERE, json: Json = False) -> None:
    """What the outside world left open: tasks and messages that need a person."""
    from segue.store.outline import outline_of
    from segue.store.trouble import Trouble

    connection = connection_to(shop)
    now_s = present_s(connection)
    owners = {name: each.owners for name, each in outline_of(connection).folders.items()}
    found = Trouble(connection)
    tasks, messages = found.tasks(limit), found.messages(limit)
    reports = found.reports()
    if json:
        listed = [_task_json(each, owners) for each in tasks], [_message_json(each) for each in messages]
        print_json({"now": iso(now_s), "tasks": listed[0], "messages": listed[1], "stock_reports": reports})
        return
    if tasks:
        table(TASKS, [_task_row(each, owners, now_s) for each in tasks])
    if messages:
        table(MESSAGES, [_message_row(each, now_s) for each in messages])
    if reports:
        say(f"{count(reports, 'report')} of stock could not be applied: `segue stock waiting` lists them.")
    _advise(len(tasks), len(messages), limit)


def retry(
    id: Annotated[str, Parameter(name="TASK|MESSAGE", help="A task or a message, as `segue trouble` names it.")],
    /,
    *,
    reason: Why = "",
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Ask for a task again, or handle a message again."""
    result = _asked(shop, Retry(id, reason, person(by)), json)
    if "task" in result:
        said = f"{result['kind']} of {result['order']} is asked for again, under the same key, by `segue work`."
    else:
        said = f"Message {result['message']} of {result['source']} is handled again by `segue work`."
    _say(said, json)


def settle(
    task: Task,
    outcome: Annotated[str, Parameter(name="OUTCOME", help="done or declined; of a screening: accepted, review ...")],
    /,
    *,
    reason: Why,
    reference: Annotated[str, Parameter(help="The provider's own id of it.")] = "",
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Say what became of a task, once you have found out."""
    result = _asked(shop, Settle(task, outcome, reference, _needed(reason), person(by)), json)
    _say(f"{result['kind']} of {result['order']} is {result['outcome']} now.", json)


def dismiss(
    message: Message,
    /,
    *,
    reason: Why,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Leave a message undone for good, and say why."""
    result = _asked(shop, Dismiss(message, _needed(reason), person(by)), json)
    _say(f"Message {result['message']} of {result['source']} is dismissed; its content is cleared.", json)


def _needed(reason: str) -> str:
    if not reason.strip():
        raise Failed("Say how you know: `--reason` may not be empty.", WRONG_USE)
    return reason


def _asked(shop: Path, wanted: AnyWanted, json: bool) -> dict[str, Any]:
    result = ask(shop, wanted)
    if json:
        print_json(result)
    return result


def _say(sentence: str, json: bool) -> None:
    if not json:
        say(sentence)


def _owner(folders: tuple[str, ...], owners: dict[str, tuple[str, ...]]) -> str:
    """Who looks after the folders that an order is in; what is in none is the operator's."""
    named = dict.fromkeys(owner for folder in folders for owner in owners.get(folder, ()))
    return ", ".join(named) or OPERATOR


def _task_row(found: "TaskInTrouble", owners: dict[str, tuple[str, ...]], now_s: int) -> tuple[object, ...]:
    task = found.task
    return (
        task.id, task.order, task.kind, task.provider, _outcome(found), task.attempt,
        _since(found.asked_at_s, now_s), _owner(found.folders, owners), found.detail,
    )  # fmt: skip


def _outcome(found: "TaskInTrouble") -> str:
    """Its outcome; what is to be asked for again has none."""
    if found.state == "ready":
        return f"tried again {instant(found.task.due_at_s)}"
    return "being asked" if found.state == "claimed" else found.state


def _message_row(found: "MessageInTrouble", now_s: int) -> tuple[object, ...]:
    return (
        found.number, found.source, found.id, words(found.kind), found.order, found.state,
        _since(found.received_at_s, now_s), OPERATOR, found.reason,
    )  # fmt: skip


def _since(at_s: int, now_s: int) -> str:
    return f"{instant(at_s)}, {span(now_s - at_s)} ago"


def _task_json(found: "TaskInTrouble", owners: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    value: dict[str, Any] = plain(found.task) | {
        "asked_at": iso(found.asked_at_s),
        "owner": _owner(found.folders, owners),
    }
    return value | {"state": found.state, "detail": found.detail, "folders": found.folders}


def _message_json(found: "MessageInTrouble") -> dict[str, Any]:
    value: dict[str, Any] = plain(found)
    return value | {"received_at": iso(found.received_at_s), "owner": OPERATOR}


def _advise(tasks: int, messages: int, limit: int) -> None:
    if not tasks and not messages:
        say("Nothing is in trouble: everything that was asked was answered, everything that came in was done.")
        return
    more = "; there is more, --limit shows it" if limit in (tasks, messages) else ""
    say(f"{count(tasks, 'task')} and {count(messages, 'message')}{more}.")
    say("`segue retry` tries one again, `segue settle` says what became of a task, `segue dismiss` ends a message.")
