-- dl-lit: the whole database of a library, as the current program makes it.
--
--   PDFs ──▶ no_metadata ──▶ with_metadata ──▶ to_download_references ──▶ downloaded_references
--                 │                 │                     └──▶ failed_downloads
--                 │                 └──▶ duplicate_references
--                 └──▶ needs_review, failed_enrichments
--
-- A reference keeps one id (from reference_ids) for life and is, at every instant, in exactly one of the eight
-- tables above; moving on is one transaction. All times are unix seconds. People, locations and other lists are JSON
-- arrays. State lives on the row:
--   attempts          tries so far in this stage
--   next_attempt_at   NULL: may be taken now; else not before this time
--   wait_by           who set that time: 'backoff' (we did; a new run may try at once) or 'service' (it must be kept)
--   claimed_by        "host:pid:start" of the process that works on the row, until claimed_until
--   claimed_until     when others may take the row, unless the process that has it says more
--   reason            a word of a closed vocabulary (dl_lit/model.py); docs/outcomes.md explains each
--   last_error        the text for a person
--   created_at        when the row's subject entered the library
--   stage_entered_at  when it entered this table
--   finished_at       when it came to its final state; NULL: not yet
-- Columns that many tables have:
--   id                in the tables of references: the reference's id, for life
--   source_pdf_id     the PDF that it was first read from
--   reference_id      the reference, by its id
--   turn              its place within its own PDF, for taking PDFs in rounds
--   raw               the printed string
--   position          its place in the list, from 1
--   page              in the file, from 1
--   label             as printed: "[12]", "12.", "Lec15"
--   from_note         1: a foot- or endnote cites it
--   printed_url       the URL in the printed reference, a last place to look for a copy
--   title             without its subtitle, where a service tells them apart
--   subtitle          what follows the title
--   translated_title  printed behind the title, in another language
--   authors           people: {"family", "given"}, or {"name"} for bodies and undivided names
--   editors           the same
--   year              a number
--   year_text         as printed: "2001a", "in press"
--   container         journal, book or series that it is in
--   volume, issue, pages, publisher, place   text, as printed or registered
--   type              one of Crossref's words, or legislation, legal_case, patent
--   doi, openalex_id, arxiv, pmid, pmcid, isbn, issn   normalised identifiers
--   url               a page that a person can open
--   language          two letters
--   abstract          as a service gives it, without markup
--   cited_by_count    how many works cite it, says an index
--   is_oa             1: an index calls it open
--   oa_status         gold, diamond, green, hybrid, bronze or closed
--   is_retracted      1: an index says so
--   locations         where services say that open copies are
--   sources           the services whose record this is, best first
--   pdf_available     1 in downloaded_references, 0 in failed_downloads
--   priority          the greatest is fetched first
--   file_name         relative to the library's pdfs/ folder
--   file_sha256, file_bytes, file_pages   of the kept file
--   at                when
--   score             0..1, ours
--   service           its name, as in the settings
-- Changing this file means a numbered migration in dl_lit/store/migrations (see the README there).

-- One row for every PDF handed in, told apart by content: the same bytes under another name are the same PDF.
-- A file that cannot be read has no sha256 and is known by its path.
CREATE TABLE source_pdfs (
    id               INTEGER PRIMARY KEY,
    sha256           TEXT,   -- of its bytes
    path             TEXT NOT NULL,   -- where it is, or was when it was handed in
    size             INTEGER NOT NULL,   -- in bytes
    pages            INTEGER,
    backend          TEXT,              -- what read it: pymupdf, pdfplumber, pandoc, ...
    quality          REAL,              -- 0..1, how far its text can be trusted
    title            TEXT,              -- its own metadata, as printed on the first pages
    authors          TEXT,
    year             INTEGER,
    doi              TEXT,
    reference_count  INTEGER,   -- how many references were read from it
    seconds          REAL,              -- time the extraction took
    state            TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
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
    backend_note     TEXT               -- what each reader tried came to: "pymupdf 0.41, pdfplumber 0.93"
) STRICT;
CREATE UNIQUE INDEX source_pdfs_content ON source_pdfs (sha256) WHERE sha256 IS NOT NULL;
CREATE UNIQUE INDEX source_pdfs_unreadable ON source_pdfs (path) WHERE sha256 IS NULL;
CREATE INDEX source_pdfs_ready ON source_pdfs (id)
    WHERE claimed_by IS NULL AND next_attempt_at IS NULL AND finished_at IS NULL;
