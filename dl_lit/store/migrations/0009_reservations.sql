-- What publishers reserve of text and data mining: said with an attempt, and of a kept file.
ALTER TABLE download_attempts ADD COLUMN reserved TEXT;
ALTER TABLE downloaded_references ADD COLUMN file_reserved TEXT;
