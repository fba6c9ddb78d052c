"""Documents that are no PDFs: what pandoc reads of them, found, split and parsed like print."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from dl_lit.config import ExtractionSettings
from dl_lit.extraction import latex
from dl_lit.extraction.backends import pandoc
from dl_lit.extraction.documents import NOTES_HEADING, pages_of
from dl_lit.extraction.executor import ParserPool
from dl_lit.extraction.limits import FileLimits
from dl_lit.extraction.worker import extract
from dl_lit.model import Extraction, PdfReason
from pdf_pages import AUTHOR_YEAR, BODY, article, hanging
from stand_in_programs import HANGS, leave_none, put_first

MARKDOWN = "\n\n".join(
    [
        "---\ntitle: How Households Report Their Time\nauthor: [Jane Roe, Max Muster]\n---",
        "# Introduction",
        f"{BODY}[^1]",
        "[^1]: Adler, M. (1999): A note on diaries. London: Sage, p. 3.",
        "# References",
        *AUTHOR_YEAR,
        "# About the authors",
        "Jane Roe is a reader at the University of Somewhere.",
    ]
)


def read(path: Path, limits: FileLimits | None = None) -> Extraction:
    return extract(str(path), limits or FileLimits())


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding=encoding)
    return path


def made(folder: Path, ending: str) -> Path:
    """The document in another format, as pandoc writes it."""
    path = folder / f"paper.{ending}"
    command = [str(pandoc.program()), "--standalone", "--from", "markdown", "--output", str(path)]
    subprocess.run(command, input=MARKDOWN.encode(), check=True, timeout=60)
    return path


def raws(extraction: Extraction) -> list[str]:
    return [reference.raw for reference in extraction.references]


@pytest.mark.parametrize("ending", ["docx", "odt", "epub", "html", "htm", "tex", "md"])
def test_a_document_is_read_reference_by_reference(tmp_path: Path, ending: str) -> None:
    extraction = read(made(tmp_path, ending) if ending != "md" else written(tmp_path / "paper.md", MARKDOWN))
    assert raws(extraction) == list(AUTHOR_YEAR)
    assert extraction.title == "How Households Report Their Time"
    assert {"Roe", "Muster"} <= {author.family for author in extraction.authors} or ending == "odt"
    assert extraction.backend == "pandoc"
    assert extraction.backend_note is not None and extraction.backend_note.startswith("pandoc (")
    assert {reference.page for reference in extraction.references} == {None}
    assert extraction.pages == 0


def page(body: str) -> str:
    head = "<!DOCTYPE html><html><head><title>A Paper</title></head>"
    return f"{head}<body><h1>A Paper</h1><p>{BODY}</p>{body}</body></html>"


def each(pattern: str) -> str:
    """The pattern with every entry and its number."""
    return "".join(pattern.format(number=number, entry=entry) for number, entry in enumerate(AUTHOR_YEAR, 1))


def test_the_list_of_a_publishers_page_is_numbered_and_its_buttons_are_left_out(tmp_path: Path) -> None:
    items = "".join(
        f'<li><p>{entry}</p><p><a href="https://doi.org/10.1000/item.{number}">Article</a> '
        f'<a href="https://scholar.google.com/scholar?q={number}">Google Scholar</a></p></li>'
        for number, entry in enumerate(AUTHOR_YEAR, 1)
    )
    path = written(tmp_path / "paper.html", page(f"<h2>References</h2><ol>{items}</ol><h2>Footnotes</h2><p>None.</p>"))
    extraction = read(path)
    assert raws(extraction) == list(AUTHOR_YEAR)
    assert [reference.label for reference in extraction.references] == [str(n) for n in range(1, 13)]
    printed = extraction.references[5]
    assert printed.doi == "10.1000/smr.2010.77"
    assert [r.doi for r in extraction.references if r is not printed] == [
        f"10.1000/item.{n}" for n in range(1, 13) if n != 6
    ]


def test_buttons_in_a_list_of_their_own_lend_their_doi(tmp_path: Path) -> None:
    buttons = '<ul><li><a href="https://doi.org/10.1000/item.{number}">Crossref</a></li><li><a>Scopus</a></li></ul>'
    items = each("<li><span>{entry}</span>" + buttons + "</li>")
    extraction = read(written(tmp_path / "paper.html", page(f"<h2>References</h2><ul>{items}</ul>")))
    assert raws(extraction) == list(AUTHOR_YEAR)
    assert [reference.doi for reference in extraction.references][:2] == ["10.1000/item.1", "10.1000/item.2"]


@pytest.mark.parametrize(
    ("list_", "labels"),
    [
        ("<ol>" + each("<li>{number}. {entry} <a>Crossref</a> <a>PubMed</a></li>") + "</ol>", True),
        ("<ul>" + each("<li>{entry}</li>") + "</ul>", False),
        ("<dl>" + each("<dt>[{number}]</dt><dd>{entry}</dd>") + "</dl>", True),
        ("<table>" + each("<tr><td>[{number}]</td><td>{entry}</td></tr>") + "</table>", True),
        ("<table><tr><td>" + each("<p>{entry}</p>") + "</td></tr></table>", False),
        ("<p>" + "<br>".join(AUTHOR_YEAR) + "</p>", False),
        ("<div>" + each("<div><span>{entry}</span></div>") + "</div>", False),
        ("<blockquote>" + each("<p>{entry}</p>") + "</blockquote>", False),
        ("<section><ul><li><h3>Books</h3>" + each("<p>{entry}</p>") + "</li></ul></section>", False),
    ],
)
def test_lists_of_web_pages_in_many_forms(tmp_path: Path, list_: str, labels: bool) -> None:
    extraction = read(written(tmp_path / "paper.html", page(f"<h2>References</h2>{list_}")))
    assert raws(extraction) == list(AUTHOR_YEAR)
    assert all((reference.label is not None) == labels for reference in extraction.references)


BIBITEMS = r"""\begin{thebibliography}{Adl99}
\expandafter\ifx\csname natexlab\endcsname\relax\def\natexlab#1{#1}\fi
\bibitem[{Adler and Brandt(1999)}]{adler99} % the first
M.~Adler and S.~Brandt. \newblock Time at work and {T}ime at home.
\newblock {\em Journal of Household Studies}, 12(3):210--233, 1999{\natexlab{a}}.

