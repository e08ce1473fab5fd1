"""Invariants of coupons: their counters, the orders that hold them, and their limits say the same."""

from segue.store.audit_rules import Check, Rule, without_order

RULES = (
    Rule(
        "I48",
        "a coupon is used no more often than it may be, and its counter is the number of orders that hold it",
        (
            Check(
                "it holds the coupon {}, and is not counted",
                """SELECT c.order_id, c.key FROM couponed c WHERE NOT EXISTS (
                    SELECT 1 FROM main.coupon_uses u WHERE u.key = c.key AND u.order_id = c.order_id)""",
            ),
            Check(
                "it is counted for the coupon {}, and does not hold it",
                """SELECT u.order_id, u.key FROM audited a CROSS JOIN main.coupon_uses u
                WHERE u.order_id = a.id AND NOT EXISTS (
                    SELECT 1 FROM couponed c WHERE c.order_id = u.order_id AND c.key = u.key)""",
            ),
            Check(
                "the counter says {}, {} orders hold it",
                """SELECT key, sum(used), sum(held) FROM (
                    SELECT key, used, 0 AS held FROM main.coupons
                    UNION ALL SELECT key, 0, 1 FROM main.coupon_uses
                ) x GROUP BY key HAVING sum(used) <> sum(held)""",
                about="shop",
            ),
            Check(
                "it is used {} times of {}", "SELECT key, used, most FROM main.coupons WHERE used > most", about="shop"
            ),
            Check("it is counted for coupons, and is not here", without_order("coupon_uses"), about="shop"),
        ),
    ),
)
