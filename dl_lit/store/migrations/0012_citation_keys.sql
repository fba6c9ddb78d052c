-- The names under which exports have given works out, kept so that a text that cites one goes on finding it. Of a merged
-- reference it names the work that it was merged into, unless that has a name of its own.
CREATE TABLE citation_keys (
    reference_id     INTEGER PRIMARY KEY REFERENCES reference_ids (id),
    citation_key     TEXT NOT NULL UNIQUE
) STRICT;
