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
                """SELECT c.sku || ' at ' || c.location, coalesce(s.on_hand, 0), c.on_hand FROM counted c
                LEFT JOIN main.stock s ON s.sku = c.sku AND s.location = c.location
                WHERE coalesce(s.on_hand, 0) <> c.on_hand""",
                about="counters",
            ),
            Check(
                "{} are on hand, and nothing moved there",
                """SELECT s.sku || ' at ' || s.location, s.on_hand FROM main.stock s WHERE s.on_hand <> 0
                AND NOT EXISTS (SELECT 1 FROM counted c WHERE c.sku = s.sku AND c.location = s.location)""",
                about="shop",
            ),
        ),
    ),
    Rule(
        "I15",
        "what is allocated is the sum of its moves",
        (
            Check(
                "{} are allocated, the moves say {}",
                """SELECT c.sku || ' at ' || c.location, coalesce(s.allocated, 0), c.allocated FROM counted c
                LEFT JOIN main.stock s ON s.sku = c.sku AND s.location = c.location
                WHERE coalesce(s.allocated, 0) <> c.allocated""",
                about="counters",
            ),
            Check(
                "{} are allocated, and nothing moved there",
                """SELECT s.sku || ' at ' || s.location, s.allocated FROM main.stock s WHERE s.allocated <> 0
                AND NOT EXISTS (SELECT 1 FROM counted c WHERE c.sku = s.sku AND c.location = s.location)""",
                about="shop",
            ),
        ),
    ),
    Rule(
        "I16",
        "no more is allocated than is on hand beyond the safety stock",
        (
            Check(
                "{} of {} are allocated, safety {}",
                """SELECT s.sku || ' at ' || s.location, s.allocated, s.on_hand, s.safety FROM counted c
                JOIN main.stock s ON s.sku = c.sku AND s.location = c.location
                WHERE s.allocated < 0 OR s.on_hand < 0 OR s.allocated > max(s.on_hand - s.safety, 0)""",
                about="counters",
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
            Check("it has moves of stock, and is not here", without_order("stock_moves"), about="shop"),
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
