"""The ledger as a journal: every account has its place, every amount its digits, and nothing somebody wrote breaks it."""

import ast
import inspect
import re
from collections.abc import Iterator
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from segue.connectors.journal import FORMATS, ROOTS, Journal, UnknownAccount, account_of
from segue.core import ledger
from segue.core.ledger import LedgerEntry
from segue.ports.bookings import Balance, Booking
from tests.connectors.beans import bean_check

AT_S = 1_772_409_600  # 2026-03-02T00:00:00Z
SALE = LedgerEntry("customer", "sales", 12_345)


def journal(*bookings: Booking, zone: ZoneInfo | None = None, title: str = "corner shop") -> Journal:
    return Journal(title, zone or UTC, tuple(sums(bookings)), bookings)


def sums(bookings: tuple[Booking, ...]) -> Iterator[Balance]:
    found: dict[tuple[str, str], int] = {}
    for booked in bookings:
        for entry in booked.entries:
            for account, amount in ((entry.debit, entry.amount_minor), (entry.credit, -entry.amount_minor)):
                key = account, booked.currency
                found[key] = found.get(key, 0) + amount
    first_s, last_s = min(b.at_s for b in bookings), max(b.at_s for b in bookings)
    return (Balance(account, currency, amount, first_s, last_s) for (account, currency), amount in found.items())


def booking(currency: str = "EUR", *entries: LedgerEntry, order: str = "web-1", at_s: int = AT_S) -> Booking:
    return Booking(order, 7, at_s, currency, ("fulfillment_shipped", "message_requested"), entries or (SALE,))


def text_of(known: Journal, format: str = "beancount") -> str:
    return "".join(FORMATS[format](known))


def accounts_of_the_core() -> set[str]:
    """The first words of all accounts that the core names: texts of the ledger that nothing is compared with or moved to."""
    tree = ast.parse(inspect.getsource(ledger))
    apart: list[ast.AST] = [node for node in ast.walk(tree) if isinstance(node, ast.Compare)]
    apart += [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "moved_from"
    ]
    apart += [key for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys if key]
    apart += [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "moved_from"]
    compared = {id(part) for node in apart for part in ast.walk(node)}
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in compared]
    named = [
        node.value for node in texts if isinstance(node.value, str) and re.fullmatch("[a-z_]+(:[a-z_]*)?", node.value)
    ]
    return {name.partition(":")[0] for name in named}


def test_every_account_of_the_core_has_its_place() -> None:
    accounts = accounts_of_the_core()
    assert accounts >= {"cash", "customer", "sales", "shipping", "charges", "authorized", "authorizable"}
    assert accounts <= ROOTS.keys()


def test_an_account_that_has_no_place_is_refused_and_not_left_out() -> None:
    with pytest.raises(UnknownAccount, match="slush:P1"):
        account_of("slush:P1")
    with pytest.raises(UnknownAccount):
        text_of(journal(booking("EUR", LedgerEntry("slush", "sales", 1))))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("customer", "Liabilities:Customers"),
        ("cash:gift_card", "Assets:Cash:Gift-card:Taken"),
        ("authorized:P12", "Equity:Authorized:P12"),
        ("charges:2nd_day", "Income:Charges:2nd-day"),
        ("tax:NY STATE TAX", "Liabilities:Tax:NY-STATE-TAX"),
        ("tax", "Liabilities:Tax:NotNamed"),
        ("settled:gateway", "Assets:Cash:Gateway:Settled"),
    ],
)
def test_a_plain_account_keeps_its_name(ours: str, theirs: str) -> None:
    assert account_of(ours) == theirs


def test_two_accounts_never_become_one_however_they_are_written() -> None:
    names = "wrap Wrap WRAP gift_wrap gift-wrap Gift_wrap GIFT-WRAP P1 p1 A1 a1 V v geschenkü 包装 _ a:b".split()
    names += ["gift wrap", "GIFT WRAP", "GIFT  WRAP"]
    accounts = {account_of(f"charges:{name}") for name in names}
    assert len(accounts) == len(names)
    assert all(re.fullmatch(r"Income:Charges:[A-Z0-9][A-Za-z0-9-]*", account) for account in accounts)


