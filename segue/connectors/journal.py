"""The ledger as a plain-text journal, as beancount and hledger read it: one transaction a step, balanced by itself.

An account of ours becomes one of theirs by its first word (ROOTS), and what stands behind the colon follows: two accounts of
ours never become one, and none is the parent of another, since a balance is that of an account with all below it. At the end
stands what each account adds up to, so that who reads the journal checks it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta, tzinfo
from hashlib import blake2b
from typing import NamedTuple

from segue.core.amounts import decimal
from segue.core.base import snake
from segue.core.ledger import ENTRIES
from segue.ports.bookings import Balance, Booking

# The first word of an account of ours -> where it belongs in theirs; {} is what stands behind the colon.
ROOTS = {
    "cash": "Assets:Cash:{}:Taken",
    "settled": "Assets:Cash:{}:Settled",
    "bank": "Assets:Bank",
    "gateway_fees": "Expenses:Gateway-fees",
    "customer": "Liabilities:Customers",
    "gift_cards": "Liabilities:Gift-cards:{}",
    "sales": "Income:Sales",
    "shipping": "Income:Shipping",
    "charges": "Income:Charges:{}",
    "discounts": "Income:Discounts",
    "adjustments": "Income:Adjustments",
    "reclaimed": "Income:Reclaimed",
    "fees": "Income:Fees",
    "tax": "Liabilities:Tax:{}",
    "goodwill": "Expenses:Goodwill",
    "chargebacks": "Expenses:Chargebacks",
    "twice": "Assets:Cash:{}:Twice",
    "authorized": "Equity:Authorized:{}",
    "authorizable": "Equity:Authorizable:{}",
}
NOT_NAMED = "NotNamed"  # where nothing stands behind the colon; no name of somebody's becomes this one
# What is still itself once it begins with a capital and `-` stands between its words: `gift_wrap`, `P1`, `NY STATE TAX`.
PLAIN = re.compile(r"P\d+|(?!p\d)[a-z0-9]+(_[a-z0-9]+)*|[A-Z0-9]+[A-Z][A-Z0-9]*( [A-Z0-9]+)*")
STRANGE = re.compile(r"[^A-Za-z0-9]+")
BOOKED = frozenset(snake(kind.__name__) for kind in ENTRIES)  # the events that entries come from
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
SEPARATORS = re.compile(r"[;|,]")
DAY = timedelta(days=1)


class UnknownAccount(Exception):
    """An account of the ledger that has no place in a journal: nothing is written rather than without it."""


class Journal(NamedTuple):
    """What is to be written."""

    title: str
    zone: tzinfo  # in which a transaction has its date
    balances: tuple[Balance, ...]
    bookings: Iterable[Booking]


def account_of(name: str) -> str:
    """What an account of ours is called in a journal: `cash:bank` is Assets:Cash:Bank:Taken. Raises UnknownAccount."""
    first, _, rest = name.partition(":")
    place = ROOTS.get(first, "")
    if not place or (rest and "{}" not in place):
        raise UnknownAccount(name)
    return place.format(_component(rest) if rest else NOT_NAMED)


def _component(name: str) -> str:
    """A name that is not plain keeps a digest of itself, so that no two become one."""
    if PLAIN.fullmatch(name):
        return (name[0].upper() + name[1:]).replace("_", "-").replace(" ", "-")
    mark = blake2b(name.encode(), digest_size=3).hexdigest()
    return f"X-{STRANGE.sub('-', name).strip('-')}-{mark}"


def beancount(journal: Journal) -> Iterator[str]:
    """The journal for beancount: what `bean-check` accepts. Line by line."""
    yield f"option {_quoted('title')} {_quoted(journal.title)}\n"
    for currency in _currencies(journal):
        yield f"option {_quoted('operating_currency')} {_quoted(currency)}\n"
    yield "\n"
    for account, first in _opened(journal).items():
        yield f"{first} open {account}\n"
    for booked in journal.bookings:
        yield f"\n{_date(journal, booked.at_s)} * {_quoted(booked.order)} {_quoted(_narration(booked))}\n"
        yield f"  order: {_quoted(booked.order)}\n  version: {booked.version}\n"
        yield from _postings(booked, "  ")
    yield "\n"
    for each in _sorted(journal):
        after = _date(journal, _last_s(journal)) + DAY  # a balance is that of the morning
        yield f"{after} balance {account_of(each.account)}  {_amount(each.amount_minor, each.currency, ' ~ 0')}\n"


def hledger(journal: Journal) -> Iterator[str]:
    """The journal for hledger. Line by line."""
    yield f"; {_flat(journal.title)}\n\n"
    for currency in _currencies(journal):
        digits = decimal(0, currency).partition(".")[2]
        yield f"commodity 1000.{digits} {currency}\n"
    for account in _opened(journal):
        yield f"account {account}\n"
    for booked in journal.bookings:
        yield f"\n{_date(journal, booked.at_s)} * {_flat(booked.order)} | {_narration(booked)}\n"
        yield f"    ; order: {_flat(booked.order)}, version: {booked.version}\n"
        yield from _postings(booked, "    ")
    if journal.balances:
        yield f"\n{_date(journal, _last_s(journal))} * What each account adds up to\n"
    for each in _sorted(journal):
        amount = _amount(each.amount_minor, each.currency)
        yield f"    {account_of(each.account)}  {_amount(0, each.currency)} = {amount}\n"


def _sorted(journal: Journal) -> list[Balance]:
    return sorted(journal.balances, key=lambda each: (account_of(each.account), each.currency))


def _opened(journal: Journal) -> dict[str, date]:
    """Each account of theirs, and the day on which it is first used."""
    opened: dict[str, date] = {}
    for each in journal.balances:
        account, first = account_of(each.account), _date(journal, each.first_s)
        opened[account] = min(first, opened.get(account, first))
    return dict(sorted(opened.items()))


def _postings(booked: Booking, indent: str) -> Iterator[str]:
    for entry in booked.entries:
        for account, amount in ((entry.debit, entry.amount_minor), (entry.credit, -entry.amount_minor)):
            yield f"{indent}{account_of(account):<40}  {_amount(amount, booked.currency)}\n"


def _narration(booked: Booking) -> str:
    """The events of the step that entries come from."""
    return ", ".join(event for event in booked.events if event in BOOKED) or "booked"


def _amount(amount_minor: int, currency: str, tolerance: str = "") -> str:
    return f"{decimal(amount_minor, currency)}{tolerance} {currency}"


def _currencies(journal: Journal) -> list[str]:
    return sorted({each.currency for each in journal.balances})


def _last_s(journal: Journal) -> int:
    return max(each.last_s for each in journal.balances)


def _date(journal: Journal, at_s: int) -> date:
    return datetime.fromtimestamp(at_s, journal.zone).date()


def _quoted(text: str) -> str:
    return '"' + CONTROLS.sub(" ", text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _flat(text: str) -> str:
    """Somebody's text on one line, without what would begin a comment or another field."""
    return " ".join(SEPARATORS.sub(" ", CONTROLS.sub(" ", text)).split())


FORMATS: dict[str, Callable[[Journal], Iterator[str]]] = {"beancount": beancount, "hledger": hledger}
