"""Owing: what an order came to, what is owed now, what came in between, and what a settlement report says otherwise."""

from segue.core.order import Order, value_of
from segue.core.papers import Difference
from segue.core.reclaim import adjusted_of
from segue.core.worth import back_of, keeps, kept_of
from segue.main.formats import money, words
from segue.main.output import table


def total_of(known: Order) -> str:
    """What the order came to; and what is owed by now, if that is another amount."""
    total, owed = money(known.total_minor, known.currency), money(keeps(known), known.currency)
    return total if total == owed else f"{total} as it came in, {owed} now"


def show_since(known: Order) -> None:
    """What was agreed or came about since the order came in, as far as it is about money."""
    amounts = (
        ("canceled or back", -value_of(known, back_of(known))),
        ("prices lowered", -adjusted_of(known, kept_of(known))),
        ("goodwill", -known.goodwill_minor),
        ("withheld by promotions", known.withheld_minor),
        ("fees for returns", known.fees_minor),
        ("shipping given back", -known.shipping_back_minor),
    )
    rows = [(what, money(amount, known.currency)) for what, amount in amounts if amount]
    for id, case in known.chargebacks.items():
        taken = money(case.amount_minor + case.beyond_minor, known.currency)
        rows.append((f"taken back by a bank of {case.tender}, case {id}", taken))
    if rows:
        table(("since it came in", ">amount"), rows)


def show_differences(known: Order) -> None:
    """What a settlement report says, and what we say."""
    rows = [
        (line, each.transaction, words(each.difference), money(each.amount_minor, each.currency), _ours(known, each))
        for line, each in known.differences.items()
    ]
    if rows:
        table(("line of a report", "transaction", "what differs", ">it says", ">we say"), rows)


def _ours(known: Order, each: Difference) -> str:
    done = known.transactions.get(each.transaction)
    return money(done.amount_minor, known.currency) if done else ""
