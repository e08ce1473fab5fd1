"""Judging: whatever breaks an invariant, by the audit; and by the witnesses, once all is done."""

from collections.abc import Iterable

from segue.connectors.simulated.witness import unmatched
from segue.connectors.simulated.world import World
from segue.engine.replay import deviations
from segue.loader.shop import Shop
from segue.sim.trial.setting import ENDS_AFTER_S
from segue.sim.trial.watch import Finding
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


def closing_findings(reader: Reader, world: World) -> list[Finding]:
    """What only the end can tell: the gateway's ledger against ours (I03), each story against its order (I40)."""
    orders = list(every_order(reader))
    theirs, ours = unmatched(world.gateway.ledger(), orders)
    found = [Finding("I03", each.reference, f"the gateway did it, and we do not know: {each}") for each in theirs]
    found += [Finding("I03", each.reference, f"we believe it, and the gateway did not: {each}") for each in ours]
    found += [Finding(each.id, each.order, each.detail) for each in deviations(stories(reader))]
    return found
