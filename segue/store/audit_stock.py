"""Invariants of stock: the counters, the moves, and the units of the orders say the same."""

from segue.store.audit_rules import Rule

RULES = (
    Rule(
        "I14",
        "what is on hand is the sum of its moves",
        """SELECT sku || ' at ' || location, printf('%d differ', sum(units)) FROM (
            SELECT sku, location, on_hand AS units FROM main.stock
            UNION ALL SELECT sku, location, -on_hand FROM main.stock_moves
        ) GROUP BY sku, location HAVING sum(units) <> 0""",
        whole=True,
    ),
    Rule(
        "I15",
        "what is allocated is the sum of its moves, and of the units that wait there",
        """SELECT sku || ' at ' || location, printf('%d differ from the moves', sum(units)) FROM (
            SELECT sku, location, allocated AS units FROM main.stock
            UNION ALL SELECT sku, location, -allocated FROM main.stock_moves
        ) GROUP BY sku, location HAVING sum(units) <> 0
        UNION ALL
        SELECT sku || ' at ' || location, printf('%d differ from the orders', sum(units)) FROM (
            SELECT sku, location, allocated AS units FROM main.stock
            UNION ALL
            SELECT s.sku, g.location, -(min(s.last, g.last) - max(s.first, g.first) + 1)
            FROM temp.given g CROSS JOIN temp.spans s ON s.order_id = g.order_id AND s.line = g.line
            WHERE s.core IN ('reserved', 'allocated', 'released', 'ready')
                AND s.first <= g.last AND g.first <= s.last
        ) GROUP BY sku, location HAVING sum(units) <> 0""",
        whole=True,
    ),
    Rule(
        "I16",
        "no more is allocated than is on hand beyond the safety stock",
        """SELECT sku || ' at ' || location, printf('%d of %d, safety %d', allocated, on_hand, safety) FROM main.stock
        WHERE allocated < 0 OR on_hand < 0 OR allocated > max(on_hand - safety, 0)""",
        whole=True,
    ),
    Rule(
        "I17",
        "stock is held exactly for the units that wait to ship, and a closed order holds none",
        """SELECT order_id, printf('%s: %d allocated that no unit waits for', sku, sum(units)) FROM (
            SELECT order_id, sku, allocated AS units FROM audited_moves
            UNION ALL
            SELECT order_id, sku, -(last - first + 1) FROM temp.spans
            WHERE core IN ('reserved', 'allocated', 'released', 'ready')
        ) GROUP BY order_id, sku HAVING sum(units) <> 0
        UNION ALL
        SELECT s.order_id, 'closed, and units are ' || s.state FROM temp.spans s
        JOIN audited_orders o ON o.id = s.order_id
        WHERE o.open = 0 AND s.core IN ('reserved', 'allocated', 'released', 'ready')""",
    ),
    Rule(
        "I19",
        "shipping takes stock once for each unit of a shipment, and never without one",
        """SELECT order_id, printf('%s: %d shipped that took no stock', sku, sum(units)) FROM (
            SELECT order_id, sku, on_hand AS units FROM audited_moves WHERE reason = 'shipped'
            UNION ALL
            SELECT p.order_id, l.sku, p.last - p.first + 1 FROM temp.parcels p
            JOIN temp.lines l ON l.order_id = p.order_id AND l.line = p.line
        ) GROUP BY order_id, sku HAVING sum(units) <> 0""",
    ),
)
