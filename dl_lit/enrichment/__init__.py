"""Stage 2: from a printed reference to a verified work, with the evidence for it."""
