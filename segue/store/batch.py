"""A batch as rows: what it writes, and what is read of it, as values again. Alike for every database, without SQL."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import json
from msgspec.structs import replace

from segue.core.days import LoadChange, plus
from segue.core.selling import Terms
from segue.core.sourcing import loads_of
from segue.core.tasks import Task
from segue.ports import PERSON, Batch, Handled, Inbound, Settled, StaleOrder, Stepped

Row = tuple[Any, ...]
Place = tuple[str, str, int]  # order, folder, since when
Watch = tuple[str, str]  # order, fact

CORRECTING = "order"  # the kind of messages that may say something else the second time
ALTERED = "came again under the same id with other content"


def changes_of(steps: Iterable[Stepped]) -> dict[str, tuple[int, Stepped]]:
    """For each order the version that it had before this batch, and its last step. No basket: the same as before.

    Raises StaleOrder if steps of one order do not follow each other.
    """
    changes: dict[str, tuple[int, Stepped]] = {}
    for step in steps:
        before, last = changes.get(step.order.id, (step.version_before, None))
        if last is not None and last.order.version != step.version_before:
            raise StaleOrder(step.order.id)
        basket = step.basket or (last.basket if last else "")
        woken = step.woken or (last is not None and last.woken)
        is_whole = basket == step.basket and woken == step.woken
        changes[step.order.id] = (before, step if is_whole else replace(step, basket=basket, woken=woken))
    return changes


def still_due_s(step: Stepped, now_s: int) -> int:
    """Until when a stored wake is kept: one that is due is not lost by another step."""
    return now_s if step.open and not step.woken else -1


def moving(step: Stepped) -> Row:
    """Of an order's row what a step changes: total, status, open, wake, version, value, basket, digest, workflow, rank."""
    order = step.order
    return (
        order.total_minor, step.status, step.open, step.wake_at_s, order.version, step.value.decode(),
        step.basket, order.ship_to_digest, order.workflow, step.rank,
    )  # fmt: skip


def lasting(step: Stepped) -> Row:
    """Of an order's row what changes only with a correction: id, channel, the channel's id, person, placed at, currency."""
    order = step.order
    return order.id, order.channel, order.channel_order_id, order.person, order.placed_at_s, order.currency


def corrected(changes: Iterable[tuple[int, Stepped]]) -> list[Row]:
    """Of orders that are made of another document now: person, when it was placed, currency; id."""
    orders = [step.order for before, step in changes if before and step.basket]
    return [(order.person, order.placed_at_s, order.currency, order.id) for order in orders]


def records(steps: Iterable[Stepped]) -> Iterator[Row]:
    """A step without events, such as a recheck that found nothing new, leaves no record."""
    for step in steps:
        if step.order.version != step.version_before:
            yield step.order.id, step.order.version, step.version_before, step.at_s, step.by, step.record.decode()


def entries(steps: Iterable[Stepped]) -> Iterator[Row]:
    """The entries of the ledger."""
    for step in steps:
        order = step.order
        for position, entry in enumerate(step.entries):
            yield (
                order.id, order.version, position, entry.debit, entry.credit, entry.amount_minor, order.currency,
                step.at_s,
            )  # fmt: skip


def numbers_taken(steps: Iterable[Stepped]) -> dict[tuple[str, str], int]:
    """How many numbers the documents of these steps need, by kind and series, in an order that all writers keep."""
    taken = Counter((document.kind, step.series) for step in steps for document in step.documents)
    return dict(sorted(taken.items()))


def documents(steps: Iterable[Stepped], last: Mapping[tuple[str, str], int]) -> Iterator[Row]:
    """The documents, each with the next number of its kind and series after the `last` one."""
    numbers = dict(last)
    for step in steps:
        for document in step.documents:
            key = document.kind, step.series
            numbers[key] += 1
            yield (
                document.order, document.name, step.order.version, *key, numbers[key], document.total_minor,
                document.currency, step.at_s, json.encode(document).decode(),
            )  # fmt: skip


