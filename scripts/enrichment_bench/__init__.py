"""A world of works for the stand-in, papers that cite them, and what a run's request log says about limits."""
