"""Issuing: what the answers of an issuer of codes become, and how a message says the codes."""

from collections.abc import Callable, Iterable
from typing import Any

from segue.core.base import Command
from segue.core.issuing import RecordIssued
from segue.core.takeback import RecordTakenBack
from segue.core.tasks import Task
from segue.core.transactions import Outcome
from segue.ports import Answer, Issuer


def codes_told(issued: Iterable[dict[str, Any]], issuer: Issuer) -> str:
    """What was bought, and its codes, a line for each. They are asked for now, and kept nowhere."""
    return "\n".join(
        f"{each['title']}: {code}" for each in issued for code in issuer.codes(each["reference"], each["codes"])
    )


def _issued(task: Task, answer: Answer) -> Command:
    return RecordIssued(task.payload["issue"], _outcome(answer), answer.reference, answer.detail)


def _taken_back(task: Task, answer: Answer) -> Command:
    return RecordTakenBack(task.payload["takeback"], _outcome(answer), answer.amount_minor or 0, answer.detail)


def _outcome(answer: Answer) -> Outcome:
    return "done" if answer.outcome == "done" else "declined"


ISSUED: dict[str, Callable[[Task, Answer], Command]] = {"issue": _issued, "take_back": _taken_back}