@pytest.mark.parametrize(
    ("currency", "amount"), [("EUR", "123.45"), ("JPY", "12345"), ("KWD", "12.345"), ("USD", "123.45")]
)
@pytest.mark.parametrize("format", FORMATS)
def test_an_amount_has_all_the_digits_that_its_currency_has(currency: str, amount: str, format: str) -> None:
    text = text_of(journal(booking(currency)), format)
    assert f" {amount} {currency}\n" in text
    assert f" -{amount} {currency}\n" in text


def test_a_transaction_has_its_date_in_the_time_of_the_shop() -> None:
    assert '2026-03-01 * "web-1" "fulfillment_shipped"' in text_of(journal(booking(), zone=ZoneInfo("America/Chicago")))
    assert '2026-03-02 * "web-1" "fulfillment_shipped"' in text_of(journal(booking()))


def test_a_step_without_a_known_event_is_still_booked() -> None:
    strange = Booking("web-1", 3, AT_S, "EUR", ("something_of_old",), (SALE,))
    assert '"web-1" "booked"' in text_of(journal(strange))


def test_an_empty_ledger_is_a_journal_too() -> None:
    for format, write in FORMATS.items():
        assert "shop" in "".join(write(Journal("shop", UTC, (), ()))), format
    assert bean_check(text_of(Journal("shop", UTC, (), ()))) == ""


def test_a_journal_for_hledger_says_the_same() -> None:
    assert text_of(journal(booking()), "hledger") == (
        "; corner shop\n\n"
        "commodity 1000.00 EUR\n"
        "account Income:Sales\n"
        "account Liabilities:Customers\n"
        "\n2026-03-02 * web-1 | fulfillment_shipped\n"
        "    ; order: web-1, version: 7\n"
        "    Liabilities:Customers                     123.45 EUR\n"
        "    Income:Sales                              -123.45 EUR\n"
        "\n2026-03-02 * What each account adds up to\n"
        "    Income:Sales  0.00 EUR = -123.45 EUR\n"
        "    Liabilities:Customers  0.00 EUR = 123.45 EUR\n"
    )
    assert "commodity 1000. JPY\n" in text_of(journal(booking("JPY")), "hledger")


def test_bean_check_accepts_every_currency_and_whatever_somebody_wrote() -> None:
    hostile = 'web-"1\\\n2026-03-02 open Assets:Mine ; \u2028 ü'
    many = (
        booking("EUR", order=hostile),
        booking("JPY", LedgerEntry("cash:gateway", "customer", 1)),
        booking("KWD", LedgerEntry("cash:gateway", "charges:gift wrap", 1), SALE, at_s=AT_S + 90_000),
    )
    text = text_of(journal(*many, title='the "corner"\n shop'))
    assert bean_check(text) == ""
    assert "open Assets:Mine\n" not in text


def test_no_account_is_the_parent_of_another_so_that_every_balance_is_its_own() -> None:
    """A balance of bean-check is that of an account with all below it. With every account there is, named and not."""
    named = [f"{first}:{name}" for first, place in ROOTS.items() if "{}" in place for name in ("", "gateway", "taken")]
    plain = [first for first, place in ROOTS.items() if "{}" not in place]
    bare = [name.partition(":")[0] for name in named]
    odd = ["tax:NotNamed", "tax:not_named", "tax:VAT", "charges:Taken", "charges:capped", "cash:gift_card"]
    accounts = sorted({*named, *plain, *bare, *odd} - {f"{first}:" for first in ROOTS})
    entries = [LedgerEntry(account, "customer", n) for n, account in enumerate(accounts, 1) if account != "customer"]
    theirs = {account_of(account) for account in accounts}
    assert len(theirs) == len(accounts)
    assert not [(a, b) for a in theirs for b in theirs if b.startswith(f"{a}:")]
    assert bean_check(text_of(journal(booking("EUR", *entries)))) == ""


def test_what_stands_behind_a_colon_where_nothing_belongs_is_refused() -> None:
    with pytest.raises(UnknownAccount, match="sales:shirts"):
        account_of("sales:shirts")


@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD"])
def test_bean_check_sees_an_amount_that_is_off_by_the_smallest_unit(currency: str) -> None:
    text = text_of(journal(booking(currency)))
    last = {"EUR": ("123.45 E", "123.46 E"), "JPY": ("12345 J", "12346 J"), "KWD": ("12.345 K", "12.346 K")}[currency]
    assert "does not balance" in bean_check(text.replace(f" {last[0]}", f" {last[1]}", 1))
    assert "Balance failed" in bean_check(text.replace(last[0], last[1], 2))
