-- Why a file was read by the backend that read it.
ALTER TABLE source_pdfs ADD COLUMN backend_note TEXT;