CREATE INDEX source_pdfs_later ON source_pdfs (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX source_pdfs_claimed ON source_pdfs (claimed_until) WHERE claimed_by IS NOT NULL;
CREATE INDEX source_pdfs_failed ON source_pdfs (finished_at) WHERE state = 'failed';

-- The sequence from which every reference takes its id; ids are never used twice.
CREATE TABLE reference_ids (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at REAL NOT NULL
) STRICT;

-- Which PDF cites which reference, where, and what is printed there. Rows are never deleted and the print is never
-- overwritten; when references merge, reference_id moves to the one that stays and original_reference_id remains.
CREATE TABLE citations (
    id                    INTEGER PRIMARY KEY,
    source_pdf_id         INTEGER NOT NULL REFERENCES source_pdfs (id),
    reference_id          INTEGER NOT NULL REFERENCES reference_ids (id),
    original_reference_id INTEGER NOT NULL REFERENCES reference_ids (id),   -- the id it was read under; stays when references merge
    position              INTEGER NOT NULL,   -- from 1 within the PDF
    page                  INTEGER,            -- from 1 within the file
    label                 TEXT,               -- "[12]", "12.", "Lec15"
    raw                   TEXT NOT NULL,      -- the printed string
    fields                TEXT NOT NULL,      -- what was read from it: a JSON object of the fields that are there
    created_at            REAL NOT NULL,
    from_note             INTEGER NOT NULL DEFAULT 0   -- 1: a foot- or endnote cites it, in a PDF without a list
) STRICT;
CREATE INDEX citations_of_reference ON citations (reference_id, source_pdf_id);
CREATE INDEX citations_of_original ON citations (original_reference_id);
CREATE INDEX citations_in_pdf ON citations (source_pdf_id, position);

-- Stage 2 takes from here: printed references whose work is not known yet. `turn` is the row's place within its own
-- PDF; taking the lowest turn first serves all PDFs in rounds, so that a long bibliography cannot starve a short one.
CREATE TABLE no_metadata (
    id               INTEGER PRIMARY KEY REFERENCES reference_ids (id),
    source_pdf_id    INTEGER REFERENCES source_pdfs (id),
    turn             INTEGER NOT NULL DEFAULT 0,
    raw              TEXT NOT NULL,
    position         INTEGER NOT NULL,
    page             INTEGER,
    label            TEXT,
    authors          TEXT NOT NULL,
    editors          TEXT NOT NULL,
    title            TEXT,
    translated_title TEXT,
    year             INTEGER,
    year_text        TEXT,
    container        TEXT,
    volume           TEXT,
    issue            TEXT,
    pages            TEXT,
    publisher        TEXT,
    place            TEXT,
    type             TEXT,
    doi              TEXT,
    arxiv            TEXT,
    pmid             TEXT,
    pmcid            TEXT,
    isbn             TEXT,
    issn             TEXT,
    url              TEXT,
    language         TEXT,
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
    from_note        INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX no_metadata_ready ON no_metadata (turn, id DESC)
    WHERE claimed_by IS NULL AND next_attempt_at IS NULL AND finished_at IS NULL;
CREATE INDEX no_metadata_oldest ON no_metadata (id)
    WHERE claimed_by IS NULL AND next_attempt_at IS NULL AND finished_at IS NULL;
CREATE INDEX no_metadata_later ON no_metadata (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX no_metadata_claimed ON no_metadata (claimed_until) WHERE claimed_by IS NOT NULL;

-- Candidates exist, but a person must look: which candidates, and why none was taken, is in match_evidence.
CREATE TABLE needs_review (
    id               INTEGER PRIMARY KEY REFERENCES reference_ids (id),
    source_pdf_id    INTEGER REFERENCES source_pdfs (id),
    turn             INTEGER NOT NULL DEFAULT 0,
    raw              TEXT NOT NULL,
    position         INTEGER NOT NULL,
    page             INTEGER,
    label            TEXT,
    authors          TEXT NOT NULL,
    editors          TEXT NOT NULL,
    title            TEXT,
    translated_title TEXT,
    year             INTEGER,
    year_text        TEXT,
    container        TEXT,
    volume           TEXT,
    issue            TEXT,
    pages            TEXT,
    publisher        TEXT,
    place            TEXT,
    type             TEXT,
    doi              TEXT,
    arxiv            TEXT,
    pmid             TEXT,
    pmcid            TEXT,
    isbn             TEXT,
    issn             TEXT,
    url              TEXT,
    language         TEXT,
    attempts         INTEGER NOT NULL DEFAULT 0,
    last_error       TEXT,
    reason           TEXT,
    created_at       REAL NOT NULL,
    stage_entered_at REAL NOT NULL,
    finished_at      REAL,
    from_note        INTEGER NOT NULL DEFAULT 0
) STRICT;

-- No service has this work, or only other works that look like it. The row is whole, so that a retry loses nothing.
CREATE TABLE failed_enrichments (
    id               INTEGER PRIMARY KEY REFERENCES reference_ids (id),
    source_pdf_id    INTEGER REFERENCES source_pdfs (id),
    turn             INTEGER NOT NULL DEFAULT 0,
    raw              TEXT NOT NULL,
    position         INTEGER NOT NULL,
    page             INTEGER,
    label            TEXT,
    authors          TEXT NOT NULL,
    editors          TEXT NOT NULL,
    title            TEXT,
    translated_title TEXT,
    year             INTEGER,
    year_text        TEXT,
    container        TEXT,
    volume           TEXT,
    issue            TEXT,
    pages            TEXT,
    publisher        TEXT,
    place            TEXT,
    type             TEXT,
    doi              TEXT,
    arxiv            TEXT,
    pmid             TEXT,
    pmcid            TEXT,
    isbn             TEXT,
    issn             TEXT,
    url              TEXT,
    language         TEXT,
    attempts         INTEGER NOT NULL DEFAULT 0,
    last_error       TEXT,
    reason           TEXT,
    created_at       REAL NOT NULL,
    stage_entered_at REAL NOT NULL,
    finished_at      REAL,
    from_note        INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX failed_enrichments_latest ON failed_enrichments (finished_at);

-- Stage 3 takes from here: works with verified metadata, not yet compared with the rest of the library.
--
-- Identifiers are unique as far as they are validated. A weaker identifier than the DOI is unique only among works
-- without a DOI, because two different DOIs forbid a merge whatever else agrees (a preprint and its article may
-- share an arXiv id).
CREATE TABLE with_metadata (
    id               INTEGER PRIMARY KEY REFERENCES reference_ids (id),
    printed_url      TEXT,                       -- the URL in the printed reference, a last place to look for a copy
    title            TEXT,
    subtitle         TEXT,
    authors          TEXT NOT NULL,
    editors          TEXT NOT NULL,
    year             INTEGER,
    container        TEXT,
    volume           TEXT,
    issue            TEXT,
    pages            TEXT,
    publisher        TEXT,
    place            TEXT,
    type             TEXT,
    doi              TEXT,
    openalex_id      TEXT,
    arxiv            TEXT,
    pmid             TEXT,
    pmcid            TEXT,
    isbn             TEXT,
    issn             TEXT,
    url              TEXT,
    language         TEXT,
    abstract         TEXT,
    cited_by_count   INTEGER,
    is_oa            INTEGER,
    oa_status        TEXT,
    is_retracted     INTEGER NOT NULL DEFAULT 0,
    locations        TEXT NOT NULL,              -- where the services say that open copies are
    sources          TEXT NOT NULL,              -- the services whose record this is, best first
    attempts         INTEGER NOT NULL DEFAULT 0,
    next_attempt_at  REAL,
    wait_by          TEXT CHECK (wait_by IN ('backoff', 'service')),
    claimed_by       TEXT,
    claimed_until    REAL,
    last_error       TEXT,
    reason           TEXT,
    created_at       REAL NOT NULL,
    stage_entered_at REAL NOT NULL,
    finished_at      REAL
) STRICT;
CREATE UNIQUE INDEX with_metadata_doi ON with_metadata (doi) WHERE doi IS NOT NULL;
CREATE UNIQUE INDEX with_metadata_openalex ON with_metadata (openalex_id) WHERE openalex_id IS NOT NULL AND doi IS NULL;
CREATE UNIQUE INDEX with_metadata_arxiv ON with_metadata (arxiv) WHERE arxiv IS NOT NULL AND doi IS NULL;
CREATE UNIQUE INDEX with_metadata_pmid ON with_metadata (pmid) WHERE pmid IS NOT NULL AND doi IS NULL;
CREATE UNIQUE INDEX with_metadata_pmcid ON with_metadata (pmcid) WHERE pmcid IS NOT NULL AND doi IS NULL;
CREATE INDEX with_metadata_ready ON with_metadata (id)
    WHERE claimed_by IS NULL AND next_attempt_at IS NULL AND finished_at IS NULL;
CREATE INDEX with_metadata_later ON with_metadata (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX with_metadata_claimed ON with_metadata (claimed_until) WHERE claimed_by IS NOT NULL;

-- Stage 4 takes from here, greatest priority first: the works that most of the user's PDFs cite.
CREATE TABLE to_download_references (
    id               INTEGER PRIMARY KEY REFERENCES reference_ids (id),
    priority         REAL NOT NULL DEFAULT 0,
    printed_url      TEXT,
    title            TEXT,
    subtitle         TEXT,
    authors          TEXT NOT NULL,
    editors          TEXT NOT NULL,
    year             INTEGER,
    container        TEXT,
    volume           TEXT,
    issue            TEXT,
    pages            TEXT,
    publisher        TEXT,
    place            TEXT,
    type             TEXT,
    doi              TEXT,
    openalex_id      TEXT,
    arxiv            TEXT,
    pmid             TEXT,
    pmcid            TEXT,
    isbn             TEXT,
    issn             TEXT,
    url              TEXT,
    language         TEXT,
    abstract         TEXT,
    cited_by_count   INTEGER,
    is_oa            INTEGER,
    oa_status        TEXT,
    is_retracted     INTEGER NOT NULL DEFAULT 0,
    locations        TEXT NOT NULL,
    sources          TEXT NOT NULL,
    attempts         INTEGER NOT NULL DEFAULT 0,
    next_attempt_at  REAL,
    wait_by          TEXT CHECK (wait_by IN ('backoff', 'service')),
    claimed_by       TEXT,
    claimed_until    REAL,
    last_error       TEXT,
    reason           TEXT,
    created_at       REAL NOT NULL,
    stage_entered_at REAL NOT NULL,
    finished_at      REAL
) STRICT;
CREATE UNIQUE INDEX to_download_doi ON to_download_references (doi) WHERE doi IS NOT NULL;
CREATE UNIQUE INDEX to_download_openalex ON to_download_references (openalex_id)
    WHERE openalex_id IS NOT NULL AND doi IS NULL;
CREATE UNIQUE INDEX to_download_arxiv ON to_download_references (arxiv) WHERE arxiv IS NOT NULL AND doi IS NULL;
CREATE UNIQUE INDEX to_download_pmid ON to_download_references (pmid) WHERE pmid IS NOT NULL AND doi IS NULL;
CREATE UNIQUE INDEX to_download_pmcid ON to_download_references (pmcid) WHERE pmcid IS NOT NULL AND doi IS NULL;
CREATE INDEX to_download_ready ON to_download_references (priority DESC, id DESC)
    WHERE claimed_by IS NULL AND next_attempt_at IS NULL AND finished_at IS NULL;
CREATE INDEX to_download_oldest ON to_download_references (id)
    WHERE claimed_by IS NULL AND next_attempt_at IS NULL AND finished_at IS NULL;
CREATE INDEX to_download_later ON to_download_references (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX to_download_claimed ON to_download_references (claimed_until) WHERE claimed_by IS NOT NULL;

-- The end of the way: works with a verified copy in the library's pdfs/ folder. Two works may share one file.
CREATE TABLE downloaded_references (
    id               INTEGER PRIMARY KEY REFERENCES reference_ids (id),
    printed_url      TEXT,
    title            TEXT,
    subtitle         TEXT,
    authors          TEXT NOT NULL,
    editors          TEXT NOT NULL,
    year             INTEGER,
    container        TEXT,
    volume           TEXT,
    issue            TEXT,
    pages            TEXT,
    publisher        TEXT,
    place            TEXT,
    type             TEXT,
    doi              TEXT,
    openalex_id      TEXT,
    arxiv            TEXT,
    pmid             TEXT,
    pmcid            TEXT,
    isbn             TEXT,
    issn             TEXT,
    url              TEXT,
    language         TEXT,
    abstract         TEXT,
    cited_by_count   INTEGER,
    is_oa            INTEGER,
    oa_status        TEXT,
    is_retracted     INTEGER NOT NULL DEFAULT 0,
    locations        TEXT NOT NULL,
    sources          TEXT NOT NULL,
    pdf_available    INTEGER NOT NULL DEFAULT 1 CHECK (pdf_available = 1),
    file_name        TEXT NOT NULL,              -- relative to the library's pdfs/ folder
    file_sha256      TEXT NOT NULL,
    file_bytes       INTEGER NOT NULL,
    file_pages       INTEGER NOT NULL,
    file_source      TEXT NOT NULL,              -- the service that named the copy
    file_url         TEXT NOT NULL,   -- where that service said it is
    file_final_url   TEXT NOT NULL,   -- where redirects led
    file_version     TEXT,                       -- publishedVersion, acceptedVersion, submittedVersion
    file_licence     TEXT,   -- as the service or the host names it
    file_identity    TEXT,                       -- what showed that the file is this work: doi, title, ...
    attempts         INTEGER NOT NULL DEFAULT 0,
    last_error       TEXT,
    reason           TEXT,
    created_at       REAL NOT NULL,
    stage_entered_at REAL NOT NULL,
    finished_at      REAL,
    file_reserved    TEXT                        -- what its host reserves of text and data mining, and where it says so
) STRICT;
CREATE UNIQUE INDEX downloaded_doi ON downloaded_references (doi) WHERE doi IS NOT NULL;
CREATE UNIQUE INDEX downloaded_openalex ON downloaded_references (openalex_id)
    WHERE openalex_id IS NOT NULL AND doi IS NULL;
CREATE UNIQUE INDEX downloaded_arxiv ON downloaded_references (arxiv) WHERE arxiv IS NOT NULL AND doi IS NULL;
CREATE UNIQUE INDEX downloaded_pmid ON downloaded_references (pmid) WHERE pmid IS NOT NULL AND doi IS NULL;
CREATE UNIQUE INDEX downloaded_pmcid ON downloaded_references (pmcid) WHERE pmcid IS NOT NULL AND doi IS NULL;
CREATE INDEX downloaded_file ON downloaded_references (file_sha256);
CREATE INDEX downloaded_latest ON downloaded_references (finished_at);

-- Works without a copy, and why; metadata and abstract stay.
CREATE TABLE failed_downloads (
    id               INTEGER PRIMARY KEY REFERENCES reference_ids (id),
    printed_url      TEXT,
    title            TEXT,
    subtitle         TEXT,
    authors          TEXT NOT NULL,
    editors          TEXT NOT NULL,
    year             INTEGER,
    container        TEXT,
    volume           TEXT,
    issue            TEXT,
    pages            TEXT,
    publisher        TEXT,
    place            TEXT,
    type             TEXT,
    doi              TEXT,
    openalex_id      TEXT,
    arxiv            TEXT,
    pmid             TEXT,
    pmcid            TEXT,
    isbn             TEXT,
    issn             TEXT,
    url              TEXT,
    language         TEXT,
    abstract         TEXT,
    cited_by_count   INTEGER,
    is_oa            INTEGER,
    oa_status        TEXT,
    is_retracted     INTEGER NOT NULL DEFAULT 0,
    locations        TEXT NOT NULL,
    sources          TEXT NOT NULL,
    pdf_available    INTEGER NOT NULL DEFAULT 0 CHECK (pdf_available = 0),
    attempts         INTEGER NOT NULL DEFAULT 0,
    last_error       TEXT,
    reason           TEXT NOT NULL,
    created_at       REAL NOT NULL,
    stage_entered_at REAL NOT NULL,
    finished_at      REAL,
    unasked          TEXT               -- indexes that were off and could know a copy (JSON array)
) STRICT;
CREATE UNIQUE INDEX failed_downloads_doi ON failed_downloads (doi) WHERE doi IS NOT NULL;
CREATE UNIQUE INDEX failed_downloads_openalex ON failed_downloads (openalex_id)
    WHERE openalex_id IS NOT NULL AND doi IS NULL;
CREATE UNIQUE INDEX failed_downloads_arxiv ON failed_downloads (arxiv) WHERE arxiv IS NOT NULL AND doi IS NULL;
CREATE UNIQUE INDEX failed_downloads_pmid ON failed_downloads (pmid) WHERE pmid IS NOT NULL AND doi IS NULL;
CREATE UNIQUE INDEX failed_downloads_pmcid ON failed_downloads (pmcid) WHERE pmcid IS NOT NULL AND doi IS NULL;
CREATE INDEX failed_downloads_latest ON failed_downloads (finished_at);

-- References that turned out to be a work which the library already has, as they were before the merge.
CREATE TABLE duplicate_references (
    id               INTEGER PRIMARY KEY REFERENCES reference_ids (id),
    merged_into      INTEGER NOT NULL REFERENCES reference_ids (id),   -- always the one that stays, never a chain
    rule             TEXT NOT NULL,                                    -- doi, openalex_id, title_authors_year, ...
    score            REAL NOT NULL,
    printed_url      TEXT,
    title            TEXT,
    subtitle         TEXT,
    authors          TEXT NOT NULL,
    editors          TEXT NOT NULL,
    year             INTEGER,
    container        TEXT,
    volume           TEXT,
    issue            TEXT,
    pages            TEXT,
    publisher        TEXT,
    place            TEXT,
    type             TEXT,
    doi              TEXT,
    openalex_id      TEXT,
    arxiv            TEXT,
    pmid             TEXT,
    pmcid            TEXT,
    isbn             TEXT,
    issn             TEXT,
    url              TEXT,
    language         TEXT,
    abstract         TEXT,
    cited_by_count   INTEGER,
    is_oa            INTEGER,
    oa_status        TEXT,
    is_retracted     INTEGER NOT NULL DEFAULT 0,
    locations        TEXT NOT NULL,
    sources          TEXT NOT NULL,
    attempts         INTEGER NOT NULL DEFAULT 0,
    last_error       TEXT,
    reason           TEXT,
    created_at       REAL NOT NULL,
    stage_entered_at REAL NOT NULL,
    finished_at      REAL
) STRICT;
CREATE INDEX duplicate_references_winner ON duplicate_references (merged_into);

-- Every merge: who went into whom, by which rule, and which fields of the one that stayed changed ({field: old value}).
CREATE TABLE merge_log (
    id           INTEGER PRIMARY KEY,
    at           REAL NOT NULL,
    loser_id     INTEGER NOT NULL REFERENCES reference_ids (id),   -- went into winner_id
    winner_id    INTEGER NOT NULL REFERENCES reference_ids (id),   -- stayed
    loser_table  TEXT NOT NULL,   -- where it was
    winner_table TEXT NOT NULL,   -- where it was
    rule         TEXT NOT NULL,   -- doi, openalex_id, title_authors_year, ...
    score        REAL NOT NULL,
    changed      TEXT NOT NULL,   -- what the record of the one that stayed had before: {field: old value}
    standing     TEXT NOT NULL DEFAULT 'holds'   -- undone: the two are parted; closed: the winner is no more that work
                 CHECK (standing IN ('holds', 'undone', 'closed'))
) STRICT;
CREATE INDEX merge_log_winner ON merge_log (winner_id);
CREATE INDEX merge_log_loser ON merge_log (loser_id);

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
    one_id     INTEGER NOT NULL REFERENCES reference_ids (id),   -- the smaller id
    other_id   INTEGER NOT NULL REFERENCES reference_ids (id),   -- the greater one
    created_at REAL NOT NULL,
    PRIMARY KEY (one_id, other_id),
    CHECK (one_id < other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX parted_references_other ON parted_references (other_id);

-- The names under which exports have given works out, kept so that a text that cites one goes on finding it. Of a merged
-- reference it names the work that it was merged into, unless that has a name of its own.
CREATE TABLE citation_keys (
    reference_id     INTEGER PRIMARY KEY REFERENCES reference_ids (id),
    citation_key     TEXT NOT NULL UNIQUE   -- "mueller2012bildung"
) STRICT;

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

-- PDFs that the user has already, for references that are not in the download stage yet. They lie in pdfs/; the stage
-- takes them, checked against the verified work, before it asks anybody.
CREATE TABLE owned_files (
    id           INTEGER PRIMARY KEY,
    at           REAL NOT NULL,
    reference_id INTEGER NOT NULL REFERENCES reference_ids (id),
    file_name    TEXT NOT NULL,           -- relative to the library's pdfs/ folder
    file_sha256  TEXT NOT NULL,
    file_bytes   INTEGER NOT NULL,
    file_pages   INTEGER NOT NULL,
    url          TEXT NOT NULL,           -- file://, where it lay
    identity     TEXT,                    -- what showed that it is what is printed
    UNIQUE (reference_id, file_sha256)
) STRICT;

-- All names under which an accepted work is known: identifiers, folded titles, folded printed strings, and the place
-- (year, volume and first page) for prints without a title.
CREATE TABLE work_aliases (
    kind         TEXT NOT NULL   -- what kind of name: an identifier, the title, the print, or the place
                 CHECK (kind IN ('doi', 'openalex_id', 'arxiv', 'pmid', 'pmcid', 'title', 'raw', 'place')),
    value        TEXT NOT NULL,   -- the name, normalised
    reference_id INTEGER NOT NULL REFERENCES reference_ids (id),
    PRIMARY KEY (kind, value, reference_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX work_aliases_of ON work_aliases (reference_id);

-- Names under which a work would be found that is printed in a reference that programs have given up (needs_review,
-- failed_enrichments): a work that comes in later and has one of them is compared with it.
CREATE TABLE unsettled_prints (
    kind         TEXT NOT NULL,   -- as in work_aliases
    value        TEXT NOT NULL,   -- the name, normalised
    reference_id INTEGER NOT NULL REFERENCES reference_ids (id),
    PRIMARY KEY (kind, value, reference_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX unsettled_prints_of ON unsettled_prints (reference_id);

-- The candidates of the latest verdict on a reference, and what spoke for and against each.
CREATE TABLE match_evidence (
    id              INTEGER PRIMARY KEY,
    reference_id    INTEGER NOT NULL REFERENCES reference_ids (id),
    service         TEXT NOT NULL,
    query           TEXT NOT NULL,   -- what was asked: doi, arxiv, bibliographic, local, ...
    rank            INTEGER NOT NULL,   -- from 1, the best first
    score           REAL NOT NULL,     -- 0..1, ours
    decision        TEXT NOT NULL,   -- accepted, review or rejected
    agreed          TEXT NOT NULL,     -- signals, e.g. ["title","first_author","year"]
    disagreed       TEXT NOT NULL,   -- signals that speak against it
    vetoes          TEXT NOT NULL,   -- signals that forbid it
    candidate_doi   TEXT,   -- its DOI
    candidate_title TEXT,   -- its title
    candidate       TEXT NOT NULL,     -- the whole candidate
    created_at      REAL NOT NULL
) STRICT;
CREATE INDEX match_evidence_of ON match_evidence (reference_id, rank);

-- One row for every try at one URL.
CREATE TABLE download_attempts (
    id             INTEGER PRIMARY KEY,
    reference_id   INTEGER NOT NULL REFERENCES reference_ids (id),
    at             REAL NOT NULL,
    source         TEXT NOT NULL,   -- the service that named the URL
    url            TEXT NOT NULL,
    final_url      TEXT,   -- where redirects led
    host           TEXT NOT NULL,   -- that was asked
    outcome        TEXT NOT NULL,   -- success, or a word of docs/outcomes.md
    category       TEXT NOT NULL,      -- what kind of end that is: success, walled, closed, gone, unusable, ...
    status         INTEGER,   -- of HTTP
    bytes          INTEGER NOT NULL,   -- that came
    milliseconds   INTEGER NOT NULL,   -- that it took
    detail         TEXT,   -- the text for a person
    quarantined_as TEXT,               -- file name below quarantine/
    reserved       TEXT                -- what the host reserves of text and data mining, and where it says so
) STRICT;
CREATE INDEX download_attempts_of ON download_attempts (reference_id);
CREATE INDEX download_attempts_host ON download_attempts (host, at);

-- Every step of every reference and PDF, in order: the story behind `dl-lit why`.
CREATE TABLE state_log (
    id            INTEGER PRIMARY KEY,
    at            REAL NOT NULL,
    reference_id  INTEGER REFERENCES reference_ids (id),
    source_pdf_id INTEGER REFERENCES source_pdfs (id),
    from_table    TEXT,                -- NULL: it came into being
    to_table      TEXT NOT NULL,       -- the same as from_table: it waits for another try; expansions: a side step
    reason        TEXT,
    detail        TEXT,   -- the text for a person
    owner         TEXT   -- the process that did it
) STRICT;
CREATE INDEX state_log_of_reference ON state_log (reference_id);
CREATE INDEX state_log_of_pdf ON state_log (source_pdf_id) WHERE source_pdf_id IS NOT NULL;

-- What a service answered; payload NULL: it definitely has nothing. Expired rows are never used.
CREATE TABLE service_cache (
    service    TEXT NOT NULL,
    key        TEXT NOT NULL,   -- the question
    payload    TEXT,   -- JSON; NULL: nothing there
    stored_at  REAL NOT NULL,   -- when it came
    expires_at REAL NOT NULL,   -- until when it is used
    bytes      INTEGER NOT NULL DEFAULT 0,   -- of key and payload; the oldest answers go when all are too many
    PRIMARY KEY (service, key)
) STRICT;
CREATE INDEX service_cache_expiry ON service_cache (expires_at);
CREATE INDEX service_cache_age ON service_cache (stored_at, bytes);

-- One row for every run of the program on this library. exit_code NULL: it runs, or was killed.
CREATE TABLE pipeline_runs (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    owner        TEXT NOT NULL,   -- "host:pid:start" of the process
    command      TEXT NOT NULL,   -- its name
    options      TEXT NOT NULL,   -- a JSON object
    started_at   REAL NOT NULL,   -- when it began
    heartbeat_at REAL NOT NULL,   -- when it last said that it lives
    finished_at  REAL,
    exit_code    INTEGER,   -- as the shell sees it
    summary      TEXT   -- a JSON object: what came of it
) STRICT;
CREATE INDEX pipeline_runs_open ON pipeline_runs (id) WHERE finished_at IS NULL;

-- Which PDFs a run was asked to do. It works on these and on the references that they cite, and leaves all others.
CREATE TABLE run_pdfs (
    run_id        INTEGER NOT NULL REFERENCES pipeline_runs (id),
    source_pdf_id INTEGER NOT NULL REFERENCES source_pdfs (id) ON DELETE CASCADE,
    PRIMARY KEY (run_id, source_pdf_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_pdfs_of_pdf ON run_pdfs (source_pdf_id);

-- Files that a watched folder has handed in: which PDF each is, so that a restarted watcher neither reads it again nor
-- forgets it. The row goes when the file is moved. `signature` tells whether the file is still what was handed in
-- (size and times). `target` is where it is being moved to, written before the move and gone after it.
CREATE TABLE watched_files (
    path          TEXT PRIMARY KEY,   -- the file
    folder        TEXT NOT NULL,   -- that is watched
    source_pdf_id INTEGER NOT NULL REFERENCES source_pdfs (id) ON DELETE CASCADE,
    signature     TEXT NOT NULL,   -- size and times, as it was handed in
    target        TEXT,   -- where it is being moved to
    handed_in_at  REAL NOT NULL   -- when
) STRICT;
CREATE INDEX watched_files_in_folder ON watched_files (folder);
CREATE INDEX watched_files_of_pdf ON watched_files (source_pdf_id);

-- Works that no PDF brought in, and how they came: with a work that they are cited by or cite, or by a search. `depth`
-- is the number of steps from a work that a PDF cites (0: found by a search). `brought_by` is the run that added the
-- work, `run_id` the latest that works on it. A work can be here and have citations too, when PDFs cite it as well.
CREATE TABLE found_works (
    reference_id INTEGER PRIMARY KEY REFERENCES reference_ids (id),
    way          TEXT NOT NULL CHECK (way IN ('references', 'citations', 'search')),
    depth        INTEGER NOT NULL,   -- steps from a work that a PDF cites
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
    citing_id  INTEGER NOT NULL REFERENCES reference_ids (id),   -- the work that cites
    cited_id   INTEGER NOT NULL REFERENCES reference_ids (id),   -- the work that is cited
    source     TEXT NOT NULL,           -- the service: openalex, opencitations, ...
    created_at REAL NOT NULL,
    PRIMARY KEY (citing_id, cited_id, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX recorded_citations_of_cited ON recorded_citations (cited_id);

-- Searches by keyword: what was asked, when, of whom, and what came. `results` is a JSON array of works, best first.
CREATE TABLE searches (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    query      TEXT NOT NULL,   -- as it was asked
    options    TEXT NOT NULL,           -- a JSON object: years, sources, limit, ...
    created_at REAL NOT NULL,
    sources    TEXT NOT NULL,           -- a JSON object: what each source gave, or why it gave nothing
    results    TEXT NOT NULL   -- a JSON array of works, best first
) STRICT;

-- All accepted works, wherever they are on their way.
CREATE VIEW works AS
    SELECT 'with_metadata' AS stage, id, printed_url, title, subtitle, authors, editors, year, container, volume, issue,
           pages, publisher, place, type, doi, openalex_id, arxiv, pmid, pmcid, isbn, issn, url, language,
           abstract, cited_by_count, is_oa, oa_status, is_retracted, locations, sources
      FROM with_metadata
    UNION ALL
    SELECT 'to_download_references', id, printed_url, title, subtitle, authors, editors, year, container, volume, issue,
           pages, publisher, place, type, doi, openalex_id, arxiv, pmid, pmcid, isbn, issn, url, language,
           abstract, cited_by_count, is_oa, oa_status, is_retracted, locations, sources
      FROM to_download_references
    UNION ALL
    SELECT 'downloaded_references', id, printed_url, title, subtitle, authors, editors, year, container, volume, issue,
           pages, publisher, place, type, doi, openalex_id, arxiv, pmid, pmcid, isbn, issn, url, language,
           abstract, cited_by_count, is_oa, oa_status, is_retracted, locations, sources
      FROM downloaded_references
    UNION ALL
    SELECT 'failed_downloads', id, printed_url, title, subtitle, authors, editors, year, container, volume, issue,
           pages, publisher, place, type, doi, openalex_id, arxiv, pmid, pmcid, isbn, issn, url, language,
           abstract, cited_by_count, is_oa, oa_status, is_retracted, locations, sources
      FROM failed_downloads;

-- Who cites whom among the works of the library, each once a service, under the ids that works have now.
CREATE VIEW citation_edges AS
    SELECT DISTINCT coalesce(citing.merged_into, citing_id) AS citing_id, coalesce(cited.merged_into, cited_id) AS cited_id,
           source
      FROM recorded_citations
      LEFT JOIN duplicate_references AS citing ON citing.id = citing_id
      LEFT JOIN duplicate_references AS cited ON cited.id = cited_id
     WHERE coalesce(citing.merged_into, citing_id) <> coalesce(cited.merged_into, cited_id);

PRAGMA user_version = 13;
