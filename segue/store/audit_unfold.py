"""Unfolding: what stored orders say of themselves, as rows that queries can join."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from operator import itemgetter
from typing import Any

from msgspec import DecodeError, json

from segue.store.audit_bundles import halves, packed_in
from segue.store.audit_digital import given_away, miscoded
from segue.store.audit_grace import hasty_of
from segue.store.audit_orders import Decision, Order, Tender, Transaction, read_order, read_record
from segue.store.audit_presold import presold_of, waits_of
from segue.store.audit_stretches import Said, said_of_lines, stretches_of
from segue.store.audit_worth import CHARGEBACK, awaited_of, came_back_of, charged_of, lowered_of, owed_since, share_of

COLUMNS = "id, version, status, open, wake_at_s, workflow, total_minor, currency, CAST(value AS BLOB)"
SOME = f"SELECT {COLUMNS} FROM main.orders WHERE id IN (SELECT value FROM json_each(?))"
NEXT = f"SELECT {COLUMNS}, number FROM main.orders WHERE number > ? AND number <= ? ORDER BY number LIMIT ?"
FIRST_RECORD = "SELECT record FROM main.steps WHERE order_id = ? ORDER BY version LIMIT 1"
# What an order is made of since it was placed: its document came again, or it came without prices and has them now.
CORRECTIONS = """
    SELECT record FROM main.steps
    WHERE order_id = ? AND (record LIKE '%order_corrected%' OR record LIKE '%order_priced%') ORDER BY version"""
SUBSTITUTIONS = """
    SELECT record FROM main.steps WHERE order_id = ? AND record LIKE '%line_substituted%' ORDER BY version"""
RETURNS = "SELECT record FROM main.steps WHERE order_id = ? AND record LIKE '%units_returned%' ORDER BY version"

# What the units of an order add up to, and which states count for it, in money and in stretches: what is kept after
# lowered prices, what was sold without its tax, what was paid for all that left.
KEPT_MINOR, SOLD_MINOR, GONE_MINOR, KEPT, GONE, RETURNED, MOVING = range(7)
KEPT_ONLY = ((KEPT_MINOR, True), (KEPT, False), (MOVING, False))
SOLD = ((KEPT_MINOR, True), (SOLD_MINOR, True), (GONE_MINOR, True), (KEPT, False), (GONE, False))
COUNTED = {
    "shipped": (*SOLD, (MOVING, False)),
    "returning": (*SOLD, (MOVING, False)),
    "delivered": SOLD,
    "returned": ((GONE_MINOR, True), (GONE, False), (RETURNED, False)),
    "canceled": (),
}
UNSETTLED = frozenset(("due", "authorizing", "authorized", "agreed", "capturing", "voiding", "refunding"))

DRAFTED = ("order_placed", "order_corrected", "order_priced")  # events with what an order is made of
DISPUTING = ("money_adds_up", "priced")  # the total is another one, or nobody knows yet what it should be
NOTHING: Said = ([], [], [])

Rows = defaultdict[str, list[tuple[Any, ...]]]


def unfold(cursor: sqlite3.Cursor, orders: Iterable[tuple[Any, ...]]) -> None:
    """Write the rows of these orders, each a row of SOME, into the temporary tables."""
    rows: Rows = defaultdict(list)
    for row in orders:
        try:
            order = read_order(row[8])
            _unfold_order(row, order, rows)
            _unfold_record(cursor, row[0], order, rows)
        except DecodeError as error:
            rows["unreadable"].append((row[0], str(error)))
    for table, found in filter(itemgetter(1), rows.items()):
        cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(found[0]))})", found)


def _unfold_order(row: tuple[Any, ...], order: Order, rows: Rows) -> None:
    id, version, status, open, wake_at_s, workflow, total_minor, currency = row[:8]
    charged_minor = charged_of(order)
    came_back_minor = came_back_of(order) if order.grants or order.bundles else 0
    rows["audited"].append((
        id, version, order.version, status, not status or status in order.places, open, wake_at_s, workflow,
        order.workflow, currency, order.currency, total_minor, order.total_minor,
        charged_minor + sum([line.paid_minor for line in order.lines]),
        any(failure.check in DISPUTING for failure in order.failures), charged_minor + owed_since(order), charged_minor,
        order.withheld_minor, came_back_minor, order.fees_minor,
        *_unfold_units(id, order, rows), *_unfold_money(id, order, rows), len(order.holds), *_timed(order, open),
        *_unfold_documents(id, order, rows),
    ))  # fmt: skip
    rows["taxed"] += _odd_taxes(id, order)
    if len(order.places) > 1 or status not in order.places:
        rows["places"] += [(id, name) for name in order.places if name != status]
    if order.coupons and any(state != "canceled" for line in order.lines for state in line.tally):
        rows["couponed"] += [(id, key) for key in order.coupons]
    rows["waits"] += [(id, *wait) for wait in waits_of(order)]
    if order.counted:
        rows["presold"] += [(id, *row) for row in presold_of(order)]
    rows["dayed"] += [(id, *taken) for taken in _days_of(order)]
    if order.digital:
        rows["digital"] += [(id, line.number) for line in order.lines if line.kind]
        rows["coded"] += [(id, *row) for row in miscoded(order)]
        rows["given_away"] += [(id, *row) for row in given_away(order)]
    if order.bundles:
        rows["halves"] += [(id, *half) for half in halves(order)]
        rows["packed"] += [(id, *packed) for packed in packed_in(order)]


def _timed(order: Order, open: int) -> tuple[int, int | None]:
    """How many timers are set, and when the first is due; the end of an open order's grace period is one."""
    due = [timer.due_at_s for timer in order.timers.values()]
    if open and order.grace_ends_s is not None and not order.grace_over:
        due.append(order.grace_ends_s)
    if open:
        due += [made.release_at_s for made in order.fulfillments.values() if made.release_at_s is not None]
    return len(due), min(due, default=None)


