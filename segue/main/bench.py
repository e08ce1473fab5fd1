"""The command `segue bench`: how fast this machine runs orders, beside the floor of plain SQLite in the same run."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from cyclopts import Parameter

from segue.main.output import print_json, say, table
from segue.main.parameters import HERE, ROWS_MAX, Json, up_to
from segue.main.progress import Bar


def bench(
    *,
    orders: Annotated[int, Parameter(help="How many orders, of three lines each.", validator=up_to(ROWS_MAX))] = 20_000,
    seed: Annotated[int, Parameter(help="What the orders are made from: the same seed gives the same ones.")] = 1,
    folder: Annotated[Path, Parameter(help="On which disk: a folder for files that are deleted at the end.")] = HERE,
    json: Json = False,
) -> None:
    """Measure how fast this machine runs orders."""
    from segue.sim.measuring.run import measure

    with (
        TemporaryDirectory(prefix="segue-bench-", dir=folder) as place,
        Bar("Orders delivered", "orders", orders, quiet=json) as bar,
    ):
        figures = measure(orders, seed, Path(place), bar.show)
    if json:
        print_json(figures)
    else:
        _show(figures)


def _show(figures: dict[str, Any]) -> None:
    table(
        ("figure", ">value"), [(name, f"{value:,}") for name, value in figures.items() if not isinstance(value, dict)]
    )
    spent = figures["cpu_us_per_order"]
    table(("stage", ">CPU us an order"), [(stage, f"{each:,}") for stage, each in spent.items()])
    table(("core", ">us"), [(command, f"{each:,}") for command, each in figures["core_us_by_command"].items()])
    rows = figures["rows"].items()
    table(("rows of", ">inserted", ">updated"), [(name, f"{n['inserted']:,}", f"{n['updated']:,}") for name, n in rows])
    say(
        f"{figures['orders_per_s']:,.0f} orders/s, from the channel's file to delivered and paid; plain SQLite writes "
        f"the same rows at {figures['floor_orders_per_s']:,.0f} orders/s: {figures['floor_ratio']:.0%} of that."
    )
