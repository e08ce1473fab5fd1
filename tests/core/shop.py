"""A small shop in code: drafts, locations, and workflows, as short as a test can say them."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from segue.core.base import Command
from segue.core.conditions import Condition, compile_condition
from segue.core.draft import Charge, Destination, Draft, DraftLine, DraftTender
from segue.core.facts import Location
from segue.core.policy import Rule
from segue.core.vocabulary import vocabulary
from segue.core.workflow import Folder, HoldType, ItemState, Message, Reaction, Status, Workflow
from segue.policies.eligibility import ships_to_country
from segue.policies.payment import on_shipment
from segue.policies.routing import closest, ship_complete

NOW_S = 1_780_000_000
DALLAS = Location("DAL", "warehouse", "US", 32.8, -96.8, name="Dallas warehouse")
MIAMI = Location("MIA", "store", "US", 25.8, -80.2, ("US",), name="Miami store")
RENO = Location("REN", "warehouse", "US", 39.5, -119.8, ("US",), name="Reno warehouse")
LOCATIONS = (DALLAS, MIAMI, RENO)
AUSTIN = Destination("US", "TX", 30.3, -97.7)
OFFERED = ("engraving", "wrapping")  # the item states that the conditions of these workflows may name


def sold(sku: str = "SHIRT", quantity: int = 1, price_minor: int = 10_00, **more: Any) -> DraftLine:
    """A line of a draft."""
    return DraftLine(sku, quantity, price_minor, **more)


def paid(amount_minor: int, kind: str = "gateway") -> DraftTender:
    """A tender of a draft."""
    return DraftTender(kind, amount_minor, reference="CH-1" if kind == "adopted" else "")


def draft(*lines: DraftLine, tenders: Iterable[DraftTender] = (), kind: str = "gateway", **more: Any) -> Draft:
    """A draft whose money adds up; paid in full with one tender of a kind, if none is named."""
    charges: tuple[Charge, ...] = more.get("charges", ())
    goods = sum(line.price_minor * line.quantity - line.discount_minor + line.tax_minor for line in lines)
    extra = more.get("shipping_minor", 0) + more.get("shipping_tax_minor", 0) - more.get("discount_minor", 0)
    total = goods + extra + more.get("tax_minor", 0) + sum(charge.amount_minor for charge in charges)
    usual: dict[str, Any] = {"person": "ann", "ship_to": AUSTIN, "ship_method": "ground", "total_minor": total}
    paying = tuple(tenders) or (paid(total, kind),)
    return Draft("web", "1001", NOW_S, "USD", lines, tenders=paying, **usual | more)


def rule(function: Callable[..., Any], points: int = 0, **parameters: Any) -> Rule:
    """A policy as a workflow chooses it."""
    return Rule(function.__name__, partial(function, **parameters) if parameters else function, points)


def condition(text: str) -> Condition:
    """A condition in the vocabulary of orders."""
    return compile_condition(text, vocabulary(OFFERED))


def later(after_s: int, command: Command) -> Reaction:
    """A reaction that waits."""
    return Reaction("", command, after_s)


def graced(command: Command) -> Reaction:
    """A reaction that waits for the end of the grace period."""
    return Reaction("", command, after_grace=True)


def only(when: str, command: Command) -> Reaction:
    """A reaction with a condition."""
    return Reaction("", command, when=condition(when))


def folder(name: str, when: str, within_s: int | None = None, then: Command | None = None) -> Folder:
    """A folder; `then` is its default decision after `within_s`."""
    decision = None if then is None else Reaction(f"folders.{name}.then", then)
    return Folder(name, condition(when), "service", within_s, decision)


def hold(*blocks: str, lift_when: str = "", expires_s: int | None = None) -> HoldType:
    """A type of hold that blocks these commands. Its name is its key in the workflow."""
    return HoldType("", frozenset(blocks), condition(lift_when) if lift_when else None, expires_s)


def workflow(
    *,
    on: Mapping[str, Iterable[Command | Reaction]] | None = None,
    statuses: Mapping[str, str] | None = None,
    folders: Iterable[Folder] = (),
    holds: Mapping[str, HoldType] | None = None,
    capture: Callable[..., Any] | None = on_shipment,
    **more: Any,
) -> Workflow:
    """A workflow. Everything that is not said is as a plain shop has it, and nothing follows from anything."""
    reactions = {what: _reactions(what, given) for what, given in (on or {}).items()}
    followed = [each for group in reactions.values() for each in group] + [each.then for each in folders if each.then]
    places = tuple(Status(name, condition(when)) for name, when in (statuses or {}).items())
    whens = [*(place.when for place in places), *(each.when for each in folders)]
    usual: dict[str, Any] = {
        "eligible": (rule(ships_to_country),),
        "rank": (rule(ship_complete), rule(closest)),
        "messages": {"hello": Message("hello", "Your order $order", "Hello $name, $what")},
        "item_states": {name: ItemState(name, "allocated") for name in OFFERED},
    }
    return Workflow(
        "test", "test@1",
        statuses=places,
        folders=tuple(folders),
        holds={name: HoldType(name, kind.blocks, kind.lift_when, kind.expires_s) for name, kind in (holds or {}).items()},
        capture=rule(capture) if capture else None,
        reactions=reactions,
        by_id={each.id: each for each in followed},
        timed=tuple(when for when in whens if "now" in when.names),
        **usual | more,
    )  # fmt: skip


def _reactions(what: str, given: Iterable[Command | Reaction]) -> tuple[Reaction, ...]:
    made = [each if isinstance(each, Reaction) else Reaction("", each) for each in given]
    return tuple(
        Reaction(f"on.{what}.{number}", each.command, each.after_s, each.when, each.after_grace)
        for number, each in enumerate(made)
    )
