"""Works that come from files of other programs."""
