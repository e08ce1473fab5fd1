"""Invariants of stock: the counters, the moves, and the units of the orders say the same.

The counters are compared with the moves, and each order's moves with its units: so the counters agree with the units.
"""

from segue.store.audit_rules import Check, Rule, without_order


def _sums(part: str, called: str) -> tuple[Check, Check]:
    """A part of each counter is the sum of its moves."""
    return (
        Check(
            "{} are " + called + ", the moves say {}",
            f"""SELECT c.sku || ' at ' || c.location, coalesce(s.{part}, 0), c.{part} FROM counted c
            LEFT JOIN main.stock s ON s.sku = c.sku AND s.location = c.location
            WHERE coalesce(s.{part}, 0) <> c.{part}""",
            about="counters",
        ),
        Check(
            "{} are " + called + ", and nothing moved there",
            f"""SELECT s.sku || ' at ' || s.location, s.{part} FROM main.stock s WHERE s.{part} <> 0
            AND NOT EXISTS (SELECT 1 FROM counted c WHERE c.sku = s.sku AND c.location = s.location)""",
            about="shop",
        ),
    )


RULES = (
    Rule(
        "I14",
        "what is on hand, damaged, in quarantine, in transit and reserved is the sum of its moves",
        (
            *_sums("on_hand", "on hand"),
            *_sums("damaged", "damaged"),
            *_sums("quarantined", "in quarantine"),
            *_sums("in_transit", "in transit"),
            *_sums("reserved", "reserved"),
        ),
    ),
    Rule(
        "I15",
        "what is allocated, and what is taken of shares, is the sum of its moves; what is reserved is what carts have",
        (
            *_sums("allocated", "allocated"),
            Check(
                "{} are reserved, carts have {}",
                """SELECT x.sku || ' at ' || x.location, sum(x.reserved), sum(x.units) FROM (
                    SELECT sku, location, reserved, 0 AS units FROM main.stock WHERE reserved <> 0
                    UNION ALL
                    SELECT sku, location, 0, units FROM main.reservations
                ) x GROUP BY x.sku, x.location HAVING sum(x.reserved) <> sum(x.units)""",
                about="shop",
            ),
            Check(
                "the share of {} is {} units, {} taken; its moves say {} and {}",
                """SELECT x.sku || ' at ' || x.location, x.channel, sum(x.units), sum(x.taken), sum(x.moved), sum(x.drawn)
                FROM (
                    SELECT sku, location, channel, units, taken, 0 AS moved, 0 AS drawn FROM main.fences
                    UNION ALL
                    SELECT sku, location, channel, 0, 0, units, taken FROM main.fence_moves
                ) x GROUP BY x.sku, x.location, x.channel
                HAVING sum(x.units) <> sum(x.moved) OR sum(x.taken) <> sum(x.drawn)""",
                about="shop",
            ),
        ),
    ),
    Rule(
        "I16",
        "no more is allocated and reserved than is on hand beyond what is damaged, in quarantine and safety stock",
        (
            Check(
                "{} of {} are allocated, {} reserved; {} damaged, {} in quarantine, safety {}",
                """SELECT s.sku || ' at ' || s.location, s.allocated, s.on_hand, s.reserved, s.damaged, s.quarantined,
                    s.safety
                FROM counted c JOIN main.stock s ON s.sku = c.sku AND s.location = c.location
                WHERE min(s.allocated, s.reserved, s.on_hand, s.damaged, s.quarantined, s.in_transit) < 0
                    OR s.damaged + s.quarantined > s.on_hand
                    OR s.allocated + s.reserved > max(s.on_hand - s.damaged - s.quarantined - s.safety, 0)""",
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
                    UNION ALL
                    SELECT order_id, sku, location, -held FROM packed WHERE held <> 0
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
    Rule(
        "I18",
        "a unit that holds stock has exactly one allocation, and a bundle that is held has all of its parts",
        (
            Check("of {} the number {}: {}", "SELECT order_id, bundle, number, what FROM halves"),
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
                    SELECT order_id, sku, left_from, shipments * (last - first + 1) FROM stretches s
                    WHERE shipments > 0 AND NOT EXISTS (
                        SELECT 1 FROM digital d WHERE d.order_id = s.order_id AND d.line = s.line AND s.left_from = '')
                    UNION ALL
                    SELECT order_id, sku, location, shipped FROM packed WHERE shipped <> 0
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
    Rule(
        "I22",
        "what is expected of a supply is the sum of its moves, and what is in transit is what transfers expect",
        (
            Check(
                "{} are expected of {}, its moves say {}",
                """SELECT x.reference, sum(x.units), x.sku, sum(x.moved) FROM (
                    SELECT reference, sku, location, expected_at_s, units, 0 AS moved FROM main.supplies
                    UNION ALL
                    SELECT reference, sku, location, expected_at_s, 0, units FROM main.supply_moves
                ) x GROUP BY x.reference, x.sku, x.location, x.expected_at_s HAVING sum(x.units) <> sum(x.moved)""",
                about="shop",
            ),
            Check(
                "{} are in transit, transfers expect {}",
                """SELECT x.sku || ' at ' || x.location, sum(x.in_transit), sum(x.units) FROM (
                    SELECT sku, location, in_transit, 0 AS units FROM main.stock WHERE in_transit <> 0
                    UNION ALL
                    SELECT sku, location, 0, units FROM main.supplies WHERE origin <> '' AND units <> 0
                ) x GROUP BY x.sku, x.location HAVING sum(x.in_transit) <> sum(x.units)""",
                about="shop",
            ),
        ),
    ),
)
