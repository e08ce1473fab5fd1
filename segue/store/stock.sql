-- Stock in all its parts. `on_hand` is all that is there; damaged and quarantined units are among it and never promised.
-- Reserved is what carts have set aside; in transit is what has left another location and has not come yet.
CREATE TABLE stock_whole (
    sku TEXT NOT NULL CHECK (sku <> ''),
    location TEXT NOT NULL CHECK (location <> ''),
    on_hand INTEGER NOT NULL CHECK (on_hand >= 0),
    allocated INTEGER NOT NULL CHECK (allocated >= 0),
    safety INTEGER NOT NULL DEFAULT 0 CHECK (safety >= 0),
    reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    damaged INTEGER NOT NULL DEFAULT 0 CHECK (damaged >= 0),
    quarantined INTEGER NOT NULL DEFAULT 0 CHECK (quarantined >= 0),
    in_transit INTEGER NOT NULL DEFAULT 0 CHECK (in_transit >= 0),
    PRIMARY KEY (sku, location),
    CHECK (allocated + reserved <= max(on_hand - damaged - quarantined - safety, 0)),
    CHECK (damaged + quarantined <= on_hand)
) STRICT, WITHOUT ROWID;
INSERT INTO stock_whole (sku, location, on_hand, allocated, safety)
    SELECT sku, location, on_hand, allocated, safety FROM stock;
DROP TABLE stock;
ALTER TABLE stock_whole RENAME TO stock;

-- What an order moves says its step; what the shop moves names who did it, and the report that it comes from.
ALTER TABLE stock_moves ADD COLUMN reserved INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stock_moves ADD COLUMN damaged INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stock_moves ADD COLUMN quarantined INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stock_moves ADD COLUMN in_transit INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stock_moves ADD COLUMN actor TEXT NOT NULL DEFAULT '';
ALTER TABLE stock_moves ADD COLUMN report TEXT NOT NULL DEFAULT '';

-- What locations report: of each SKU and location the last count (a snapshot) and the changes (deltas) after it, by which a
-- report that comes again or late is known; and what cannot be taken in yet, or at all, until somebody sees to it.
CREATE TABLE stock_reports (
    number INTEGER PRIMARY KEY,
    source TEXT NOT NULL CHECK (source <> ''),
    id TEXT NOT NULL CHECK (id <> ''),
    sku TEXT NOT NULL,
    location TEXT NOT NULL,
    state TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '',
    received_at_s INTEGER NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (source, id),
    CHECK (state = 'applied' OR state = 'waiting' OR state = 'refused')
) STRICT;
CREATE INDEX stock_reports_of ON stock_reports (sku, location);
CREATE INDEX stock_reports_in_trouble ON stock_reports (number) WHERE state <> 'applied';

-- Dated supply: what is on order, or on its way from another location (`origin`), and when it is expected.
CREATE TABLE supplies (
    reference TEXT NOT NULL CHECK (reference <> ''),
    sku TEXT NOT NULL CHECK (sku <> ''),
    location TEXT NOT NULL CHECK (location <> ''),
    expected_at_s INTEGER NOT NULL CHECK (expected_at_s >= 0),
    origin TEXT NOT NULL,
    units INTEGER NOT NULL CHECK (units >= 0),
    PRIMARY KEY (reference, sku, location, expected_at_s),
    CHECK (origin <> location)
) STRICT, WITHOUT ROWID;
CREATE INDEX supplies_of_sku ON supplies (sku) WHERE units > 0;

CREATE TABLE supply_moves (
    number INTEGER PRIMARY KEY,
    reference TEXT NOT NULL CHECK (reference <> ''),
    sku TEXT NOT NULL CHECK (sku <> ''),
    location TEXT NOT NULL CHECK (location <> ''),
    expected_at_s INTEGER NOT NULL,
    origin TEXT NOT NULL,
    units INTEGER NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    actor TEXT NOT NULL,
    at_s INTEGER NOT NULL
) STRICT;
CREATE INDEX supply_moves_of ON supply_moves (reference, sku);

CREATE TRIGGER supply_moves_are_not_changed BEFORE UPDATE ON supply_moves
BEGIN SELECT raise(ABORT, 'a move of supply is never changed'); END;
CREATE TRIGGER supply_moves_are_not_deleted BEFORE DELETE ON supply_moves
BEGIN SELECT raise(ABORT, 'a move of supply is never deleted'); END;
