"""The command `segue reconcile`: a gateway's settlement report against what we believe."""

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from segue.main.asking import ask
from segue.main.failing import DONE, FOUND, WRONG_USE, Failed
from segue.main.formats import count, words
from segue.main.output import print_json, say, table
from segue.main.parameters import HERE, Json, Shop
from segue.main.wanted import Reconcile

MISTAKES_SHOWN = 20
GRACE_DAYS = 3
GRACE_DAYS_MAX = 3_650


def reconcile(
    file: Annotated[Path, Parameter(name="FILE", help="The report: CSV, plain or .gz.")],
    /,
    *,
    column: Annotated[
        list[str] | None,
        Parameter(negative=(), help="What the report calls a column of ours: key=merchant_reference. May be repeated."),
    ] = None,
    provider: Annotated[str, Parameter(help="Whose report it is.")] = "gateway",
    grace: Annotated[int, Parameter(help="So many days settling may take, before something is missing.")] = GRACE_DAYS,
    shop: Shop = HERE,
    json: Json = False,
) -> int:
    """Compare a gateway's settlement report with what we believe, one to one."""
    if not file.is_file():
        raise Failed(f"{file}: there is no such file.", WRONG_USE)
    if not 0 <= grace <= GRACE_DAYS_MAX:
        raise Failed(f"--grace {grace}: days are not fewer than none, nor more than {GRACE_DAYS_MAX:,}.", WRONG_USE)
    result = ask(shop, Reconcile(str(file.resolve()), provider, _called(column or []), grace))
    if json:
        print_json(result)
    elif result["mistakes"]:
        _show_mistakes(result["mistakes"])
    else:
        _show(result)
    found = ("mistakes", "differences", "still_open", "unknown", "altered")
    return FOUND if any(result[name] for name in found) else DONE


def _called(columns: list[str]) -> dict[str, str]:
    from segue.connectors.settlement import COLUMNS
    from segue.loader.problems import advice

    called = {}
    for each in columns:
        ours, is_pair, theirs = each.partition("=")
        if not is_pair or not theirs or ours not in COLUMNS:
            raise Failed(f"--column {each}: write OURS=THEIRS; {advice(ours, COLUMNS)}", WRONG_USE)
        called[ours] = theirs
    return called


def _show_mistakes(mistakes: list[dict[str, Any]]) -> None:
    rows = [(each["row"], each.get("path", ""), each.get("value", ""), each["reason"]) for each in mistakes]
    table((">line", "column", "value", "because it"), rows[:MISTAKES_SHOWN])
    more = f", of which {MISTAKES_SHOWN} are shown" if len(rows) > MISTAKES_SHOWN else ""
    say(f"{count(len(rows), 'mistake')}{more}. Nothing of the report was taken in.")


def _show(result: dict[str, Any]) -> None:
    table(
        ("lines became", ">lines"),
        [
            ("settled", f"{result['settled']:,}"),
            ("seen before", f"{result['seen_before']:,}"),
            ("came before with other content", f"{result['altered']:,}"),
            ("of no order", f"{result['unknown']:,}"),
            *((words(name), f"{number:,}") for name, number in result["differences"].items()),
            *((f"{words(name)}, still open", f"{number:,}") for name, number in result["still_open"].items()),
        ],
    )
    differences = sum(result["differences"].values())
    if still_open := sum(result["still_open"].values()):
        say(f"{count(still_open, 'difference')} of an earlier run: nobody has resolved that yet.")
    differences += still_open
    if differences:
        say("`segue orders --folder settlement_differs` lists the orders, `segue why ORDER` says what differs.")
    if result["unknown"] or result["altered"]:
        say("`segue trouble` lists the lines that wait for a person: of no order, or changed since.")
    elif not differences:
        say("All is well: whatever the report says we believe too, and it lacks nothing.")
