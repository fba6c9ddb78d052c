"""SQLite: everything the program knows is in one file, and all access to it goes through `Store`."""

from dl_lit.processes.owners import this_process
from dl_lit.store.database import Database
from dl_lit.store.store import Store

__all__ = ["Database", "Store", "this_process"]
