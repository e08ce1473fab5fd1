-- In whose turn orders are served that are woken at the same instant: by their rank, then in the order in which they were
-- placed. Empty where the shop says nothing of it. An order's rank is written with each of its steps.
ALTER TABLE orders ADD COLUMN rank TEXT NOT NULL DEFAULT '';
DROP INDEX orders_to_wake;
CREATE INDEX orders_to_wake ON orders (wake_at_s, rank, placed_at_s) WHERE wake_at_s IS NOT NULL;
