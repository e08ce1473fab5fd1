"""What a change of supply would come to for those who wait, as a program reads it, and as people do."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from segue.core.cascade import Hit
from segue.engine.cascading import Cascade
from segue.main.formats import count, instant, iso
from segue.main.output import plain, say, table

DATES_MAX = 20  # pairs of dates that people are shown
NOBODY = "nobody knows"


def as_foreseen(reference: str, cascades: Iterable[Cascade]) -> dict[str, Any]:
    """Who is hit, with both dates; the messages; the authorizations that would end before the goods come."""
    known = list(cascades)
    hits = [each for cascade in known for each in cascade.hits]
    messages: Counter[str] = Counter()
    for cascade in known:
        for orders, made in zip(_orders_by_kind(cascade), cascade.messages, strict=True):
            messages.update({name: times * orders for name, times in made.items()})
    return {
        "reference": reference,
        "orders": len({each.order for each in hits}),
        "later": _orders(each for each in hits if each.is_later),
        "dates": _dates(hits),
        "messages": dict(sorted(messages.items())),
        "authorizations_ending_before": _orders(each for each in hits if each.uncovered),
        "one_by_one": sum(cascade.one_by_one for cascade in known),
        "hits": [_as_json(each) for each in hits],
    }


def _orders(hits: Iterable[Hit]) -> int:
    return len({each.order for each in hits})


def _orders_by_kind(cascade: Cascade) -> list[int]:
    orders: list[set[str]] = [set() for _ in cascade.messages]
    for each in cascade.hits:
        orders[each.kind].add(each.order)
    return [len(each) for each in orders]


def _dates(hits: Iterable[Hit]) -> list[dict[str, Any]]:
    """How many lines come from which date to which, most first."""
    found = Counter((each.before_s, each.due_s) for each in hits)
    ordered = sorted(found.items(), key=lambda each: (-each[1], each[0][0] or 0, each[0][1] or 0))
    return [{"before": iso(before_s), "after": iso(due_s), "lines": lines} for (before_s, due_s), lines in ordered]


def _as_json(each: Hit) -> dict[str, Any]:
    fields: dict[str, Any] = {name: value for name, value in plain(each).items() if name != "kind"}
    return fields | {"before": iso(each.before_s), "due": iso(each.due_s)}


def show(seen: dict[str, Any], limit: int) -> None:
    """The same for people: so many of the orders by name."""
    say(f"What moving {seen['reference']} would come to. Nothing has happened yet.")
    hits = seen["hits"]
    shown = seen["dates"][:DATES_MAX]
    table(
        ("was to come", "comes", ">lines"), [(_said(e["before"]), _said(e["after"]), f"{e['lines']:,}") for e in shown]
    )
    if len(seen["dates"]) > DATES_MAX:
        say(f"{len(seen['dates']) - DATES_MAX:,} more pairs of dates; --json has all.")
    rows = [
        (
            f"{e['position']:,}", e["order"], e["line"], f"{e['units']:,}", instant(e["before_s"]) or NOBODY,
            instant(e["due_s"]) or NOBODY, "ends before" if e["uncovered"] else "",
        )
        for e in hits[:limit]
    ]  # fmt: skip
    table((">place", "order", "line", ">units", "was to come", "comes", "authorization"), rows)
    if len(hits) > limit:
        say(f"{len(hits) - limit:,} more lines; --limit shows more, --json all.")
    say(f"{count(seen['orders'], 'order')} would have another date, {seen['later']:,} of them a later one.")
    for name, times in seen["messages"].items():
        say(f"Message `{name}`: {times:,}, once the quiet time is over.")
    if ending := seen["authorizations_ending_before"]:
        say(f"Of {count(ending, 'order')} an authorization that would have lasted would end before the goods come.")
    if seen["one_by_one"]:
        say(f"{count(seen['one_by_one'], 'line')} more would be looked at one by one.")


def _said(at: str | None) -> str:
    return at or NOBODY
