-- Works that most of your PDFs cite, with or without a copy:
SELECT work.title, work.year, work.stage, count(DISTINCT citation.source_pdf_id) AS cited_by_pdfs
  FROM works AS work
  JOIN citations AS citation ON citation.reference_id = work.id
 GROUP BY work.id
 ORDER BY cited_by_pdfs DESC, work.year
 LIMIT 20;
-- What one PDF cites, in its order, and what became of each (`stage` is NULL where no work was accepted):
SELECT citation.position, citation.label, citation.raw, work.title, work.doi, work.stage
  FROM citations AS citation
  JOIN source_pdfs AS pdf ON pdf.id = citation.source_pdf_id
  LEFT JOIN works AS work ON work.id = citation.reference_id
 WHERE pdf.id = 1
 ORDER BY citation.position;
-- How many references your PDFs print, and how many have a verified work and a copy:
SELECT pdf.id, pdf.title, count(*) AS printed, count(work.id) AS verified,
       sum(work.stage = 'downloaded_references') AS copies
  FROM source_pdfs AS pdf
  JOIN citations AS citation ON citation.source_pdf_id = pdf.id
  LEFT JOIN works AS work ON work.id = citation.reference_id
 GROUP BY pdf.id;
-- Why works have no copy:
SELECT reason, count(*) AS works
  FROM failed_downloads
 GROUP BY reason
 ORDER BY works DESC;
-- Everything tried for works without a copy:
SELECT work.id, work.title, attempt.host, attempt.outcome, attempt.status, attempt.url
  FROM failed_downloads AS work
  JOIN download_attempts AS attempt ON attempt.reference_id = work.id
 ORDER BY work.id, attempt.at;
-- Authors, one a row, by the number of their works:
SELECT coalesce(author.value ->> 'family', author.value ->> 'name') AS name, count(*) AS works
  FROM works, json_each(works.authors) AS author
 GROUP BY name
 ORDER BY works DESC
 LIMIT 20;
-- Copies with their licence, version and source:
SELECT title, file_name, file_licence, file_version, file_source, datetime(finished_at, 'unixepoch') AS fetched
  FROM downloaded_references
 ORDER BY finished_at DESC;
-- Which references became one work, and by which rule:
SELECT rule, count(*) AS merges
  FROM merge_log
 WHERE standing = 'holds'
 GROUP BY rule;
-- Candidates for what needs a look, with what speaks against each:
SELECT reference.id, reference.raw, candidate.rank, candidate.score, candidate.candidate_title, candidate.vetoes
  FROM needs_review AS reference
  JOIN match_evidence AS candidate ON candidate.reference_id = reference.id
 ORDER BY reference.id, candidate.rank;
-- References without a work, with what is printed:
SELECT reason, raw, last_error
  FROM failed_enrichments
 ORDER BY finished_at DESC;
-- The way of one reference, step by step:
SELECT datetime(at, 'unixepoch') AS at, from_table, to_table, reason, detail
  FROM state_log
 WHERE reference_id = 1
 ORDER BY id;
-- Hosts by the copies that they gave, and by what else they did:
SELECT host, sum(outcome = 'success') AS copies, count(*) AS requests, sum(milliseconds) / count(*) AS ms_each
  FROM download_attempts
 GROUP BY host
 ORDER BY requests DESC;
-- What waits for a later time, and until when:
SELECT title, reason, last_error, datetime(next_attempt_at, 'unixepoch') AS not_before
  FROM to_download_references
 WHERE next_attempt_at IS NOT NULL
 ORDER BY next_attempt_at;
