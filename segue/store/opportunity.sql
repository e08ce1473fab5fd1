-- What one unit of a SKU is worth where it lies, to orders that are still to come: mills by location, as JSON, and when that
-- was worked out. All of it can be made again at any time.
CREATE TABLE opportunity (
    sku TEXT NOT NULL PRIMARY KEY CHECK (sku <> ''),
    at_s INTEGER NOT NULL,
    mills TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX orders_by_placing ON orders (placed_at_s);
