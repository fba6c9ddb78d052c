"""The choice of extractor, and the chosen one at work on real PDFs and servers that behave like a GROBID or a model."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dl_lit.config import ExtractorName, Settings, load_settings
from dl_lit.errors import Stopping, UsageError
from dl_lit.extraction.executor import ParserPool, TextPool
from dl_lit.extractors import Reader, build_extractor, helpers_of, lacking
from dl_lit.model import PdfReason
from dl_lit.net.ledger import MemoryLedger
from dl_lit.net.network import Network
from dl_lit.services.base import MemoryCache
from httpserver import LocalServer, Reply
from pdf_pages import AUTHOR_YEAR, article, hanging
from reading_services import claim, copying_model, model_that_claims, struct, tei_reply

ODD = "Quill and Ruhe wrote 'On the patience of servers' for the Journal of Waiting."
LLM = {"base_url": "https://models.test/v1", "model": "tiny", "api_key": "k"}


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer() as made:
        yield made


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A PDF whose list the built-in reader reads."""
    return hanging(article(), AUTHOR_YEAR).save(tmp_path / "listed.pdf")


@pytest.fixture
def unlisted(tmp_path: Path) -> Path:
    """A PDF with the heading of a list, and nothing below it that looks like a reference."""
    return article(paragraphs=2).paragraph(ODD).save(tmp_path / "unlisted.pdf")


def configured(extractor: str = "auto", **services: Any) -> Settings:
    return Settings.model_validate({"extraction": {"extractor": extractor}, "services": services})


def grobid_at(server: LocalServer, **more: Any) -> dict[str, Any]:
    return {"base_url": server.url, "enabled": True, **more}


def llm_at(server: LocalServer, **more: Any) -> dict[str, Any]:
    return {"base_url": server.url, "model": "tiny", "enabled": True, **more}


# ── the choice ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("extractor", ["auto", "builtin"])
def test_with_nothing_configured_it_is_the_builtin_reader_itself(extractor: str) -> None:
    settings = configured(extractor)
    assert helpers_of(settings) == ()
    network = Network(settings, MemoryLedger(), stop=threading.Event())
    with ParserPool(settings.extraction, 1) as parser:
        texts = TextPool(settings.extraction)
        assert build_extractor(settings, parser, texts, network, MemoryCache()) is parser
    assert network.health() == ()
    network.close()


@pytest.mark.parametrize(
    ("services", "helpers"),
    [
        ({"grobid": {"enabled": True}}, ["grobid"]),
        ({"llm": {**LLM, "enabled": True}}, ["llm"]),
        ({"llm": {**LLM, "enabled": True}, "grobid": {"enabled": True}}, ["grobid", "llm"]),
        ({"llm": LLM}, []),
        ({"llm": {**LLM, "enabled": True, "model": None}}, []),
        ({"llm": {**LLM, "enabled": True, "api_key": None}}, []),
    ],
)
def test_auto_takes_what_is_enabled_and_complete(services: dict[str, Any], helpers: list[str]) -> None:
    assert list(helpers_of(configured(**services))) == helpers
    assert helpers_of(configured("builtin", **services)) == ()


@pytest.mark.parametrize(
    ("extractor", "services", "missing"),
    [
        ("grobid", {"grobid": {"base_url": ""}}, "services.grobid.base_url"),
        ("llm", {}, "services.llm.base_url"),
        ("llm", {"llm": {**LLM, "model": None}}, "services.llm.model"),
        ("llm", {"llm": {**LLM, "api_key": None}}, "services.llm.api_key"),
        ("llm", {"llm": {**LLM, "api_key": "  "}}, "services.llm.api_key"),
    ],
)
def test_a_chosen_extractor_that_lacks_a_setting_says_which(extractor: str, services: Any, missing: str) -> None:
    with pytest.raises(UsageError, match=missing) as raised:
        helpers_of(configured(extractor, **services))
    assert f"DL_LIT_{missing.upper().replace('.', '__')}" in raised.value.message


def test_a_chosen_extractor_need_not_be_enabled_nor_have_a_key_on_this_machine() -> None:
    assert helpers_of(configured("grobid")) == (ExtractorName.GROBID,)
    here = {"base_url": "http://localhost:11434/v1", "model": "tiny"}
    assert lacking(configured("llm", llm=here), ExtractorName.LLM) is None


def test_the_environment_and_the_file_can_choose_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "c.toml"
    file.write_text('[extraction]\nextractor = "grobid"\n[services.llm]\nmodel = "tiny"\nconcurrency = 5\n')
    assert load_settings(file=file).extraction.extractor is ExtractorName.GROBID
    monkeypatch.setenv("DL_LIT_EXTRACTION__EXTRACTOR", "llm")
    monkeypatch.setenv("DL_LIT_SERVICES__LLM__MODEL", "small")
    settings = load_settings(file=file)
    assert settings.extraction.extractor is ExtractorName.LLM
    assert (settings.services.llm.model, settings.services.llm.concurrency) == ("small", 5)
    file.write_text("[services.llm]\nconcurrency = 6\n")
    with pytest.raises(UsageError, match=r"services\.llm\.concurrency"):
        load_settings(file=file)


