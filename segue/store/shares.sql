-- What carts have set aside at checkout, each for a while. From `expires_at_s` on a row counts for nothing: whoever reads
-- adds its units to what is free, and whoever next moves stock of the SKU takes it away, in the same transaction.
CREATE TABLE reservations (
    cart TEXT NOT NULL CHECK (cart <> ''),
    sku TEXT NOT NULL CHECK (sku <> ''),
    location TEXT NOT NULL CHECK (location <> ''),
    units INTEGER NOT NULL CHECK (units > 0),
    channel TEXT NOT NULL,
    reserved_at_s INTEGER NOT NULL,
    expires_at_s INTEGER NOT NULL,
    PRIMARY KEY (cart, sku, location),
    CHECK (expires_at_s > reserved_at_s)
) STRICT, WITHOUT ROWID;
CREATE INDEX reservations_of_sku ON reservations (sku, expires_at_s);
CREATE INDEX reservations_by_end ON reservations (expires_at_s);

-- Shares of channels, and of pools that such shares lie within. No location: over all of them.
CREATE TABLE fences (
    sku TEXT NOT NULL CHECK (sku <> ''),
    location TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel <> ''),
    units INTEGER NOT NULL CHECK (units >= 0),
    taken INTEGER NOT NULL DEFAULT 0,
    parent TEXT NOT NULL DEFAULT '',
    safety INTEGER NOT NULL DEFAULT 0 CHECK (safety >= 0),
    PRIMARY KEY (sku, location, channel),
    CHECK (parent <> channel)
) STRICT, WITHOUT ROWID;

CREATE TABLE fence_moves (
    number INTEGER PRIMARY KEY,
    sku TEXT NOT NULL CHECK (sku <> ''),
    location TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel <> ''),
    units INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    order_id TEXT NOT NULL,
    actor TEXT NOT NULL,
    at_s INTEGER NOT NULL
) STRICT;
CREATE INDEX fence_moves_of ON fence_moves (sku, location, channel);

CREATE TRIGGER fence_moves_are_not_changed BEFORE UPDATE ON fence_moves
BEGIN SELECT raise(ABORT, 'a move of a share is never changed'); END;
CREATE TRIGGER fence_moves_are_not_deleted BEFORE DELETE ON fence_moves
BEGIN SELECT raise(ABORT, 'a move of a share is never deleted'); END;
