"""Stage 3: is this work in the library already, and if not, how soon should its copy be looked for?"""

from dl_lit.queueing.queuer import Queuer

__all__ = ["Queuer"]
