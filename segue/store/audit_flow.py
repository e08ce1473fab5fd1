"""Invariants of the flow and of effects: no unit, event, message or task is lost, doubled or left alone."""

from segue.store.audit_rules import Rule

RULES = (
    Rule(
        "I23",
        "every unit of every line is in exactly one known state",
        """SELECT l.order_id, printf('line %d of %d has %d units in states', l.line, l.quantity, coalesce(s.units, 0))
        FROM temp.lines l LEFT JOIN (
            SELECT order_id, line, sum(last - first + 1) AS units, min(first) AS first, max(last) AS last
            FROM temp.spans GROUP BY order_id, line
        ) s ON s.order_id = l.order_id AND s.line = l.line
        WHERE s.units IS NOT l.quantity OR s.first <> 1 OR s.last <> l.quantity
        UNION ALL
        SELECT order_id, printf('line %d: unit %d is in two states', line, first) FROM (
            SELECT order_id, line, first, max(last) OVER (
                PARTITION BY order_id, line ORDER BY first, last ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS before FROM temp.spans
        ) WHERE first <= before
        UNION ALL
        SELECT order_id, printf('line %d: no state is called %s', line, state) FROM temp.spans
        WHERE last < first OR core NOT IN ('new', 'reserved', 'preordered', 'backordered', 'allocated', 'released',
            'ready', 'shipped', 'delivered', 'returning', 'returned', 'canceled')""",
    ),
    Rule(
        "I25",
        "an order's events are 1 to n without gap or fork, and n is its version",
        """SELECT order_id, printf('version %d follows %d', version, before) FROM (
            SELECT order_id, version, version_before,
                lag(version, 1, 0) OVER (PARTITION BY order_id ORDER BY version) AS before
            FROM audited_steps
        ) WHERE version_before <> before OR version <= version_before
        UNION ALL
        SELECT id, printf('it is at version %d, its steps end at %d', version, last) FROM (
            SELECT o.id, o.version,
                (SELECT coalesce(max(s.version), 0) FROM main.steps s WHERE s.order_id = o.id) AS last
            FROM audited_orders o
        ) WHERE version <> last
        UNION ALL
        SELECT id, printf('it is at version %d, its column says %d', own_version, version)
        FROM temp.heads WHERE own_version <> version
        UNION ALL
        SELECT DISTINCT s.order_id, 'it has steps, and is not here' FROM audited_steps s
        WHERE NOT EXISTS (SELECT 1 FROM main.orders o WHERE o.id = s.order_id)""",
    ),
    Rule(
        "I26",
        "an order that is closed has all units at rest",
        """SELECT DISTINCT o.id, printf('closed, and units of line %d are %s', s.line, s.state)
        FROM temp.spans s JOIN audited_orders o ON o.id = s.order_id
        WHERE o.open = 0 AND s.core NOT IN ('delivered', 'returned', 'canceled')""",
    ),
    Rule(
        "I27",
        "no limbo: an open order has a timer, an awaited answer, a folder with an owner, or a message to handle",
        """SELECT o.id, 'open as ' || o.status || ', and nothing will happen' FROM audited_orders o
        WHERE o.open = 1 AND o.wake_at_s IS NULL
            AND NOT EXISTS (SELECT 1 FROM main.folders f WHERE f.order_id = o.id)
            AND NOT EXISTS (SELECT 1 FROM main.tasks t WHERE t.order_id = o.id AND t.state IN ('ready', 'claimed'))
            AND o.id NOT IN (SELECT order_id FROM main.inbox WHERE state = 'new')""",
    ),
    Rule(
        "I30",
        "a unit is in at most one shipment, of its own order, and only if its state says that it left",
        """SELECT order_id, printf('line %d: unit %d is in two shipments', line, first) FROM (
            SELECT order_id, line, first, max(last) OVER (
                PARTITION BY order_id, line ORDER BY first, last ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS before FROM temp.parcels
        ) WHERE first <= before
        UNION ALL
        SELECT p.order_id,
            printf('%s: %d units of line %d have not left', p.shipment, p.units - coalesce(p.left, 0), p.line)
        FROM (
            SELECT g.order_id, g.shipment, g.line, g.last - g.first + 1 AS units,
                (SELECT sum(min(s.last, g.last) - max(s.first, g.first) + 1) FROM temp.spans s
                 WHERE s.order_id = g.order_id AND s.line = g.line AND s.first <= g.last AND g.first <= s.last
                    AND s.core IN ('shipped', 'delivered', 'returning', 'returned')) AS left
            FROM temp.parcels g
        ) p WHERE p.units <> coalesce(p.left, 0)""",
    ),
    Rule(
        "I31",
        "every effect was asked for by a step on record, under a key of its own",
        """SELECT t.order_id, printf('task %s: no step ends at version %d', t.id, t.version) FROM audited_tasks t
        WHERE NOT EXISTS (SELECT 1 FROM main.steps s WHERE s.order_id = t.order_id AND s.version = t.version)
        UNION ALL
        SELECT t.order_id, printf('%s was opened, and no task asks for it', t.name) FROM temp.transactions t
        JOIN temp.tenders p ON p.order_id = t.order_id AND p.tender = t.tender
        WHERE p.kind IN ('gateway', 'adopted') AND NOT EXISTS (
            SELECT 1 FROM main.tasks k WHERE k.order_id = t.order_id AND k.kind = t.kind
                AND json_extract(k.payload, '$.transaction') = t.name)""",
    ),
    Rule(
        "I31",
        "every effect was asked for by a step on record, under a key of its own",
        """SELECT min(order_id), printf('%d tasks are called %s', count(*), id) FROM main.tasks
        GROUP BY id HAVING count(*) > 1""",
        whole=True,
    ),
    Rule(
        "I33",
        "each message is handled once, and none is dropped",
        """SELECT source || ' ' || id, 'it is ' || state || ', and its content is gone' FROM audited_inbox
        WHERE state IN ('new', 'parked') AND body = ''
        UNION ALL
        SELECT source || ' ' || id, 'it is ' || state || ' without a reason' FROM audited_inbox
        WHERE state IN ('refused', 'parked') AND reason = ''
        UNION ALL
        SELECT source || ' ' || id, printf('it is here %d times', count(*)) FROM audited_inbox
        GROUP BY source, id HAVING count(*) > 1""",
    ),
    Rule(
        "I35",
        "a customer gets one message for one cause",
        """SELECT order_id, printf('%d times in version %d: %s', count(*), version, payload) FROM audited_tasks
        WHERE kind = 'mail' GROUP BY order_id, version, payload HAVING count(*) > 1""",
    ),
    Rule(
        "I37",
        "every change names its actor",
        "SELECT order_id, printf('version %d has no actor', version) FROM audited_steps WHERE trim(actor) = ''",
    ),
)
