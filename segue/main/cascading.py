"""What a change of supply would come to for those who wait, as a program reads it, and as people do."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from segue.core.cascade import Hit
from segue.engine.cascading import Cascade, as_seen
from segue.main.formats import count, instant, iso
from segue.main.output import plain, say, table

DATES_MAX = 20  # pairs of dates that people are shown
NOBODY = "nobody knows"


def as_foreseen(reference: str, cascades: Iterable[Cascade], listed: int) -> dict[str, Any]:
    """Who is hit, with both dates, so many by name (0: all); the messages; the authorizations that would end too soon."""
    seen = as_seen(cascades)
    return {
        "reference": reference,
        "orders": seen.orders,
        "later": seen.later,
        "lines": len(seen.hits),
        "dates": _dates(seen.hits),
        "messages": seen.messages,
        "authorizations_ending_before": seen.uncovered,
        "one_by_one": seen.one_by_one,
        "hits": [_as_json(each) for each in sorted(seen.hits, key=_turn)[: listed or None]],
    }


def _turn(each: Hit) -> tuple[str, int]:
    return each.sku, each.position


def _dates(hits: Iterable[Hit]) -> list[dict[str, Any]]:
    """How many lines come from which date to which, most first."""
    found = Counter((each.before_s, each.due_s) for each in hits)
    ordered = sorted(found.items(), key=lambda each: (-each[1], each[0][0] or 0, each[0][1] or 0))
    return [{"before": iso(before_s), "after": iso(due_s), "lines": lines} for (before_s, due_s), lines in ordered]


def _as_json(each: Hit) -> dict[str, Any]:
    fields: dict[str, Any] = {name: value for name, value in plain(each).items() if name != "kind"}
    return fields | {"before": iso(each.before_s), "due": iso(each.due_s)}


def show(seen: dict[str, Any]) -> None:
    """The same for people."""
    say(f"What this would come to for who waits for {seen['reference']}. Nothing has happened yet.")
    hits = seen["hits"]
    shown = seen["dates"][:DATES_MAX]
    if shown:
        pairs = [(_said(e["before"]), _said(e["after"]), f"{e['lines']:,}") for e in shown]
        table(("was to come", "comes", ">lines"), pairs)
    if len(seen["dates"]) > DATES_MAX:
        say(f"{len(seen['dates']) - DATES_MAX:,} more pairs of dates; --json has all.")
    rows = [
        (
            f"{e['position']:,}", e["order"], e["line"], f"{e['units']:,}", instant(e["before_s"]) or NOBODY,
            instant(e["due_s"]) or NOBODY, "ends before" if e["uncovered"] else "",
        )
        for e in hits
    ]  # fmt: skip
    if rows:
        table((">place", "order", "line", ">units", "was to come", "comes", "authorization"), rows)
    if seen["lines"] > len(hits):
        say(f"{seen['lines'] - len(hits):,} more lines; --limit shows more, --json all.")
    say(f"{count(seen['orders'], 'order')} would have another date, {seen['later']:,} of them a later one.")
    for name, times in seen["messages"].items():
        say(f"Message `{name}`: {times:,}, once the quiet time is over.")
    if ending := seen["authorizations_ending_before"]:
        say(f"Of {count(ending, 'order')} an authorization that would have lasted would end before the goods come.")
    if seen["one_by_one"]:
        say(f"{count(seen['one_by_one'], 'line')} more would be looked at one by one.")


def _said(at: str | None) -> str:
    return instant(int(datetime.fromisoformat(at).timestamp())) if at else NOBODY
