-- Subscriptions, their steps, and what became of their days, with the same meaning as ../subscriptions.sql.
CREATE TABLE subscriptions (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE CHECK (id <> ''),
    version BIGINT NOT NULL CHECK (version > 0),
    channel TEXT COLLATE "C" NOT NULL CHECK (channel <> ''),
    person TEXT COLLATE "C" NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'on_hold', 'ended')),
    wake_at_s BIGINT CHECK (wake_at_s >= 0),
    value TEXT NOT NULL
);
CREATE INDEX subscriptions_to_renew ON subscriptions (wake_at_s, number) WHERE wake_at_s IS NOT NULL;
CREATE INDEX subscriptions_by_state ON subscriptions (state, number);

CREATE TABLE subscription_steps (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscription_id TEXT COLLATE "C" NOT NULL CHECK (subscription_id <> ''),
    version BIGINT NOT NULL,
    version_before BIGINT NOT NULL CHECK (version_before >= 0),
    at_s BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL CHECK (actor <> ''),
    record TEXT NOT NULL,
    UNIQUE (subscription_id, version),
    CHECK (version > version_before)
);

CREATE TABLE cycles (
    subscription_id TEXT COLLATE "C" NOT NULL CHECK (subscription_id <> ''),
    line BIGINT NOT NULL CHECK (line > 0),
    on_day TEXT COLLATE "C" NOT NULL CHECK (on_day <> ''),
    outcome TEXT NOT NULL CHECK (outcome <> ''),
    order_id TEXT COLLATE "C" NOT NULL,
    at_s BIGINT NOT NULL,
    PRIMARY KEY (subscription_id, line, on_day),
    CHECK ((outcome = 'ordered') = (order_id <> ''))
);
CREATE INDEX cycles_by_order ON cycles (order_id) WHERE order_id <> '';

CREATE TRIGGER subscription_steps_are_not_changed BEFORE UPDATE ON subscription_steps
    FOR EACH ROW EXECUTE FUNCTION refuse('a step that was taken is never changed');
CREATE TRIGGER subscription_steps_are_not_deleted BEFORE DELETE ON subscription_steps
    FOR EACH ROW EXECUTE FUNCTION refuse('a step that was taken is never deleted');
CREATE TRIGGER subscription_steps_are_not_truncated BEFORE TRUNCATE ON subscription_steps
    EXECUTE FUNCTION refuse('a step that was taken is never deleted');
CREATE TRIGGER cycles_are_not_changed BEFORE UPDATE ON cycles
    FOR EACH ROW EXECUTE FUNCTION refuse('what became of a cycle is never changed');
CREATE TRIGGER cycles_are_not_deleted BEFORE DELETE ON cycles
    FOR EACH ROW EXECUTE FUNCTION refuse('what became of a cycle is never deleted');
CREATE TRIGGER cycles_are_not_truncated BEFORE TRUNCATE ON cycles
    EXECUTE FUNCTION refuse('what became of a cycle is never deleted');
