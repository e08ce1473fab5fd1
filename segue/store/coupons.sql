-- How often a coupon was used, by its key: the code, or the code and the person. `most` is the limit when it was last used;
-- one that was lowered since may be below what was used before, and refuses further uses only.
CREATE TABLE coupons (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    used INTEGER NOT NULL CHECK (used >= 0),
    most INTEGER NOT NULL CHECK (most > 0),
    CHECK (used <= most)
) STRICT, WITHOUT ROWID;

-- The orders that hold these uses. The counters are their numbers.
CREATE TABLE coupon_uses (
    key TEXT NOT NULL CHECK (key <> ''),
    order_id TEXT NOT NULL CHECK (order_id <> ''),
    PRIMARY KEY (key, order_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX coupon_uses_of_order ON coupon_uses (order_id);
