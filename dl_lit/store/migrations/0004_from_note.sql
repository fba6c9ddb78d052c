-- Which references stand in foot- and endnotes, not in a list.
ALTER TABLE citations ADD COLUMN from_note INTEGER NOT NULL DEFAULT 0;
ALTER TABLE no_metadata ADD COLUMN from_note INTEGER NOT NULL DEFAULT 0;
ALTER TABLE needs_review ADD COLUMN from_note INTEGER NOT NULL DEFAULT 0;
ALTER TABLE failed_enrichments ADD COLUMN from_note INTEGER NOT NULL DEFAULT 0;
