-- Lines that wait for stock: what is needed of them to look at all that wait for a SKU at once, without their orders.
-- `told_s` is when a line is to be had as its order's history says, `due_s` as supply is now; they differ since `since_s`,
-- and at `look_at_s` the order is looked at, and says so. Rows of orders that waited before have no kind yet: each of
-- those is looked at by itself.
CREATE TABLE waiting (
    sku TEXT NOT NULL CHECK (sku <> ''),
    order_id TEXT NOT NULL CHECK (order_id <> ''),
    line INTEGER NOT NULL CHECK (line > 0),
    units INTEGER NOT NULL CHECK (units > 0),
    rank TEXT NOT NULL,
    placed_at_s INTEGER NOT NULL,
    kind TEXT NOT NULL,
    quiet_s INTEGER NOT NULL CHECK (quiet_s >= 0),
    told_s INTEGER,
    due_s INTEGER,
    since_s INTEGER,
    look_at_s INTEGER CHECK (look_at_s >= since_s),
    secured_until_s INTEGER,
    secured_minor INTEGER NOT NULL,
    PRIMARY KEY (sku, order_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX waiting_of_order ON waiting (order_id);
CREATE INDEX waiting_to_look_at ON waiting (look_at_s, rank, placed_at_s, order_id) WHERE look_at_s IS NOT NULL;
INSERT INTO waiting (sku, order_id, line, units, rank, placed_at_s, kind, quiet_s, secured_minor)
    SELECT l.value ->> '$.sku', o.id, l.value ->> '$.number', sum(u.value ->> '$[1]' - (u.value ->> '$[0]') + 1), o.rank,
        o.placed_at_s, '', 0, 0
    FROM watches w JOIN orders o ON o.id = w.order_id, json_each(o.value, '$.lines') l,
        json_each(l.value, '$.tally.backordered') u
    WHERE w.fact >= 'stock:' AND w.fact < 'stock;' AND w.fact = 'stock:' || (l.value ->> '$.sku')
    GROUP BY 1, 2, 3;