# ── at work ──────────────────────────────────────────────────────────────────────────────────────────────


def test_auto_asks_nobody_about_a_list_that_was_read(server: LocalServer, listed: Path) -> None:
    with Reader(configured(grobid=grobid_at(server), llm=llm_at(server)), 1) as reader:
        result = reader.extract(listed)
    assert (result.backend, len(result.references)) == ("pymupdf", len(AUTHOR_YEAR))
    assert server.arrivals == []


def test_auto_goes_from_grobid_to_the_model_and_stops_at_the_first_result(server: LocalServer, unlisted: Path) -> None:
    with LocalServer(
        model_that_claims(claim(ODD, title="On the patience of servers", doi="10.9999/invented"))
    ) as model:
        server.answer = lambda arrival: Reply(204)
        with Reader(configured(grobid=grobid_at(server), llm=llm_at(model)), 1) as reader:
            result = reader.extract(unlisted)
    assert server.paths == ["/api/processReferences"]
    assert model.paths == ["/chat/completions"]
    (one,) = result.references
    assert (one.raw, one.title, one.doi, one.page) == (ODD, "On the patience of servers", None, 1)
    assert (result.backend, result.reason, result.title) == ("llm:tiny", None, "How Households Report Their Time")


def test_auto_keeps_the_builtin_result_when_the_helpers_are_silent(server: LocalServer, unlisted: Path) -> None:
    server.answer = lambda arrival: Reply(503, b"", {"Retry-After": "900"})
    with Reader(configured(grobid=grobid_at(server), llm=llm_at(server)), 1) as reader:
        result = reader.extract(unlisted)
    assert (result.reason, result.backend, result.is_provisional) == (PdfReason.EMPTY_LIST, "pymupdf", True)
    assert result.detail is not None
    assert "grobid gave no answer" in result.detail and "llm:tiny gave no answer" in result.detail


def test_grobid_alone_reads_the_references_and_we_say_what_the_pdf_is(server: LocalServer, listed: Path) -> None:
    server.answer = lambda arrival: tei_reply(struct(AUTHOR_YEAR[-1], "Spring and the working week"))
    with Reader(configured("grobid", grobid={"base_url": server.url}), 1) as reader:
        result = reader.extract(listed)
    (one,) = result.references
    assert (one.raw, one.title, one.page) == (AUTHOR_YEAR[-1], "Spring and the working week", 1)
    assert (result.backend, result.pages, result.title) == ("grobid", 1, "How Households Report Their Time")


def test_grobid_alone_and_silent_leaves_the_file_waiting(server: LocalServer, listed: Path) -> None:
    server.answer = lambda arrival: Reply(500, b"[GENERAL]")
    with Reader(configured("grobid", grobid={"base_url": server.url}), 1) as reader:
        result = reader.extract(listed)
    assert (result.reason, result.references) == (PdfReason.SERVICE_SILENT, ())


def test_an_honest_model_reads_what_is_printed_over_line_breaks(server: LocalServer, listed: Path) -> None:
    starts = tuple(entry[:12] for entry in AUTHOR_YEAR)
    server.answer = copying_model(lambda line: line.startswith(starts))
    with Reader(configured("llm", llm=llm_at(server, enabled=False)), 1) as reader:
        result = reader.extract(listed)
    assert [one.raw for one in result.references] == list(AUTHOR_YEAR)
    assert [one.position for one in result.references] == list(range(1, len(AUTHOR_YEAR) + 1))
    assert result.references[5].doi == "10.1000/smr.2010.77"  # printed, though the model did not say so


def test_a_spent_budget_is_told_once_and_the_builtin_result_stays(server: LocalServer, unlisted: Path) -> None:
    said: list[str] = []
    settings = Settings.model_validate({"extraction": {"llm_token_budget": 10}, "services": {"llm": llm_at(server)}})
    with Reader(settings, 1, said.append) as reader:
        results = [reader.extract(unlisted), reader.extract(unlisted)]
    assert [result.reason for result in results] == [PdfReason.EMPTY_LIST] * 2
    assert len(said) == 1 and "extraction.llm_token_budget" in said[0]
    assert server.arrivals == []


def test_interrupting_ends_a_wait_for_a_server(server: LocalServer, listed: Path) -> None:
    asked = threading.Event()

    def hang(arrival: object) -> Reply:
        asked.set()
        return Reply(503, b"", {"Retry-After": "50"})

    server.answer = hang
    ended: list[BaseException] = []
    with Reader(configured("grobid", grobid={"base_url": server.url}), 1) as reader:

        def read() -> None:
            try:
                reader.extract(listed)
            except Stopping as error:
                ended.append(error)

        thread = threading.Thread(target=read)
        thread.start()
        assert asked.wait(30)
        reader.interrupt()
        thread.join(20)
        assert not thread.is_alive()
    assert len(ended) == 1
