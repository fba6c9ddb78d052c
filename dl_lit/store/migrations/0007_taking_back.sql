-- Matches that a person takes back, merges that a person undoes, and that both stay so.
ALTER TABLE merge_log ADD COLUMN standing TEXT NOT NULL DEFAULT 'holds'
    CHECK (standing IN ('holds', 'undone', 'closed'));

-- What a person has refused for a reference: the names of the works that it is not. No program accepts them for it again.
CREATE TABLE refused_matches (
    reference_id INTEGER NOT NULL REFERENCES reference_ids (id),
    kind         TEXT NOT NULL CHECK (kind IN ('doi', 'openalex_id', 'arxiv', 'pmid', 'pmcid', 'title')),
    value        TEXT NOT NULL,           -- of a title: its folded words, ":" and the year
    created_at   REAL NOT NULL,
    PRIMARY KEY (reference_id, kind, value)
) STRICT, WITHOUT ROWID;

-- References that a person has parted: no program merges them again.
CREATE TABLE parted_references (
    one_id     INTEGER NOT NULL REFERENCES reference_ids (id),
    other_id   INTEGER NOT NULL REFERENCES reference_ids (id),
    created_at REAL NOT NULL,
    PRIMARY KEY (one_id, other_id),
    CHECK (one_id < other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX parted_references_other ON parted_references (other_id);

-- Files in pdfs/ that are not the copy of a reference any more, because its match was taken back. They stay there.
CREATE TABLE withdrawn_files (
    id           INTEGER PRIMARY KEY,
    at           REAL NOT NULL,
    reference_id INTEGER NOT NULL REFERENCES reference_ids (id),
    file_name    TEXT NOT NULL,
    file_sha256  TEXT NOT NULL,
    title        TEXT,                    -- of the work that it was kept for
    doi          TEXT
) STRICT;
CREATE INDEX withdrawn_files_of ON withdrawn_files (reference_id);

-- What was undone already.
UPDATE merge_log SET standing = 'undone'
 WHERE rule = 'unmerged'
    OR EXISTS (SELECT 1 FROM merge_log AS later
                WHERE later.loser_id = merge_log.loser_id AND later.rule = 'unmerged' AND later.id > merge_log.id);
INSERT OR IGNORE INTO parted_references (one_id, other_id, created_at)
SELECT min(loser_id, winner_id), max(loser_id, winner_id), at
  FROM merge_log WHERE rule = 'unmerged' AND loser_id NOT IN (SELECT id FROM duplicate_references);
