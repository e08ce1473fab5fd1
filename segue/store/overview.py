"""The overview: counts and sums over the whole shop, and stock. Never writes, needs no lock."""

import sqlite3
from collections.abc import Mapping

from msgspec import json

from segue.core.base import Value
from segue.store.reading import LIMIT

COUPONS = "SELECT key, used FROM coupons WHERE used > 0 AND key NOT LIKE '%|%' ORDER BY key"
STATUSES = "SELECT status, count(*) FROM orders GROUP BY status ORDER BY status"
FOLDERS = "SELECT folder, count(*), min(since_s) FROM folders GROUP BY folder ORDER BY folder"
ORDERS = "SELECT count(*), coalesce(sum(open), 0) FROM (SELECT open FROM orders)"
MONEY = """
    SELECT currency,
        sum(iif(debit >= 'authorized:' AND debit < 'authorized;', amount_minor, 0)),
        sum(iif(debit >= 'cash:' AND debit < 'cash;', amount_minor, 0)),
        sum(iif(credit >= 'cash:' AND credit < 'cash;', amount_minor, 0))
    FROM ledger GROUP BY currency ORDER BY currency"""
MESSAGES_SENT = "SELECT count(*) FROM tasks WHERE state = 'done' AND kind = 'mail'"
TOUCHED = "SELECT count(DISTINCT order_id) FROM steps WHERE actor >= 'person:' AND actor < 'person;'"
STOCK = """
    SELECT sku, location, on_hand, allocated, safety,
        max(on_hand - damaged - quarantined - safety, 0) - allocated - reserved, reserved, damaged, quarantined, in_transit
    FROM stock WHERE (?1 = '' OR sku = ?1) AND (?2 = '' OR location = ?2) ORDER BY sku, location LIMIT ?3"""
OVERDUE = "SELECT count(*) FROM folders WHERE folder = ? AND since_s < ?"
OVERDUE_ANYWHERE = """
    SELECT count(DISTINCT order_id) FROM json_each(?) AS limits
    JOIN folders ON folders.folder = limits.key AND folders.since_s < limits.value"""
RECEIVED = "SELECT count(*) FROM inbox WHERE source = ?"
WAITING = "SELECT count(*) FROM inbox WHERE state = 'new' AND kind = 'order'"
# A person may have moved stock after the last step of an order. What stock.csv says was there before anybody did anything.
LATEST_DONE = """
    SELECT max(coalesce((SELECT at_s FROM steps ORDER BY number DESC LIMIT 1), 0), coalesce(
        (SELECT at_s FROM stock_moves WHERE order_id = '' ORDER BY version DESC LIMIT 1), 0))"""


class FolderCount(Value):
    """How many orders are in a folder, and since when the one that is there the longest."""

    folder: str
    orders: int
    since_s: int


class Money(Value):
    """What was authorized, captured and given back in one currency. Minor units."""

    currency: str
    authorized_minor: int
    captured_minor: int
    refunded_minor: int


class Totals(Value):
    """The shop in figures. `touchless` is the share of orders that no person ever touched, 1 if there are none."""

    orders: int
    open: int
    messages_sent: int
    touched: int
    touchless: float
    money: tuple[Money, ...]


class StockFound(Value):
    """What a location has of a SKU; `free` can be promised."""

    sku: str
    location: str
    on_hand: int
    allocated: int
    safety: int
    free: int
    reserved: int = 0  # for carts
    damaged: int = 0
    quarantined: int = 0
    in_transit: int = 0


class Overview:
    """Counts orders and sums their money."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def statuses(self) -> dict[str, int]:
        """How many orders are in each status."""
        return dict(self._connection.execute(STATUSES).fetchall())

    def folders(self) -> list[FolderCount]:
        """How many orders are in each folder that is not empty."""
        return [FolderCount(*row) for row in self._connection.execute(FOLDERS)]

    def coupons(self) -> dict[str, int]:
        """How often each coupon is used by now; those that count for one customer are left out."""
        return dict(self._connection.execute(COUPONS).fetchall())

    def overdue(self, folder: str, before_s: int) -> int:
        """How many orders have been in a folder since before an instant."""
        return self._number(OVERDUE, (folder, before_s))

    def overdue_anywhere(self, before_s: Mapping[str, int]) -> int:
        """How many orders have been in any of these folders since before the instant of it; each counts once."""
        return self._number(OVERDUE_ANYWHERE, (json.encode(before_s).decode(),))

    def received(self, source: str) -> int:
        """How many messages of a source were ever taken in."""
        return self._number(RECEIVED, (source,))

    def waiting(self) -> int:
        """How many imported orders wait in the inbox to be taken in."""
        return self._number(WAITING)

    def progress(self) -> tuple[int, int]:
        """How many orders are closed, and how many there are, with those that still wait in the inbox."""
        orders, open = self._connection.execute(ORDERS).fetchone()
        return orders - open, orders + self._number(WAITING)

    def latest_s(self) -> int:
        """When the last step of any order was made, or stock was moved last; 0 if nothing was done yet."""
        return self._number(LATEST_DONE)

    def _number(self, query: str, values: tuple[str | int, ...] = ()) -> int:
        (number,) = self._connection.execute(query, values).fetchone()
        return int(number)

    def totals(self) -> Totals:
        """The shop in figures."""
        orders, open = self._connection.execute(ORDERS).fetchone()
        (sent,) = self._connection.execute(MESSAGES_SENT).fetchone()
        (touched,) = self._connection.execute(TOUCHED).fetchone()
        money = tuple(Money(*row) for row in self._connection.execute(MONEY))
        return Totals(orders, open, sent, touched, (orders - touched) / orders if orders else 1.0, money)

    def stock(self, sku: str = "", location: str = "", limit: int = LIMIT) -> list[StockFound]:
        """What is where; of one SKU or one location, if they are named."""
        return [StockFound(*row) for row in self._connection.execute(STOCK, (sku, location, limit))]
