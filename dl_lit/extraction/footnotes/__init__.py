"""References that stand in footnotes and endnotes, for documents that have no reference list."""

from __future__ import annotations

from dl_lit.extraction.footnotes.citations import cited_in_notes, references

__all__ = ["cited_in_notes", "references"]
