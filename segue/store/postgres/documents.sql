-- Invoices and credit memos, numbered without gaps by kind and series (the year). `content` is the document, as JSON.

CREATE TABLE documents (
    order_id TEXT COLLATE "C" NOT NULL CHECK (order_id <> ''),
    name TEXT COLLATE "C" NOT NULL CHECK (name <> ''),
    version BIGINT NOT NULL CHECK (version > 0),
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('invoice', 'credit_memo')),
    series TEXT COLLATE "C" NOT NULL CHECK (series <> ''),
    number BIGINT NOT NULL CHECK (number > 0),
    total_minor BIGINT NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    at_s BIGINT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (order_id, name),
    UNIQUE (kind, series, number)
);

-- The last number of each kind and series. It is changed with the documents that take the numbers, or not at all: the row
-- is locked until then, so that writers beside each other wait for their numbers, and one that is rolled back leaves no gap.
CREATE TABLE document_numbers (
    kind TEXT COLLATE "C" NOT NULL,
    series TEXT COLLATE "C" NOT NULL,
    last BIGINT NOT NULL CHECK (last > 0),
    PRIMARY KEY (kind, series)
);

CREATE TRIGGER documents_are_not_changed BEFORE UPDATE ON documents
    FOR EACH ROW EXECUTE FUNCTION refuse('a document that was issued is never changed');
CREATE TRIGGER documents_are_not_deleted BEFORE DELETE ON documents
    FOR EACH ROW EXECUTE FUNCTION refuse('a document that was issued is never deleted');
CREATE TRIGGER documents_are_not_truncated BEFORE TRUNCATE ON documents
    EXECUTE FUNCTION refuse('a document that was issued is never deleted');
CREATE TRIGGER numbers_only_rise BEFORE UPDATE ON document_numbers
    FOR EACH ROW WHEN (NEW.last <= OLD.last) EXECUTE FUNCTION refuse('numbers of documents are not given twice');
CREATE TRIGGER numbers_are_not_deleted BEFORE DELETE ON document_numbers
    FOR EACH ROW EXECUTE FUNCTION refuse('numbers of documents are not given twice');
