"""What the loader's tests offer to workflows: a few commands, events and policies, so that messages stay as they are."""

from collections.abc import Iterator
from typing import Any, Literal

from segue.core.base import Command, Event
from segue.core.facts import Facts, Location
from segue.core.order import Failure, Order
from segue.core.policy import Policy, policies_in, policy
from segue.core.workflow import Workflow
from segue.loader.library import EMPTY, Library
from segue.loader.problems import Problems
from segue.loader.reading import parse_tree
from segue.loader.workflow import load_workflow


class Authorize(Command):
    """Secure the money."""


class Allocate(Command):
    """Give stock."""


class Cancel(Command):
    """Take units back."""

    reason: str = ""
    line: int = 0


class PlaceHold(Command):
    """Put something in the way."""

    hold: str
    reason: str = ""
    until_s: int | None = None


class Notify(Command):
    """Write to the customer."""

    message: str


class EnterState(Command):
    """Put units into an item state."""

    state: str


class RecordScreening(Command):
    """The vendor's verdict."""

    verdict: Literal["accepted", "rejected"]


class OrderPlaced(Event):
    """An order came in."""


class PaymentAuthorized(Event):
    """The money is secured."""


class FulfillmentShipped(Event):
    """A parcel has left."""


@policy("validate")
def known_skus(order: Order, facts: Facts) -> Iterator[Failure]:
    """Every SKU is in the catalog."""
    yield from ()


@policy("validate")
def not_a_duplicate(order: Order, facts: Facts, *, within_s: int = 600) -> Iterator[Failure]:
    """It was not ordered twice."""
    yield Failure("not_a_duplicate", str(within_s))


@policy("grade")
def high_value(order: Order, facts: Facts, *, from_minor: int) -> dict[str, Any] | None:
    """The order costs a lot."""
    return {"from": from_minor} if order.total_minor >= from_minor else None


@policy("grade")
def country_mismatch(order: Order, facts: Facts) -> dict[str, Any] | None:
    """It goes to another country."""
    return None


@policy("eligible")
def ships_to_country(location: Location, order: Order, facts: Facts) -> str | None:
    """The location ships there."""
    return None


@policy("rank")
def closest(offer: Any, order: Order, facts: Facts, *, limit_km: float = 0.5, kinds: tuple[str, ...] = ()) -> float:
    """The nearest goes first."""
    return limit_km + len(kinds)


@policy("split")
def shipments_at_most(plan: Any, order: Order, *, count: int, strict: bool = False) -> str | None:
    """So many parcels."""
    return f"{count} {strict}"


@policy("capture")
def on_shipment(order: Order) -> tuple[str, ...]:
    """What has left."""
    return ("shipped",)


class _Module:
    """Stands for a module of policies."""


def _registry() -> dict[str, dict[str, Policy]]:
    module: Any = _Module()
    for each in (
        known_skus, not_a_duplicate, high_value, country_mismatch, ships_to_country, closest, shipments_at_most,
        on_shipment,
    ):  # fmt: skip
        setattr(module, each.__name__, each)
    return policies_in([module])


REGISTRY = _registry()
COMMANDS: dict[str, type[Command]] = {
    "authorize": Authorize,
    "allocate": Allocate,
    "cancel": Cancel,
    "place_hold": PlaceHold,
    "notify": Notify,
    "enter_state": EnterState,
    "record_screening": RecordScreening,
}
EVENTS: dict[str, type[Event]] = {
    "order_placed": OrderPlaced,
    "payment_authorized": PaymentAuthorized,
    "fulfillment_shipped": FulfillmentShipped,
}


def mistakes_in(text: str | bytes, file: str = "w.yaml", library: Library = EMPTY) -> list[str]:
    """All problems of a workflow file, as they are printed."""
    problems = Problems()
    tree = parse_tree(text, file, problems)
    if tree is not None:
        workflow = load_workflow(tree, REGISTRY, COMMANDS, EVENTS, problems, library)
        assert workflow is not None or len(problems)
    return [str(problem) for problem in problems.sorted()]


def loaded(text: str, library: Library = EMPTY) -> Workflow:
    """The workflow of a text that has no mistake."""
    problems = Problems()
    tree = parse_tree(text, "w.yaml", problems)
    assert tree is not None
    workflow = load_workflow(tree, REGISTRY, COMMANDS, EVENTS, problems, library)
    assert workflow is not None, "\n".join(map(str, problems.sorted()))
    return workflow


def library_of(**texts: str) -> Library:
    """A library whose prebuilt workflows are these texts."""
    trees = {name: parse_tree(text, f"{name}.yaml", Problems()) for name, text in texts.items()}
    return Library({}, {name: tree for name, tree in trees.items() if tree is not None})
