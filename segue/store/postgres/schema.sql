-- The tables of one shop in PostgreSQL, with the same meaning as ../schema.sql: what one row can say is a CHECK.
-- Ids are compared byte by byte (COLLATE "C"), as SQLite does. Values and records are TEXT, since JSONB would not give
-- them back byte for byte. Instants are seconds since 1970, UTC. Indexes that only lists and counts need come with those.

CREATE TABLE meta (
    name TEXT COLLATE "C" PRIMARY KEY,
    value TEXT NOT NULL
);

-- Personal data is here and nowhere else: sealed under a key of the person's own, which is wrapped by the shop's key.
CREATE TABLE people (
    id TEXT COLLATE "C" PRIMARY KEY CHECK (id <> ''),
    key BYTEA NOT NULL CHECK (length(key) = 60),
    sealed BYTEA NOT NULL CHECK (length(sealed) > 28)
);

CREATE TABLE orders (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE CHECK (id <> ''),
    version BIGINT NOT NULL CHECK (version > 0),
    channel TEXT COLLATE "C" NOT NULL,
    channel_order_id TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    workflow TEXT NOT NULL,
    placed_at_s BIGINT NOT NULL,
    basket TEXT NOT NULL,
    ship_to_digest TEXT NOT NULL,
    total_minor BIGINT NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    status TEXT COLLATE "C" NOT NULL,
    open BOOLEAN NOT NULL,
    wake_at_s BIGINT CHECK (wake_at_s >= 0),
    value TEXT NOT NULL,
    UNIQUE (channel_order_id, channel)
);
-- Those that are woken at the same instant are served in the order in which they were placed.
CREATE INDEX orders_to_wake ON orders (wake_at_s, placed_at_s, number) WHERE wake_at_s IS NOT NULL;
CREATE INDEX orders_of_person ON orders (person, placed_at_s) WHERE person <> '';

-- One row a step; `version` is that of its last event.
CREATE TABLE steps (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id TEXT COLLATE "C" NOT NULL CHECK (order_id <> ''),
    version BIGINT NOT NULL,
    version_before BIGINT NOT NULL CHECK (version_before >= 0),
    at_s BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL CHECK (actor <> ''),
    record TEXT NOT NULL,
    UNIQUE (order_id, version),
    CHECK (version > version_before)
);

CREATE TABLE folders (
    folder TEXT COLLATE "C" NOT NULL CHECK (folder <> ''),
    order_id TEXT COLLATE "C" NOT NULL CHECK (order_id <> ''),
    since_s BIGINT NOT NULL,
    PRIMARY KEY (order_id, folder)
);

CREATE TABLE watches (
    fact TEXT COLLATE "C" NOT NULL CHECK (fact <> ''),
    order_id TEXT COLLATE "C" NOT NULL CHECK (order_id <> ''),
    PRIMARY KEY (order_id, fact)
);
CREATE INDEX watches_by_fact ON watches (fact);

CREATE TABLE items (
    sku TEXT COLLATE "C" PRIMARY KEY CHECK (sku <> ''),
    value TEXT NOT NULL
);

-- The safety stock is never promised; where less is there than the safety stock, nothing is.
CREATE TABLE stock (
    sku TEXT COLLATE "C" NOT NULL CHECK (sku <> ''),
    location TEXT COLLATE "C" NOT NULL CHECK (location <> ''),
    on_hand BIGINT NOT NULL CHECK (on_hand >= 0),
    allocated BIGINT NOT NULL CHECK (allocated >= 0),
    safety BIGINT NOT NULL DEFAULT 0 CHECK (safety >= 0),
    PRIMARY KEY (sku, location),
    CHECK (allocated <= greatest(on_hand - safety, 0))
);

-- Receipts and recounts belong to no order: their order_id is empty, and their version a running number.
CREATE TABLE stock_moves (
    order_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    position BIGINT NOT NULL CHECK (position >= 0),
    sku TEXT COLLATE "C" NOT NULL CHECK (sku <> ''),
    location TEXT COLLATE "C" NOT NULL CHECK (location <> ''),
    on_hand BIGINT NOT NULL,
    allocated BIGINT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    at_s BIGINT NOT NULL,
    PRIMARY KEY (order_id, version, position)
);

