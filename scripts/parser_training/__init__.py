"""Training of the reference tagger: labelled references out of corpora, and references that we set in type ourselves."""
