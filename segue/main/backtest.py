"""The command `segue backtest`: past orders once more, by another strategy, with stock and capacity as they were."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from segue.core.lanes import MILLS
from segue.main.failing import DONE, FOUND, WRONG_USE, Failed, failing
from segue.main.formats import ZONE, count, instant, iso, money
from segue.main.output import plain, print_json, say, table
from segue.main.parameters import HERE, Json, Shop
from segue.main.past import Folder, From, To, named_period, past_of, replayed

if TYPE_CHECKING:
    from segue.core.facts import Location
    from segue.core.workflow import Workflow
    from segue.engine.backtest import Compared, Difference, Result
    from segue.engine.rules import Rules
    from segue.loader.shop import Shop as ShopFiles

SHOWN_MAX = 20  # orders that differ, in a table

Strategy = Annotated[
    str,
    Parameter(
        name="--strategy",
        help="A strategy of the workflow, an algorithm (rules, exact), or a YAML file with `routing:` or `policies:`; "
        "without one, only whether the past comes out again.",
    ),
]


def backtest(
    folder: Folder = None,
    /,
    *,
    strategy: Strategy = "",
    from_: From = None,
    to: To = None,
    shop: Shop = HERE,
    json: Json = False,
) -> int:
    """Replay a shop's orders by another strategy, with stock as it was, and compare. Nothing is changed."""
    past = past_of(folder or shop, from_, to)
    from segue.engine.backtest import backtested

    by = chosen(strategy, past.folder, past.files)
    compared = replayed(
        past, json, lambda tell: backtested(past.history, past.rules, past.text_of, by, past.period, tell)
    )
    if not compared.choices:
        period = named_period(from_, to)
        raise Failed(f"Nothing was sent anywhere {period}: there is no choice of a location to compare.")
    if json:
        print_json(as_json(compared, strategy, past.rules, past.files))
    else:
        _show(compared, strategy, past.files)
    return FOUND if compared.unlike else DONE


def chosen(strategy: str, folder: Path, known: "ShopFiles") -> "Callable[[Workflow], Workflow]":
    """What a strategy makes of each workflow version. Raises Failed if there is none of this name."""
    from segue.core.route import following
    from segue.core.sourcing import ALGORITHMS
    from segue.loader.trying import choosing_as
    from segue.settings import tried_workflow

    if not strategy:
        return lambda workflow: workflow
    if strategy.endswith((".yaml", ".yml")):
        with failing():
            tried = tried_workflow(folder, Path(strategy), known.workflow)
        return lambda workflow: choosing_as(workflow, tried)
    current = [made for each in known.workflows.values() if (made := following(each, strategy))]
    if not current:
        names = [*dict.fromkeys(s.name for each in known.workflows.values() for s in each.routing), *ALGORITHMS]
        there = ", ".join(names)
        raise Failed(f"The workflows have no strategy {strategy}; there is {there}, or name a YAML file.", WRONG_USE)
    return lambda workflow: following(workflow, strategy) or choosing_as(workflow, current[0])


def as_json(compared: "Compared", strategy: str, rules: "Rules", known: "ShopFiles") -> dict[str, Any]:
    """What was found, for programs."""
    return {
        "strategy": strategy,
        "choices": compared.choices,
        "reproduced": compared.choices - len(compared.unlike),
        "reworded": compared.reworded,
        "unlike": [{**plain(each), "at": iso(each.at_s)} for each in compared.unlike],
        "was": plain(compared.was),
        "would_be": plain(compared.would_be),
        "currency": known.currency,
        "orders": [
            {"order": each.order, "was": _told(each.was, rules), "would_be": _told(each.would_be, rules)}
            for each in compared.differences
        ],
    }


def _told(result: "Result", rules: "Rules") -> dict[str, Any]:
    sent = [
        {**plain(each), "because": list(_reasons(each.because, rules.locations)), "at": iso(each.at_s)}
        for each in result.sent
    ]
    return {**plain(result), "sent": sent, "because": list(_reasons(result.because, rules.locations))}


