"""Answers as clients read them, Retry-After, and what is hidden from logs."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from dl_lit.errors import ServiceUnavailable
from dl_lit.net.http import HttpRequest, HttpResponse, pairs, retry_after
from dl_lit.net.redact import RedactingFilter, redact


def _answer(body: bytes, content_type: str = "application/json") -> HttpResponse:
    return HttpResponse(200, {"Content-Type": content_type}, body, "https://api.example.org/works?mailto=me@uni.edu")


def test_json_is_read_whatever_its_unicode_encoding() -> None:
    assert _answer('{"a": "ü"}'.encode()).json() == {"a": "ü"}
    assert _answer('{"a": "ü"}'.encode("utf-16")).json() == {"a": "ü"}


@pytest.mark.parametrize("body", [b"<html>Sorry</html>", b"", b"\xff\xfe\xfd", b"[" * 100_000])
def test_an_answer_that_is_not_json_is_no_answer(body: bytes) -> None:
    with pytest.raises(ServiceUnavailable, match=r"instead of (?:JSON|data)\.") as caught:
        _answer(body, "text/html").json()
    assert "me@uni.edu" not in str(caught.value)


def test_text_is_decoded_by_its_charset_and_never_fails() -> None:
    assert _answer("ü".encode("latin-1"), "text/plain; charset=ISO-8859-1").text() == "ü"
    assert _answer("ü".encode(), "text/plain").text() == "ü"
    assert _answer("ü".encode(), "text/plain; charset=nonsense").text() == "ü"
    assert _answer(b"\xff", "text/plain; charset=utf-8").text() == "\ufffd"


def test_header_names_are_case_insensitive() -> None:
    response = HttpResponse(429, {"retry-after": "7"}, b"", "https://x.example/")
    assert response.headers["Retry-After"] == "7"
    assert response.retry_after == 7.0


def test_retry_after_is_seconds_or_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    seconds = retry_after({"Retry-After": later})
    assert seconds is not None
    assert 85 < seconds <= 90
    past = format_datetime(datetime.now(UTC) - timedelta(seconds=90), usegmt=True)
    assert retry_after({"Retry-After": past}) == 0.0
    assert retry_after({"Retry-After": "1.5"}) == 1.5


@pytest.mark.parametrize("date", ["Mon, 06 Jan 2020 10:00:00 GMT", "Fri, 31 Dec 2100 10:00:00 GMT"])
def test_a_retry_after_is_by_the_clock_of_its_sender(date: str) -> None:
    later = date.replace("10:00:00", "10:01:30")
    assert retry_after({"Retry-After": later, "Date": date}) == 90.0
    assert retry_after({"Retry-After": later, "Date": "yesterday"}) == (0.0 if "2020" in date else 7 * 86400)


@pytest.mark.parametrize("value", ["1e12", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_retry_after_of_more_than_a_week_is_a_week(value: str) -> None:
    assert retry_after({"Retry-After": value}) == 7 * 86400


@pytest.mark.parametrize("value", [None, "", "soon", "inf", "nan", "Mon, 99 Foo 2026"])
def test_a_retry_after_without_sense_is_none(value: str | None) -> None:
    assert retry_after({} if value is None else {"Retry-After": value}) is None


def test_parameters_may_be_pairs_or_a_mapping() -> None:
    assert pairs({"a": "1"}) == pairs([("a", "1")]) == [("a", "1")]
    assert HttpRequest("https://x.example/").bucket == "default"


@pytest.mark.parametrize(
    "text",
    [
        "https://api.openalex.org/works?api_key=S3CRET&x=1",
        "GET /works?x=1&mailto=S3CRET@uni.edu HTTP/1.1",
        "/v2/10.1/x?email=S3CRET%40uni.edu",
        "https://user:S3CRET@host.example/x",
        "https://s3.example/x.pdf?X-Amz-Signature=S3CRET&X-Amz-Date=1",
        "https://cdn.example/x.pdf?Expires=1&Signature=S3CRET&Key-Pair-Id=K",
        "https://blob.example/x?sv=2020&sig=S3CRET%3D",
        "https://x.example/?access_token=S3CRET",
        "Authorization: Bearer S3CRETS3CRET",
        "{'x-api-key': 'S3CRETS3CRET'}",
        "please write to S3CRET@uni.edu",
    ],
)
def test_secrets_are_hidden_and_the_rest_stays(text: str) -> None:
    hidden = redact(text)
    assert "S3CRET" not in hidden
    assert "***" in hidden


@pytest.mark.parametrize(
    "text",
    [
        "https://host.example/" + "a" * 60_000,
        "https://host.example/" + "a.b-" * 15_000 + "@",
        "a@" * 30_000,
        "http://" * 8_000,
        "bearer" + " " * 60_000,
        "?token" * 10_000,
    ],
    ids=lambda text: str(text)[:24],
)
def test_a_long_url_costs_no_seconds(text: str) -> None:
    begun = time.monotonic()
    redact(text)
    assert time.monotonic() - begun < 2


def test_an_address_is_hidden_in_a_long_url_too() -> None:
    assert "uni.edu" not in redact("https://host.example/" + "a" * 500 + "@uni.edu")


def test_harmless_text_is_left_alone() -> None:
    text = "https://api.crossref.org/works?query.bibliographic=Deep+learning&rows=5 answered 503"
    assert redact(text) == text


def test_the_users_own_key_is_hidden_wherever_it_stands() -> None:
    assert redact("path/K3Y/x", ["K3Y", ""]) == "path/***/x"


def test_the_log_filter_hides_secrets_in_arguments_and_tracebacks() -> None:
    def boom() -> None:
        raise ValueError("at https://x.example/?token=S3CRET")

    log_filter = RedactingFilter(["K3Y"])
    try:
        boom()
    except ValueError as error:
        info = (ValueError, error, error.__traceback__)
    record = logging.LogRecord("x", logging.INFO, "f", 1, "asked %s with %s", ("/?mailto=a@b.de", "K3Y"), info)
    assert log_filter.filter(record)
    shown = logging.Formatter().format(record)
    assert "a@b.de" not in shown
    assert "K3Y" not in shown
    assert "S3CRET" not in shown
    assert "ValueError" in shown