CREATE TABLE ledger (
    order_id TEXT COLLATE "C" NOT NULL CHECK (order_id <> ''),
    version BIGINT NOT NULL CHECK (version > 0),
    position BIGINT NOT NULL CHECK (position >= 0),
    debit TEXT COLLATE "C" NOT NULL CHECK (debit <> ''),
    credit TEXT COLLATE "C" NOT NULL CHECK (credit <> ''),
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    at_s BIGINT NOT NULL,
    PRIMARY KEY (order_id, version, position),
    CHECK (debit <> credit)
);

-- `version` is that of the step that asked for it. A claimed task is due again when its lease ends; until then its attempt
-- number says whose it is. A claim that a crash ended is an attempt, but no failure of the provider.
CREATE TABLE tasks (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL CHECK (id <> ''),
    order_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind <> ''),
    provider TEXT COLLATE "C" NOT NULL CHECK (provider <> ''),
    payload TEXT NOT NULL,
    due_at_s BIGINT NOT NULL CHECK (due_at_s >= 0),
    attempt BIGINT NOT NULL DEFAULT 0 CHECK (attempt >= 0),
    failures BIGINT NOT NULL DEFAULT 0 CHECK (failures >= 0 AND failures <= attempt),
    state TEXT NOT NULL DEFAULT 'ready' CHECK (state IN ('ready', 'claimed', 'done', 'declined', 'unknown')),
    detail TEXT NOT NULL DEFAULT '',
    UNIQUE (order_id, id)
);
CREATE INDEX tasks_to_do ON tasks (provider, due_at_s, number) WHERE state IN ('ready', 'claimed');
CREATE INDEX tasks_due ON tasks (due_at_s) WHERE state IN ('ready', 'claimed');

-- The body is needed until the message is handled, and cleared then: it may hold personal data.
CREATE TABLE inbox (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source TEXT COLLATE "C" NOT NULL CHECK (source <> ''),
    id TEXT COLLATE "C" NOT NULL CHECK (id <> ''),
    kind TEXT COLLATE "C" NOT NULL CHECK (kind <> ''),
    order_id TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL,
    digest TEXT NOT NULL,
    received_at_s BIGINT NOT NULL,
    due_at_s BIGINT NOT NULL CHECK (due_at_s >= 0),
    state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done', 'refused', 'parked')),
    reason TEXT NOT NULL DEFAULT '',
    UNIQUE (source, id)
);
CREATE INDEX inbox_new ON inbox (due_at_s, number) WHERE state = 'new';
CREATE INDEX inbox_parked ON inbox (order_id) WHERE state = 'parked';

CREATE TABLE workflows (
    version TEXT COLLATE "C" PRIMARY KEY CHECK (version <> ''),
    text TEXT NOT NULL
);

-- 23001: the driver tells it as a breach of integrity, like that of a CHECK.
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '23001', MESSAGE = TG_ARGV[0];
END $$;

CREATE TRIGGER steps_are_not_changed BEFORE UPDATE ON steps
    FOR EACH ROW EXECUTE FUNCTION refuse('a step that was taken is never changed');
CREATE TRIGGER steps_are_not_deleted BEFORE DELETE ON steps
    FOR EACH ROW EXECUTE FUNCTION refuse('a step that was taken is never deleted');
CREATE TRIGGER steps_are_not_truncated BEFORE TRUNCATE ON steps
    EXECUTE FUNCTION refuse('a step that was taken is never deleted');
CREATE TRIGGER stock_moves_are_not_changed BEFORE UPDATE ON stock_moves
    FOR EACH ROW EXECUTE FUNCTION refuse('a move of stock is never changed');
CREATE TRIGGER stock_moves_are_not_deleted BEFORE DELETE ON stock_moves
    FOR EACH ROW EXECUTE FUNCTION refuse('a move of stock is never deleted');
CREATE TRIGGER stock_moves_are_not_truncated BEFORE TRUNCATE ON stock_moves
    EXECUTE FUNCTION refuse('a move of stock is never deleted');
CREATE TRIGGER ledger_is_not_changed BEFORE UPDATE ON ledger
    FOR EACH ROW EXECUTE FUNCTION refuse('an entry of the ledger is never changed');
CREATE TRIGGER ledger_is_not_deleted BEFORE DELETE ON ledger
    FOR EACH ROW EXECUTE FUNCTION refuse('an entry of the ledger is never deleted');
CREATE TRIGGER ledger_is_not_truncated BEFORE TRUNCATE ON ledger
    EXECUTE FUNCTION refuse('an entry of the ledger is never deleted');
CREATE TRIGGER workflows_are_not_changed BEFORE UPDATE ON workflows
    FOR EACH ROW EXECUTE FUNCTION refuse('a workflow version is never changed');
