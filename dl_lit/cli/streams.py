"""Standard output that takes any character, whatever the encoding of the terminal or the pipe."""

from __future__ import annotations

import codecs
import io
import json
import sys

ESCAPED = "dl_lit.escaped"


def take_any_character() -> None:
    """What an encoding lacks goes out as `\\u00fc`: JSON stays JSON, and a table can be read."""
    codecs.register_error(ESCAPED, _escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=ESCAPED)


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end
