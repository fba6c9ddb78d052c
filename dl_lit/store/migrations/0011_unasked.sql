-- Indexes that were off and could know a copy of a work without one (JSON array): it is looked at anew once one is on.
ALTER TABLE failed_downloads ADD COLUMN unasked TEXT;
