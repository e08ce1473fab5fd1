-- How many units of a SKU orders count with that have no stock yet; and what was the most when it was last sold.
CREATE TABLE selling (
    sku TEXT COLLATE "C" PRIMARY KEY CHECK (sku <> ''),
    promised BIGINT NOT NULL CHECK (promised >= 0)
);

-- What orders count with: units as they were sold, and of those the ones that still wait. The counters are their sums.
CREATE TABLE sales (
    order_id TEXT COLLATE "C" NOT NULL CHECK (order_id <> ''),
    sku TEXT COLLATE "C" NOT NULL CHECK (sku <> ''),
    person TEXT COLLATE "C" NOT NULL,
    placed_at_s BIGINT NOT NULL,
    units BIGINT NOT NULL CHECK (units >= 0),
    waiting BIGINT NOT NULL CHECK (waiting >= 0),
    PRIMARY KEY (order_id, sku),
    CHECK (waiting <= units)
);
CREATE INDEX sales_to_person ON sales (person, sku) WHERE person <> '';

-- Each time that more was sold: what was promised then, and the most that might be. Nothing is promised beyond that.
CREATE TABLE sales_made (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sku TEXT COLLATE "C" NOT NULL CHECK (sku <> ''),
    units BIGINT NOT NULL,
    promised BIGINT NOT NULL,
    most BIGINT NOT NULL,
    at_s BIGINT NOT NULL,
    CHECK (promised <= most)
);

CREATE TRIGGER sales_made_are_not_changed BEFORE UPDATE ON sales_made
    FOR EACH ROW EXECUTE FUNCTION refuse('what was sold is never changed');
CREATE TRIGGER sales_made_are_not_deleted BEFORE DELETE ON sales_made
    FOR EACH ROW EXECUTE FUNCTION refuse('what was sold is never deleted');
CREATE TRIGGER sales_made_are_not_truncated BEFORE TRUNCATE ON sales_made
    EXECUTE FUNCTION refuse('what was sold is never deleted');
