"""Stage 1: the references that a PDF prints, read in child processes."""
