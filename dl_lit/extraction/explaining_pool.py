"""Pages explained in a child process, as `executor` reads references."""

from __future__ import annotations

from types import TracebackType

from dl_lit.config import ExtractionSettings
from dl_lit.errors import ChildFailed
from dl_lit.extraction.executor import limits_of, why_failed
from dl_lit.extraction.explaining import Question
from dl_lit.model import Explanation
from dl_lit.processes.pool import ChildPool

EXPLAIN = "dl_lit.extraction.explaining:explain"


class ExplainingPool:
    """One process: a person reads no faster."""

    def __init__(self, settings: ExtractionSettings, *, task: str = EXPLAIN) -> None:
        self._settings = settings
        self._pool = ChildPool(task, limits_of(settings), 1)

    def __enter__(self) -> ExplainingPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.close()

    def explain(self, question: Question) -> Explanation:
        """Raises ChildrenDoNotStart when no file can be read at all."""
        try:
            explanation: Explanation = self._pool.run(question)
        except ChildFailed as error:
            reason, detail = why_failed(error, self._settings)
            return Explanation(reason=reason, detail=detail)
        return explanation
