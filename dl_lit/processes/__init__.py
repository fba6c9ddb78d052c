"""Tasks done in child processes, so that what breaks, hangs or eats memory costs one task and never the run."""