def _reasons(because: Any, locations: "Mapping[str, Location]") -> Iterator[str]:
    """A reason in the words of `segue why`."""
    from segue.core.explain import reasons
    from segue.core.explain.words import Tale
    from segue.core.order import Order

    order = Order("", 0, "", "", "", 0, "XXX", (), 0, 0)
    yield from reasons(because, Tale(order, locations, zone=ZONE.get()))


def _show(compared: "Compared", strategy: str, files: "ShopFiles") -> None:
    same = compared.choices - len(compared.unlike)
    say(f"By the rules of the time: reproduced {same:,} of {count(compared.choices, 'choice')}.")
    if compared.reworded:
        say(f"The reason of {count(compared.reworded, 'choice')} of these would be told in other words now.")
    if compared.unlike:
        rows = [(each.order, instant(each.at_s), each.recorded[-1:], each.again[-1:]) for each in compared.unlike]
        table(("order", "at", "on record", "decided again"), rows[:SHOWN_MAX])
        say("What is on record does not explain these: the shop's files, its catalog or safety stock were others then.")
    if not strategy:
        return
    table((_orders(compared), ">as it was", f">{Path(strategy).stem}", ">difference"), _rows(compared, files.currency))
    if not compared.differences:
        say("No order would have gone another way.")
        return
    say(f"{count(len(compared.differences), 'order')} would have gone another way.")
    shown = [_difference(each) for each in compared.differences[:SHOWN_MAX]]
    table(("order", "as it was", "would be", "since"), shown)
    if len(compared.differences) > SHOWN_MAX:
        say(f"... and {len(compared.differences) - SHOWN_MAX:,} more, with --json.")


def _orders(compared: "Compared") -> str:
    return count(compared.was.orders, "order")


def _rows(compared: "Compared", currency: str) -> Iterator[tuple[str, str, str, str]]:
    was, other = compared.was, compared.would_be
    if was.cost_mills is not None and other.cost_mills is not None:
        more = other.cost_mills - was.cost_mills
        one, two, by = (money(round(mills / MILLS), currency) for mills in (was.cost_mills, other.cost_mills, more))
        yield "cost", one, two, _by(more, was.cost_mills, by)
    for title, name in FIGURES:
        before, after = getattr(was, name), getattr(other, name)
        if name != "late" or was.promised:
            difference = after - before
            yield title, f"{before:,.0f}", f"{after:,.0f}", _by(difference, before, f"{difference:,.0f}")


FIGURES = (
    ("parcels", "parcels"),
    ("km, all parcels", "distance_km"),
    ("orders promised too early", "late"),
    ("orders backordered", "backordered"),
    ("units still waiting", "waiting_units"),
)


def _by(difference: float, of: float, text: str) -> str:
    signed = f"+{text}" if difference > 0 else text
    return f"{signed} ({100 * difference / of:+.1f} %)" if of and difference else signed


def _difference(each: "Difference") -> tuple[str, str, str, str]:
    return each.order, _places(each.was), _places(each.would_be), _since(each)


def _places(result: "Result") -> str:
    sent = [f"{sum(each.units.values())} from {each.location}" for each in result.sent]
    return ", ".join([*sent, *([f"{result.waiting} waiting"] if result.waiting else [])]) or "nothing sent"


def _since(each: "Difference") -> str:
    """Why the strategy passed over the location that it was; else the rule by which it chose."""
    before = {sent.location for sent in each.was.sent} - {sent.location for sent in each.would_be.sent}
    reasons = [because for because in (*(s.because for s in each.would_be.sent), each.would_be.because) if because]
    for because in reasons:
        for place in sorted(before & because.passed_over.keys()):
            return f"{place}: {because.passed_over[place]}"
    return reasons[0].rule if reasons else ""
