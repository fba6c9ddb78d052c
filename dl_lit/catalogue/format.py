"""The file of a catalogue: SQLite with works in compressed blocks and an index of features in sorted blocks.

Work number n is line n % 16 of block n // 16. A feature's upper bits name its block of the index; the block holds the
lower bits of all features in it (sorted, 16-bit each), then the number of the work for each (32-bit each).
"""

from __future__ import annotations

import sys
from array import array

FORMAT = 1
APPLICATION_ID = 0x646C6361  # "dlca"
REMAINDER_BITS = 16
MOST_BLOCK_BITS = 20
SCHEMA = """
CREATE TABLE info (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE works (block INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
CREATE TABLE features (block INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
"""


def split(feature: int, bits: int) -> tuple[int, int]:
    """The block of a feature, and what tells it apart within the block."""
    return feature >> (32 - bits), (feature >> max(0, 16 - bits)) & 0xFFFF


def encode(remainders: array[int], works: array[int]) -> bytes:
    return _little(remainders) + _little(works)


def decode(data: bytes) -> tuple[array[int], array[int]]:
    cut = len(data) // 6 * 2
    remainders, works = array("H", data[:cut]), array("I", data[cut:])
    if sys.byteorder == "big":
        remainders.byteswap()
        works.byteswap()
    return remainders, works


def _little(numbers: array[int]) -> bytes:
    if sys.byteorder == "big":
        numbers = array(numbers.typecode, numbers)
        numbers.byteswap()
    return numbers.tobytes()
