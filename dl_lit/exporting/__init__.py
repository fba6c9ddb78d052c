"""Ways out of a library, one file a format."""
