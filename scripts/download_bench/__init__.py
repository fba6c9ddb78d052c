"""Works at hosts of a stand-in, libraries in which only their download is left, and what the log tells."""