def places(steps: Iterable[Stepped]) -> set[Place]:
    """The folders in which these last steps leave their orders."""
    return {
        (step.order.id, folder, step.order.places.get(folder, step.at_s)) for step in steps for folder in step.folders
    }


def watching(steps: Iterable[Stepped]) -> set[Watch]:
    """The facts that orders watch after these last steps."""
    return {(step.order.id, fact) for step in steps for fact in step.watches}


def use_changes(steps: Iterable[Stepped]) -> list[tuple[str, int, int]]:
    """The uses of coupons summed by key, in their order: key, change, how many there may be."""
    sums: dict[str, tuple[int, int]] = {}
    for step in steps:
        for use in step.uses:
            change, _ = sums.get(use.key, (0, 0))
            sums[use.key] = (change + use.change, use.most)
    return [(key, *sums[key]) for key in sorted(sums)]


def holders(steps: Iterable[Stepped], change: int) -> list[Row]:
    """The coupons that orders begin to hold (1), or hold no longer (-1), once all steps are done: key, order."""
    sums: dict[tuple[str, str], int] = {}
    for step in steps:
        for use in step.uses:
            key = (use.key, step.order.id)
            sums[key] = sums.get(key, 0) + use.change
    return [key for key, changed in sums.items() if changed == change]


def sale_changes(steps: Iterable[Stepped]) -> dict[str, tuple[int, int, list[Terms]]]:
    """By SKU in their order, how many units more or fewer are sold that have no stock; and by which rules it was more.

    Between them, how many of these units were sold unchecked after the last that was: those count against the next only.
    """
    found: dict[str, tuple[int, int, list[Terms]]] = {}
    for step in steps:
        for sale in step.sales:
            change, after, terms = found.get(sale.sku, (0, 0, []))
            after = 0 if sale.terms else after + sale.change * sale.unchecked
            found[sale.sku] = (change + sale.change, after, [*terms, *([sale.terms] if sale.terms else ())])
    return dict(sorted(found.items()))


def sale_rows(steps: Iterable[Stepped]) -> list[Row]:
    """What orders count with once all steps are done: order, SKU, person, when it was placed, units, those that wait."""
    last: dict[tuple[str, str], Row] = {}
    for step in steps:
        for sale in step.sales:
            order = step.order
            last[order.id, sale.sku] = (order.person, order.placed_at_s, sale.counted, sale.waiting)
    return [(*key, *row) for key, row in sorted(last.items())]


def limited(steps: Iterable[Stepped]) -> list[tuple[str, str, int, Terms]]:
    """The sales to customers who may not have more than so much: person, SKU, since when it counts, by which rules."""
    return [
        (
            step.order.person,
            sale.sku,
            step.order.placed_at_s - sale.terms.within_s if sale.terms.within_s else 0,
            sale.terms,
        )
        for step in steps
        for sale in step.sales
        if sale.terms and sale.terms.per_customer and step.order.person
    ]


def let_go(steps: Iterable[Stepped]) -> set[str]:
    """The facts whose watchers may buy what was canceled: `selling:SKU`."""
    return {f"selling:{sale.sku}" for step in steps for sale in step.sales if sale.gone}


def passed(steps: Iterable[Stepped]) -> list[str]:
    """The SKUs in whose strict queues others may be served now."""
    return sorted({sku for step in steps for sku in step.passed})


def day_changes(steps: Iterable[Stepped]) -> list[LoadChange]:
    """What the steps take of locations' days and give back, summed, in the order of the days."""
    sums: dict[tuple[str, int], LoadChange] = {}
    for step in steps:
        for change in step.loads:
            key = (change.location, change.day)
            before = sums.get(key)
            sums[key] = replace(change, by=plus(before.by, change.by)) if before else change
    return [sums[key] for key in sorted(sums)]


