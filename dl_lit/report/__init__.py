"""A library as one HTML page that works from the disk: what was cited, matched, found and missing, and why."""
