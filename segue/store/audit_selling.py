"""Invariants of what is sold beyond what is there and of who waits: what orders count with, counters, bounds, queues."""

from segue.store.audit_rules import Check, Rule, without_order

RULES = (
    Rule(
        "I21",
        "no more is promised than is there and to come when it is sold, and its counter is what orders wait for",
        (
            Check(
                "it counts for {} with {} units of which {} wait, on record are {} and {}",
                """SELECT x.order_id, x.sku, sum(x.units), sum(x.waiting), sum(x.said), sum(x.said_waiting) FROM (
                    SELECT order_id, sku, units, waiting, 0 AS said, 0 AS said_waiting FROM presold
                    UNION ALL
                    SELECT s.order_id, s.sku, 0, 0, s.units, s.waiting
                    FROM audited a CROSS JOIN main.sales s WHERE s.order_id = a.id
                ) x GROUP BY x.order_id, x.sku
                HAVING sum(x.units) <> sum(x.said) OR sum(x.waiting) <> sum(x.said_waiting)""",
            ),
            Check(
                "{} are promised, orders wait for {}",
                """SELECT x.sku, sum(x.promised), sum(x.waiting) FROM (
                    SELECT sku, promised, 0 AS waiting FROM main.selling
                    UNION ALL SELECT sku, 0, waiting FROM main.sales
                ) x GROUP BY x.sku HAVING sum(x.promised) <> sum(x.waiting)""",
                about="shop",
            ),
            Check(
                "{} were promised, {} might be",
                "SELECT sku, promised, most FROM main.sales_made WHERE promised > most",
                about="shop",
            ),
            Check("it counts against what may be sold, and is not here", without_order("sales"), about="shop"),
        ),
    ),
    Rule(
        "I21",
        "the queue of a SKU is who waits for it, in their turn",
        (
            Check(
                "line {} waits with {} units of {}, the queue has {}",
                """SELECT x.order_id, x.line, sum(x.units), x.sku, sum(x.said) FROM (
                    SELECT order_id, line, sku, units, 0 AS said FROM waits
                    UNION ALL
                    SELECT w.order_id, w.line, w.sku, 0, w.units
                    FROM audited a CROSS JOIN main.waiting w WHERE w.order_id = a.id
                ) x GROUP BY x.order_id, x.line, x.sku HAVING sum(x.units) <> sum(x.said)""",
            ),
            Check(
                "line {} stands in the queue as {} since {}, and its turn is {} since {}",
                """SELECT w.order_id, w.line, w.rank, w.placed_at_s, o.rank, o.placed_at_s
                FROM audited a CROSS JOIN main.waiting w CROSS JOIN main.orders o
                WHERE w.order_id = a.id AND o.id = a.id AND (w.rank <> o.rank OR w.placed_at_s <> o.placed_at_s)""",
            ),
            Check("it stands in a queue, and is not here", without_order("waiting"), about="shop"),
        ),
    ),
)
