"""What the audit is made of: invariants and their checks, and the temporary tables that orders are unfolded into for them.

A check about orders looks at those in `audited`: some thousands at a time, so that a big shop is audited in little memory
and a single order in little time. `CROSS JOIN` tells SQLite to begin with them.
"""

import re
from typing import Literal

from segue.core.base import Value


class Check(Value):
    """A query of (offender, figures ...) that must return no rows, and the words for a row that it does return."""

    words: str  # with {} for each figure
    query: str
    # The orders in `audited`; rows of theirs, each for itself, which in a whole shop are cheaper to read in one go; the
    # counters in `counted`; messages, of which few are looked at; or what only a look at the whole shop can tell.
    about: Literal["orders", "rows", "counters", "messages", "shop"] = "orders"

    @property
    def whole(self) -> bool:
        """Whether it is not asked when some orders are audited."""
        return self.about not in ("orders", "rows")

    def of_orders(self) -> str:
        """The query; of rows, those of the orders in `audited`."""
        return ROWS.sub(r"FROM audited a CROSS JOIN main.\1 r WHERE r.order_id = a.id AND", self.query)

    def of_shop(self) -> str:
        """The query; of rows, all of them."""
        return ROWS.sub(r"FROM main.\1 r WHERE", self.query)


ROWS = re.compile(r"FROM \{(\w+)\} WHERE")  # what a check about rows begins with


class Rule(Value):
    """An invariant: its id, its sentence, and the checks that together say it."""

    id: str
    sentence: str
    checks: tuple[Check, ...]


def without_order(table: str) -> str:
    """A query of the order ids in this table that no order has: one look into its index for each id."""
    return f"""
        WITH RECURSIVE known (order_key) AS (
            SELECT min(t.order_id) FROM main.{table} t WHERE t.order_id > ''
            UNION ALL
            SELECT (SELECT min(t.order_id) FROM main.{table} t WHERE t.order_id > known.order_key)
            FROM known WHERE known.order_key IS NOT NULL
        )
        SELECT k.order_key FROM known k
        WHERE k.order_key IS NOT NULL AND NOT EXISTS (SELECT 1 FROM main.orders o WHERE o.id = k.order_key)"""


# Filled by `unfold`. What an order's value says is own_ where a column says it too.
UNFOLDED = {
    # One row an order. `moving` counts units that are not at rest, `unsettled` states of money that are not.
    "audited": """
        id TEXT PRIMARY KEY, version INT, own_version INT, status TEXT, in_status INT, open INT, wake_at_s INT,
        workflow TEXT, own_workflow TEXT, currency TEXT, own_currency TEXT, total_minor INT, own_total_minor INT,
        parts_minor INT, disputed INT, extras_minor INT, charged_minor INT, withheld_minor INT, came_back_minor INT,
        fees_minor INT, kept_minor INT, sold_minor INT, gone_minor INT, kept INT, gone INT, returned INT, moving INT,
        paid_minor INT, captured_minor INT, refunding_minor INT, refunded_minor INT, taken_minor INT,
        unsettled INT, lost_minor INT, twice_minor INT, holds INT, timers INT, timer_due_s INT,
        invoiced_minor INT, credited_minor INT""",
    # Units of a line of which all the same is said: in which states they are, in which fulfillments, shipments and
    # captures. `core` is the core state that a shop's own state refines: `allocated.engraving` is allocated.
    "stretches": """
        order_id TEXT, line INT, sku TEXT, quantity INT, core TEXT, first INT, last INT, states INT, state TEXT,
        fulfillments INT, location TEXT, shipments INT, left_from TEXT, captures INT, price_minor INT,
        discount_minor INT, tax_minor INT, paid_minor INT""",
    "money": "order_id TEXT, tender TEXT, kind TEXT, amount_minor INT, state TEXT, held INT, tally_minor INT",
    # `said` is what its task has to say: name, amount and currency; the channel made those that are `brought`.
    "transactions": """
        order_id TEXT, name TEXT, kind TEXT, tender TEXT, tender_kind TEXT, amount_minor INT, outcome TEXT,
        reference_of TEXT, said TEXT, brought INT, at_s INT, expires_at_s INT, lapsed_minor INT, spare INT,
        PRIMARY KEY (order_id, name)""",
    # What the order says of its documents; and its shipments and refunds that have none, or more than one.
    "issued": "order_id TEXT, name TEXT, kind TEXT, total_minor INT, PRIMARY KEY (order_id, name)",
    "undocumented": "order_id TEXT, what TEXT, has INT",
    # Units whose price was lowered by more than was paid for them.
    "lowered": "order_id TEXT, line INT, lowered_minor INT, paid_minor INT",
    "settled": "order_id TEXT, name TEXT, line TEXT, amount_minor INT",  # refunds are negative
    "places": "order_id TEXT, name TEXT",  # the folders it says that it is in
    # Of the record, and only where an order has such a thing: what its channel took off and put on, what came back sellable.
    "drafted": "order_id TEXT, discount_minor INT, net_minor INT, tax_minor INT, spread_minor INT, spread_tax_minor INT",
    "taxed": "order_id TEXT, line INT, paid_minor INT, net_minor INT, tax_minor INT, parts_minor INT",  # odd ones only
    "couponed": "order_id TEXT, key TEXT",  # the coupons that it holds: until all of it is canceled
    "dayed": "order_id TEXT, location TEXT, day INT, lines INT, units INT",  # of locations with a capacity
    # Bundles of which not all is held, or not in one place; and what is ready packed, as units do not say it.
    "halves": "order_id TEXT, bundle TEXT, number INT, what TEXT",
    "packed": "order_id TEXT, sku TEXT, location TEXT, held INT, shipped INT",
    # What it counts with against what may be sold, but for what was canceled; and of that what still waits.
    "digital": "order_id TEXT, line INT",  # lines that a message delivers
    "coded": "order_id TEXT, unit INT, line INT, state TEXT, codes INT",
    "given_away": "order_id TEXT, worth INT, paid INT",
    "presold": "order_id TEXT, sku TEXT, units INT, waiting INT",
    "waits": "order_id TEXT, line INT, sku TEXT, units INT",  # for stock, or for its day
    "restocked": "order_id TEXT, sku TEXT, location TEXT, units INT",
    # Lines that are another article than was ordered, or than the record says.
    "substituted": "order_id TEXT, line INT, sku TEXT, was TEXT, said_sku TEXT, said_was TEXT",
    "hasty": "order_id TEXT, what TEXT, at_s INT, ends_s INT",  # within the grace period, and not to be undone
    "unreadable": "order_id TEXT, reason TEXT",
}
# Read once for several checks.
SUMMED = {
    "booked": """
        order_id TEXT PRIMARY KEY, cash_minor INT, customer_minor INT, sales_minor INT, given_back INT,
        secured INT, drawn INT, foreign_rows INT, settled_minor INT, twice_minor INT""",
    "asked": """
        order_id TEXT, id TEXT, version INT, kind TEXT, state TEXT, said TEXT,
        PRIMARY KEY (order_id, id)""",
    "moved": "order_id TEXT, sku TEXT, location TEXT, allocated INT, shipped INT, restocked INT",
}
SUMMED_WHOLE = {
    "counted": """
        sku TEXT, location TEXT, on_hand INT, allocated INT, reserved INT, damaged INT, quarantined INT, in_transit INT,
        PRIMARY KEY (sku, location)"""
}
# What the shop says: by which policy each workflow version captures, whether it invoices, how late a wake may be.
TERMS = {
    "captures": "workflow TEXT PRIMARY KEY, policy TEXT",
    "invoicing": "workflow TEXT PRIMARY KEY, at_once INT",
    "terms": "late_s INT",
}

