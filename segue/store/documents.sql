-- Invoices and credit memos, numbered without gaps by kind and series (the year). `content` is the document, as JSON.

CREATE TABLE documents (
    order_id TEXT NOT NULL CHECK (order_id <> ''),
    name TEXT NOT NULL CHECK (name <> ''),
    version INTEGER NOT NULL CHECK (version > 0),
    kind TEXT NOT NULL CHECK (kind = 'invoice' OR kind = 'credit_memo'),
    series TEXT NOT NULL CHECK (series <> ''),
    number INTEGER NOT NULL CHECK (number > 0),
    total_minor INTEGER NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    at_s INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (order_id, name),
    UNIQUE (kind, series, number)
) STRICT;

-- The last number of each kind and series. It is changed with the documents that take the numbers, or not at all.
CREATE TABLE document_numbers (
    kind TEXT NOT NULL,
    series TEXT NOT NULL,
    last INTEGER NOT NULL CHECK (last > 0),
    PRIMARY KEY (kind, series)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER documents_are_not_changed BEFORE UPDATE ON documents
BEGIN SELECT raise(ABORT, 'a document that was issued is never changed'); END;
CREATE TRIGGER documents_are_not_deleted BEFORE DELETE ON documents
BEGIN SELECT raise(ABORT, 'a document that was issued is never deleted'); END;
CREATE TRIGGER numbers_only_rise BEFORE UPDATE ON document_numbers WHEN NEW.last <= OLD.last
BEGIN SELECT raise(ABORT, 'numbers of documents are not given twice'); END;
CREATE TRIGGER numbers_are_not_deleted BEFORE DELETE ON document_numbers
BEGIN SELECT raise(ABORT, 'numbers of documents are not given twice'); END;