def _days_of(order: Order) -> list[tuple[str, int, int, int]]:
    """What it takes of locations' days, counted anew and not by the core: location, day, lines, units."""
    taken: dict[tuple[str, int], tuple[set[int], int]] = {}
    for fulfillment in order.fulfillments.values():
        if fulfillment.day is not None and fulfillment.units:
            key = (fulfillment.origin or fulfillment.location, fulfillment.day)
            lines, units = taken.get(key, (set(), 0))
            count = sum([last - first + 1 for ranges in fulfillment.units.values() for first, last in ranges])
            taken[key] = (lines | {*fulfillment.units}, units + count)
    return [(*key, len(lines), units) for key, (lines, units) in taken.items()]


def _unfold_units(id: str, order: Order, rows: Rows) -> list[int]:
    """The stretches of each line; returns what the units add up to."""
    sums, stretches = [0] * 7, rows["stretches"]
    said = said_of_lines(order)
    lowered = lowered_of(order) if order.adjustments else {}
    for line in order.lines:
        number, sku, quantity = line.number, line.sku, line.quantity
        amounts = line.price_minor, line.discount_minor, line.tax_minor, line.paid_minor
        for stretch in stretches_of(quantity, line.tally, said.pop(number, NOTHING)):
            first, last, state = stretch[0], stretch[1], stretch[3]
            core = state.partition(".")[0] if "." in state else state
            stretches.append((id, number, sku, quantity, core, *stretch, *amounts))
            value = (
                line.paid_minor if last - first + 1 == quantity else share_of(line.paid_minor, quantity, first, last)
            )
            tax = share_of(line.tax_minor, quantity, first, last) if line.tax_minor else 0
            off = sum([lowered.get((number, unit), 0) for unit in range(first, last + 1)]) if lowered else 0
            values = value - off, value - tax, value
            for count, is_value in COUNTED.get(core, KEPT_ONLY):
                sums[count] += values[count] if is_value else 1
            if off > value:
                rows["lowered"].append((id, number, off, value))
    for number, rest in said.items():
        _unfold_strange(id, number, rest, rows)
    if order.bundles:
        _add_awaited(order, lowered, sums)
    return sums