\bibitem{bell}
K.~Bellmann, \emph{Arbeit und Alltag im l\"andlichen Raum} (Suhrkamp, Frankfurt, 2003).
\url{https://example.org/a%20b}

\bibitem{castell}
\bibinfo{author}{R.~Castell}, \bibinfo{title}{The uses of spare hours}, \doi{10.1000/castell_1} (2001).
\end{thebibliography}
"""
TEX = "\\documentclass{article}\n\\title{A Paper}\n\\begin{document}\n\\maketitle\n" + BODY + "\\footnote{A note.}\n"


def assert_bibitems(extraction: Extraction) -> None:
    first, second, third = extraction.references
    assert first.raw == (
        "M. Adler and S. Brandt. Time at work and Time at home. Journal of Household Studies, 12(3):210–233, 1999a."
    )
    assert [reference.year for reference in extraction.references] == [1999, 2003, 2001]
    assert "Arbeit und Alltag im ländlichen Raum" in second.raw and second.url == "https://example.org/a%20b"
    assert third.doi == "10.1000/castell_1"


def test_bibitems_are_references(tmp_path: Path) -> None:
    assert_bibitems(read(written(tmp_path / "paper.tex", TEX + BIBITEMS + "\\end{document}\n")))


def test_the_list_that_bibtex_wrote_is_read_beside_its_document(tmp_path: Path) -> None:
    source = written(tmp_path / "paper.tex", TEX + "\\bibliographystyle{plain}\\bibliography{all}\n\\end{document}\n")
    alone = read(source)
    assert alone.reason is PdfReason.NO_REFERENCES
    assert alone.detail is not None and ".bbl" in alone.detail
    written(tmp_path / "paper.bbl", "\\newcommand{\\x}[1]{#1}\n" + BIBITEMS)
    assert_bibitems(read(source))


def test_notes_stand_on_a_page_of_their_own_in_smaller_type(tmp_path: Path) -> None:
    tree = pandoc.tree(MARKDOWN.encode(), "markdown", seconds=60, memory_bytes=1 << 30)
    text, notes = pages_of(tree)
    heading, note = notes.lines
    assert heading.text == NOTES_HEADING and heading.bold
    assert note.text == "1 Adler, M. (1999): A note on diaries. London: Sage, p. 3."
    assert note.size < min(line.size for line in text.lines)
    assert "A note on diaries" not in text.text


def test_the_lines_of_a_paragraph_hang_below_a_gap(tmp_path: Path) -> None:
    tree = pandoc.tree("\n\n".join(AUTHOR_YEAR[:2]).encode(), "markdown", seconds=60, memory_bytes=1 << 30)
    (text,) = pages_of(tree)
    first, more, second = text.lines[:3]
    assert first.x0 == second.x0 < more.x0
    assert more.baseline - first.baseline < second.baseline - more.baseline


# ── what is not what its name says ───────────────────────────────────────────────────────────────────────


def test_a_document_is_read_for_what_it_is_whatever_its_ending(tmp_path: Path) -> None:
    docx = made(tmp_path, "docx").rename(tmp_path / "really a docx.pdf")
    pdf = hanging(article(), AUTHOR_YEAR).save(tmp_path / "really a pdf.docx")
    odt = made(tmp_path, "odt").rename(tmp_path / "really an odt.docx")
    assert [read(path).backend for path in (docx, pdf, odt)] == ["pandoc", "pymupdf", "pandoc"]
    assert len(read(pdf).references) == len(read(docx).references) == len(AUTHOR_YEAR)


@pytest.mark.parametrize(
    ("name", "content", "reason", "words"),
    [
        ("a.html", b"\x89PNG\r\n\x1a\n\x00\x00", PdfReason.WRONG_TYPE, "a picture, no text"),
        ("a.tex", b"\x00\x01\x02 not text", PdfReason.WRONG_TYPE, "binary, no text"),
        ("a.docx", b"<html>Log in</html>", PdfReason.WRONG_TYPE, "a web page"),
        ("a.odt", b"Dear reader", PdfReason.WRONG_TYPE, "plain text"),
        ("a.docx", b"\xd0\xcf\x11\xe0 EncryptedPackage", PdfReason.ENCRYPTED, "password"),
        ("a.docx", b"PK\x03\x04 and then nothing", PdfReason.DAMAGED, "structure is broken"),
        ("a.epub", b"", PdfReason.EMPTY_FILE, "no bytes"),
        ("a.md", b"   \n", PdfReason.NO_TEXT, "no text"),
    ],
)
def test_what_is_no_such_document_is_named(
    tmp_path: Path, name: str, content: bytes, reason: PdfReason, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    extraction = read(path)
    assert extraction.reason is reason
    assert extraction.detail is not None and words in extraction.detail


def archive(path: Path, **parts: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/").replace("_", "."), content)
    return path


def test_an_archive_made_to_fill_the_memory_is_not_unpacked(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.docx", word__document_xml=bytes(120_000_000))
    extraction = read(path)
    assert extraction.reason is PdfReason.TOO_LARGE
    assert extraction.detail is not None and "become 120 MB" in extraction.detail
    small = archive(tmp_path / "b.docx", word__document_xml=bytes(3_000_000))
    assert read(small, FileLimits(max_bytes=2_000_000)).reason is PdfReason.TOO_LARGE


def test_other_archives_and_broken_ones_are_told_apart(tmp_path: Path) -> None:
    other = archive(tmp_path / "a.docx", data_csv=b"1,2")
    locked = archive(
        tmp_path / "b.odt",
        mimetype=b"application/vnd.oasis.opendocument.text",
        **{"META-INF__manifest_xml": b"<manifest:encryption-data/>"},
    )
    hollow = archive(tmp_path / "c.docx", word__document_xml=b"<not-word/>")
    reasons = [read(path).reason for path in (other, locked, hollow)]
    assert reasons == [PdfReason.WRONG_TYPE, PdfReason.ENCRYPTED, PdfReason.DAMAGED]
    assert read(archive(tmp_path / "d.pdf", data_csv=b"1")).reason is PdfReason.NOT_A_PDF


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("cp1252", ""),
        ("latin-1", '<meta charset="iso-8859-1">'),
        ("iso8859-15", '<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-15">'),
        ("cp1252", '<meta charset="no-such-code">'),
    ],
)
def test_a_web_page_need_not_be_utf8(tmp_path: Path, encoding: str, head: str) -> None:
    items = "".join(f"<p>{entry}</p>" for entry in AUTHOR_YEAR)
    text = page(f"<h2>References</h2>{items}").replace("<head>", f"<head>{head}")
    assert raws(read(written(tmp_path / "paper.html", text, encoding))) == list(AUTHOR_YEAR)


def test_tex_in_latin1_is_read(tmp_path: Path) -> None:
    source = TEX.replace("\\title", "\\usepackage[latin1]{inputenc}\n\\title")
    items = "".join(f"\\bibitem{{b{n}}} {entry}\n" for n, entry in enumerate(AUTHOR_YEAR)).replace("&", r"\&")
    text = source + "\\begin{thebibliography}{9}\n" + items + "\\end{thebibliography}\n\\end{document}\n"
    assert raws(read(written(tmp_path / "paper.tex", text, "latin-1"))) == list(AUTHOR_YEAR)


def test_markdown_that_speaks_of_pdfs_is_markdown(tmp_path: Path) -> None:
    path = written(tmp_path / "paper.md", MARKDOWN.replace("# Introduction", "# The mark `%PDF-`"))
    assert read(path).backend == "pandoc"


def lines_of(markdown: str) -> list[str]:
    tree = pandoc.tree(markdown.encode(), "markdown", seconds=60, memory_bytes=1 << 30)
    return [line.text for line in pages_of(tree)[0].lines]


def test_verses_quotations_formulas_and_captions_become_text() -> None:
    assert lines_of("| Adler, M. (1999)\n| Bell, K. (2003)\n") == ["Adler, M. (1999)", "Bell, K. (2003)"]
    assert lines_of("Roe, J. (2001): \"On *hours*\" and 'days', $x^2$, `code`.") == [
        "Roe, J. (2001): “On hours” and ‘days’, x^2, code."
    ]
    assert lines_of("![Hours a week (Roe 2001)](hours.png)\n\nText.")[-1] == "Text."


# ── pandoc ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_pandoc_that_a_package_brings_along_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = pandoc.program()
    assert found is not None and found.endswith("pypandoc/files/pandoc")
    assert raws(read(written(tmp_path / "paper.md", MARKDOWN))) == list(AUTHOR_YEAR)


def test_without_pandoc_a_document_says_how_to_get_it_and_pdfs_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_none(tmp_path / "bin", monkeypatch)
    extraction = read(written(tmp_path / "paper.md", MARKDOWN))
    assert extraction.reason is PdfReason.NO_READER
    assert extraction.detail is not None and "pip install 'dl-lit[pandoc]'" in extraction.detail
    assert len(read(hanging(article(), AUTHOR_YEAR).save(tmp_path / "paper.pdf")).references) == len(AUTHOR_YEAR)


@pytest.mark.parametrize(
    ("script", "reason", "words"),
    [
        (HANGS, PdfReason.TIMED_OUT, "pandoc took longer than"),
        ("echo Unknown option --sandbox. >&2; exit 6", PdfReason.NO_READER, "older than 2.15"),
        ("echo what is this >&2; exit 64", PdfReason.DAMAGED, "what is this"),
        ("echo not json", PdfReason.DAMAGED, "cannot be read"),
    ],
)
def test_a_bad_pandoc_costs_its_document_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, reason: PdfReason, words: str
) -> None:
    put_first(tmp_path / "bin", monkeypatch, pandoc=script)
    document = written(tmp_path / "paper.md", MARKDOWN)
    pdf = hanging(article(), AUTHOR_YEAR).save(tmp_path / "paper.pdf")
    with ParserPool(ExtractionSettings(time_limit_seconds=5.0), 1) as pool:
        extraction = pool.extract(document)
        assert extraction.reason is reason
        assert extraction.detail is not None and words in extraction.detail
        assert len(pool.extract(pdf).references) == len(AUTHOR_YEAR)


def test_a_document_nested_beyond_reason_costs_itself_only(tmp_path: Path) -> None:
    tree: dict[str, Any] = {"meta": {}, "blocks": [{"t": "Para", "c": [{"t": "Str", "c": "x"}]}]}
    for _ in range(5000):
        tree = {"meta": {}, "blocks": [{"t": "BlockQuote", "c": tree["blocks"]}]}
    with pytest.raises(RecursionError):
        pages_of(tree)
    html = "<blockquote>" * 3000 + BODY
    assert read(written(tmp_path / "deep.html", html)).reason in (PdfReason.DAMAGED, PdfReason.NO_REFERENCES)


def test_nothing_is_fetched_or_read_besides_the_document(tmp_path: Path) -> None:
    secret = written(tmp_path / "secret.tex", "A secret that no one asked for, and more of it than sixty letters have.")
    source = TEX + f"\\input{{{secret}}}\n\\include{{secret}}\n" + BIBITEMS + "\\end{document}\n"
    tree = pandoc.tree(source.encode(), "latex", seconds=60, memory_bytes=1 << 30)
    assert "secret that" not in pages_of(tree)[0].text


@pytest.mark.parametrize(
    "entries",
    [
        ("山本一郎（2005）『海の暦』東京：波書房。", "林花子「市場の時間」『暦研究』第12巻第3号、2010年、45-67頁。"),
        ("Kowal, Łucja (1999). Czas i dom. Gdynia: Brzeg.", "Wolny, Ź. (2003). Dni pracy. Kraków: Most."),
        ("สมชาย ใจดี. (2005). เวลาและบ้าน. กรุงเทพฯ.", "มานี มีนา. (2010). ตลาดและวัน. เชียงใหม่."),
    ],
)
@pytest.mark.parametrize("item", ["<p>{}</p>", "<li>{}</li>"])
def test_each_paragraph_is_a_reference_even_of_two_and_in_any_script(
    item: str, entries: tuple[str, ...], tmp_path: Path
) -> None:
    listed = "".join(map(item.format, entries))
    listed = f"<ul>{listed}</ul>" if item.startswith("<li") else listed
    page = f"<html><body><p>{BODY}</p><h2>References</h2>{listed}</body></html>"
    references = read(written(tmp_path / "paper.html", page)).references
    assert [reference.raw for reference in references] == list(entries)


def test_tex_is_read_with_the_files_that_it_includes_from_its_own_folder(tmp_path: Path) -> None:
    items = "\n".join(f"\\bibitem{{k{number}}} {entry}" for number, entry in enumerate(AUTHOR_YEAR))
    listed = f"\\begin{{thebibliography}}{{9}}\n{items}\n\\end{{thebibliography}}".replace("&", r"\&")
    (tmp_path / "paper" / "parts").mkdir(parents=True)
    written(tmp_path / "paper" / "parts" / "list.tex", listed)
    written(tmp_path / "secret.tex", "The key is under the mat.")
    body = f"\\documentclass{{article}}\\begin{{document}}{BODY} \\input{{../secret}} \\input{{parts/list}}"
    paper = written(tmp_path / "paper" / "paper.tex", body + "\\end{document}")
    assert len(read(paper).references) == len(AUTHOR_YEAR)
    source = latex.with_parts(body, paper, lambda path: path.read_text("utf-8"))
    assert "thebibliography" in source and "under the mat" not in source


def test_tex_that_includes_itself_or_what_is_not_there_is_read_all_the_same(tmp_path: Path) -> None:
    written(tmp_path / "loop.tex", "Round and round. \\input{loop}")
    listed = "\\section*{References}\n\n" + "\n\n".join(AUTHOR_YEAR).replace("&", r"\&")
    body = f"\\documentclass{{article}}\\begin{{document}}{BODY} \\input{{loop}} \\input{{gone}}\n\n{listed}"
    paper = written(tmp_path / "paper.tex", body + "\\end{document}")
    assert len(read(paper).references) == len(AUTHOR_YEAR)