TABLES = tuple(
    f"CREATE TEMP TABLE {name} ({columns}){' WITHOUT ROWID' if 'PRIMARY KEY' in columns else ''}"
    for name, columns in {**UNFOLDED, **SUMMED, **SUMMED_WHOLE, **TERMS}.items()
)
EMPTY = tuple(f"DELETE FROM {name}" for name in (*UNFOLDED, *SUMMED))  # after each batch of orders

# Worked out for each batch of orders, before the checks.
SUM_UP = (
    """INSERT INTO booked SELECT a.id,
        sum(CASE WHEN e.debit >= 'cash:' AND e.debit < 'cash;' THEN e.amount_minor
            WHEN e.credit >= 'cash:' AND e.credit < 'cash;' THEN -e.amount_minor ELSE 0 END),
        sum(CASE WHEN e.credit = 'customer' THEN e.amount_minor WHEN e.debit = 'customer' THEN -e.amount_minor
            ELSE 0 END),
        sum(CASE WHEN e.credit IN ('sales', 'gift_cards', 'discounts') THEN e.amount_minor
            WHEN e.debit IN ('sales', 'gift_cards', 'discounts') THEN -e.amount_minor ELSE 0 END),
        sum(e.credit >= 'cash:' AND e.credit < 'cash;'),
        sum(e.debit >= 'authorized:' AND e.debit < 'authorized;'),
        sum(e.credit >= 'authorized:' AND e.credit < 'authorized;'),
        sum(e.currency <> a.currency),
        sum(CASE WHEN e.credit >= 'settled:' AND e.credit < 'settled;' THEN e.amount_minor
            WHEN e.debit >= 'settled:' AND e.debit < 'settled;' THEN -e.amount_minor ELSE 0 END),
        sum(CASE WHEN e.credit >= 'twice:' AND e.credit < 'twice;' THEN e.amount_minor ELSE 0 END)
    FROM audited a CROSS JOIN main.ledger e WHERE e.order_id = a.id GROUP BY a.id""",
    """INSERT INTO asked SELECT t.order_id, t.id, t.version, t.kind, t.state,
        CASE WHEN t.kind = 'mail' THEN t.payload
            ELSE json_extract(t.payload, '$.transaction', '$.amount_minor', '$.currency') END
    FROM audited a CROSS JOIN main.tasks t
    WHERE t.order_id = a.id AND t.kind IN ('authorize', 'capture', 'void', 'refund', 'mail')""",
    """INSERT INTO moved SELECT a.id, m.sku, m.location, sum(m.allocated),
        sum(CASE WHEN m.reason = 'shipped' THEN m.on_hand ELSE 0 END),
        sum(CASE WHEN m.reason = 'returned' THEN m.on_hand ELSE 0 END)
    FROM audited a CROSS JOIN main.stock_moves m WHERE m.order_id = a.id GROUP BY a.id, m.sku, m.location""",
)
COUNT = """
    INSERT INTO counted SELECT sku, location, sum(on_hand), sum(allocated), sum(reserved), sum(damaged), sum(quarantined),
        sum(in_transit)
    FROM main.stock_moves GROUP BY sku, location"""
