"""A watched folder: which files are whole and still, what was handed in, and where it goes when it is done with."""
