"""The command `segue correct`: the corrected document of an order that waits because its amounts are wrong."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from segue.main.asking import ask
from segue.main.failing import WRONG_USE, Failed
from segue.main.formats import words
from segue.main.output import print_json, say
from segue.main.parameters import HERE, By, Json, Order, Shop, person
from segue.main.shops import connection_to, found_order
from segue.main.wanted import Correct
from segue.store.reading import Finder

if TYPE_CHECKING:
    from segue.app import App


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
    if not file.is_file():
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


def corrected(app: "App", wanted: Correct) -> dict[str, Any]:
    """The same in an opened shop. Raises Failed for a file that is not one document of this order."""
    from msgspec import to_builtins

    from segue.connectors.importing import draft_in
    from segue.core.intake import CorrectOrder
    from segue.engine.outcomes import Request
    from segue.ports import Batch

    known = Finder(app.reader()).order(wanted.order)
    assert known is not None, "who asks has looked it up, and orders stay"
    received = app.read(Path(wanted.path), known.channel)
    rejects = [reject for each in received for reject in each.mapped.rejects]
    if rejects:
        reasons = "; ".join(f"{reject.path}: {reject.reason}".removeprefix(": ") for reject in rejects)
        raise Failed(f"The document cannot be used: {reasons}.")
    if len(received) != 1 or (draft := draft_in(received[0])) is None:
        raise Failed(f"The file has {len(received)} documents; one order is needed, as {known.channel} sends it.")
    people = (received[0].person,) if received[0].person else ()
    request = Request(wanted.order, CorrectOrder(draft), wanted.by)
    result = app.worker.submit([request], Batch(app.clock.now_s(), people=people))[0]
    if result.refused:
        raise Failed(f"Refused: {result.refused}.")
    failures = result.order.failures if result.order else ()
    return {"order": wanted.order, "changed": result.changed, "failures": to_builtins(failures)}
