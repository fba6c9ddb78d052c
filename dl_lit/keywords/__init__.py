"""Searching by keyword: the language of queries, the exact check of a work, and what is sent to whom."""
