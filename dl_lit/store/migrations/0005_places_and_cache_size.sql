-- Works are also known by where they stand: year, volume and first page, for prints without a title. Works accepted
-- before have no such name; they are found by their others. SQLite changes no CHECK, so that the table is made anew.
CREATE TABLE work_aliases_new (
    kind         TEXT NOT NULL
                 CHECK (kind IN ('doi', 'openalex_id', 'arxiv', 'pmid', 'pmcid', 'title', 'raw', 'place')),
    value        TEXT NOT NULL,
    reference_id INTEGER NOT NULL REFERENCES reference_ids (id),
    PRIMARY KEY (kind, value, reference_id)
) STRICT, WITHOUT ROWID;
INSERT INTO work_aliases_new SELECT kind, value, reference_id FROM work_aliases;
DROP TABLE work_aliases;
ALTER TABLE work_aliases_new RENAME TO work_aliases;
CREATE INDEX work_aliases_of ON work_aliases (reference_id);
-- How large the answers are, so that the oldest can go when they are too many.
ALTER TABLE service_cache ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
UPDATE service_cache SET bytes = length(key) + coalesce(length(CAST(payload AS BLOB)), 0);
CREATE INDEX service_cache_age ON service_cache (stored_at, bytes);
