"""Invariants of money: the ledger, the tallies of the tenders, and the order's own amounts say the same."""

from segue.store.audit_rules import Rule

RULES = (
    Rule(
        "I01",
        "every ledger entry moves a positive amount from one account to another, by a step of its order",
        """SELECT e.order_id, printf('version %d: %d from %s to %s', e.version, e.amount_minor, e.credit, e.debit)
        FROM audited_ledger e
        WHERE e.amount_minor <= 0 OR e.debit = e.credit OR e.debit = '' OR e.credit = ''
            OR NOT EXISTS (SELECT 1 FROM main.steps s WHERE s.order_id = e.order_id AND s.version = e.version)""",
    ),
    Rule(
        "I02",
        "what the tenders have captured and not refunded is what the ledger says was charged",
        """SELECT order_id, printf('captured differs from charged by %d', sum(amount)) FROM (
            SELECT order_id, held AS amount FROM temp.money WHERE state IN ('captured', 'refunding')
            UNION ALL
            SELECT order_id, -amount_minor FROM audited_ledger WHERE debit >= 'cash:' AND debit < 'cash;'
            UNION ALL
            SELECT order_id, amount_minor FROM audited_ledger WHERE credit >= 'cash:' AND credit < 'cash;'
        ) GROUP BY order_id HAVING sum(amount) <> 0""",
    ),
    Rule(
        "I04",
        "nothing is captured beyond what was authorized, or on what was voided",
        """SELECT order_id, printf('%s is overdrawn by %d in version %d', account, -left, version) FROM (
            SELECT order_id, version, account,
                sum(amount) OVER (PARTITION BY order_id, account ORDER BY version, position) AS left
            FROM (
                SELECT order_id, version, position, debit AS account, amount_minor AS amount FROM audited_ledger
                WHERE debit >= 'authorized:' AND debit < 'authorized;'
                UNION ALL
                SELECT order_id, version, position, credit, -amount_minor FROM audited_ledger
                WHERE credit >= 'authorized:' AND credit < 'authorized;'
            )
        ) WHERE left < 0
        UNION ALL
        SELECT m.order_id, printf('%s: %d was captured or is held, %d was authorized', m.tender, m.held, m.authorized)
        FROM (
            SELECT order_id, tender, sum(held) AS held,
                (SELECT coalesce(sum(amount_minor), 0) FROM main.ledger
                 WHERE order_id = money.order_id AND debit = 'authorized:' || money.tender) AS authorized
            FROM temp.money
            WHERE kind IN ('gateway', 'adopted') AND state IN
                ('authorized', 'capturing', 'captured', 'refunding', 'refunded', 'voiding', 'voided')
            GROUP BY order_id, tender
        ) m WHERE m.held > m.authorized""",
    ),
    Rule(
        "I05",
        "at every moment no more was refunded than was captured",
        """SELECT order_id, printf('charged is %d after version %d', charged, version) FROM (
            SELECT order_id, version, sum(amount) OVER (PARTITION BY order_id ORDER BY version, position) AS charged
            FROM (
                SELECT order_id, version, position, amount_minor AS amount FROM audited_ledger
                WHERE debit >= 'cash:' AND debit < 'cash;'
                UNION ALL
                SELECT order_id, version, position, -amount_minor FROM audited_ledger
                WHERE credit >= 'cash:' AND credit < 'cash;'
            )
        ) WHERE charged < 0
        UNION ALL
        SELECT order_id, printf('%s has %d %s', tender, held, state) FROM temp.money WHERE held < 0
        UNION ALL
        SELECT r.order_id,
            printf('%s is refunded by %d, it was %d', r.reference_of, sum(r.amount_minor), c.amount_minor)
        FROM temp.transactions r
        JOIN temp.transactions c ON c.order_id = r.order_id AND c.name = r.reference_of
        WHERE r.kind = 'refund' AND r.outcome <> 'declined'
        GROUP BY r.order_id, r.reference_of HAVING sum(r.amount_minor) > c.amount_minor""",
    ),
    # A channel's total that does not add up is on record as a failed check. Tax that is included is within the price.
    Rule(
        "I06",
        "an order's total is its lines, shipping and charges; a line's is gross less discount, with tax",
        """SELECT id, printf('the total is %d, its parts are %d', own_total_minor, parts) FROM (
            SELECT h.*, h.shipping_minor
                + (SELECT coalesce(sum(l.paid_minor), 0) FROM temp.lines l WHERE l.order_id = h.id)
                + (SELECT coalesce(sum(json_extract(c.value, '$.amount_minor')), 0)
                   FROM json_each(h.charges) c) AS parts
            FROM temp.heads h
        ) WHERE own_total_minor <> parts AND NOT EXISTS (
            SELECT 1 FROM json_each(failures) f WHERE json_extract(f.value, '$.check') = 'money_adds_up')
        UNION ALL
        SELECT id, printf('the total is %d, its column says %d', own_total_minor, total_minor)
        FROM temp.heads WHERE own_total_minor <> total_minor
        UNION ALL
        SELECT order_id, printf('line %d: %d is paid', line, paid_minor) FROM temp.lines
        WHERE paid_minor - (quantity * price_minor - discount_minor) NOT IN (0, tax_minor)""",
    ),
    Rule(
        "I10",
        "a closed order is square: what was charged is what was kept",
        """SELECT e.order_id, printf('%d is still the customer''s', sum(e.amount)) FROM (
            SELECT order_id, amount_minor AS amount FROM audited_ledger WHERE credit = 'customer'
            UNION ALL
            SELECT order_id, -amount_minor FROM audited_ledger WHERE debit = 'customer'
        ) e JOIN audited_orders o ON o.id = e.order_id
        WHERE o.open = 0 GROUP BY e.order_id HAVING sum(e.amount) <> 0""",
    ),
    Rule(
        "I11",
        "an order has one currency, everywhere",
        """SELECT id, printf('it is in %s, its column says %s', own_currency, currency)
        FROM temp.heads WHERE own_currency <> currency
        UNION ALL
        SELECT e.order_id, printf('version %d is booked in %s', e.version, e.currency)
        FROM audited_ledger e JOIN audited_orders o ON o.id = e.order_id WHERE o.currency <> e.currency
        UNION ALL
        SELECT t.order_id, printf('task %s asks in %s', t.id, json_extract(t.payload, '$.currency'))
        FROM audited_tasks t JOIN audited_orders o ON o.id = t.order_id
        WHERE t.kind IN ('authorize', 'capture', 'void', 'refund')
            AND json_extract(t.payload, '$.currency') <> o.currency""",
    ),
)
