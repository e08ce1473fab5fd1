-- What units are worth where they lie, with the same meaning as ../opportunity.sql.
CREATE TABLE opportunity (
    sku TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (sku <> ''),
    at_s BIGINT NOT NULL,
    mills TEXT NOT NULL
);
CREATE INDEX orders_by_placing ON orders (placed_at_s);
