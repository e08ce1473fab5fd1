"""Telling customers of the next order of a subscription, with a link by which they can skip it.

The link carries a token: the subscription, the day and a signature of both that only the shop can make. Who has it can
skip the order of that day, and nothing else.
"""

from collections.abc import Callable
from datetime import date
from hashlib import blake2b
from hmac import compare_digest
from string import Template
from urllib.parse import quote

from msgspec import json

from segue.core.base import Refusal, Refused
from segue.core.subscription.commands import SkipNext
from segue.core.subscription.events import NoticeRequested
from segue.core.subscription.standing import Subscription
from segue.core.tasks import Task
from segue.core.workflow import Workflow
from segue.engine.calls import NO_LINK

MESSAGE = "next_order"  # what the workflow calls the message
SIGNED = "skip"
Sign = Callable[[str], str]


def notice(
    subscription: Subscription, event: NoticeRequested, workflow: Workflow, sign: Sign, link: str, now_s: int
) -> list[Task]:
    """The task that tells the customer, if the workflow of its orders has a message for that."""
    if MESSAGE not in workflow.messages:
        return []
    goods = [subscription.lines[number] for number in event.lines]
    once = [line.once or line for line in goods]
    words = {
        "subscription": subscription.id,
        "date": event.on.isoformat(),
        "goods": ", ".join(f"{each.quantity} x {each.sku}" for each in once),
        "skip_link": Template(link or NO_LINK).safe_substitute(token=quote(token(subscription.id, event.on, sign))),
    }
    payload = {
        "person": subscription.terms.person,
        "workflow": workflow.version,
        "message": MESSAGE,
        "words": words,
    }
    id = blake2b(json.encode((subscription.id, payload)), digest_size=12).hexdigest()
    return [Task(id, subscription.id, "mail", "mailer", payload, now_s)]


def token(subscription: str, on: date, sign: Sign) -> str:
    """What the link to skip carries."""
    text = f"{subscription}.{on:%Y%m%d}"
    return f"{text}.{sign(f'{SIGNED} {text}')}"


def skipping(token_given: str, sign: Sign) -> tuple[str, SkipNext]:
    """What a token asks for. Refused if this shop has not made it."""
    parts = token_given.split(".")
    if len(parts) == 3 and len(parts[1]) == 8 and parts[1].isascii() and parts[1].isdigit():
        try:
            on = date(int(parts[1][:4]), int(parts[1][4:6]), int(parts[1][6:]))
        except ValueError:
            on = None
        if on is not None and compare_digest(token(parts[0], on, sign).encode(), token_given.encode()):
            return parts[0], SkipNext(on=on)
    raise Refused(Refusal.CYCLE_NOT_FOUND, "the link is not one of this shop")
