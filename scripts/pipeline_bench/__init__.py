"""Typeset papers over a world of works, runs of both modes on them, and the least time that such a run can take."""
