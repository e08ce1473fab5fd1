"""Alike: which of the orders that wait are to have the same of the same supply, so that one can be asked for all of them.

An order's kind is a digest of all of it but for what no rule of its routing looks at: who has ordered, when, and for how
much; of where it goes, only what matters to the rules. Where a rule may look at anything, an order is like no other.
"""

from collections.abc import Iterable
from hashlib import blake2b

from msgspec import json
from msgspec.structs import replace

from segue.core.base import Value
from segue.core.context import Context
from segue.core.draft import Destination
from segue.core.facts import Facts, Location
from segue.core.order import Line, Order, units_in
from segue.core.policy import ANYTHING, Rule, seen_by
from segue.core.sourcing import Offer
from segue.core.tally import AWAITING
from segue.core.workflow import Strategy, Workflow

PLACES_MAX = 100  # locations of which it is worked out how near they are


class Place(Value):
    """What matters of where an order goes: to rules, and for how long a parcel is under way from each location."""

    destination: Destination
    nearness: tuple[int, ...] = ()
    days: tuple[tuple[str, int, int, str], ...] = ()  # with the customer's time zone, as it is seen from there


def kind_of(order: Order, context: Context) -> str:
    """The kind of an order that waits for one SKU in one line; nothing for any other, and where rules look at anything."""
    rules = _rules(context.workflow)
    if rules is None or len(units_in(order, *AWAITING)) != 1:
        return ""
    seen = {seen_by(rule) for rule in rules}
    if ANYTHING in seen:
        return ""
    place = _place(order, seen, rules, context.facts)
    return blake2b(json.encode((_bare(order), place)), digest_size=8).hexdigest()


def _rules(workflow: Workflow) -> list[Rule] | None:
    """All rules by which locations are chosen; None if orders may go other ways for other reasons."""
    if not all(_is_plain(strategy) for strategy in workflow.strategies):
        return None
    chains = [(s.eligible, s.serve, s.rank, s.split, s.divide) for s in workflow.strategies]
    return [rule for chain in chains for rules in chain for rule in rules]


def _is_plain(strategy: Strategy) -> bool:
    """Whether a strategy is the same for all orders, and goes by its rules alone."""
    is_for_all = strategy.when is None and strategy.trial is None and not strategy.shadow
    by_rules = strategy.algorithm == "rules" and strategy.otherwise != "cancel"
    return is_for_all and by_rules and not strategy.pickup


def _place(order: Order, seen: set[str], rules: Iterable[Rule], facts: Facts) -> Place:
    places = facts.locations.values()
    if "place" in seen or len(places) > PLACES_MAX:
        return Place(order.ship_to)
    near = [rule for rule in rules if seen_by(rule) == "nearness"]
    return Place(
        Destination(order.ship_to.country),
        tuple(rank for rule in near for rank in _ranks(rule, order, places, facts)),
        tuple(
            (each.id, *days, facts.timetables.zone_of(each.time_zone, order.ship_to))
            for each in places
            if (days := _days(order, each, facts)) is not None
        ),
    )


def _ranks(rule: Rule, order: Order, places: Iterable[Location], facts: Facts) -> list[int]:
    """By location, how many are nearer: what matters is which of two comes first, and not by how much."""
    scores = [rule.call(Offer(each, {}, True), order, facts) for each in places]
    known = {score: position for position, score in enumerate(sorted(set(scores)))}
    return [known[score] for score in scores]


def _days(order: Order, location: Location, facts: Facts) -> tuple[int, int] | None:
    return facts.timetables.days(location.id, order.ship_method, order.ship_to)


def _bare(order: Order) -> Order:
    """An order without what says nothing of where its units come from."""
    return replace(
        order, id="", version=0, channel_order_id="", placed_at_s=0, lines=tuple(map(_bare_line, order.lines)),
        total_minor=0, shipping_minor=0, charges=(), shipping_tax_minor=0, grants=(), tier="", person="",
        ship_to=Destination(), ship_to_digest="", bill_country="", promised_at_s=None, tags=(), locale="",
        tenders={}, transactions={}, holds={}, failures=(), score=None, band="", screening="", shipments={}, timers={},
        waiting=(), places={}, shipping_back_minor=0, withheld_minor=0, goodwill_minor=0, documents={}, coupons={},
        shipping_taxes=(), grace_ends_s=order.grace_ends_s if order.in_grace else None, grace_over=False,
    )  # fmt: skip


def _bare_line(line: Line) -> Line:
    return replace(line, discount_minor=0, tax_minor=0, paid_minor=0, title="", taxes=(), deliver_by_s=None)
