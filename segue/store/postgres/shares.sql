-- What carts have set aside, and shares of channels, with the same meaning as ../shares.sql.
CREATE TABLE reservations (
    cart TEXT COLLATE "C" NOT NULL CHECK (cart <> ''),
    sku TEXT COLLATE "C" NOT NULL CHECK (sku <> ''),
    location TEXT COLLATE "C" NOT NULL CHECK (location <> ''),
    units BIGINT NOT NULL CHECK (units > 0),
    channel TEXT COLLATE "C" NOT NULL,
    reserved_at_s BIGINT NOT NULL,
    expires_at_s BIGINT NOT NULL,
    PRIMARY KEY (cart, sku, location),
    CHECK (expires_at_s > reserved_at_s)
);
CREATE INDEX reservations_of_sku ON reservations (sku, expires_at_s);
CREATE INDEX reservations_by_end ON reservations (expires_at_s);

CREATE TABLE fences (
    sku TEXT COLLATE "C" NOT NULL CHECK (sku <> ''),
    location TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL CHECK (channel <> ''),
    units BIGINT NOT NULL CHECK (units >= 0),
    taken BIGINT NOT NULL DEFAULT 0,
    parent TEXT COLLATE "C" NOT NULL DEFAULT '',
    safety BIGINT NOT NULL DEFAULT 0 CHECK (safety >= 0),
    PRIMARY KEY (sku, location, channel),
    CHECK (parent <> channel)
);

CREATE TABLE fence_moves (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sku TEXT COLLATE "C" NOT NULL CHECK (sku <> ''),
    location TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL CHECK (channel <> ''),
    units BIGINT NOT NULL,
    taken BIGINT NOT NULL,
    order_id TEXT COLLATE "C" NOT NULL,
    actor TEXT NOT NULL,
    at_s BIGINT NOT NULL
);
CREATE INDEX fence_moves_of ON fence_moves (sku, location, channel);

CREATE TRIGGER fence_moves_are_not_changed BEFORE UPDATE ON fence_moves
    FOR EACH ROW EXECUTE FUNCTION refuse('a move of a share is never changed');
CREATE TRIGGER fence_moves_are_not_deleted BEFORE DELETE ON fence_moves
    FOR EACH ROW EXECUTE FUNCTION refuse('a move of a share is never deleted');
CREATE TRIGGER fence_moves_are_not_truncated BEFORE TRUNCATE ON fence_moves
    EXECUTE FUNCTION refuse('a move of a share is never deleted');
