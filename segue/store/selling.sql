-- How many units of a SKU orders count with that have no stock yet; and what was the most when it was last sold.
CREATE TABLE selling (
    sku TEXT NOT NULL PRIMARY KEY CHECK (sku <> ''),
    promised INTEGER NOT NULL CHECK (promised >= 0)
) STRICT, WITHOUT ROWID;

-- What orders count with: units as they were sold, and of those the ones that still wait. The counters are their sums.
CREATE TABLE sales (
    order_id TEXT NOT NULL CHECK (order_id <> ''),
    sku TEXT NOT NULL CHECK (sku <> ''),
    person TEXT NOT NULL,
    placed_at_s INTEGER NOT NULL,
    units INTEGER NOT NULL CHECK (units >= 0),
    waiting INTEGER NOT NULL CHECK (waiting >= 0),
    PRIMARY KEY (order_id, sku),
    CHECK (waiting <= units)
) STRICT, WITHOUT ROWID;
CREATE INDEX sales_to_person ON sales (person, sku) WHERE person <> '';

-- Each time that more was sold: what was promised then, and the most that might be. Nothing is promised beyond that.
CREATE TABLE sales_made (
    number INTEGER PRIMARY KEY,
    sku TEXT NOT NULL CHECK (sku <> ''),
    units INTEGER NOT NULL,
    promised INTEGER NOT NULL,
    most INTEGER NOT NULL,
    at_s INTEGER NOT NULL,
    CHECK (promised <= most)
) STRICT;
CREATE TRIGGER sales_made_are_not_changed BEFORE UPDATE ON sales_made
BEGIN SELECT raise(ABORT, 'what was sold is never changed'); END;
CREATE TRIGGER sales_made_are_not_deleted BEFORE DELETE ON sales_made
BEGIN SELECT raise(ABORT, 'what was sold is never deleted'); END;
