"""Invariants of amounts: an order adds up from its units to its closing, and no more goes back than was paid."""

from segue.store.audit_rules import Check, Rule

RULES = (
    # A channel's total that does not add up is on record as a failed check, and so are taxes that are not what they are
    # made up of. Tax that is included is within the price.
    Rule(
        "I06",
        "an order's total is its lines, shipping and charges; a line's is net and tax, and the tax what it is made up of",
        (
            Check(
                "the total is {}, its parts are {}",
                """SELECT id, own_total_minor, parts_minor FROM audited
                WHERE own_total_minor <> parts_minor AND disputed = 0""",
            ),
            Check(
                "the total is {}, its column says {}",
                "SELECT id, own_total_minor, total_minor FROM audited WHERE own_total_minor <> total_minor",
            ),
            Check("line {}: {} is paid, {} net and {} tax, of taxes that come to {}", "SELECT * FROM taxed"),
        ),
    ),
    # A discount on goods that cost nothing is spread over nothing.
    Rule(
        "I07",
        "a discount is spread over the lines with no cent lost or made, and so is a tax",
        (
            Check(
                "the lines have {} off, the channel took off {}",
                """SELECT order_id, spread_minor, discount_minor FROM drafted
                WHERE spread_minor <> discount_minor AND net_minor > 0""",
            ),
            Check(
                "the lines have {} tax, the channel put {} on them",
                "SELECT order_id, spread_tax_minor, tax_minor FROM drafted WHERE spread_tax_minor <> tax_minor",
            ),
        ),
    ),
    Rule(
        "I08",
        "the units of a line add up to the line: those that left are booked as sold at equal shares, to the cent",
        (
            Check(
                "units worth {} without tax have left, {} is booked",
                """SELECT a.id, a.sold_minor, coalesce(b.sales_minor, 0)
                FROM audited a LEFT JOIN booked b ON b.order_id = a.id
                WHERE a.sold_minor <> coalesce(b.sales_minor, 0)""",
            ),
        ),
    ),
    Rule(
        "I09",
        "no more is refunded than was paid for what is canceled or returned, and only for units of the order",
        (
            Check(
                "{} is refunded of {}, and {} is for what is kept",
                """SELECT id, refunded_minor + refunding_minor, paid_minor,
                    kept_minor + CASE WHEN kept + returned > 0 THEN extras_minor ELSE 0 END
                FROM audited WHERE refunded_minor + refunding_minor > 0 AND refunded_minor + refunding_minor
                    > paid_minor - kept_minor - CASE WHEN kept + returned > 0 THEN extras_minor ELSE 0 END""",
            ),
            Check(
                "{} is withheld, {} was paid for what came back of its promotions",
                "SELECT id, withheld_minor, came_back_minor FROM audited "
                "WHERE withheld_minor < 0 OR withheld_minor > came_back_minor",
            ),
            Check(
                "fees are {}, {} was paid for what came back, or withheld of it before",
                """SELECT id, fees_minor, gone_minor + came_back_minor FROM audited
                WHERE fees_minor < 0 OR fees_minor > gone_minor + came_back_minor""",
            ),
            Check(
                "a bank has taken back {} less than is said to be lost",
                "SELECT id, -lost_minor FROM audited WHERE lost_minor < 0",
            ),
            Check(
                "units of line {} cost {} less now, {} was paid for them",
                "SELECT order_id, line, lowered_minor, paid_minor FROM lowered",
            ),
            Check(
                "units {} to {} of line {} are charged, it has {}",
                """SELECT order_id, first, last, line, quantity FROM stretches
                WHERE captures > 0 AND (first < 1 OR last > quantity)""",
            ),
            Check(
                "{} gives back {}, which is no capture of this order",
                """SELECT r.order_id, r.name, r.reference_of FROM transactions r
                WHERE r.kind = 'refund' AND r.tender_kind IN ('gateway', 'adopted') AND NOT EXISTS (
                    SELECT 1 FROM transactions c WHERE c.order_id = r.order_id AND c.name = r.reference_of
                        AND c.kind = 'capture' AND c.outcome = 'done')""",
            ),
        ),
    ),
    Rule(
        "I10",
        "a closed order is square: what was charged is what was kept",
        (
            Check(
                "{} is still the customer's",
                """SELECT a.id, b.customer_minor FROM audited a JOIN booked b ON b.order_id = a.id
                WHERE a.open = 0 AND b.customer_minor <> 0""",
            ),
            Check(
                "{} is captured or lost to a bank, {} is kept",
                """SELECT id, captured_minor + lost_minor,
                    kept_minor + CASE WHEN kept + returned > 0 THEN extras_minor ELSE 0 END
                FROM audited WHERE open = 0
                    AND captured_minor + lost_minor
                        <> kept_minor + CASE WHEN kept + returned > 0 THEN extras_minor ELSE 0 END""",
            ),
        ),
    ),
)
