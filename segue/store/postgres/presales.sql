-- What may be sold of one supply before it is there, where that is another share than the workflow's. The latest word counts.
CREATE TABLE presales (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference TEXT COLLATE "C" NOT NULL CHECK (reference <> ''),
    sku TEXT COLLATE "C" NOT NULL CHECK (sku <> ''),
    percent BIGINT CHECK (percent >= 0 AND percent <= 100),
    most BIGINT CHECK (most >= 0),
    actor TEXT NOT NULL,
    at_s BIGINT NOT NULL
);
CREATE INDEX presales_of ON presales (sku, reference, number);
CREATE TRIGGER presales_are_not_changed BEFORE UPDATE ON presales
    FOR EACH ROW EXECUTE FUNCTION refuse('what was said of a supply is never changed');
CREATE TRIGGER presales_are_not_deleted BEFORE DELETE ON presales
    FOR EACH ROW EXECUTE FUNCTION refuse('what was said of a supply is never deleted');
CREATE TRIGGER presales_are_not_truncated BEFORE TRUNCATE ON presales
    EXECUTE FUNCTION refuse('what was said of a supply is never deleted');
