"""Invariants of money: the ledger and the tallies of the tenders say the same, and nothing is taken beyond what may be."""

from segue.store.audit_rules import Check, Rule, without_order

RULES = (
    Rule(
        "I01",
        "every ledger entry moves a positive amount from one account to another, by a step of its order",
        (
            Check(
                "version {}: {} from {} to {}",
                """SELECT r.order_id, r.version, r.amount_minor, r.credit, r.debit FROM {ledger} WHERE (
                    r.amount_minor <= 0 OR r.debit = r.credit OR r.debit = '' OR r.credit = ''
                    OR NOT EXISTS (SELECT 1 FROM main.steps s WHERE s.order_id = r.order_id AND s.version = r.version)
                )""",
                about="rows",
            ),
            Check("it has entries, and is not here", without_order("ledger"), about="shop"),
        ),
    ),
    Rule(
        "I02",
        "what the tenders have captured and neither refunded nor lost to a bank is what the ledger says was charged",
        (
            Check(
                "captured is {}, charged is {}",
                """SELECT a.id, a.captured_minor + a.refunding_minor, coalesce(b.cash_minor, 0)
                FROM audited a LEFT JOIN booked b ON b.order_id = a.id
                WHERE a.captured_minor + a.refunding_minor <> coalesce(b.cash_minor, 0)""",
            ),
            Check(
                "{} went out twice, by a refund and by a bank, {} is booked of it, and {} was refunded",
                """SELECT a.id, a.twice_minor, coalesce(b.twice_minor, 0), a.refunded_minor
                FROM audited a LEFT JOIN booked b ON b.order_id = a.id
                WHERE a.twice_minor <> coalesce(b.twice_minor, 0) OR a.twice_minor > a.refunded_minor""",
            ),
            Check(
                "{} is {}, its states add up to {}",
                """SELECT DISTINCT order_id, tender, amount_minor, tally_minor FROM money
                WHERE amount_minor <> tally_minor""",
            ),
        ),
    ),
    Rule(
        "I04",
        "nothing is captured beyond what was authorized, or on what was voided, has expired, or is another tender's",
        (
            Check(
                "{} is overdrawn by {} in version {}",
                """SELECT order_id, account, -left_minor, version FROM (
                    SELECT order_id, version, account, sum(amount) OVER (
                        PARTITION BY order_id, account ORDER BY version, position) AS left_minor
                    FROM (
                        SELECT e.order_id, e.version, e.position,
                            CASE WHEN e.debit >= 'authorized:' AND e.debit < 'authorized;' THEN e.debit
                                ELSE e.credit END AS account,
                            CASE WHEN e.debit >= 'authorized:' AND e.debit < 'authorized;' THEN e.amount_minor
                                ELSE -e.amount_minor END AS amount
                        FROM booked b CROSS JOIN main.ledger e
                        WHERE b.drawn > 0 AND e.order_id = b.order_id
                            AND (e.debit >= 'authorized:' AND e.debit < 'authorized;'
                                OR e.credit >= 'authorized:' AND e.credit < 'authorized;')
                    ) y
                ) x WHERE left_minor < 0""",
            ),
            Check(
                "{}: {} was captured or is held, {} was authorized",
                """SELECT order_id, tender, held, authorized FROM (
                    SELECT order_id, tender, sum(held) AS held, coalesce((
                        SELECT sum(e.amount_minor) FROM main.ledger e
                        WHERE e.order_id = m.order_id AND e.debit = 'authorized:' || m.tender
                    ), 0) AS authorized
                    FROM money m
                    WHERE kind IN ('gateway', 'adopted') AND state IN
                        ('authorized', 'capturing', 'captured', 'refunding', 'refunded', 'voiding', 'voided',
                            'charged_back')
                    GROUP BY order_id, tender
                ) x WHERE held > authorized""",
            ),
            Check(
                "{} uses {}, which is no authorization of {}",
                """SELECT u.order_id, u.name, u.reference_of, u.tender FROM transactions u
                WHERE u.kind IN ('capture', 'void') AND u.tender_kind IN ('gateway', 'adopted') AND NOT EXISTS (
                    SELECT 1 FROM transactions a WHERE a.order_id = u.order_id AND a.name = u.reference_of
                        AND a.kind = 'authorize' AND a.outcome = 'done' AND a.tender = u.tender)""",
            ),
            Check(
                "{}: {} was taken, let go of or has lapsed, {} was authorized",
                """SELECT a.order_id, a.name, a.lapsed_minor + sum(u.amount_minor) AS used, a.amount_minor
                FROM transactions u JOIN transactions a ON a.order_id = u.order_id AND a.name = u.reference_of
                WHERE u.kind IN ('capture', 'void') AND u.outcome <> 'declined'
                GROUP BY a.order_id, a.name, a.lapsed_minor, a.amount_minor
                HAVING a.lapsed_minor + sum(u.amount_minor) > a.amount_minor""",
            ),
            Check(
                "{} was asked for when {} had expired",
                """SELECT u.order_id, u.name, a.name FROM transactions u
                JOIN transactions a ON a.order_id = u.order_id AND a.name = u.reference_of
                WHERE u.kind = 'capture' AND u.outcome <> 'declined' AND a.expires_at_s <= u.at_s""",
            ),
            Check(
                "{}: {} is authorized, its authorizations hold {}",
                """SELECT order_id, tender, authorized, held FROM (
                    SELECT m.order_id, m.tender, sum(CASE WHEN m.state = 'authorized' THEN m.held ELSE 0 END) AS authorized,
                        coalesce((
                            SELECT sum(a.amount_minor - a.lapsed_minor - coalesce((
                                SELECT sum(u.amount_minor) FROM transactions u
                                WHERE u.order_id = a.order_id AND u.reference_of = a.name
                                    AND u.kind IN ('capture', 'void') AND u.outcome <> 'declined'), 0))
                            FROM transactions a WHERE a.order_id = m.order_id AND a.tender = m.tender
                                AND a.kind = 'authorize' AND a.outcome = 'done' AND NOT a.spare
                        ), 0) AS held
                    FROM money m WHERE m.kind IN ('gateway', 'adopted') GROUP BY m.order_id, m.tender
                ) x WHERE authorized <> held""",
            ),
        ),
    ),
    Rule(
        "I05",
        "at every moment no more was refunded than was captured",
        (
            Check(
                "charged is {} after version {}",
                """SELECT order_id, charged, version FROM (
                    SELECT e.order_id, e.version, sum(
                        CASE WHEN e.debit >= 'cash:' AND e.debit < 'cash;' THEN e.amount_minor
                            WHEN e.credit >= 'cash:' AND e.credit < 'cash;' THEN -e.amount_minor ELSE 0 END
                    ) OVER (PARTITION BY e.order_id ORDER BY e.version, e.position) AS charged
                    FROM booked b CROSS JOIN main.ledger e
                    WHERE b.given_back > 0 AND e.order_id = b.order_id
                ) x WHERE charged < 0""",
            ),
            Check("{} has {} {}", "SELECT order_id, tender, held, state FROM money WHERE held < 0"),
            Check(
                "{} is refunded by {}, it was {}",
                """SELECT r.order_id, r.reference_of, sum(r.amount_minor), c.amount_minor
                FROM transactions r JOIN transactions c ON c.order_id = r.order_id AND c.name = r.reference_of
                WHERE r.kind = 'refund' AND r.outcome <> 'declined'
                GROUP BY r.order_id, r.reference_of, c.amount_minor HAVING sum(r.amount_minor) > c.amount_minor""",
            ),
        ),
    ),
    Rule(
        "I11",
        "an order has one currency, everywhere",
        (
            Check(
                "it is in {}, its column says {}",
                "SELECT id, own_currency, currency FROM audited WHERE own_currency <> currency",
            ),
            Check(
                "{} entries are in another currency",
                "SELECT order_id, foreign_rows FROM booked WHERE foreign_rows > 0",
            ),
            Check(
                "task {} asks for {}",
                """SELECT k.order_id, k.id, k.said FROM asked k JOIN audited a ON a.id = k.order_id
                WHERE k.kind IN ('authorize', 'capture', 'void', 'refund')
                    AND k.said NOT LIKE '%"' || a.own_currency || '"]'""",
            ),
        ),
    ),
    # Capturing at once or on release asks earlier, and makes no such promise. What a message delivers is paid before (I63).
    Rule(
        "I13",
        "nobody is charged for what has not left where the workflow captures on shipment, or on delivery",
        (
            Check(
                "units {} to {} of line {} are charged and {}",
                """SELECT s.order_id, s.first, s.last, s.line, s.state FROM stretches s
                JOIN audited a ON a.id = s.order_id JOIN captures p ON p.workflow = a.own_workflow
                WHERE s.captures > 0 AND s.core NOT IN ('delivered', 'returning', 'returned')
                    AND p.policy IN ('on_shipment', 'on_delivery')
                    AND NOT (p.policy = 'on_shipment' AND s.core = 'shipped')
                    AND NOT EXISTS (SELECT 1 FROM digital d WHERE d.order_id = s.order_id AND d.line = s.line)""",
            ),
            Check(
                "{} is charged, what has left is worth {}",
                """SELECT a.id, a.taken_minor,
                    a.gone_minor + CASE WHEN a.gone > 0 THEN a.charged_minor + a.came_back_minor ELSE 0 END
                FROM audited a JOIN captures p ON p.workflow = a.own_workflow
                WHERE p.policy IN ('on_shipment', 'on_delivery')
                    AND NOT EXISTS (SELECT 1 FROM digital d WHERE d.order_id = a.id) AND a.taken_minor
                    > a.gone_minor + CASE WHEN a.gone > 0 THEN a.charged_minor + a.came_back_minor ELSE 0 END""",
            ),
        ),
    ),
)
