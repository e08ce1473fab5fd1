"""Invariants of the flow: no unit and no event is missing or doubled, and no order is left alone."""

from segue.store.audit_rules import Check, Rule, without_order

RULES = (
    Rule(
        "I23",
        "every unit of every line is in exactly one known state",
        (
            Check(
                "units {} to {} of line {} of {} are in {} states",
                """SELECT order_id, first, last, line, quantity, states FROM stretches
                WHERE (states <> 1 OR first < 1 OR last > quantity) AND (states > 0 OR first <= quantity)""",
            ),
            Check(
                "line {}: no state is called {}",
                """SELECT order_id, line, state FROM stretches
                WHERE states > 0 AND core NOT IN ('new', 'reserved', 'preordered', 'backordered', 'allocated',
                    'released', 'in_transit', 'ready', 'issuing', 'shipped', 'delivered', 'returning', 'returned',
                    'canceled')""",
            ),
        ),
    ),
    # That each move is an edge is what `segue replay --verify` finds out: folding refuses any other.
    Rule(
        "I24",
        "an order is pinned to a workflow version that is kept",
        (
            Check(
                "{} is not kept",
                """SELECT a.id, a.own_workflow FROM audited a
                WHERE NOT EXISTS (SELECT 1 FROM main.workflows w WHERE w.version = a.own_workflow)""",
            ),
            Check(
                "it is pinned to {}, its column says {}",
                "SELECT id, own_workflow, workflow FROM audited WHERE own_workflow <> workflow",
            ),
        ),
    ),
    Rule(
        "I25",
        "an order's events are 1 to n without gap or fork, and n is its version",
        (
            Check(
                "the step to version {} begins after {}, and another one ended at {} before",
                """SELECT r.order_id, r.version, r.version_before, coalesce((
                    SELECT max(b.version) FROM main.steps b WHERE b.order_id = r.order_id AND b.version < r.version), 0)
                FROM {steps} WHERE (r.version <= r.version_before OR r.version_before <> coalesce((
                    SELECT max(b.version) FROM main.steps b WHERE b.order_id = r.order_id AND b.version < r.version), 0)
                )""",
                about="rows",
            ),
            Check(
                "it is at version {}, its steps end at {}",
                """SELECT id, version, last FROM (
                    SELECT a.id, a.version, coalesce((
                        SELECT max(s.version) FROM main.steps s WHERE s.order_id = a.id), 0) AS last
                    FROM audited a
                ) x WHERE version <> last""",
            ),
            Check(
                "it is at version {}, its column says {}",
                "SELECT id, own_version, version FROM audited WHERE own_version <> version",
            ),
            Check("it has steps, and is not here", without_order("steps"), about="shop"),
        ),
    ),
    Rule(
        "I26",
        "an order's status is what its units say: closed exactly when units, money, holds and answers are all at rest",
        (
            Check(
                "closed is {}, {} stretches of units and {} amounts move, with {} holds",
                """SELECT id, 1 - open, moving, unsettled, holds FROM audited a
                WHERE (open = 1) <> (moving + unsettled + holds > 0 OR EXISTS (
                    SELECT 1 FROM transactions t WHERE t.order_id = a.id AND (t.outcome IN ('asked', 'unknown')
                        OR (t.spare AND t.amount_minor - t.lapsed_minor > coalesce((
                            SELECT sum(u.amount_minor) FROM transactions u
                            WHERE u.order_id = t.order_id AND u.reference_of = t.name
                                AND u.kind IN ('capture', 'void') AND u.outcome <> 'declined'), 0)))))""",
            ),
            Check("its column says {}, which it is not in", "SELECT id, status FROM audited WHERE in_status = 0"),
        ),
    ),
    Rule(
        "I27",
        "no limbo: an open order has a timer, an awaited answer, a folder with an owner, or a message to handle",
        (
            Check(
                "open as {}, and nothing will happen",
                """SELECT a.id, a.status FROM audited a
                WHERE a.open = 1 AND a.wake_at_s IS NULL
                    AND NOT EXISTS (SELECT 1 FROM main.folders f WHERE f.order_id = a.id)
                    AND NOT EXISTS (
                        SELECT 1 FROM main.tasks t WHERE t.order_id = a.id AND t.state IN ('ready', 'claimed'))
                    AND NOT EXISTS (SELECT 1 FROM main.inbox i WHERE i.state = 'new' AND i.order_id = a.id)""",
            ),
            Check(
                "it is in {}, and not found there",
                """SELECT p.order_id, p.name FROM places p
                WHERE NOT EXISTS (
                    SELECT 1 FROM main.folders f WHERE f.order_id = p.order_id AND f.folder = p.name)""",
            ),
            Check(
                "it is found in {}, and not there",
                """SELECT f.order_id, f.folder FROM audited a CROSS JOIN main.folders f
                WHERE f.order_id = a.id AND NOT EXISTS (
                    SELECT 1 FROM places p WHERE p.order_id = f.order_id AND p.name = f.folder)""",
            ),
        ),
    ),
    # A wake that failed by our own mistake is put off, and parked as a message of the engine's own.
    Rule(
        "I28",
        "a timer is never lost or late, and does not outlive its order",
        (
            Check(
                "closed, and {} timers are still set",
                "SELECT id, timers FROM audited WHERE open = 0 AND timers > 0",
            ),
            Check(
                "a timer is due at {}, it will be woken at {}",
                """SELECT a.id, a.timer_due_s, a.wake_at_s FROM audited a
                WHERE a.open = 1 AND a.timers > 0 AND (a.wake_at_s IS NULL OR a.wake_at_s > a.timer_due_s)
                    AND NOT EXISTS (SELECT 1 FROM main.inbox i
                        WHERE i.state = 'parked' AND i.order_id = a.id AND i.source = 'engine')""",
            ),
            Check(
                "it was to be woken at {}, and now it is {}",
                """SELECT id, wake_at_s, now_s FROM (
                    SELECT a.id, a.wake_at_s, (SELECT s.at_s FROM main.steps s ORDER BY s.number DESC LIMIT 1) AS now_s
                    FROM audited a WHERE a.open = 1 AND a.wake_at_s IS NOT NULL
                ) x WHERE wake_at_s + (SELECT late_s FROM terms) < now_s""",
            ),
        ),
    ),
    Rule(
        "I30",
        "a unit is in at most one shipment, of its own order, and only if its state says that it left",
        (
            Check(
                "units {} to {} of line {} are {}, in {} shipments",
                """SELECT order_id, first, last, line, state, shipments FROM stretches
                WHERE shipments > 1 OR shipments = 1 AND core NOT IN ('shipped', 'delivered', 'returning', 'returned')
                    OR shipments = 0 AND core IN ('shipped', 'delivered', 'returning', 'returned')""",
            ),
        ),
    ),
    Rule(
        "I56",
        "a line is the article that was ordered, or the last one that took its place",
        (
            Check(
                "line {} is {} in place of {!r}, its record says {} in place of {!r}",
                "SELECT order_id, line, sku, was, said_sku, said_was FROM substituted",
            ),
        ),
    ),
    Rule(
        "I37",
        "every change names its actor",
        (
            Check(
                "version {} has no actor",
                "SELECT r.order_id, r.version FROM {steps} WHERE trim(r.actor) = ''",
                about="rows",
            ),
        ),
    ),
    Rule(
        "I40",
        "an order's stored value can be read",
        (Check("{}", "SELECT order_id, reason FROM unreadable"),),
    ),
)
