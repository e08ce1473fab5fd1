"""Invariants of locations' days: their counters, the orders that take of them, and their limits say the same."""

from segue.store.audit_rules import Check, Rule, without_order

RULES = (
    Rule(
        "I55",
        "a location's day is taken by no more than it may be, and its counters are the sums of what orders take of it",
        (
            Check(
                "it takes of {} on its day {}: {} lines, {} units; counted otherwise",
                """SELECT d.order_id, d.location, d.day, d.lines, d.units FROM dayed d WHERE NOT EXISTS (
                    SELECT 1 FROM main.order_days o WHERE o.order_id = d.order_id AND o.location = d.location
                    AND o.day = d.day AND o.lines = d.lines AND o.units = d.units)""",
            ),
            Check(
                "it is counted for {} on its day {}, and takes nothing of it",
                """SELECT o.order_id, o.location, o.day FROM audited a CROSS JOIN main.order_days o
                WHERE o.order_id = a.id AND NOT EXISTS (
                    SELECT 1 FROM dayed d WHERE d.order_id = o.order_id AND d.location = o.location AND d.day = o.day)""",
            ),
            Check(
                "on its day {} the counters differ from what orders take by {} orders, {} lines, {} units",
                """SELECT location, day, sum(orders), sum(lines), sum(units) FROM (
                    SELECT location, day, orders, lines, units FROM main.location_days
                    UNION ALL SELECT location, day, -1, -lines, -units FROM main.order_days
                ) x GROUP BY location, day HAVING sum(orders) <> 0 OR sum(lines) <> 0 OR sum(units) <> 0""",
                about="shop",
            ),
            Check(
                "on its day {} more is taken than it takes on",
                """SELECT location, day FROM main.location_days
                WHERE orders > most_orders OR lines > most_lines OR units > most_units""",
                about="shop",
            ),
            Check("it is counted for days of locations, and is not here", without_order("order_days"), about="shop"),
        ),
    ),
)
