"""Invariants of stock: the counters, the moves, and the units of the orders say the same.

The counters are compared with the moves, and each order's moves with its units: so the counters agree with the units.
"""

from segue.store.audit_rules import Check, Rule, without_order

RULES = (
    Rule(
        "I14",
        "what is on hand is the sum of its moves",
        (
            Check(
                "{} are on hand, the moves say {}",
                """SELECT sku || ' at ' || location, on_hand, said FROM (
                    SELECT s.sku, s.location, s.on_hand, coalesce(c.on_hand, 0) AS said FROM main.stock s
                    LEFT JOIN counted c ON c.sku = s.sku AND c.location = s.location
                    UNION ALL
                    SELECT c.sku, c.location, 0, c.on_hand FROM counted c
                    WHERE NOT EXISTS (SELECT 1 FROM main.stock s WHERE s.sku = c.sku AND s.location = c.location)
                ) x WHERE on_hand <> said""",
                whole=True,
            ),
        ),
    ),
    Rule(
        "I15",
        "what is allocated is the sum of its moves",
        (
            Check(
                "{} are allocated, the moves say {}",
                """SELECT sku || ' at ' || location, allocated, said FROM (
                    SELECT s.sku, s.location, s.allocated, coalesce(c.allocated, 0) AS said FROM main.stock s
                    LEFT JOIN counted c ON c.sku = s.sku AND c.location = s.location
                    UNION ALL
                    SELECT c.sku, c.location, 0, c.allocated FROM counted c
                    WHERE NOT EXISTS (SELECT 1 FROM main.stock s WHERE s.sku = c.sku AND s.location = c.location)
                ) x WHERE allocated <> said""",
                whole=True,
            ),
        ),
    ),
    Rule(
        "I16",
        "no more is allocated than is on hand beyond the safety stock",
        (
            Check(
                "{} of {} are allocated, safety {}",
                """SELECT sku || ' at ' || location, allocated, on_hand, safety FROM main.stock
                WHERE allocated < 0 OR on_hand < 0 OR allocated > max(on_hand - safety, 0)""",
                whole=True,
            ),
        ),
    ),
    Rule(
        "I17",
        "stock is held exactly for the units that wait to ship, where they wait, and a closed order holds none",
        (
            Check(
                "{} at {}: {} allocated that no unit waits for",
                """SELECT order_id, sku, location, sum(units) FROM (
                    SELECT order_id, sku, location, allocated AS units FROM moved WHERE allocated <> 0
                    UNION ALL
                    SELECT order_id, sku, location, first - last - 1 FROM stretches
                    WHERE core IN ('reserved', 'allocated', 'released', 'ready')
                ) x GROUP BY order_id, sku, location HAVING sum(units) <> 0""",
            ),
            Check(
                "closed, and units are {}",
                """SELECT s.order_id, s.state FROM stretches s JOIN audited a ON a.id = s.order_id
                WHERE s.core IN ('reserved', 'allocated', 'released', 'ready') AND a.open = 0""",
            ),
            Check("it has moves of stock, and is not here", without_order("stock_moves"), whole=True),
        ),
    ),
    # Parts of kits come with kits.
    Rule(
        "I18",
        "a unit that holds stock has exactly one allocation",
        (
            Check(
                "units {} to {} of line {} are {}, in {} fulfillments",
                """SELECT order_id, first, last, line, state, fulfillments FROM stretches
                WHERE core IN ('reserved', 'allocated', 'released', 'ready') AND fulfillments <> 1""",
            ),
        ),
    ),
    Rule(
        "I19",
        "shipping takes stock once for each unit of a shipment, where it left, and never without one",
        (
            Check(
                "{} at {}: {} shipped that took no stock",
                """SELECT order_id, sku, location, sum(units) FROM (
                    SELECT order_id, sku, location, shipped AS units FROM moved WHERE shipped <> 0
                    UNION ALL
                    SELECT order_id, sku, left_from, shipments * (last - first + 1) FROM stretches WHERE shipments > 0
                ) x GROUP BY order_id, sku, location HAVING sum(units) <> 0""",
            ),
        ),
    ),
    Rule(
        "I20",
        "only what came back sellable is stock again, and only once",
        (
            Check(
                "{} at {}: {} more are stock again than came back",
                """SELECT order_id, sku, location, sum(units) FROM (
                    SELECT order_id, sku, location, restocked AS units FROM moved WHERE restocked <> 0
                    UNION ALL
                    SELECT order_id, sku, location, -units FROM restocked
                ) x GROUP BY order_id, sku, location HAVING sum(units) <> 0""",
            ),
        ),
    ),
)
