-- Lines that wait for stock: see ../waiting.sql.
CREATE TABLE waiting (
    sku TEXT COLLATE "C" NOT NULL CHECK (sku <> ''),
    order_id TEXT COLLATE "C" NOT NULL CHECK (order_id <> ''),
    line BIGINT NOT NULL CHECK (line > 0),
    units BIGINT NOT NULL CHECK (units > 0),
    rank TEXT COLLATE "C" NOT NULL,
    placed_at_s BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    quiet_s BIGINT NOT NULL CHECK (quiet_s >= 0),
    told_s BIGINT,
    due_s BIGINT,
    since_s BIGINT,
    look_at_s BIGINT CHECK (look_at_s >= since_s),
    secured_until_s BIGINT,
    secured_minor BIGINT NOT NULL,
    PRIMARY KEY (sku, order_id, line)
);
CREATE INDEX waiting_of_order ON waiting (order_id);
CREATE INDEX waiting_to_look_at ON waiting (look_at_s, rank, placed_at_s, order_id) WHERE look_at_s IS NOT NULL;
INSERT INTO waiting (sku, order_id, line, units, rank, placed_at_s, kind, quiet_s, secured_minor)
    SELECT l ->> 'sku', o.id, (l ->> 'number')::bigint, sum((u ->> 1)::bigint - (u ->> 0)::bigint + 1), o.rank,
        o.placed_at_s, '', 0, 0
    FROM watches w JOIN orders o ON o.id = w.order_id, jsonb_array_elements(o.value::jsonb -> 'lines') l,
        jsonb_array_elements(l -> 'tally' -> 'backordered') u
    WHERE w.fact = 'stock:' || (l ->> 'sku')
    GROUP BY 1, 2, 3, o.rank, o.placed_at_s;
