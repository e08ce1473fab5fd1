"""Scenarios as a page: what a scenario file may say, from the declarations that it is read by."""

from collections.abc import Iterable

from docs.tables import code, table
from segue.scenario import looking
from segue.scenario.expecting import orders as of_orders
from segue.scenario.expecting import outside as of_outside
from segue.scenario.forms import Form
from segue.scenario.given import GIVEN
from segue.scenario.placing import PLACED
from segue.scenario.plot import POINTS
from segue.scenario.steps import faults, goods, orders, outside, people, settling, stocking
from segue.scenario.steps.verb import Verb


def given() -> str:
    """What a scenario may begin with."""
    return _form(GIVEN)


def placed() -> str:
    """What can be said of an order that comes in."""
    return _form(PLACED)


def orders_and_people() -> str:
    """Orders that come in, and what people do."""
    return _verbs(orders.VERBS | people.VERBS | looking.VERBS)


def world() -> str:
    """What the world outside reports, and what changes in the shop."""
    return _verbs(outside.VERBS | goods.VERBS | stocking.VERBS | settling.VERBS)


def going_wrong() -> str:
    """What goes wrong."""
    return _verbs(faults.VERBS)


def points() -> str:
    """The points at which the engine can be killed."""
    return table(("point", "then"), [(code(point), meaning) for point, meaning in POINTS.items()])


def of_order() -> str:
    """What can be expected of an order."""
    rows = []
    for name, aspect in of_orders.ASPECTS.items():
        form = f"by {aspect.keys}: {aspect.kind.called}" if aspect.keys else aspect.kind.called
        rows.append((code(name), aspect.meaning, form))
    return table(("key", "what", "how"), rows)


def of_shop() -> str:
    """What can be expected of the shop and the world."""
    rows = [
        (code("stock"), "stock by SKU and location", "`{MUG: {BER: {on_hand: 9, allocated: 0, free: 9, safety: 0}}}`"),
        (
            code("promise"),
            "from where and when a cart could be had now",
            "`{cart: {lines: 1 MUG}, sources: {BER: 1 MUG}, leaves: {BER: +7h}, arrives, supplies, missing}`",
        ),
    ]
    rows += [(code(name), aspect.meaning, aspect.kind.called) for name, aspect in of_outside.ASPECTS.items()]
    return table(("key", "what", "how"), rows)


def _form(form: Form) -> str:
    rows: Iterable[tuple[str, str, str]] = [
        (code(key), field.meaning, field.kind.called) for key, field in form.items()
    ]
    return table(("key", "what", "how"), rows)


def _verbs(verbs: dict[str, Verb]) -> str:
    return table(("step", "what happens", "how"), [(code(name), v.meaning, v.kind.called) for name, v in verbs.items()])
