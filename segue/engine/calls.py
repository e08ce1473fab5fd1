"""Calls: each kind of task, the port that does it, and the command that its answer becomes."""

from collections.abc import Callable, Sequence
from string import Template
from typing import NamedTuple
from urllib.parse import quote

from segue.core.base import Command, Refusal
from segue.core.capture import RecordCapture
from segue.core.fulfill import RecordReject
from segue.core.moments import is_possible
from segue.core.notify import render
from segue.core.pay import RecordAuthorization, RecordUnknown
from segue.core.refund import RecordRefund
from segue.core.screen import RecordScreening
from segue.core.tasks import Task
from segue.core.transactions import Outcome
from segue.core.void import RecordVoid
from segue.core.workflow import Workflow
from segue.engine.issuing import ISSUED, codes_told
from segue.ports import Answer, Carrier, Channel, Fraud, Gateway, Issuer, Mailer, Person, PortFailed, Source, Warehouse

NO_LINK = "please write to us"  # stands for the payment link of a shop that has none


class Ports(NamedTuple):
    """What is plugged in."""

    gateway: Gateway
    fraud: Fraud
    warehouse: Warehouse
    carrier: Carrier
    mailer: Mailer
    channel: Channel
    issuer: Issuer
    sources: Sequence[Source] = ()


class Desk(NamedTuple):
    """What a call needs beside its task."""

    ports: Ports
    person_of: Callable[[str], Person | None]  # by id
    workflow: Callable[[str], Workflow]  # by version
    payment_link: str = ""  # where customers pay in another way; $order stands for the order


def call(task: Task, desk: Desk) -> Answer:
    """Do a task. Raises PortFailed if the world does not answer, or with something that is no answer."""
    answer = CALLS[task.kind](task, desk)
    expected = OUTCOMES.get(task.kind, ("done", "declined"))
    if answer.outcome not in expected:
        raise PortFailed(f"answered {answer.outcome!r}, and not {', '.join(expected)}")
    return answer


def objection_to(task: Task, answer: Answer) -> str:
    """Why what a gateway says it did is not what it was asked for, or nothing. Authentic is not validated."""
    if "transaction" not in task.payload or answer.outcome != "done":
        return ""
    amount_minor, currency = task.payload["amount_minor"], task.payload["currency"]
    if (answer.amount_minor or amount_minor, answer.currency or currency) == (amount_minor, currency):
        return ""
    asked, answered = f"{amount_minor} {currency}", f"{answer.amount_minor} {answer.currency}"
    return f"{Refusal.AMOUNT_DIFFERS}: {asked} asked, {answered} answered"


def answer_command(task: Task, answer: Answer) -> Command | None:
    """The command that an answer becomes; None where nothing follows from it."""
    record = RECORDS.get(task.kind)
    return record(task, answer) if record else None


def unknown_command(task: Task, detail: str) -> Command | None:
    """The command for a task whose outcome cannot be found out; None where no money is in flight."""
    if "transaction" in task.payload:
        return RecordUnknown(task.payload["transaction"], detail)
    return RecordScreening("timed_out") if task.kind == "screen" else None


def _money(task: Task, desk: Desk, send: Callable[[], Answer]) -> Answer:
    """A request that was sent before is looked up first; only what the gateway never saw is sent again (M12)."""
    known = desk.ports.gateway.look_up(task.id) if task.attempt > 1 else None
    return known if known is not None else send()


def _authorize(task: Task, desk: Desk) -> Answer:
    p = task.payload
    send = desk.ports.gateway.authorize
    asked = (task.id, p["reference"], p["amount_minor"], p["currency"], p.get("method", "card"))
    return _money(task, desk, lambda: send(*asked, p["card"]) if "card" in p else send(*asked))


def _capture(task: Task, desk: Desk) -> Answer:
    p = task.payload
    send = desk.ports.gateway.capture
    return _money(task, desk, lambda: send(task.id, p["authorization"], p["amount_minor"], p["currency"]))


def _void(task: Task, desk: Desk) -> Answer:
    p = task.payload
    send = desk.ports.gateway.void
    return _money(task, desk, lambda: send(task.id, p["authorization"], p["amount_minor"], p["currency"]))


