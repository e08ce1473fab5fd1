"""The command `segue simulate`: whole shops in one process, with all that can go wrong: what is wrong is found."""

import os
import re
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter
from msgspec.structs import replace

from segue.main.failing import DONE, FOUND, WRONG_USE, Failed
from segue.main.formats import count
from segue.main.output import print_json, say, table
from segue.main.parameters import Json
from segue.main.progress import Bar

if TYPE_CHECKING:
    from segue.sim.trial.series import Series
    from segue.sim.trial.setting import Setting
    from segue.sim.trial.shrink import Shrunk

SEEDS = re.compile(r"(\d+)(?:\.\.(\d+))?")


def simulate(
    *,
    seeds: Annotated[str, Parameter(help="Which trials: one seed, or from..to with both ends.")] = "0..20",
    orders: Annotated[int, Parameter(help="How many orders each of them has.")] = 200,
    workers: Annotated[int, Parameter(help="How many workers share a shop, taking turns.")] = 2,
    jobs: Annotated[
        int | None, Parameter(help="How many trials run at once; one for each processor if not said.")
    ] = None,
    only: Annotated[str, Parameter(help="Only the orders with these numbers: 3,17.")] = "",
    without: Annotated[str, Parameter(help="What is not to happen: gateway.lost_after,death.*,deed.note.")] = "",
    faults: Annotated[
        str, Parameter(help="What goes wrong outside: `usual`, or `payments`: a fifth of all calls of the gateway.")
    ] = "usual",
    defect: Annotated[str, Parameter(show=False)] = "",
    json: Json = False,
) -> int:
    """Run made-up shops in which everything goes wrong, and look for whatever breaks an invariant."""
    from segue.sim.trial.series import run_series, scratch
    from segue.sim.trial.shrink import shrink

    if jobs is not None and jobs < 1:
        raise Failed("At least one trial runs at once.", WRONG_USE)
    settings = [
        replace(each, faults=_profile(faults), defect=_defect(defect))
        for each in _settings(seeds, orders, workers, only, without)
    ]
    with scratch() as folder:
        with Bar("Trials", "trials", len(settings), quiet=json) as bar:
            at_once = min(jobs or os.cpu_count() or 1, len(settings))
            series = run_series(settings, folder, at_once, bar.show, all_of_them=not defect)
        shrunk = None
        if series.failed:
            with Bar("Making the failure smaller", "trials", quiet=json) as bar:
                shrunk = shrink(series.failed[0], folder, bar.show)
    missed = _missed(series, settings[0])
    if json:
        print_json(_plain(series, shrunk, missed))
    else:
        _show(series, shrunk, missed)
    return FOUND if series.failed or missed else DONE


def _profile(faults: str) -> str:
    from segue.sim.trial.outside import PROFILES

    if faults not in PROFILES:
        raise Failed(f"There are no faults called `{faults}`; there are {', '.join(PROFILES)}.", WRONG_USE)
    return faults


def _defect(defect: str) -> str:
    from segue.sim.trial.defects import DEFECTS

    if defect and defect not in DEFECTS:
        raise Failed(f"There is no defect `{defect}`; there are {', '.join(DEFECTS)}.", WRONG_USE)
    return defect


def _settings(seeds: str, orders: int, workers: int, only: str, without: str) -> "list[Setting]":
    """The trials that are asked for. Raises Failed for what cannot be meant."""
    from segue.sim.trial.setting import Setting
    from segue.sim.trial.shrink import expanded

    found = SEEDS.fullmatch(seeds)
    if found is None or orders < 1 or workers < 1:
        raise Failed("Write seeds as 7 or 0..20; there is at least one order and one worker.", WRONG_USE)
    first, last = int(found[1]), int(found[2] or found[1])
    if last < first:
        raise Failed(f"From {first} to {last} there are no seeds; the smaller one stands first.", WRONG_USE)
    try:
        numbers = tuple(int(number) for number in only.split(",") if number)
        left_out = expanded([name for name in without.split(",") if name])
    except ValueError as error:
        raise Failed("Write the numbers of orders as 3,17.", WRONG_USE) from error
    except KeyError as error:
        raise Failed(f"Nothing is called {error} that could be left out.", WRONG_USE) from error
    return [Setting(seed, orders, workers, numbers, left_out) for seed in range(first, last + 1)]


