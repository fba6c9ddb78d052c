"""Stage 4: a lawful copy of a work, verified to be that work, or the reason why there is none."""
