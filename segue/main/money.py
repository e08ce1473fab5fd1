"""The command `segue money-at-risk`: authorizations that end while their goods have not left."""

from functools import cache
from typing import Annotated, Any

from cyclopts import Parameter

from segue.core.risk import AtRisk, at_risk
from segue.core.workflow import Workflow
from segue.main.failing import WRONG_USE, Failed, failing
from segue.main.formats import count, instant, iso, money, span, words
from segue.main.output import plain, print_json, say, table
from segue.main.parameters import HERE, Json, Shop
from segue.main.shops import connection_to, present_s
from segue.store.outline import outline_of
from segue.store.reading import Finder, open_orders
from segue.versions import compiled

COLUMNS = ("order", "tender", ">amount", "ends", "in", ">unshipped", "what will be done about it")


def money_at_risk(
    *,
    within: Annotated[str, Parameter(help="How far to look ahead: 90m, 72h, 7d.")] = "72h",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Authorizations that end soon while goods that they are for have not left."""
    within_s = duration_s(within)
    connection = connection_to(shop)
    finder, now_s = Finder(connection), present_s(connection)

    @cache
    def workflow_of(version: str) -> Workflow:
        text = finder.workflow_text(version)
        assert text is not None, f"{version} has orders, and its text is gone"
        with failing():
            return compiled(text, outline_of(connection).policy_modules)

    found = [
        each
        for order in open_orders(connection)
        if any(done.expires_at_s is not None for done in order.transactions.values())
        for each in at_risk(order, workflow_of(order.workflow), now_s + within_s)
    ]
    found.sort(key=lambda each: (each.expires_at_s, each.order))
    if json:
        print_json({"now": iso(now_s), "within_s": within_s, "authorizations": [as_json(each) for each in found]})
        return
    table(COLUMNS, [cells(each, now_s) for each in found])
    say(f"{count(len(found), 'authorization')} with goods unshipped: {sums(found)}.")


def duration_s(text: str) -> int:
    """`72h` in seconds."""
    from segue.loader.tree import DURATION, SECONDS

    match = DURATION.fullmatch(text)
    if match is None:
        raise Failed(f"`{text}` is no duration: write it as in 90m, 72h or 7d", WRONG_USE)
    return int(match[1]) * SECONDS[match[2]]


def as_json(each: AtRisk) -> dict[str, Any]:
    """An authorization at risk, its instants as text."""
    plan = [plain(planned) | {"at": iso(planned.at_s)} for planned in each.plan]
    value: dict[str, Any] = plain(each)
    return value | {"expires_at": iso(each.expires_at_s), "plan": plan}


def cells(each: AtRisk, now_s: int) -> tuple[str, ...]:
    """The same for people."""
    plan = [f"{instant(p.at_s)}: {words(p.does)}{f' if {p.when}' if p.when else ''}" for p in each.plan]
    if each.holds:
        plan.append(f"on hold: {', '.join(each.holds)}")
    left_s = each.expires_at_s - now_s
    return (
        each.order,
        f"{each.method} ({each.tender})",
        money(each.amount_minor, each.currency),
        instant(each.expires_at_s),
        span(left_s) if left_s > 0 else "over",
        f"{each.unshipped:,}",
        "\n".join(plan) or "nothing",
    )


def sums(found: list[AtRisk]) -> str:
    """What they hold together, by currency."""
    held: dict[str, int] = {}
    for each in found:
        held[each.currency] = held.get(each.currency, 0) + each.amount_minor
    return ", ".join(money(amount, currency) for currency, amount in sorted(held.items())) or "nothing is at risk"
