-- In whose turn orders are served, with the same meaning as ../turns.sql.
ALTER TABLE orders ADD COLUMN rank TEXT COLLATE "C" NOT NULL DEFAULT '';
DROP INDEX orders_to_wake;
CREATE INDEX orders_to_wake ON orders (wake_at_s, rank, placed_at_s, number) WHERE wake_at_s IS NOT NULL;
