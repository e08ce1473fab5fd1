"""Serving: strategies that can never serve an address, found when a shop is read, each with an example address.

An example is an address in each country that a location is in or ships to, or that a strategy's condition names. What needs
facts that nobody has yet, such as a catalog, is taken to fit: what is reported can never be, whatever is ordered.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from segue.core.base import NeedFacts
from segue.core.draft import Destination
from segue.core.facts import Facts, Location
from segue.core.order import Line, Order
from segue.core.policy import Rule
from segue.core.sourcing.trials import followed
from segue.core.vocabulary import View
from segue.core.workflow import Among, Strategy, Workflow
from segue.loader.library import Library, resolved
from segue.loader.problems import Problems, listed
from segue.loader.tree import Node

OF_ADDRESSES = frozenset(("country", "region"))  # the words of conditions that an address alone decides
COUNTRY_NAMED = re.compile("'([A-Z]{2})'")
REASONS_MAX = 3


def check_serving(
    workflows: Mapping[str, Workflow], library: Library, locations: Mapping[str, Location], problems: Problems
) -> None:
    """Report the strategies, and the addresses, for which there can be no location."""
    for name, workflow in workflows.items():
        tree = library.find(name) if workflow.routing else None
        if tree is not None:
            before = len(problems)
            routing = resolved(tree, library, Problems()).content["routing"]
            for strategy, node in zip(workflow.routing, routing.content, strict=True):
                _check_strategy(strategy, node, locations, problems)
            if len(problems) == before:
                _check_addresses(workflow, routing, locations, problems)


def _check_strategy(strategy: Strategy, node: Node, locations: Mapping[str, Location], problems: Problems) -> None:
    before = len(problems)
    if strategy.among is not None:
        _check_known(strategy.among, node.content["locations"], locations, problems)
    for key in {"serve", "divide"} & node.content.keys():
        _check_capabilities(getattr(strategy, key), node.content[key], locations, problems)
    addresses = [each for each in _examples(strategy, locations) if _may_apply(strategy, each)]
    if len(problems) > before or not addresses:
        return
    refusals = [_refusals(strategy, address, locations) for address in addresses]
    if all(len(refused) == len(locations) for refused in refusals):
        told = "; ".join(f"{id}: {why}" for id, why in list(refusals[0].items())[:REASONS_MAX])
        told = told or "there is no location"
        problem = (
            f"the strategy `{strategy.name}` can never serve an address, for example one in {_called(addresses[0])}"
        )
        problems.add(node.place, problem, told)


def _check_known(among: Among, node: Node, locations: Mapping[str, Location], problems: Problems) -> None:
    groups = sorted({each.group for each in locations.values() if each.group})
    for wanted, known, what in ((among.ids, locations, "location"), (among.groups, groups, "group of locations")):
        for name in wanted:
            if name not in known:
                problems.add_unknown(node.place, what, name, known)


def _check_capabilities(
    rules: Iterable[Rule], node: Node, locations: Mapping[str, Location], problems: Problems
) -> None:
    """What a location should be capable of, some location is."""
    known = sorted({name for each in locations.values() for name in each.capabilities})
    for rule in rules:
        given = rule.call.keywords if isinstance(rule.call, partial) else {}
        for name in (*given.get("properties", ()), *([given["need"]] if "need" in given else [])):
            if name not in known:
                problems.add_unknown(node.place, "capability", name, known)


def _check_addresses(workflow: Workflow, routing: Node, locations: Mapping[str, Location], problems: Problems) -> None:
    """A country that a location names among those it ships to, and that no strategy can ever serve."""
    sending = [each for each in followed(workflow.routing) if not each.pickup and each.trial is None]
    for country in sorted({country for each in locations.values() for country in each.ships_to}):
        address = _address(country, locations.values())
        applying = [each for each in sending if _may_apply(each, address)]
        if sending and all(len(_refusals(each, address, locations)) == len(locations) for each in applying):
            asked = listed(each.name for each in applying) if applying else "none is for it"
            by = next(each.id for each in locations.values() if country in each.ships_to)
            problem = f"no strategy can ever serve an address in {country}, which `{by}` ships to"
            problems.add(routing.place, problem, f"asked are: {asked}" if applying else asked)


def _examples(strategy: Strategy, locations: Mapping[str, Location]) -> Iterator[Order]:
    named = COUNTRY_NAMED.findall(strategy.when.text) if strategy.when else []
    countries = {country for each in locations.values() for country in (each.country, *each.ships_to) if country}
    for country in [*named, *sorted(countries - set(named))] or [""]:
        yield _address(country, locations.values())


def _address(country: str, locations: Iterable[Location]) -> Order:
    """An order to this country, next door to a location there if there is one."""
    there = next((each for each in locations if each.country == country and each.latitude is not None), None)
    place = (there.latitude, there.longitude) if there else (None, None)
    line = Line(1, "", 1, 0, 0, 0, 0, {"new": ((1, 1),)})
    return Order("", 0, "", "", "", 0, "", (line,), 0, 0, ship_to=Destination(country, "", *place))


def _called(order: Order) -> str:
    return order.ship_to.country or "any country"


def _may_apply(strategy: Strategy, order: Order) -> bool:
    """Whether the strategy may be for an order to this address: its condition holds, or something else decides it."""
    when = strategy.when
    return when is None or not when.names <= OF_ADDRESSES or when.test(View(order, 0, Facts()))


def _refusals(strategy: Strategy, order: Order, locations: Mapping[str, Location]) -> dict[str, str]:
    """The locations that may never serve this address by the strategy, and why."""
    facts = Facts(dict(locations))
    found = {}
    for location in locations.values():
        objection = strategy.among.objection(location) if strategy.among else None
        for rule in strategy.eligible:
            if objection is None and not rule.soft:
                try:
                    objected = rule.call(location, order, facts)
                except NeedFacts:
                    continue
                objection = f"{rule.name}: {objected}" if objected else None
        if objection:
            found[location.id] = objection
    return found
