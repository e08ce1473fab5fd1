"""What audit rules are made of: the rule itself, and the temporary tables into which orders are unfolded for them."""

from segue.core.base import Value


class Rule(Value):
    """An invariant: its id, its sentence, and a query of (offender, detail) that must return no rows."""

    id: str
    sentence: str
    query: str
    whole: bool = False  # about counters of the whole shop: not asked when one order is audited


UNSCOPED = (
    "CREATE TEMP VIEW audited_orders AS SELECT * FROM main.orders",
    "CREATE TEMP VIEW audited_steps AS SELECT * FROM main.steps",
    "CREATE TEMP VIEW audited_moves AS SELECT * FROM main.stock_moves WHERE order_id <> ''",
    "CREATE TEMP VIEW audited_ledger AS SELECT * FROM main.ledger",
    "CREATE TEMP VIEW audited_tasks AS SELECT * FROM main.tasks",
    "CREATE TEMP VIEW audited_inbox AS SELECT * FROM main.inbox",
)
SCOPED = (
    "CREATE TEMP TABLE scope AS SELECT value AS id FROM json_each(?)",
    "CREATE TEMP VIEW audited_orders AS SELECT * FROM main.orders WHERE id IN (SELECT id FROM scope)",
    "CREATE TEMP VIEW audited_steps AS SELECT * FROM main.steps WHERE order_id IN (SELECT id FROM scope)",
    "CREATE TEMP VIEW audited_moves AS SELECT * FROM main.stock_moves WHERE order_id IN (SELECT id FROM scope)",
    "CREATE TEMP VIEW audited_ledger AS SELECT * FROM main.ledger WHERE order_id IN (SELECT id FROM scope)",
    "CREATE TEMP VIEW audited_tasks AS SELECT * FROM main.tasks WHERE order_id IN (SELECT id FROM scope)",
    # Messages have an index by order only while they are parked.
    "CREATE TEMP VIEW audited_inbox AS SELECT * FROM main.inbox WHERE state = 'parked'"
    " AND order_id IN (SELECT id FROM scope)",
)

# `core` is the core state that a workflow's own state refines: `allocated.engraving` is allocated.
PREPARE = (
    """CREATE TEMP TABLE heads AS
    SELECT id, version, total_minor, currency, json_extract(value, '$.version') AS own_version,
        json_extract(value, '$.total_minor') AS own_total_minor, json_extract(value, '$.currency') AS own_currency,
        json_extract(value, '$.shipping_minor') AS shipping_minor,
        coalesce(json_extract(value, '$.charges'), '[]') AS charges,
        coalesce(json_extract(value, '$.failures'), '[]') AS failures
    FROM audited_orders""",
    """CREATE TEMP TABLE lines AS
    SELECT o.id AS order_id, json_extract(l.value, '$.number') AS line, json_extract(l.value, '$.sku') AS sku,
        json_extract(l.value, '$.quantity') AS quantity, json_extract(l.value, '$.price_minor') AS price_minor,
        json_extract(l.value, '$.discount_minor') AS discount_minor, json_extract(l.value, '$.tax_minor') AS tax_minor,
        json_extract(l.value, '$.paid_minor') AS paid_minor, json_extract(l.value, '$.tally') AS tally
    FROM audited_orders o, json_each(o.value, '$.lines') l""",
    "CREATE INDEX temp.lines_of_order ON lines (order_id, line)",
    """CREATE TEMP TABLE spans AS
    SELECT l.order_id, l.line, l.sku, t.key AS state,
        iif(instr(t.key, '.'), substr(t.key, 1, instr(t.key, '.') - 1), t.key) AS core,
        json_extract(r.value, '$[0]') AS first, json_extract(r.value, '$[1]') AS last
    FROM temp.lines l, json_each(l.tally) t, json_each(t.value) r""",
    "CREATE INDEX temp.spans_of_line ON spans (order_id, line)",
    """CREATE TEMP TABLE tenders AS
    SELECT o.id AS order_id, t.key AS tender, json_extract(t.value, '$.kind') AS kind,
        json_extract(t.value, '$.amount_minor') AS amount_minor, json_extract(t.value, '$.tally') AS tally
    FROM audited_orders o, json_each(o.value, '$.tenders') t""",
    """CREATE TEMP TABLE money AS
    SELECT t.order_id, t.tender, t.kind, m.key AS state, m.value AS held FROM temp.tenders t, json_each(t.tally) m""",
    """CREATE TEMP TABLE transactions AS
    SELECT o.id AS order_id, t.key AS name, json_extract(t.value, '$.kind') AS kind,
        json_extract(t.value, '$.tender') AS tender, json_extract(t.value, '$.amount_minor') AS amount_minor,
        coalesce(json_extract(t.value, '$.outcome'), 'asked') AS outcome,
        coalesce(json_extract(t.value, '$.reference_of'), '') AS reference_of
    FROM audited_orders o, json_each(o.value, '$.transactions') t""",
    """CREATE TEMP TABLE given AS
    SELECT o.id AS order_id, f.key AS fulfillment, json_extract(f.value, '$.location') AS location,
        CAST(u.key AS INTEGER) AS line, json_extract(r.value, '$[0]') AS first, json_extract(r.value, '$[1]') AS last
    FROM audited_orders o, json_each(o.value, '$.fulfillments') f, json_each(f.value, '$.units') u,
        json_each(u.value) r""",
    """CREATE TEMP TABLE parcels AS
    SELECT o.id AS order_id, s.key AS shipment, CAST(u.key AS INTEGER) AS line,
        json_extract(r.value, '$[0]') AS first, json_extract(r.value, '$[1]') AS last
    FROM audited_orders o, json_each(o.value, '$.shipments') s, json_each(s.value, '$.units') u,
        json_each(u.value) r""",
)
