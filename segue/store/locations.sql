-- How much of a day of a location is taken. `most_...` is the limit when it was last taken of, NULL for none; one that was
-- lowered since may be below what was taken before, and refuses further orders only.
CREATE TABLE location_days (
    location TEXT NOT NULL CHECK (location <> ''),
    day INTEGER NOT NULL,
    orders INTEGER NOT NULL CHECK (orders >= 0),
    lines INTEGER NOT NULL CHECK (lines >= 0),
    units INTEGER NOT NULL CHECK (units >= 0),
    most_orders INTEGER,
    most_lines INTEGER,
    most_units INTEGER,
    PRIMARY KEY (location, day),
    CHECK (most_orders IS NULL OR orders <= most_orders),
    CHECK (most_lines IS NULL OR lines <= most_lines),
    CHECK (most_units IS NULL OR units <= most_units)
) STRICT, WITHOUT ROWID;

-- The orders that take of these days. The counters are their sums.
CREATE TABLE order_days (
    order_id TEXT NOT NULL CHECK (order_id <> ''),
    location TEXT NOT NULL CHECK (location <> ''),
    day INTEGER NOT NULL,
    lines INTEGER NOT NULL CHECK (lines > 0),
    units INTEGER NOT NULL CHECK (units > 0),
    PRIMARY KEY (order_id, location, day)
) STRICT, WITHOUT ROWID;

-- Locations that nothing is sent to now, whatever the files say; without an end until somebody opens them again.
CREATE TABLE closures (
    location TEXT NOT NULL PRIMARY KEY CHECK (location <> ''),
    until_s INTEGER,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL CHECK (actor <> ''),
    since_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who closed and opened locations, why and when.
CREATE TABLE closure_changes (
    number INTEGER PRIMARY KEY,
    location TEXT NOT NULL CHECK (location <> ''),
    change TEXT NOT NULL CHECK (change = 'off' OR change = 'freeze' OR change = 'on'),
    until_s INTEGER,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL CHECK (actor <> ''),
    at_s INTEGER NOT NULL
) STRICT;

-- When the stock of a location was last counted.
CREATE TABLE location_counts (
    location TEXT NOT NULL PRIMARY KEY CHECK (location <> ''),
    at_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER closure_changes_are_not_changed BEFORE UPDATE ON closure_changes
BEGIN SELECT raise(ABORT, 'what was done to a location is never changed'); END;
CREATE TRIGGER closure_changes_are_not_deleted BEFORE DELETE ON closure_changes
BEGIN SELECT raise(ABORT, 'what was done to a location is never deleted'); END;
