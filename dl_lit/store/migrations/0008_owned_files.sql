-- PDFs that the user has already, for references that are not in the download stage yet.
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
