"""The only normalisers: identifiers, names, titles and printed strings, compared everywhere by the same keys."""
