-- How often a coupon was used, by its key: the code, or the code and the person. `most` is the limit when it was last used;
-- one that was lowered since may be below what was used before, and refuses further uses only.
CREATE TABLE coupons (
    key TEXT COLLATE "C" PRIMARY KEY CHECK (key <> ''),
    used BIGINT NOT NULL CHECK (used >= 0),
    most BIGINT NOT NULL CHECK (most > 0),
    CHECK (used <= most)
);

-- The orders that hold these uses. The counters are their numbers.
CREATE TABLE coupon_uses (
    key TEXT COLLATE "C" NOT NULL CHECK (key <> ''),
    order_id TEXT COLLATE "C" NOT NULL CHECK (order_id <> ''),
    PRIMARY KEY (key, order_id)
);
CREATE INDEX coupon_uses_of_order ON coupon_uses (order_id);
