"""The command `segue correct`: the corrected document of an order that waits because its amounts are wrong."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from segue.main.asking import ask
from segue.main.failing import WRONG_USE, Failed
from segue.main.formats import words
from segue.main.output import print_json, say
from segue.main.parameters import HERE, By, Json, Order, Shop, person
from segue.main.shops import connection_to, found_order
from segue.main.wanted import Correct
from segue.store.reading import Finder


def correct(
    id: Order,
    file: Annotated[
        Path, Parameter(name="FILE", help="The document, as the order's channel sends it; this order alone.")
    ],
    /,
    *,
    by: By = "",
    shop: Shop = HERE,
    json: Json = False,
) -> None:
    """Take another document for an order that fails a check, and of which nothing is under way."""
    if not file.exists():
        raise Failed(f"{file}: there is no such file.", WRONG_USE)
    connection = connection_to(shop)
    order = found_order(connection, id).id
    result = ask(shop, Correct(order, str(file.resolve()), person(by)))
    after = Finder(connection).find(order)[0]
    if json:
        print_json({**result, "status": after.status, "folders": after.folders})
        return
    if not result["changed"]:
        say(f"{order}: the document says what the order says already. It is {words(after.status)}.")
        return
    left = "; ".join(failure["detail"] for failure in result["failures"])
    say(f"{order}: corrected. It is {words(after.status)} now. What follows from it is done by `segue work`.")
    if left:
        say(f"It still fails a check: {left}.")
