-- How often it has changed who waits for a SKU, or how many units of it they wait for: a long queue is kept in memory as it
-- was loaded, and is still right if its version is. It is written in the transaction that changes the rows of `waiting`.
CREATE TABLE queues (
    sku TEXT PRIMARY KEY CHECK (sku <> ''),
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT, WITHOUT ROWID;
INSERT INTO queues (sku, version) SELECT DISTINCT sku, 1 FROM waiting;