def _refund(task: Task, desk: Desk) -> Answer:
    p = task.payload
    send = desk.ports.gateway.refund
    return _money(task, desk, lambda: send(task.id, p["capture"], p["amount_minor"], p["currency"]))


def _screen(task: Task, desk: Desk) -> Answer:
    return desk.ports.fraud.screen(task.id, {"order": task.order, **task.payload})


def _release(task: Task, desk: Desk) -> Answer:
    fulfillment = {"order": task.order, **task.payload}
    return desk.ports.warehouse.release(task.id, fulfillment, desk.person_of(task.payload["person"]))


def _track(task: Task, desk: Desk) -> Answer:
    return desk.ports.carrier.track(task.id, {"order": task.order, **task.payload})


def _tell(task: Task, desk: Desk) -> Answer:
    return desk.ports.channel.tell(task.id, {"order": task.order, **task.payload})


def _issue(task: Task, desk: Desk) -> Answer:
    return desk.ports.issuer.issue(task.id, {"order": task.order, **task.payload})


def _take_back(task: Task, desk: Desk) -> Answer:
    return desk.ports.issuer.take_back(task.id, task.payload["reference"], task.payload["code"])


def _mail(task: Task, desk: Desk) -> Answer:
    person = desk.person_of(task.payload["person"])
    message = desk.workflow(task.payload["workflow"]).messages[task.payload["message"]]
    words = _words(task.order, person, desk) | task.payload.get("words", {})
    if "$codes" in message.text and "issued" in task.payload:
        words["codes"] = codes_told(task.payload["issued"], desk.ports.issuer)
    subject, text = render(message, words)
    letter = {"order": task.order, "template": message.name, "subject": subject, "text": text}
    return desk.ports.mailer.send(task.id, letter, person)


def _words(order: str, person: Person | None, desk: Desk) -> dict[str, str]:
    link = Template(desk.payment_link or NO_LINK).safe_substitute({"order": quote(order, safe="")})
    name = person.name if person else ""
    return {"order": order, "name": name, "payment_link": link} | NOT_SAID


NOTHING = dict.fromkeys(
    ("canceled", "refunded", "substituted", "bundles", "waits_for", "codes"), "nothing"
)  # unless the order says more
NOT_SAID = NOTHING | dict.fromkeys(("expected", "street_date", "answer_by"), "not known yet")
OUTCOMES: dict[str, tuple[str, ...]] = {"screen": ("accepted", "review", "rejected", "pending")}
CALLS: dict[str, Callable[[Task, Desk], Answer]] = {
    "authorize": _authorize,
    "capture": _capture,
    "void": _void,
    "refund": _refund,
    "screen": _screen,
    "release": _release,
    "track": _track,
    "tell": _tell,
    "mail": _mail,
    "issue": _issue,
    "take_back": _take_back,
}


def _recorded(
    record: type[RecordCapture | RecordVoid | RecordRefund],
) -> Callable[[Task, Answer], Command]:
    def made(task: Task, answer: Answer) -> Command:
        outcome: Outcome = "done" if answer.outcome == "done" else "declined"
        return record(task.payload["transaction"], outcome, answer.amount_minor, answer.reference, answer.detail)

    return made


def _authorized(task: Task, answer: Answer) -> Command:
    outcome: Outcome = "done" if answer.outcome == "done" else "declined"
    return RecordAuthorization(
        task.payload["transaction"], outcome, answer.amount_minor, answer.reference, answer.detail,
        capture_before_s=_deadline(answer.capture_before_s),
    )  # fmt: skip


def _deadline(at_s: int | None) -> int | None:
    """A provider's deadline; one that cannot be meant is none, so that the answer itself is not lost."""
    return at_s if at_s is not None and is_possible(at_s) else None


def _screened(task: Task, answer: Answer) -> Command:
    return RecordScreening(answer.outcome, answer.reference)  # type: ignore[arg-type]


def _released(task: Task, answer: Answer) -> Command | None:
    return RecordReject(task.payload["fulfillment"], answer.detail) if answer.outcome == "declined" else None


RECORDS: dict[str, Callable[[Task, Answer], Command | None]] = {
    "authorize": _authorized,
    "capture": _recorded(RecordCapture),
    "void": _recorded(RecordVoid),
    "refund": _recorded(RecordRefund),
    "screen": _screened,
    "release": _released,
    **ISSUED,
}
