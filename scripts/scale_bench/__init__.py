"""Libraries of any size, the pipeline's own cost on them, and one long volume among many papers."""
