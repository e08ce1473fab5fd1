"""Invariants of documents and settlements: numbers have no gaps, and what was charged is said and booked, to the cent."""

from segue.store.audit_rules import Check, Rule, without_order

SUM_OF_PARTS = """
    coalesce((SELECT sum(json_extract(l.value, '$.amount_minor')) FROM json_each(r.content, '$.lines') l), 0)
    + coalesce((SELECT sum(json_extract(c.value, '$.amount_minor')) FROM json_each(r.content, '$.charges') c), 0)
    + coalesce(json_extract(r.content, '$.shipping_minor'), 0) + coalesce(json_extract(r.content, '$.other_minor'), 0)"""

RULES = (
    Rule(
        "I43",
        "documents are numbered from 1 without a gap, by kind and series",
        (
            Check(
                "{} of them, numbered from {} to {}; the last number given is {}",
                """SELECT d.kind || ' ' || d.series, count(*), min(d.number), max(d.number), coalesce((
                    SELECT n.last FROM main.document_numbers n WHERE n.kind = d.kind AND n.series = d.series), 0) AS given
                FROM main.documents d GROUP BY d.kind, d.series
                HAVING min(d.number) <> 1 OR max(d.number) <> count(*) OR max(d.number) <> given""",
                about="shop",
            ),
            Check(
                "the last number given is {}, and there is none",
                """SELECT n.kind || ' ' || n.series, n.last FROM main.document_numbers n WHERE NOT EXISTS (
                    SELECT 1 FROM main.documents d WHERE d.kind = n.kind AND d.series = n.series)""",
                about="shop",
            ),
        ),
    ),
    Rule(
        "I44",
        "each shipment has one invoice and each refund one credit memo, of its own order, where the workflow issues them",
        (
            Check(
                "{} has {} documents",
                """SELECT u.order_id, u.what, u.has FROM undocumented u JOIN audited a ON a.id = u.order_id
                LEFT JOIN invoicing i ON i.workflow = a.own_workflow
                WHERE u.has > 1 OR (u.has = 0 AND (i.at_once = 1 OR (i.at_once = 0 AND a.open = 0)))""",
            ),
            Check(
                "a document is of {}, which is no shipment or refund of this order",
                "SELECT order_id, what FROM undocumented WHERE has = -1",
            ),
            Check("it has documents, and is not here", without_order("documents"), about="shop"),
        ),
    ),
    Rule(
        "I45",
        "a document is what its order says: it adds up, and never changes",
        (
            Check(
                "{} of {} is {} in its document",
                """SELECT i.order_id, i.name, i.total_minor, coalesce(d.total_minor, 'nothing') FROM issued i
                LEFT JOIN main.documents d ON d.order_id = i.order_id AND d.name = i.name
                WHERE d.name IS NULL OR d.total_minor <> i.total_minor OR d.kind <> i.kind""",
            ),
            Check(
                "{} is a document, and the order does not know of it",
                """SELECT a.id, d.name FROM audited a CROSS JOIN main.documents d ON d.order_id = a.id
                LEFT JOIN issued i ON i.order_id = a.id AND i.name = d.name WHERE i.name IS NULL""",
            ),
            Check(
                "{} says {}, its parts add up to {}",
                f"""SELECT r.order_id, r.name, json_extract(r.content, '$.total_minor'), {SUM_OF_PARTS}
                FROM {{documents}} WHERE (json_extract(r.content, '$.total_minor') <> r.total_minor
                    OR json_extract(r.content, '$.name') <> r.name OR json_extract(r.content, '$.order') <> r.order_id
                    OR json_extract(r.content, '$.kind') <> r.kind OR json_extract(r.content, '$.currency') <> r.currency
                    OR r.total_minor <> {SUM_OF_PARTS})""",
                about="rows",
            ),
        ),
    ),
    Rule(
        "I46",
        "invoices less credit memos are what was charged and what is still open; of a closed order what was charged",
        (
            Check(
                "{} was invoiced and {} credited, {} is charged or lost to a bank",
                """SELECT a.id, a.invoiced_minor, a.credited_minor, a.captured_minor + a.lost_minor
                FROM audited a JOIN invoicing i ON i.workflow = a.own_workflow
                WHERE a.open = 0 AND a.invoiced_minor - a.credited_minor <> a.captured_minor + a.lost_minor""",
            ),
            # What the ledger has earned is what it has charged less what is the customer's of that.
            Check(
                "{} is invoiced and not credited, the ledger has earned {}",
                """SELECT a.id, a.invoiced_minor - a.credited_minor, coalesce(b.cash_minor - b.customer_minor, 0)
                FROM audited a JOIN invoicing i ON i.workflow = a.own_workflow LEFT JOIN booked b ON b.order_id = a.id
                WHERE (i.at_once = 1 OR a.open = 0)
                    AND a.invoiced_minor - a.credited_minor < coalesce(b.cash_minor - b.customer_minor, 0)""",
            ),
        ),
    ),
    Rule(
        "I47",
        "what a gateway has settled is booked, once, and was done",
        (
            Check(
                "{} is settled, the ledger has {}",
                """SELECT a.id, coalesce(s.amount_minor, 0), coalesce(b.settled_minor, 0) FROM audited a
                LEFT JOIN booked b ON b.order_id = a.id
                LEFT JOIN (SELECT order_id, sum(amount_minor) AS amount_minor FROM settled GROUP BY order_id) s
                    ON s.order_id = a.id
                WHERE coalesce(s.amount_minor, 0) <> coalesce(b.settled_minor, 0)""",
            ),
            Check(
                "{} is settled by {}, and was never done",
                """SELECT s.order_id, s.name, s.line FROM settled s WHERE NOT EXISTS (
                    SELECT 1 FROM transactions t
                    WHERE t.order_id = s.order_id AND t.name = s.name AND t.outcome = 'done')""",
            ),
        ),
    ),
)
