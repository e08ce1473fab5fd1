"""Situation: where each unit of an order is now, what the order waits for, and who owes whom."""

from segue.core.bundle_words import waits_told
from segue.core.explain.words import Tale, because, listed, plain
from segue.core.order import is_open, money_in, units_in
from segue.core.tally import common, core_state, size
from segue.core.time_words import next_release
from segue.core.worth import keeps

WAITS = {
    "new": "nobody has been asked for them yet",
    "preordered": "they are not out yet",
    "backordered": "they wait for stock",
    "reserved": "stock is set aside",
    "allocated": "the location has not been asked to ship yet",
    "released": "the location picks and packs",
    "in_transit": "they are on their way to the store where the customer collects them",
    "ready": "the customer may pick them up",
    "issuing": "they are delivered by a message once they are paid",
    "shipped": "the carrier has them",
    "returning": "they are on their way back",
}
AT_PLACES = ("reserved", "allocated", "released", "ready")


def situation(tale: Tale) -> tuple[str, ...]:
    """The current situation, line by line: units, what is waited for, money."""
    return (*_units(tale), *_waiting(tale), *_money(tale))


def _units(tale: Tale) -> list[str]:
    found = []
    for line in tale.order.lines:
        for state, units in line.tally.items():
            core, _, own = state.partition(".")
            name = f"{plain(own)} ({core})" if own else core
            what = f"{size(units)} of line {line.number} ({line.sku}) {name}{_where(tale, line.number, state)}"
            found.append(f"{what}: {WAITS[core]}" if core in WAITS else what)
    return found


def _where(tale: Tale, number: int, state: str) -> str:
    """The locations that have these units."""
    if core_state(state) not in AT_PLACES:
        return ""
    units = tale.order.lines[number - 1].tally[state]
    made = tale.order.fulfillments.values()
    places = sorted({tale.place(each.location) for each in made if common(each.units.get(number, ()), units)})
    return f" at {listed(places)}"


def _waiting(tale: Tale) -> list[str]:
    order = tale.order
    found = []
    for name, hold in order.holds.items():
        until = f", until {tale.moment(hold.until_s)}" if hold.until_s is not None else ""
        found.append(f"On hold, {tale.hold(name)}, since {tale.moment(hold.since_s)}{until}{because(hold.reason)}")
    if order.in_grace and is_open(order):
        ends_s = order.grace_ends_s or 0
        found.append(f"The customer may change their mind until {tale.moment(ends_s)}{_then(tale)}")
    elif (release_at_s := next_release(order)) is not None:
        found.append(f"To arrive on the date chosen it is sent for at {tale.moment(release_at_s)}{_then(tale)}")
    elif order.waiting:
        found.append(f"To be tried again when a hold is lifted: {tale.doing(order.waiting)}")
    for name, asked in order.transactions.items():
        what = f"{name}, to {asked.kind} {tale.money(asked.amount_minor)} on {tale.tender(asked.tender)}"
        if asked.outcome == "asked":
            found.append(f"The gateway has not answered {what}")
        elif asked.outcome == "unknown":
            found.append(f"A person has to find out what became of {what}")
    if order.screening in ("asked", "pending"):
        found.append("The fraud vendor has not decided")
    found += [
        f"Line {n} ({order.lines[n - 1].sku}) is to be had {tale.moment(known.due_s)}"
        for n in units_in(order, "backordered")
        if (known := order.expected.get(n)) and known.due_s is not None
    ]
    if order.bundles and (rest := waits_told(order)):
        found.append(f"What is back is refunded once these are, too: {rest}")
    found += [f"At {tale.moment(timer.due_at_s)}: {plain(timer.does)}" for timer in order.timers.values()]
    return found or ([] if is_open(order) else ["Nothing is waited for: the order is closed"])


def _then(tale: Tale) -> str:
    return f"; then: {tale.doing(tale.order.waiting)}" if tale.order.waiting else ""


def _money(tale: Tale) -> list[str]:
    order = tale.order
    taken, held = money_in(order, "captured"), money_in(order, "authorized", "agreed")
    found = [f"Of {tale.money(order.total_minor)}, {tale.money(taken)} are paid and {tale.money(held)} secured"]
    worth = keeps(order)
    back = money_in(order, "refunding")
    if back:
        found.append(f"{tale.money(back)} are on their way back to the customer")
    if taken > worth:
        found.append(f"We owe the customer {tale.money(taken - worth)}")
    elif worth > taken:
        found.append(f"The customer is to pay {tale.money(worth - taken)} more")
    return found
