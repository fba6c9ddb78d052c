-- Names of prints that programs have given up, for works that come in later. Those that were given up before have none:
-- a retry looks for them again.
CREATE TABLE unsettled_prints (
    kind         TEXT NOT NULL,   -- as in work_aliases
    value        TEXT NOT NULL,   -- the name, normalised
    reference_id INTEGER NOT NULL REFERENCES reference_ids (id),
    PRIMARY KEY (kind, value, reference_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX unsettled_prints_of ON unsettled_prints (reference_id);
