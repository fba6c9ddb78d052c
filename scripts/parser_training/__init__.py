"""Training of the reference tagger: labelled references of corpora, and references that we set in type."""
