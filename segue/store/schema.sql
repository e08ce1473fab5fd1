-- The tables of one shop. Whatever one row can say is a CHECK here; what takes several rows is in audit.py.
-- A CHECK with OR costs a microsecond less than one with IN, for which SQLite builds a table each time.
-- JSON is kept as TEXT, so that SQLite's JSON functions can read it. Instants are seconds since 1970, UTC.

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Personal data is here and nowhere else: sealed under a key of the person's own, which is wrapped by the shop's key.
CREATE TABLE people (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    key BLOB NOT NULL CHECK (length(key) = 60),
    sealed BLOB NOT NULL CHECK (length(sealed) > 28)
) STRICT;

CREATE TABLE orders (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE CHECK (id <> ''),
    version INTEGER NOT NULL CHECK (version > 0),
    channel TEXT NOT NULL,
    channel_order_id TEXT NOT NULL,
    person TEXT NOT NULL,
    workflow TEXT NOT NULL,
    placed_at_s INTEGER NOT NULL,
    basket TEXT NOT NULL,
    ship_to_digest TEXT NOT NULL,
    total_minor INTEGER NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    status TEXT NOT NULL,
    open INTEGER NOT NULL CHECK (open IN (0, 1)),
    wake_at_s INTEGER CHECK (wake_at_s >= 0),
    value TEXT NOT NULL,
    UNIQUE (channel_order_id, channel)
) STRICT;
-- Those that are woken at the same instant are served in the order in which they were placed.
CREATE INDEX orders_to_wake ON orders (wake_at_s, placed_at_s) WHERE wake_at_s IS NOT NULL;
CREATE INDEX orders_of_person ON orders (person, placed_at_s) WHERE person <> '';
CREATE INDEX orders_by_status ON orders (status, placed_at_s, open);

-- One row a step; `version` is that of its last event. A rowid table, since records are larger than a quarter of a page.
CREATE TABLE steps (
    number INTEGER PRIMARY KEY,
    order_id TEXT NOT NULL CHECK (order_id <> ''),
    version INTEGER NOT NULL,
    version_before INTEGER NOT NULL CHECK (version_before >= 0),
    at_s INTEGER NOT NULL,
    actor TEXT NOT NULL CHECK (actor <> ''),
    record TEXT NOT NULL,
    CHECK (version > version_before)
) STRICT;
CREATE UNIQUE INDEX steps_of_order ON steps (order_id, version);
CREATE INDEX steps_by_people ON steps (order_id) WHERE actor >= 'person:' AND actor < 'person;';

CREATE TABLE folders (
    folder TEXT NOT NULL CHECK (folder <> ''),
    order_id TEXT NOT NULL CHECK (order_id <> ''),
    since_s INTEGER NOT NULL,
    PRIMARY KEY (order_id, folder)
) STRICT, WITHOUT ROWID;
CREATE INDEX folders_by_name ON folders (folder, since_s);

CREATE TABLE watches (
    fact TEXT NOT NULL CHECK (fact <> ''),
    order_id TEXT NOT NULL CHECK (order_id <> ''),
    PRIMARY KEY (order_id, fact)
) STRICT, WITHOUT ROWID;
CREATE INDEX watches_by_fact ON watches (fact);

CREATE TABLE items (
    sku TEXT NOT NULL PRIMARY KEY CHECK (sku <> ''),
    value TEXT NOT NULL
) STRICT;

-- The safety stock is never promised; where less is there than the safety stock, nothing is.
CREATE TABLE stock (
    sku TEXT NOT NULL CHECK (sku <> ''),
    location TEXT NOT NULL CHECK (location <> ''),
    on_hand INTEGER NOT NULL CHECK (on_hand >= 0),
    allocated INTEGER NOT NULL CHECK (allocated >= 0),
    safety INTEGER NOT NULL DEFAULT 0 CHECK (safety >= 0),
    PRIMARY KEY (sku, location),
    CHECK (allocated <= max(on_hand - safety, 0))
) STRICT, WITHOUT ROWID;

