-- Works that come in with others, or by a search; who cites whom; saved searches.
-- Works that no PDF brought in, and how they came: with a work that they are cited by or cite, or by a search. `depth`
-- is the number of steps from a work that a PDF cites (0: found by a search). `brought_by` is the run that added the
-- work, `run_id` the latest that works on it. A work can be here and have citations too, when PDFs cite it as well.
CREATE TABLE found_works (
    reference_id INTEGER PRIMARY KEY REFERENCES reference_ids (id),
    way          TEXT NOT NULL CHECK (way IN ('references', 'citations', 'search')),
    depth        INTEGER NOT NULL,
    found_with   INTEGER REFERENCES reference_ids (id),   -- the work that led to it
    search_id    INTEGER REFERENCES searches (id),
    brought_by   INTEGER REFERENCES pipeline_runs (id),
    run_id       INTEGER REFERENCES pipeline_runs (id),
    created_at   REAL NOT NULL
) STRICT;
CREATE INDEX found_works_run ON found_works (run_id);
CREATE INDEX found_works_brought ON found_works (brought_by);
CREATE INDEX found_works_search ON found_works (search_id) WHERE search_id IS NOT NULL;

-- Works of which the references, or the works that cite them, are looked for. A finished row stays, so that nothing is
-- asked twice; it opens again when the work comes nearer to the PDFs, or when more of its relations are wanted.
CREATE TABLE expansions (
    id               INTEGER PRIMARY KEY,
    reference_id     INTEGER NOT NULL REFERENCES reference_ids (id),
    direction        TEXT NOT NULL CHECK (direction IN ('references', 'citations')),
    depth            INTEGER NOT NULL,       -- of the work itself
    most             INTEGER NOT NULL,       -- so many related works may come in with it
    run_id           INTEGER REFERENCES pipeline_runs (id),   -- the latest run that asks for it
    title            TEXT,
    doi              TEXT,
    openalex_id      TEXT,
    named            INTEGER,                -- how many related works were named, and fit the filters
    brought          INTEGER NOT NULL DEFAULT 0,   -- how many of them were new to the library
    attempts         INTEGER NOT NULL DEFAULT 0,
    next_attempt_at  REAL,
    wait_by          TEXT CHECK (wait_by IN ('backoff', 'service')),
    claimed_by       TEXT,
    claimed_until    REAL,
    last_error       TEXT,
    reason           TEXT,
    created_at       REAL NOT NULL,
    stage_entered_at REAL NOT NULL,
    finished_at      REAL,
    UNIQUE (reference_id, direction)
) STRICT;
CREATE INDEX expansions_ready ON expansions (depth, id)
    WHERE claimed_by IS NULL AND next_attempt_at IS NULL AND finished_at IS NULL;
CREATE INDEX expansions_oldest ON expansions (id)
    WHERE claimed_by IS NULL AND next_attempt_at IS NULL AND finished_at IS NULL;
CREATE INDEX expansions_later ON expansions (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX expansions_claimed ON expansions (claimed_until) WHERE claimed_by IS NOT NULL;

-- Which work cites which, as a service told it, by the ids of that time; citation_edges follows merges.
CREATE TABLE recorded_citations (
    citing_id  INTEGER NOT NULL REFERENCES reference_ids (id),
    cited_id   INTEGER NOT NULL REFERENCES reference_ids (id),
    source     TEXT NOT NULL,           -- the service: openalex, opencitations, ...
    created_at REAL NOT NULL,
    PRIMARY KEY (citing_id, cited_id, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX recorded_citations_of_cited ON recorded_citations (cited_id);

-- Searches by keyword: what was asked, when, of whom, and what came. `results` is a JSON array of works, best first.
CREATE TABLE searches (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    query      TEXT NOT NULL,
    options    TEXT NOT NULL,           -- a JSON object: years, sources, limit, ...
    created_at REAL NOT NULL,
    sources    TEXT NOT NULL,           -- a JSON object: what each source gave, or why it gave nothing
    results    TEXT NOT NULL
) STRICT;

-- Who cites whom among the works of the library, each once a service, under the ids that works have now.
CREATE VIEW citation_edges AS
    SELECT DISTINCT coalesce(citing.merged_into, citing_id) AS citing_id, coalesce(cited.merged_into, cited_id) AS cited_id,
           source
      FROM recorded_citations
      LEFT JOIN duplicate_references AS citing ON citing.id = citing_id
      LEFT JOIN duplicate_references AS cited ON cited.id = cited_id
     WHERE coalesce(citing.merged_into, citing_id) <> coalesce(cited.merged_into, cited_id);
