"""Subscriptions: what shop.yaml says of all of them under `subscriptions`: notices, and new tries of declined payments."""

from segue.core.base import Value
from segue.loader.problems import Problems
from segue.loader.tree import Node

KEYS = ("notice_days", "retries", "skip_link")
NOTICE_DAYS_MAX = 60
RETRIES_MAX = 20
USUAL_S = (86_400, 3 * 86_400, 5 * 86_400, 7 * 86_400)


class Subscribing(Value):
    """What holds for all subscriptions of a shop."""

    notice_days: int = 0  # before an order: when its customer is told of it; 0: never
    retries_s: tuple[int, ...] = USUAL_S  # how long after each declined payment it is tried again
    skip_link: str = ""  # where the next order can be skipped, with $token in it


def read_subscribing(node: Node | None, problems: Problems) -> Subscribing:
    """`{notice_days: 3, retries: [1d, 3d, 5d], skip_link: "https://shop.example/skip/$token"}`."""
    fields = node.fields(problems, KEYS) if node is not None else {}
    usual = Subscribing()
    days, retries, link = (fields.get(key) for key in KEYS)
    return Subscribing(
        days.integer(problems, 0, NOTICE_DAYS_MAX) if days else usual.notice_days,
        _retries(retries, problems) if retries else usual.retries_s,
        _link(link, problems) if link else usual.skip_link,
    )


def _retries(node: Node, problems: Problems) -> tuple[int, ...]:
    found = tuple(item.duration_s(problems) for item in node.items(problems, "a list of durations"))
    if len(found) > RETRIES_MAX:
        problems.add(node, f"a payment is tried again {RETRIES_MAX} times at most")
    return found


def _link(node: Node, problems: Problems) -> str:
    link = node.text(problems, "a link")
    if not link.startswith("https://") or "$token" not in link:
        problems.add(node, "a link to skip begins with https://, and has $token in it")
    return link