-- Receipts and recounts belong to no order: their order_id is empty, and their version a running number.
CREATE TABLE stock_moves (
    order_id TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    position INTEGER NOT NULL CHECK (position >= 0),
    sku TEXT NOT NULL CHECK (sku <> ''),
    location TEXT NOT NULL CHECK (location <> ''),
    on_hand INTEGER NOT NULL,
    allocated INTEGER NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    at_s INTEGER NOT NULL,
    PRIMARY KEY (order_id, version, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger (
    order_id TEXT NOT NULL CHECK (order_id <> ''),
    version INTEGER NOT NULL CHECK (version > 0),
    position INTEGER NOT NULL CHECK (position >= 0),
    debit TEXT NOT NULL CHECK (debit <> ''),
    credit TEXT NOT NULL CHECK (credit <> ''),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    at_s INTEGER NOT NULL,
    PRIMARY KEY (order_id, version, position),
    CHECK (debit <> credit)
) STRICT, WITHOUT ROWID;

-- `version` is that of the step that asked for it. A claimed task is due again when its lease ends; until then its attempt
-- number says whose it is. A claim that a crash ended is an attempt, but no failure of the provider.
CREATE TABLE tasks (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL CHECK (id <> ''),
    order_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind <> ''),
    provider TEXT NOT NULL CHECK (provider <> ''),
    payload TEXT NOT NULL,
    due_at_s INTEGER NOT NULL CHECK (due_at_s >= 0),
    attempt INTEGER NOT NULL DEFAULT 0 CHECK (attempt >= 0),
    failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0 AND failures <= attempt),
    state TEXT NOT NULL DEFAULT 'ready',
    detail TEXT NOT NULL DEFAULT '',
    UNIQUE (order_id, id),
    CHECK (state = 'ready' OR state = 'claimed' OR state = 'done' OR state = 'declined' OR state = 'unknown')
) STRICT;
CREATE INDEX tasks_to_do ON tasks (provider, due_at_s) WHERE state IN ('ready', 'claimed');
CREATE INDEX tasks_mailed ON tasks (kind) WHERE state = 'done' AND kind = 'mail';
CREATE INDEX tasks_unknown ON tasks (due_at_s) WHERE state = 'unknown';
-- Of other declines their orders hear.
CREATE INDEX tasks_declined ON tasks (kind) WHERE state = 'declined' AND kind IN ('tell', 'track');

-- The body is needed until the message is handled, and cleared then: it may hold personal data.
CREATE TABLE inbox (
    number INTEGER PRIMARY KEY,
    source TEXT NOT NULL CHECK (source <> ''),
    id TEXT NOT NULL CHECK (id <> ''),
    kind TEXT NOT NULL CHECK (kind <> ''),
    order_id TEXT NOT NULL,
    body TEXT NOT NULL,
    digest TEXT NOT NULL,
    received_at_s INTEGER NOT NULL,
    due_at_s INTEGER NOT NULL CHECK (due_at_s >= 0),
    state TEXT NOT NULL DEFAULT 'new',
    reason TEXT NOT NULL DEFAULT '',
    UNIQUE (source, id),
    CHECK (state = 'new' OR state = 'done' OR state = 'refused' OR state = 'parked')
) STRICT;
CREATE INDEX inbox_new ON inbox (due_at_s) WHERE state = 'new';
CREATE INDEX inbox_parked ON inbox (order_id) WHERE state = 'parked';
CREATE INDEX inbox_in_trouble ON inbox (state, reason) WHERE state IN ('refused', 'parked');

CREATE TABLE workflows (
    version TEXT NOT NULL PRIMARY KEY CHECK (version <> ''),
    text TEXT NOT NULL
) STRICT;

CREATE TRIGGER steps_are_not_changed BEFORE UPDATE ON steps
BEGIN SELECT raise(ABORT, 'a step that was taken is never changed'); END;
CREATE TRIGGER steps_are_not_deleted BEFORE DELETE ON steps
BEGIN SELECT raise(ABORT, 'a step that was taken is never deleted'); END;
CREATE TRIGGER stock_moves_are_not_changed BEFORE UPDATE ON stock_moves
BEGIN SELECT raise(ABORT, 'a move of stock is never changed'); END;
CREATE TRIGGER stock_moves_are_not_deleted BEFORE DELETE ON stock_moves
BEGIN SELECT raise(ABORT, 'a move of stock is never deleted'); END;
CREATE TRIGGER ledger_is_not_changed BEFORE UPDATE ON ledger
BEGIN SELECT raise(ABORT, 'an entry of the ledger is never changed'); END;
CREATE TRIGGER ledger_is_not_deleted BEFORE DELETE ON ledger
BEGIN SELECT raise(ABORT, 'an entry of the ledger is never deleted'); END;
CREATE TRIGGER workflows_are_not_changed BEFORE UPDATE ON workflows
BEGIN SELECT raise(ABORT, 'a workflow version is never changed'); END;
