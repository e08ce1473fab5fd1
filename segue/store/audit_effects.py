"""Invariants of effects on the outside world: nothing is asked without a record, and nothing that was said is lost."""

from segue.store.audit_rules import Check, Rule, without_order

RULES = (
    Rule(
        "I31",
        "every effect was asked for by a step on record, under a key of its own, for the amount on record",
        (
            Check(
                "task {}: no step ends at version {}",
                """SELECT r.order_id, r.id, r.version FROM {tasks} WHERE NOT EXISTS (
                    SELECT 1 FROM main.steps s WHERE s.order_id = r.order_id AND s.version = r.version)
                    AND NOT EXISTS (SELECT 1 FROM main.subscriptions s WHERE s.id = r.order_id)""",
                about="rows",
            ),
            Check(
                "{} was opened, and no task asks for {}",
                """SELECT t.order_id, t.name, t.said FROM transactions t
                WHERE t.tender_kind IN ('gateway', 'adopted') AND NOT t.brought AND NOT EXISTS (
                    SELECT 1 FROM asked k WHERE k.order_id = t.order_id AND k.kind = t.kind AND k.said = t.said)""",
            ),
            Check(
                "task {} asks for {}, which the order does not know",
                """SELECT k.order_id, k.id, k.said FROM asked k
                WHERE k.kind IN ('authorize', 'capture', 'void', 'refund') AND NOT EXISTS (
                    SELECT 1 FROM transactions t
                    WHERE t.order_id = k.order_id AND t.said = k.said AND t.kind = k.kind)""",
            ),
            Check(
                "{} tasks are called {}",
                "SELECT min(order_id), count(*), id FROM main.tasks GROUP BY id HAVING count(*) > 1",
                about="shop",
            ),
            Check(
                "it has tasks, and is not here",
                f"""{without_order("tasks")}
                    AND NOT EXISTS (SELECT 1 FROM main.subscriptions s WHERE s.id = k.order_key)""",
                about="shop",
            ),
        ),
    ),
    # How long an answer may be awaited is the provider's limit; that it is settled within 15 minutes is not kept yet.
    Rule(
        "I32",
        "an effect without an answer is being asked for, and one with an unknown outcome is in a folder with an owner",
        (
            Check(
                "{} waits for an answer that nobody asks for",
                """SELECT t.order_id, t.name FROM transactions t
                WHERE t.outcome = 'asked' AND t.tender_kind IN ('gateway', 'adopted') AND NOT EXISTS (
                    SELECT 1 FROM asked k WHERE k.order_id = t.order_id AND k.kind = t.kind AND k.said = t.said
                        AND k.state IN ('ready', 'claimed'))""",
            ),
            Check(
                "what became of {} is unknown, and no folder has it",
                """SELECT t.order_id, t.name FROM transactions t
                WHERE t.outcome = 'unknown' AND NOT EXISTS (
                    SELECT 1 FROM main.folders f WHERE f.order_id = t.order_id)""",
            ),
        ),
    ),
    # Messages have an index by order only while they are parked: those of single orders are asked for these only.
    Rule(
        "I33",
        "each message is handled once, and none is dropped",
        (
            Check(
                "it is {}, and its content is gone",
                """SELECT i.source || ' ' || i.id, i.state FROM audited a CROSS JOIN main.inbox i
                WHERE i.order_id = a.id AND i.state = 'parked' AND (i.body = '' OR i.reason = '')""",
            ),
            Check(
                "it is new, and its content is gone",
                "SELECT source || ' ' || id FROM main.inbox WHERE state = 'new' AND body = ''",
                about="messages",
            ),
            Check(
                "it is {}, and its content or the reason is gone",
                """SELECT source || ' ' || id, state FROM main.inbox
                WHERE state IN ('refused', 'parked') AND (reason = '' OR state = 'parked' AND body = '')""",
                about="messages",
            ),
            Check(
                "it is here {} times",
                "SELECT source || ' ' || id, count(*) FROM main.inbox GROUP BY source, id HAVING count(*) > 1",
                about="shop",
            ),
        ),
    ),
    Rule(
        "I35",
        "a customer gets one message for one cause",
        (
            Check(
                "{} times in version {}: {}",
                """SELECT order_id, count(*), version, said FROM asked WHERE kind = 'mail'
                GROUP BY order_id, version, said HAVING count(*) > 1""",
            ),
        ),
    ),
)