def _missed(series: "Series", setting: "Setting") -> list[str]:
    """The goals that such a series should have reached and has not."""
    from segue.sim.trial.series import GOALS_FROM

    is_whole = not (setting.only or setting.without or setting.defect)
    return series.missed if is_whole and series.orders >= GOALS_FROM and not series.failed else []


def _of_gateway(series: "Series") -> dict[str, Any]:
    """How often the gateway was called and what of that went wrong; its ledger beside ours, one to one."""
    from segue.sim.trial.series import share_of_faults

    figures = series.gateway
    by_operation = {name.partition(".")[2]: n for name, n in sorted(figures.items()) if name.startswith("gateway.")}
    return {
        "gateway_calls": sum(by_operation.values()),
        "gateway_calls_by_operation": by_operation,
        "gateway_calls_disturbed": share_of_faults(series, acted=False),
        "gateway_calls_disturbed_after_acting": share_of_faults(series, acted=True),
        "gateway_ledger_rows": figures["rows"],
        "gateway_under_way": figures["under_way"],
        "unmatched_theirs": figures["theirs"],
        "unmatched_ours": figures["ours"],
        "duplicates": figures["duplicates"],
        "over_captures": figures["over_captures"],
        "over_refunds": figures["over_refunds"],
    }


def _plain(series: "Series", shrunk: "Shrunk | None", missed: list[str]) -> dict[str, Any]:
    """The figures as JSON has them."""
    from segue.sim.trial.shrink import command_of

    return {
        "seeds": series.seeds,
        "orders": series.orders,
        "workers": series.workers,
        "events": series.events,
        "events_per_s": round(series.events / series.seconds),
        "steps": series.steps,
        "seconds": round(series.seconds, 1),
        "violations": series.violations,
        "goals_reached": len(series.goals) - len(series.missed),
        "goals_named": len(series.goals),
        "goals_missed": missed,
        "hash": series.hash,
        "kills": sum(series.kills.values()),
        "kills_by_point": series.kills,
        "kills_at": series.kills_at,
        "faults": series.faults,
        **_of_gateway(series),
        "goals": series.goals,
        "failed_seeds": [verdict.setting.seed for verdict in series.failed],
        "findings": shrunk.verdict.findings if shrunk else [],
        "replay": command_of(shrunk.verdict.setting) if shrunk else "",
    }


def _show(series: "Series", shrunk: "Shrunk | None", missed: list[str]) -> None:
    """The same for people."""
    from segue.sim.trial.shrink import command_of

    table(("goal", ">reached"), [(name, f"{times:,}") for name, times in series.goals.items()])
    table(("fault", ">met"), [(name, f"{times:,}") for name, times in (series.faults | series.kills).items()])
    say(
        f"{count(series.seeds, 'trial')}, {count(series.orders, 'order')}, {count(series.events, 'event')}: "
        f"{series.events / series.seconds:,.0f} events/s. Killed {count(sum(series.kills.values()), 'time')}."
    )
    money = _of_gateway(series)
    say(
        f"{count(money['gateway_calls'], 'call')} of the gateway, {money['gateway_calls_disturbed']:.1%} lost, late or "
        f"doubled, {money['gateway_calls_disturbed_after_acting']:.1%} after it acted. "
        f"Its ledger has {count(money['gateway_ledger_rows'], 'row')}: "
        f"{money['unmatched_theirs']} that we do not know, {money['unmatched_ours']} of ours that it does not know, "
        f"{count(money['duplicates'], 'duplicate')}, {count(money['over_captures'], 'over-capture')}, "
        f"{count(money['over_refunds'], 'over-refund')}."
    )
    say(f"Hash of all that was stored: {series.hash}")
    reached = len(series.goals) - len(series.missed)
    say(f"{reached} of {count(len(series.goals), 'goal')} reached.")
    for name in missed:
        say(f"Never reached: {name}")
    if not series.failed:
        say("Nothing breaks any invariant.")
    if shrunk is not None:
        failed = ", ".join(str(verdict.setting.seed) for verdict in series.failed)
        say(f"Broken in seed {failed}. The smallest trial that shows it, found in {count(shrunk.runs, 'trial')}:")
        table(("rule", "about", "what is"), [(each.id, each.offender, each.detail) for each in shrunk.verdict.findings])
        say(command_of(shrunk.verdict.setting))
