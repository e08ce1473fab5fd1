"""Invariants of documents and settlements: numbers have no gaps, and what was charged is said and booked, to the cent."""

from segue.store.audit_rules import Check, Rule, without_order

SUM_OF_PARTS = """
    coalesce((SELECT sum(json_extract(l.value, '$.amount_minor')) FROM json_each(r.content, '$.lines') l), 0)
    + coalesce((SELECT sum(json_extract(c.value, '$.amount_minor')) FROM json_each(r.content, '$.charges') c), 0)
    + coalesce(json_extract(r.content, '$.shipping_minor'), 0) + coalesce(json_extract(r.content, '$.other_minor'), 0)"""

# The taxes of a document's parts, and what its parts beside lines, shipping and charges add up to.
SUM_OF_TAXES = """
    coalesce((SELECT sum(json_extract(t.value, '$.amount_minor')) FROM json_each(r.content, '$.lines') l,
        json_each(l.value, '$.taxes') t), 0)
    + coalesce((SELECT sum(json_extract(c.value, '$.tax_minor')) FROM json_each(r.content, '$.charges') c), 0)
    + coalesce((SELECT sum(json_extract(o.value, '$.tax_minor')) FROM json_each(r.content, '$.others') o), 0)
    + coalesce(json_extract(r.content, '$.shipping_tax_minor'), 0)"""
TAXES = "coalesce((SELECT sum(json_extract(t.value, '$.amount_minor')) FROM json_each(r.content, '$.taxes') t), 0)"
SUM_OF_OTHERS = """
    coalesce((SELECT sum(json_extract(o.value, '$.amount_minor')) FROM json_each(r.content, '$.others') o), 0)"""

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
            Check(
                "{} says taxes of {}, those of its parts add up to {}",
                f"SELECT r.order_id, r.name, {TAXES}, {SUM_OF_TAXES} FROM {{documents}} WHERE {TAXES} <> {SUM_OF_TAXES}",
                about="rows",
            ),
            Check(
                "{} says {} of other amounts, they add up to {}",
                f"""SELECT r.order_id, r.name, coalesce(json_extract(r.content, '$.other_minor'), 0), {SUM_OF_OTHERS}
                FROM {{documents}} WHERE coalesce(json_extract(r.content, '$.other_minor'), 0) <> {SUM_OF_OTHERS}""",
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
            # What the ledger has earned is what it has charged less what is the customer's of that. It books all that is
            # withheld with the first parcel; invoices ask for it with the goods that it makes dearer.
            Check(
                "{} is invoiced and not credited, the ledger has earned {}",
                """SELECT a.id, a.invoiced_minor - a.credited_minor, coalesce(b.cash_minor - b.customer_minor, 0)
                FROM audited a JOIN invoicing i ON i.workflow = a.own_workflow LEFT JOIN booked b ON b.order_id = a.id
                WHERE (i.at_once = 1 OR a.open = 0)
                    AND a.invoiced_minor - a.credited_minor
                        < coalesce(b.cash_minor - b.customer_minor, 0) - a.withheld_minor""",
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
    Rule(
        "I48",
        "of a closed order the documents say the taxes that the ledger has booked, each by its name",
        (
            Check(
                "of the tax {} its documents say {}, the ledger {}",
                """SELECT a.id, x.name, sum(x.said_minor), sum(x.booked_minor) FROM audited a
                JOIN invoicing i ON i.workflow = a.own_workflow CROSS JOIN (
                    SELECT d.order_id, json_extract(t.value, '$.name') AS name, 0 AS booked_minor,
                        json_extract(t.value, '$.amount_minor') * iif(d.kind = 'invoice', 1, -1) AS said_minor
                    FROM audited b CROSS JOIN main.documents d ON d.order_id = b.id, json_each(d.content, '$.taxes') t
                    UNION ALL
                    SELECT e.order_id, iif(e.credit = 'tax', 'tax', substr(e.credit, 5)), e.amount_minor, 0
                    FROM audited b CROSS JOIN main.ledger e ON e.order_id = b.id
                    WHERE e.credit = 'tax' OR (e.credit >= 'tax:' AND e.credit < 'tax;')
                    UNION ALL
                    SELECT e.order_id, iif(e.debit = 'tax', 'tax', substr(e.debit, 5)), -e.amount_minor, 0
                    FROM audited b CROSS JOIN main.ledger e ON e.order_id = b.id
                    WHERE e.debit = 'tax' OR (e.debit >= 'tax:' AND e.debit < 'tax;')
                ) x ON x.order_id = a.id
                WHERE a.open = 0 GROUP BY a.id, x.name HAVING sum(x.said_minor) <> sum(x.booked_minor)""",
            ),
        ),
    ),
)
