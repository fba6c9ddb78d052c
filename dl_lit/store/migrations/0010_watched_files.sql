-- Files that watched folders have handed in, until they are moved.
CREATE TABLE watched_files (
    path          TEXT PRIMARY KEY,
    folder        TEXT NOT NULL,
    source_pdf_id INTEGER NOT NULL REFERENCES source_pdfs (id) ON DELETE CASCADE,
    signature     TEXT NOT NULL,
    target        TEXT,
    handed_in_at  REAL NOT NULL
) STRICT;
CREATE INDEX watched_files_in_folder ON watched_files (folder);
CREATE INDEX watched_files_of_pdf ON watched_files (source_pdf_id);