def _add_awaited(order: Order, lowered: dict[tuple[int, int], int], sums: list[int]) -> None:
    """What is back and waits for the rest of its bundle is sold, and paid for, as if it had not come back."""
    for number, unit in awaited_of(order):
        line = order.lines[number - 1]
        value = share_of(line.paid_minor, line.quantity, unit, unit)
        sums[KEPT_MINOR] += value - lowered.get((number, unit), 0)
        sums[SOLD_MINOR] += value - share_of(line.tax_minor, line.quantity, unit, unit)


def _odd_taxes(id: str, order: Order) -> list[tuple[Any, ...]]:
    """The lines on which tax and net, apart, are not what they are together, or a tax not what it is made up of."""
    odd: list[tuple[Any, ...]] = []
    is_known = "taxes_add_up" in [failure.check for failure in order.failures]  # then somebody sees to it
    for line in order.lines:
        net = line.quantity * line.price_minor - line.discount_minor - (line.tax_minor if order.taxes_included else 0)
        parts = sum([tax.amount_minor for tax in line.taxes]) if line.taxes else line.tax_minor
        if net + line.tax_minor != line.paid_minor or (parts != line.tax_minor and not is_known):
            odd.append((id, line.number, line.paid_minor, net, line.tax_minor, parts))
    return odd


def _unfold_strange(id: str, line: int, said: Said, rows: Rows) -> None:
    """What is said of a line that the order does not have."""
    rows["stretches"] += [(id, line, "", 0, "", *stretch, 0, 0, 0, 0) for stretch in stretches_of(0, {}, said)]


def _unfold_money(id: str, order: Order, rows: Rows) -> tuple[int, ...]:
    """The tenders and transactions; returns what they add up to."""
    paid = captured = refunding = refunded = unsettled = taken = lost = 0
    for name, tender in order.tenders.items():
        tally_minor = sum(tender.tally.values())
        paid += tender.amount_minor
        for state, held in tender.tally.items() or (("", 0),):
            rows["money"].append((id, name, tender.kind, tender.amount_minor, state, held, tally_minor))
            unsettled += state in UNSETTLED
        captured += tender.tally.get("captured", 0)
        lost += tender.tally.get("charged_back", 0)
        refunding += tender.tally.get("refunding", 0)
        refunded += tender.tally.get("refunded", 0)
    for name, done in order.transactions.items():
        of = order.tenders.get(done.tender)
        said = json.encode((name, done.amount_minor, order.currency)).decode()
        rows["transactions"].append((
            id, name, done.kind, done.tender, of.kind if of else "", done.amount_minor, done.outcome,
            done.reference_of, said, is_brought(of, done), done.at_s, done.expires_at_s, done.lapsed_minor, done.spare,
        ))  # fmt: skip
        if done.kind == "capture" and done.outcome != "declined":
            taken += done.amount_minor
    lost -= order.capped.get(CHARGEBACK, 0)
    twice = sum([case.beyond_minor for case in order.chargebacks.values()])
    return paid, captured, refunding, refunded, taken, unsettled, lost, twice


def _unfold_documents(id: str, order: Order, rows: Rows) -> tuple[int, int]:
    """Invoices and credit memos; returns what each add up to."""
    sums = {"invoice": 0, "credit_memo": 0}
    known = [*order.uncredited]
    for name, issued in order.documents.items():
        kind = "invoice" if name.startswith("I") else "credit_memo"
        rows["issued"].append((id, name, kind, issued.total_minor))
        sums[kind] += issued.total_minor
        known.append(issued.of)
    for name, settled in order.settlements.items():
        of = order.transactions.get(name)
        sign = -1 if of and of.kind == "refund" else 1
        rows["settled"].append((id, name, settled.line, sign * settled.amount_minor))
    wanted = [*order.shipments]
    wanted += [name for name, done in order.transactions.items() if done.kind == "refund" and done.outcome == "done"]
    if known != wanted:
        rows["undocumented"] += [(id, name, known.count(name)) for name in wanted if known.count(name) != 1]
        rows["undocumented"] += [(id, name, -1) for name in known if name and name not in wanted]
    return sums["invoice"], sums["credit_memo"]


