"""Errors survive the way back from a child process."""

from __future__ import annotations

import pickle

import pytest

from dl_lit.errors import DlLitError, RateLimited, UnreadableDocument, UsageError


@pytest.mark.parametrize(
    "error",
    [
        DlLitError("something", url="http://x/"),
        RateLimited("slow down", retry_after=5.0, service="crossref"),
        UnreadableDocument("no text", reason="no_text", path="/x.pdf"),
        UsageError("wrong"),
    ],
)
def test_an_error_comes_back_from_pickling_as_it_was(error: DlLitError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == error.message
    assert again.__dict__ == error.__dict__
