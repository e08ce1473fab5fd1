-- What may be sold of one supply before it is there, where that is another share than the workflow's. The latest word counts.
CREATE TABLE presales (
    number INTEGER PRIMARY KEY,
    reference TEXT NOT NULL CHECK (reference <> ''),
    sku TEXT NOT NULL CHECK (sku <> ''),
    percent INTEGER CHECK (percent >= 0 AND percent <= 100),
    most INTEGER CHECK (most >= 0),
    actor TEXT NOT NULL,
    at_s INTEGER NOT NULL
) STRICT;
CREATE INDEX presales_of ON presales (sku, reference, number);
CREATE TRIGGER presales_are_not_changed BEFORE UPDATE ON presales
BEGIN SELECT raise(ABORT, 'what was said of a supply is never changed'); END;
CREATE TRIGGER presales_are_not_deleted BEFORE DELETE ON presales
BEGIN SELECT raise(ABORT, 'what was said of a supply is never deleted'); END;