def day_holders(steps: Iterable[Stepped]) -> dict[str, list[Row]]:
    """For each order that takes of other days than before what it takes of all: location, day, lines, units."""
    changed = {step.order.id for step in steps if step.loads}
    last = {step.order.id: step.order for step in steps if step.order.id in changed}
    return {
        id: [(*day, load.lines, load.units) for day, load in sorted(loads_of(order).items())]
        for id, order in sorted(last.items())
    }


def emptied(changes: Iterable[LoadChange]) -> list[str]:
    """The locations that have more room after these changes."""
    return sorted({each.location for each in changes if min(each.by.orders, each.by.lines, each.by.units) < 0})


def settling(answer: Settled) -> Row:
    """What a task becomes: state, detail, when due if that changes, whether its provider failed.

    Then of which it counts: order, id, attempt, whether it is a person's word.
    """
    state, due_at_s = ("ready", answer.due_at_s) if answer.outcome == "retry" else (answer.outcome, None)
    return state, answer.detail, due_at_s, answer.failed, answer.order, answer.id, answer.attempt, answer.by_hand


def added_tasks(batch: Batch, room: dict[str, int], claimed: list[Task]) -> Iterator[Row]:
    """The tasks that the steps ask for. Where a provider has room for more they are claimed at once, and `claimed` grows."""
    lease_until_s = batch.now_s + batch.lease_s
    for step in batch.steps:
        for task in step.tasks:
            payload = json.encode(task.payload).decode()
            kept = (task.id, task.order, step.order.version, task.kind, task.provider, payload)
            if task.due_at_s <= batch.now_s and room.get(task.provider, 0) > 0:
                room[task.provider] -= 1
                claimed.append(replace(task, attempt=1))
                yield *kept, lease_until_s, 1, "claimed"
            else:
                yield *kept, task.due_at_s, 0, "ready"


def claimed_task(provider: str, row: Row) -> Task:
    """The task that is claimed from this row: number, id, order, kind, payload, when due, attempts so far, failures."""
    _, id, order, kind, payload, due_at_s, attempt, failures = row
    return Task(id, order, kind, provider, json.decode(payload), due_at_s, attempt + 1, failures)


def message_row(message: Inbound, now_s: int) -> Row:
    """A message as it is received. Its digest tells whether another one of the same id says something else."""
    body = json.encode(message.body, order="deterministic").decode()
    return (
        message.source, message.id, message.kind, message.order, body, digest_of(message), now_s, message.due_at_s,
        "new", "",
    )  # fmt: skip


def digest_of(message: Inbound) -> str:
    """A digest of what a message says."""
    body = json.encode(message.body, order="deterministic")
    return hashlib.sha256(f"{message.kind} {message.order} ".encode() + body).hexdigest()


def altered(row: Row, known_digest: str) -> Row | None:
    """A message that came again: None if it says the same; else how it is parked for a person to look at.

    An order with other content is a message of its own: perhaps it corrects what the order waits for.
    """
    source, id, kind, _, body, digest, now_s, due_at_s, *_ = row
    if known_digest == digest:
        return None
    name = f"{id} altered {digest[:16]}"
    if kind == CORRECTING:
        return source, name, kind, "", body, digest, now_s, due_at_s, "new", ""
    return source, name, kind, "", body, digest, now_s, 0, "parked", ALTERED


def handling(end: Handled) -> Row:
    """What becomes of a message: state, reason, order; source, id, whether it is a person's word; when it is due again."""
    return end.outcome, end.reason, end.order, end.source, end.id, end.by_hand, end.due_at_s


def arrived(steps: Sequence[Stepped]) -> set[str]:
    """What parked messages may wait for and these steps bring: an order that moves on, a person's new order."""
    moved = {step.order.id for step in steps if step.order.version != step.version_before}
    return moved | {f"{PERSON}{step.order.person}" for step in steps if not step.version_before}
