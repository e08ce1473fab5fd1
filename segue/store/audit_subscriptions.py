"""Invariants of subscriptions: each day on which something was due has one order or a reason; none is left alone."""

from segue.store.audit_rules import Check, Rule

# What the events of all steps say became of days: subscription, line, day or name, outcome.
SAID = """
    SELECT s.subscription_id AS id, l.value AS line,
        coalesce(json_extract(e.value, '$.on'), json_extract(e.value, '$.cycle')) AS on_day,
        coalesce(json_extract(e.value, '$.reason'), 'ordered') AS outcome
    FROM main.subscription_steps s CROSS JOIN json_each(s.record, '$.events') e
        CROSS JOIN json_each(e.value, '$.lines') l
    WHERE json_extract(e.value, '$.event') IN ('cycle_ordered', 'cycle_passed')"""
# The channel's id of the order that a day has become: what follows the channel in the order's id.
NAMED = "substr(c.order_id, length(json_extract(s.value, '$.terms.channel')) + 2)"

RULES = (
    Rule(
        "I60",
        "a subscription's events are 1 to n without gap or fork, and n is its version",
        (
            Check(
                "the step to version {} begins after {}, and another one ended at {} before",
                """SELECT subscription_id, version, version_before, before FROM (
                    SELECT *, lag(version, 1, 0) OVER (PARTITION BY subscription_id ORDER BY version) AS before
                    FROM main.subscription_steps
                ) WHERE version_before <> before""",
                about="shop",
            ),
            Check(
                "it is at version {}, its steps end at {}",
                """SELECT id, version, last FROM (
                    SELECT s.id, s.version, coalesce((SELECT max(t.version) FROM main.subscription_steps t
                        WHERE t.subscription_id = s.id), 0) AS last
                    FROM main.subscriptions s
                ) WHERE version <> last""",
                about="shop",
            ),
            Check(
                "its value says {}, version {}, in the state {}",
                """SELECT id, json_extract(value, '$.id'), json_extract(value, '$.version'), state FROM main.subscriptions
                WHERE json_extract(value, '$.id') <> id OR json_extract(value, '$.version') <> version
                    OR (state = 'ended') <> (coalesce(json_extract(value, '$.over'), '') <> '')
                    OR (state = 'on_hold') <> (state <> 'ended' AND coalesce(json_extract(value, '$.held'), 0) = 1)""",
                about="shop",
            ),
            Check(
                "it has steps or days, and is not here",
                """SELECT DISTINCT t.subscription_id FROM (
                    SELECT subscription_id FROM main.subscription_steps UNION SELECT subscription_id FROM main.cycles) t
                WHERE NOT EXISTS (SELECT 1 FROM main.subscriptions s WHERE s.id = t.subscription_id)""",
                about="shop",
            ),
        ),
    ),
    Rule(
        "I61",
        "each day on which a line of a subscription was due has exactly one order, or a reason on record",
        (
            Check(
                "its events say that {} of line {} was {}, and its day does not",
                f"""SELECT x.id, x.on_day, x.line, x.outcome FROM ({SAID}) x
                WHERE NOT EXISTS (SELECT 1 FROM main.cycles c WHERE c.subscription_id = x.id AND c.line = x.line
                    AND c.on_day = x.on_day AND c.outcome = x.outcome)""",
                about="shop",
            ),
            Check(
                "its days are {}, its events say {} of them",
                f"""SELECT id, sum(days), sum(said) FROM (
                    SELECT subscription_id AS id, count(*) AS days, 0 AS said FROM main.cycles GROUP BY 1
                    UNION ALL SELECT id, 0, count(*) FROM ({SAID}) GROUP BY 1
                ) GROUP BY id HAVING sum(days) <> sum(said)""",
                about="shop",
            ),
            Check(
                "it has made {} orders, its days have {}",
                """SELECT id, made, orders FROM (
                    SELECT s.id, coalesce(json_extract(s.value, '$.made'), 0) AS made, (
                        SELECT count(DISTINCT c.order_id) FROM main.cycles c
                        WHERE c.subscription_id = s.id AND c.outcome = 'ordered') AS orders
                    FROM main.subscriptions s
                ) WHERE made <> orders""",
                about="shop",
            ),
            Check(
                "{} became {}, of which there is no order, and no message that waits to be one",
                f"""SELECT s.id, c.on_day, c.order_id
                FROM main.cycles c JOIN main.subscriptions s ON s.id = c.subscription_id
                WHERE c.order_id <> '' AND NOT EXISTS (SELECT 1 FROM main.orders o WHERE o.id = c.order_id)
                    AND NOT EXISTS (SELECT 1 FROM main.inbox i
                        WHERE i.source = 'subscriptions' AND i.id = {NAMED} AND i.state <> 'done')""",
                about="shop",
            ),
            Check(
                "it was asked for by no day of a subscription",
                """SELECT i.id FROM main.inbox i WHERE i.source = 'subscriptions' AND i.kind = 'order' AND NOT EXISTS (
                    SELECT 1 FROM main.cycles c WHERE c.subscription_id = substr(i.id, 1, instr(i.id, '.') - 1)
                        AND substr(c.order_id, -length(i.id)) = i.id)""",
                about="shop",
            ),
        ),
    ),
    Rule(
        "I62",
        "no subscription is left alone: it is over, on hold for somebody to see to it, or renewed in time",
        (
            Check(
                "it is {}, and nothing will happen",
                """SELECT id, state FROM main.subscriptions
                WHERE wake_at_s IS NULL AND state NOT IN ('ended', 'on_hold')
                    AND NOT (state = 'paused' AND json_extract(value, '$.paused_until') IS NULL)""",
                about="shop",
            ),
            Check(
                "it was to be renewed at {}, and now it is {}",
                """SELECT id, wake_at_s, now_s FROM (
                    SELECT s.id, s.wake_at_s, (
                        SELECT t.at_s FROM main.subscription_steps t ORDER BY t.number DESC LIMIT 1) AS now_s
                    FROM main.subscriptions s WHERE s.wake_at_s IS NOT NULL
                ) WHERE wake_at_s + (SELECT late_s FROM terms) < now_s""",
                about="shop",
            ),
        ),
    ),
)
