-- How much of a day of a location is taken. `most_...` is the limit when it was last taken of, NULL for none; one that was
-- lowered since may be below what was taken before, and refuses further orders only.
CREATE TABLE location_days (
    location TEXT COLLATE "C" NOT NULL CHECK (location <> ''),
    day BIGINT NOT NULL,
    orders BIGINT NOT NULL CHECK (orders >= 0),
    lines BIGINT NOT NULL CHECK (lines >= 0),
    units BIGINT NOT NULL CHECK (units >= 0),
    most_orders BIGINT,
    most_lines BIGINT,
    most_units BIGINT,
    PRIMARY KEY (location, day),
    CHECK (most_orders IS NULL OR orders <= most_orders),
    CHECK (most_lines IS NULL OR lines <= most_lines),
    CHECK (most_units IS NULL OR units <= most_units)
);

-- The orders that take of these days. The counters are their sums.
CREATE TABLE order_days (
    order_id TEXT COLLATE "C" NOT NULL CHECK (order_id <> ''),
    location TEXT COLLATE "C" NOT NULL CHECK (location <> ''),
    day BIGINT NOT NULL,
    lines BIGINT NOT NULL CHECK (lines > 0),
    units BIGINT NOT NULL CHECK (units > 0),
    PRIMARY KEY (order_id, location, day)
);

-- Locations that nothing is sent to now, whatever the files say; without an end until somebody opens them again.
CREATE TABLE closures (
    location TEXT COLLATE "C" PRIMARY KEY CHECK (location <> ''),
    until_s BIGINT,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL CHECK (actor <> ''),
    since_s BIGINT NOT NULL
);

-- Who closed and opened locations, why and when.
CREATE TABLE closure_changes (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    location TEXT COLLATE "C" NOT NULL CHECK (location <> ''),
    change TEXT NOT NULL CHECK (change = 'off' OR change = 'freeze' OR change = 'on'),
    until_s BIGINT,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL CHECK (actor <> ''),
    at_s BIGINT NOT NULL
);

-- When the stock of a location was last counted.
CREATE TABLE location_counts (
    location TEXT COLLATE "C" PRIMARY KEY CHECK (location <> ''),
    at_s BIGINT NOT NULL
);
