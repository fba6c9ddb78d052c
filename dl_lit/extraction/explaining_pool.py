"""Pages explained in a child process, as `executor` reads references."""

from __future__ import annotations

from dl_lit.config import ExtractionSettings
from dl_lit.errors import ChildFailed
from dl_lit.extraction.executor import FilePool, why_failed
from dl_lit.extraction.explaining import Question
from dl_lit.page_views import Explanation

EXPLAIN = "dl_lit.extraction.explaining:explain"


class ExplainingPool(FilePool):
    """One process: a person reads no faster."""

    def __init__(self, settings: ExtractionSettings, *, task: str = EXPLAIN) -> None:
        super().__init__(settings, task, 1)

    def explain(self, question: Question) -> Explanation:
        """Raises ChildrenDoNotStart when no file can be read at all."""
        try:
            explanation: Explanation = self._pool.run(question)
        except ChildFailed as error:
            reason, detail = why_failed(error, self._settings)
            return Explanation(reason=reason, detail=detail)
        return self._recognised(question, explanation) if explanation.wants_ocr else explanation