def is_brought(tender: Tender | None, done: Transaction) -> bool:
    """Whether it is an authorization that the channel has made, for which we have asked nobody."""
    return (
        tender is not None
        and (tender.kind, done.kind) == ("adopted", "authorize")
        and tender.reference == done.reference
    )


def _unfold_record(cursor: sqlite3.Cursor, id: str, order: Order, rows: Rows) -> None:
    """What only the record says, of the few orders that have a discount or came back."""
    discount, tax = sum([line.discount_minor for line in order.lines]), sum([line.tax_minor for line in order.lines])
    if discount or tax:
        drafted = [] if order.corrections else _drafted_in(cursor, FIRST_RECORD, id)
        drafted = drafted or _drafted_in(cursor, CORRECTIONS, id)
        rows["drafted"] += [(id, *last, discount, tax) for last in drafted[-1:]]
    rows["hasty"] += hasty_of(cursor, id, order)
    if [line for line in order.lines if line.was]:
        rows["substituted"] += _substituted(cursor, id, order)
    if "returned" in [state.partition(".")[0] for line in order.lines for state in line.tally]:
        skus = {line.number: line.sku for line in order.lines}
        for (record,) in cursor.execute(RETURNS, (id,)).fetchall():
            rows["restocked"] += _restocked(id, read_record(record), skus)


def _substituted(cursor: sqlite3.Cursor, id: str, order: Order) -> list[tuple[Any, ...]]:
    """What lines say they are and were ordered as, where the record says another thing."""
    said: dict[int, tuple[str, str]] = {}
    for query in (FIRST_RECORD, CORRECTIONS, SUBSTITUTIONS):
        for (record,) in cursor.execute(query, (id,)).fetchall():
            for event in [event for decision in read_record(record) for event in decision.events]:
                if event.event in DRAFTED:
                    said = {number: (line.sku, "") for number, line in enumerate(event.draft.lines, 1)}
                elif event.event == "line_substituted" and said.get(event.line, ("",))[0] == event.was:
                    said[event.line] = (event.sku, said[event.line][1] or event.was)
    lines = [(line.number, (line.sku, line.was), said.get(line.number, ("", ""))) for line in order.lines]
    return [(id, number, *here, *there) for number, here, there in lines if here != there]


def _drafted_in(cursor: sqlite3.Cursor, query: str, id: str) -> list[tuple[int, int, int]]:
    records = cursor.execute(query, (id,)).fetchall()
    return [each for (record,) in records for each in _drafted(read_record(record))]


def _drafted(decisions: Iterable[Decision]) -> list[tuple[int, int, int]]:
    """What the channel took off, of which amount, and the tax that it put on goods; or Segue, if it has priced them."""
    return [
        (
            event.draft.discount_minor + sum([line.discount_minor for line in event.draft.lines]),
            sum([max(0, line.price_minor * line.quantity - line.discount_minor) for line in event.draft.lines]),
            sum([tax.amount_minor for tax in event.draft.taxes] or [event.draft.tax_minor])
            + sum([line.tax_minor for line in event.draft.lines]),
        )
        for decision in decisions
        for event in decision.events
        if event.event in DRAFTED and event.draft.priced
    ]


def _restocked(id: str, decisions: Iterable[Decision], skus: dict[int, str]) -> list[tuple[Any, ...]]:
    return [
        (id, skus.get(int(line), ""), event.location, sum([last - first + 1 for first, last in units]))
        for decision in decisions
        for event in decision.events
        if event.event == "units_returned" and event.sellable and event.location
        for line, units in event.units.items()
    ]
