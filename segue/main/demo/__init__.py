"""The command `segue demo`: a shop and its orders, run through a simulated world, and what became of them."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from segue.main.formats import show_in
from segue.main.parameters import ROWS_MAX, Json, up_to

FOLDER = Path("demo-shop")


def demo(
    *,
    data: Annotated[Path | None, Parameter(help="A folder of real data instead: Olist's or UCI's files.")] = None,
    orders: Annotated[int, Parameter(help="How many orders to make up.", validator=up_to(100 * ROWS_MAX))] = 10_000,
    seed: Annotated[int, Parameter(help="Another seed makes another shop.")] = 1,
    folder: Annotated[
        Path, Parameter(help="Where the shop is made; what an earlier demo left there is deleted.")
    ] = FOLDER,
    json: Json = False,
) -> int:
    """Run a shop, made up or of real data, through a simulated world, and show what happened."""
    from segue.app import owned
    from segue.main.demo.making import make
    from segue.main.demo.running import run
    from segue.main.demo.telling import figures, show
    from segue.main.failing import DONE, FOUND, failing
    from segue.main.output import errors, print_json

    with failing():
        if not json:
            errors().print(f"Making a shop in {folder} ...")
        scene = make(folder, data, orders, seed)
        with owned(scene.folder) as app:
            show_in(app.shop.time_zone)
            ran = run(app, scene, quiet=json)
            violations = app.audit()
            if json:
                print_json(figures(app, scene, ran, violations))
            else:
                show(app, scene, ran, violations)
    return FOUND if violations else DONE
