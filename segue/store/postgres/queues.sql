-- How often it has changed who waits for a SKU: see ../queues.sql.
CREATE TABLE queues (
    sku TEXT COLLATE "C" PRIMARY KEY CHECK (sku <> ''),
    version BIGINT NOT NULL CHECK (version > 0)
);
INSERT INTO queues (sku, version) SELECT DISTINCT sku, 1 FROM waiting;
