-- Subscriptions: standing orders. `value` is what its steps come to. What is not over has an instant at which it is renewed,
-- or is in a folder: on hold, until somebody finds another way to pay.
CREATE TABLE subscriptions (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE CHECK (id <> ''),
    version INTEGER NOT NULL CHECK (version > 0),
    channel TEXT NOT NULL CHECK (channel <> ''),
    person TEXT NOT NULL,
    state TEXT NOT NULL,
    wake_at_s INTEGER CHECK (wake_at_s >= 0),
    value TEXT NOT NULL,
    CHECK (state = 'active' OR state = 'paused' OR state = 'on_hold' OR state = 'ended')
) STRICT;
CREATE INDEX subscriptions_to_renew ON subscriptions (wake_at_s, number) WHERE wake_at_s IS NOT NULL;
CREATE INDEX subscriptions_by_state ON subscriptions (state, number);

CREATE TABLE subscription_steps (
    number INTEGER PRIMARY KEY,
    subscription_id TEXT NOT NULL CHECK (subscription_id <> ''),
    version INTEGER NOT NULL,
    version_before INTEGER NOT NULL CHECK (version_before >= 0),
    at_s INTEGER NOT NULL,
    actor TEXT NOT NULL CHECK (actor <> ''),
    record TEXT NOT NULL,
    CHECK (version > version_before)
) STRICT;
CREATE UNIQUE INDEX steps_of_subscription ON subscription_steps (subscription_id, version);

-- What became of each day on which a line was due: its order, or the reason why it has none. No day is settled twice. An
-- order beside the days of a subscription has a name instead of a day.
CREATE TABLE cycles (
    subscription_id TEXT NOT NULL CHECK (subscription_id <> ''),
    line INTEGER NOT NULL CHECK (line > 0),
    on_day TEXT NOT NULL CHECK (on_day <> ''),
    outcome TEXT NOT NULL CHECK (outcome <> ''),
    order_id TEXT NOT NULL,
    at_s INTEGER NOT NULL,
    PRIMARY KEY (subscription_id, line, on_day),
    CHECK ((outcome = 'ordered') = (order_id <> ''))
) STRICT, WITHOUT ROWID;
CREATE INDEX cycles_by_order ON cycles (order_id) WHERE order_id <> '';

CREATE TRIGGER subscription_steps_are_not_changed BEFORE UPDATE ON subscription_steps
BEGIN SELECT raise(ABORT, 'a step that was taken is never changed'); END;
CREATE TRIGGER subscription_steps_are_not_deleted BEFORE DELETE ON subscription_steps
BEGIN SELECT raise(ABORT, 'a step that was taken is never deleted'); END;
CREATE TRIGGER cycles_are_not_changed BEFORE UPDATE ON cycles
BEGIN SELECT raise(ABORT, 'what became of a cycle is never changed'); END;
CREATE TRIGGER cycles_are_not_deleted BEFORE DELETE ON cycles
BEGIN SELECT raise(ABORT, 'what became of a cycle is never deleted'); END;
