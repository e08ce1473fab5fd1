"""Judging: whatever breaks an invariant, by the audit; and by the witnesses, once all is done."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from segue.connectors.simulated.by_chance import RandomPlan
from segue.connectors.simulated.witness import Comparison, comparison
from segue.connectors.simulated.world import World
from segue.engine.replay import deviations
from segue.loader.shop import Shop
from segue.sim.trial.setting import ENDS_AFTER_S, Setting
from segue.sim.trial.watch import Finding, Watch
from segue.store.audit import LATE_S, Terms, audit
from segue.store.audit import terms_of as terms
from segue.store.database import Reader
from segue.store.reading import every_order, stories


def terms_of(shop: Shop, at_rest: bool) -> Terms:
    """What the audit has to know: what the workflows promise. Only at rest must nothing be late."""
    return terms(shop.workflows.values(), LATE_S if at_rest else ENDS_AFTER_S)


def audited(reader: Reader, orders: Iterable[str] | None, terms: Terms) -> list[Finding]:
    """What the audit finds."""
    return [Finding(found.id, found.offender, found.detail) for found in audit(reader, orders, terms)]


class Verdict(NamedTuple):
    """What a trial came to."""

    setting: Setting
    orders: int
    events: int
    steps: int
    findings: tuple[Finding, ...]
    reached: Counter[str]
    faults: Counter[str]
    deaths: Counter[str]
    gateway: Counter[str]  # its calls by operation, its ledger, and what of it does not match ours
    database: str  # digest of all that the store holds in the end
    event_log: str  # digest of the record


class Closing(NamedTuple):
    """What only the end can tell."""

    findings: list[Finding]
    figures: Counter[str]  # of the gateway: its calls by operation, its ledger, and what of it does not match


def closing(reader: Reader, world: World, watch: Watch) -> Closing:
    """The gateway's ledger against ours (I03), and each story against its order (I40).

    What is under way, or looked into by a person, when the trial ends is not compared: nobody can know of it yet.
    """
    orders = list(every_order(reader))
    asked = (
        (order.id, name) for order in orders for name, done in order.transactions.items() if done.outcome == "asked"
    )
    under_way = {watch.task_of(*each) for each in asked}
    ledger = [row for row in world.gateway.ledger() if row.key not in under_way]
    calls = world.plan.calls if isinstance(world.plan, RandomPlan) else Counter[str]()
    compared = comparison(ledger, orders)
    figures = Counter({name: count for name, count in calls.items() if name.startswith("gateway.")})
    figures["under_way"] = len(under_way)
    figures["rows"] = sum(row.operation != "adopt" for row in ledger)
    figures.update({name: len(found) for name, found in compared._asdict().items()})
    about = {row.id: row.reference.partition("/")[0] for row in ledger}
    found = [
        *_differing(compared, about),
        *(Finding(each.id, each.order, each.detail) for each in deviations(stories(reader))),
    ]
    return Closing(found, figures)


def _differing(compared: Comparison, about: dict[str, str]) -> Iterator[Finding]:
    for each in compared.theirs:
        yield Finding("I03", about[each.reference], f"the gateway did it, and we do not know: {each}")
    for each in compared.ours:
        yield Finding("I03", each.reference, f"we believe it, and the gateway did not: {each}")
    for row in compared.duplicates:
        yield Finding("duplicate", row.reference.partition("/")[0], f"the gateway did it once more: {row}")
    for name in compared.over_captures:
        yield Finding("over_capture", name, "more was taken than was held, or than the order costs")
    for name in compared.over_refunds:
        yield Finding("over_refund", name, "more was given back than was taken")
