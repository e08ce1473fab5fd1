-- Stock in all its parts, with the same meaning as ../stock.sql.
ALTER TABLE stock
    ADD COLUMN reserved BIGINT NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    ADD COLUMN damaged BIGINT NOT NULL DEFAULT 0 CHECK (damaged >= 0),
    ADD COLUMN quarantined BIGINT NOT NULL DEFAULT 0 CHECK (quarantined >= 0),
    ADD COLUMN in_transit BIGINT NOT NULL DEFAULT 0 CHECK (in_transit >= 0),
    DROP CONSTRAINT stock_check,
    ADD CONSTRAINT stock_promised CHECK (
        allocated + reserved <= greatest(on_hand - damaged - quarantined - safety, 0)),
    ADD CONSTRAINT stock_fit CHECK (damaged + quarantined <= on_hand);

ALTER TABLE stock_moves
    ADD COLUMN reserved BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN damaged BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN quarantined BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN in_transit BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN actor TEXT NOT NULL DEFAULT '',
    ADD COLUMN report TEXT NOT NULL DEFAULT '';

CREATE TABLE stock_reports (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source TEXT COLLATE "C" NOT NULL CHECK (source <> ''),
    id TEXT COLLATE "C" NOT NULL CHECK (id <> ''),
    sku TEXT COLLATE "C" NOT NULL,
    location TEXT COLLATE "C" NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('applied', 'waiting', 'refused')),
    detail TEXT NOT NULL DEFAULT '',
    received_at_s BIGINT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (source, id)
);
CREATE INDEX stock_reports_of ON stock_reports (sku, location);
CREATE INDEX stock_reports_in_trouble ON stock_reports (number) WHERE state <> 'applied';

CREATE TABLE supplies (
    reference TEXT COLLATE "C" NOT NULL CHECK (reference <> ''),
    sku TEXT COLLATE "C" NOT NULL CHECK (sku <> ''),
    location TEXT COLLATE "C" NOT NULL CHECK (location <> ''),
    expected_at_s BIGINT NOT NULL CHECK (expected_at_s >= 0),
    origin TEXT COLLATE "C" NOT NULL,
    units BIGINT NOT NULL CHECK (units >= 0),
    PRIMARY KEY (reference, sku, location, expected_at_s),
    CHECK (origin <> location)
);
CREATE INDEX supplies_of_sku ON supplies (sku) WHERE units > 0;

CREATE TABLE supply_moves (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference TEXT COLLATE "C" NOT NULL CHECK (reference <> ''),
    sku TEXT COLLATE "C" NOT NULL CHECK (sku <> ''),
    location TEXT COLLATE "C" NOT NULL CHECK (location <> ''),
    expected_at_s BIGINT NOT NULL,
    origin TEXT COLLATE "C" NOT NULL,
    units BIGINT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    actor TEXT NOT NULL,
    at_s BIGINT NOT NULL
);
CREATE INDEX supply_moves_of ON supply_moves (reference, sku);

CREATE TRIGGER supply_moves_are_not_changed BEFORE UPDATE ON supply_moves
    FOR EACH ROW EXECUTE FUNCTION refuse('a move of supply is never changed');
CREATE TRIGGER supply_moves_are_not_deleted BEFORE DELETE ON supply_moves
    FOR EACH ROW EXECUTE FUNCTION refuse('a move of supply is never deleted');
CREATE TRIGGER supply_moves_are_not_truncated BEFORE TRUNCATE ON supply_moves
    EXECUTE FUNCTION refuse('a move of supply is never deleted');
