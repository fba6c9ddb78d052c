"""Reading landing pages: where the file is, and whose page it is."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping

import pytest

from dl_lit.download.landing import LandingPage, read_linkset, read_page
from dl_lit.download.page_identity import is_about_another, links_for
from dl_lit.download.walls import wall_of_page
from dl_lit.model import Work
from download_world import DOI, TITLE, WORK, html, meta

URL = "https://repo.test/handle/1"


def page(body: str = "", head: str = "", headers: Mapping[str, str] | None = None, url: str = URL) -> LandingPage:
    content = html(body, head=head).body
    assert isinstance(content, bytes)
    return read_page(content, url, headers or {})


def test_signposting_goes_first() -> None:
    link = '<https://repo.test/f/1>; rel="item"; type="application/pdf", <https://doi.org/10.1/x>; rel="cite-as"'
    found = page(head=meta(citation_pdf_url="/meta.pdf"), headers={"Link": link})
    assert found.links == ("https://repo.test/f/1", "https://repo.test/meta.pdf")


def test_a_page_without_other_links_leads_to_its_linkset() -> None:
    link = '<https://repo.test/ls/1>; rel="linkset"; type="application/linkset+json"'
    assert page(headers={"Link": link}).links == ("https://repo.test/ls/1",)
    assert page(head='<link rel="linkset" type="application/linkset+json" href="/ls/1">').links == (
        "https://repo.test/ls/1",
    )
    assert page(head=meta(citation_pdf_url="/a.pdf"), headers={"Link": link}).links == ("https://repo.test/a.pdf",)


def test_a_linkset_names_files_and_the_work() -> None:
    told = {
        "linkset": [
            {
                "anchor": "https://repo.test/1",
                "cite-as": [{"href": f"https://doi.org/{DOI}"}],
                "item": [
                    {"href": "https://repo.test/f/1.csv", "type": "text/csv"},
                    {"href": "f/1.pdf", "type": "application/pdf"},
                ],
            }
        ]
    }
    found = read_linkset(json.dumps(told).encode(), "https://repo.test/ls/1")
    assert found is not None and found.links == ("https://repo.test/ls/f/1.pdf",) and found.dois == (DOI,)


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b"{", b'{"linkset": 1}', b'{"linkset": [1]}', b'{"linkset": [{"item": [{}]}]}', b"[" * 10**5]
)
def test_other_json_is_no_linkset(body: bytes) -> None:
    assert read_linkset(body, URL) is None


def test_the_doi_a_page_is_to_be_cited_as_tells_whose_it_is() -> None:
    link = f'<https://doi.org/{DOI}>; rel="cite-as"'
    assert page(headers={"Link": link}).dois == (DOI,)


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://journals.aps.org/prl/abstract/10.1/a", "https://link.aps.org/pdf/10.1/a"),
        ("https://www.pubs.test/doi/abs/10.1080/b", "https://www.pubs.test/doi/pdf/10.1080/b"),
        ("https://www.pubs.test/doi/10.1080/b", "https://www.pubs.test/doi/pdf/10.1080/b"),
    ],
)
def test_a_page_that_names_no_file_has_it_where_its_platform_keeps_files(url: str, link: str) -> None:
    assert page(url=url).links == (link,)
    assert page(head=meta(citation_pdf_url="https://cdn.test/1"), url=url).links == ("https://cdn.test/1",)


def test_exports_of_the_citation_are_no_files_of_the_work() -> None:
    body = (
        '<a href="/citationExport/index/download/docId/481/output/bibtex">BibTeX</a>'
        '<a href="/download/481.ris">RIS</a><a href="/files/481/paper.pdf">Download</a>'
    )
    assert page(body).links == ("https://repo.test/files/481/paper.pdf",)


def test_malformed_links_are_passed_over_wherever_they_stand() -> None:
    found = page(
        head='<base href="http://[x">'
        + meta(citation_pdf_url="http://[x", eprints_x="y")
        + meta(wkhealth_pdf_url="/b"),
        body='<embed type="application/pdf" src="http://[x"><a href="http://[x/a.pdf">PDF</a>'
        '<a id="pdfDownloadLink" href="http://[x">PDF</a>',
        headers={"Link": '<http://[x>; rel="item"; type="application/pdf"'},
    )
    assert found.links == ("https://repo.test/b",)


def test_a_link_of_many_thousand_letters_is_passed_over() -> None:
    link = f'</{"x" * 9000}>; rel="item"; type="application/pdf"'
    assert page(headers={"Link": link}).links == ()


def test_signposting_links_of_other_kinds_are_not_files() -> None:
    assert page(headers={"Link": '</x>; rel="item"; type="text/html", </y>; rel="license", nonsense'}).links == ()


@pytest.mark.parametrize(
    ("head", "body", "link"),
    [
        ('<link rel="item" type="application/pdf" href="/a">', "", "https://repo.test/a"),
        (meta(citation_pdf_url="fulltext.pdf"), "", "https://repo.test/handle/fulltext.pdf"),
        ('<meta property="citation_pdf_url" content="//cdn.test/a.pdf">', "", "https://cdn.test/a.pdf"),
        ('<meta name="Citation_PDF_URL" content=" https://cdn.test/a ">', "", "https://cdn.test/a"),
        (meta(bepress_citation_pdf_url="https://b.test/viewcontent?1"), "", "https://b.test/viewcontent?1"),
        ('<meta name="eprints.document_url" content="/1/a.pdf">', "", "https://repo.test/1/a.pdf"),
        ('<link rel="alternate" type="application/pdf" href="b.pdf">', "", "https://repo.test/handle/b.pdf"),
        ("", '<embed type="application/pdf" src="/e">', "https://repo.test/e"),
        ("", '<iframe src="/viewer/x.pdf"></iframe>', "https://repo.test/viewer/x.pdf"),
        ("", '<a id="pdfDownloadLink" href="/d">PDF</a>', "https://repo.test/d"),
        (
            "",
            '<a class="obj_galley_link pdf" href="/article/view/3/4">PDF</a>',
            "https://repo.test/article/download/3/4",
        ),
        ("", '<a href="/bitstream/1/2/thesis">Full text</a>', "https://repo.test/bitstream/1/2/thesis"),
        ("", '<a href="/files/9">Download</a>', "https://repo.test/files/9"),
        ('<base href="https://repo.test/base/">', '<a href="x.pdf">Text</a>', "https://repo.test/base/x.pdf"),
    ],
)
def test_each_platform_has_its_way_to_name_the_file(head: str, body: str, link: str) -> None:
    assert page(body, head).links[0] == link


def test_what_else_a_journal_offers_is_no_copy_of_the_article() -> None:
    body = (
        '<a href="/files/author-guidelines.pdf">Author guidelines (PDF)</a>'
        '<a href="/downloads/media-kit.pdf">Media kit</a>'
        '<a href="/files/privacy-policy.pdf">Privacy policy PDF</a><a href="/files/9.pdf">Instructions for authors</a>'
        '<a class="obj_galley_link pdf" href="/index.php/j/issue/view/5/8">Full issue PDF</a>'
        '<a class="download" href="/files/supplement.pdf">Supplement</a>'
    )
    assert page(body).links == ()


def test_a_word_of_the_works_own_title_does_not_make_its_file_something_else() -> None:
    head = meta(citation_title="Privacy policies of hospitals: a supplement to the census")
    body = '<a href="/files/privacy-policies-supplement.pdf">PDF</a>'
    assert page(body, head).links == ("https://repo.test/files/privacy-policies-supplement.pdf",)


def test_supplements_are_left_out_where_a_page_names_all_of_its_files() -> None:
    files = [f'<https://repo.test/f/{name}.pdf>; rel="item"; type="application/pdf"' for name in ("supplement", "it")]
    assert page(headers={"Link": ", ".join(files)}).links == ("https://repo.test/f/it.pdf",)
    head = "".join(
        f'<meta name="eprints.document_url" content="/7/{name}.pdf">'
        for name in ("1/Supplementary_data", "2/poster", "3/it")
    )
    assert page(head=head).links == ("https://repo.test/7/3/it.pdf", "https://repo.test/7/2/poster.pdf")
    assert page(headers={"Link": files[0]}).links == ()


def test_related_works_files_are_left_out_where_the_page_has_its_own() -> None:
    body = '<a href="/article/4/fulltext.pdf">PDF</a><a href="/article/3/fulltext.pdf">Download PDF</a>'
    assert page(body, url="https://repo.test/article/3").links == ("https://repo.test/article/3/fulltext.pdf",)


@pytest.mark.parametrize(
    "heading", ["Related articles", "You may also like", "Articles similaires", "Ähnliche Beiträge"]
)
def test_files_of_other_works_that_a_page_recommends_are_left_out(heading: str) -> None:
    others = f'<h3><span>{heading}</span></h3><h4>Another work</h4><a href="/b/1.pdf">PDF</a>'
    assert page(others).links == ()
    assert page(f'{others}<h2>Access</h2><a href="/a/1.pdf">PDF</a>').links == ("https://repo.test/a/1.pdf",)


@pytest.mark.parametrize(
    "words",
    [
        *("Peer Review File (PDF)", "Additional file 1 (PDF 210 kb)", "Retraction notice (PDF)", "Help (PDF)"),
        *("Executive summary (PDF)", "Copyright form PDF", "Press release (PDF)", "Citation as PDF"),
        *("Full issue PDF", "Erratum (PDF)"),
    ],
)
def test_what_stands_beside_the_works_file_is_not_asked_for(words: str) -> None:
    body = f'<a href="/f/1.pdf">{words}</a><a href="/f/2.pdf">PDF (peer-reviewed version)</a>'
    assert page(body).links == ("https://repo.test/f/2.pdf",)


def test_words_of_a_works_title_do_not_make_its_file_something_else_on_a_page_of_many_works() -> None:
    body = '<a href="/1.pdf">Posterior supply and the discovery of landslides</a>'
    body += '<a href="/2.pdf">Torsion in the homology of branched covers of virtual knots</a>'
    assert page(body).links == ("https://repo.test/1.pdf", "https://repo.test/2.pdf")
    others = '<a href="/3.pdf">Supplement to Torsion in the homology of branched covers</a><a href="/c.pdf">Cover</a>'
    assert page(f'{others}<a href="/SPIKBLAD01.pdf">Spikblad</a>').links == ()


def test_a_books_page_has_the_book_first_and_a_chapters_page_the_chapter() -> None:
    chapters = '<a href="/1.pdf">1. Chapter one (PDF)</a><a href="/2.pdf">Chapter two (PDF)</a>'
    assert page(f'{chapters}<a href="/all.pdf">Full book (PDF)</a>').links[0] == "https://repo.test/all.pdf"
    one = '<a href="/all.pdf">Download entire book (PDF)</a><a href="/6.pdf">Download chapter PDF</a>'
    assert page(one).links[0] == "https://repo.test/6.pdf"


def test_an_identifier_that_is_a_file_is_the_file() -> None:
    head = meta(**{"DC.identifier": "https://repo.test/f/a.pdf"}) + meta(**{"DC.identifier": "https://repo.test/7"})
    assert page(head=head).links == ("https://repo.test/f/a.pdf",)


@pytest.mark.parametrize("title", ["404 Not Found", "Page not found", "Withdrawn Item", "Seite nicht gefunden"])
def test_a_page_that_says_there_is_nothing_has_no_file(title: str) -> None:
    body = f"<html><head><title>{title}</title></head><body><a href='/user/manual.pdf'>PDF</a></body></html>"
    assert read_page(body.encode(), URL, {}).links == ()


def test_the_file_in_a_viewer_of_pdf_js_is_found() -> None:
    viewer = "/lib/pdfjs/web/viewer.html?file=%2Ffiles%2Fa.pdf#page=2"
    assert page(f'<iframe src="{viewer}"></iframe>').links[0] == "https://repo.test/files/a.pdf"
    assert page(f'<a href="{viewer}">Read</a>').links == ("https://repo.test/files/a.pdf",)
    assert page(url=f"https://repo.test{viewer}").links == ("https://repo.test/files/a.pdf",)


@pytest.mark.parametrize(
    "words",
    [
        *("Download PDF", "PDF (1.2 MB)", "Full-Text PDF", "View/Open", "Download article", "Accepted manuscript"),
        *("Volltext", "Télécharger le PDF", "Texto completo (PDF)", "Descargar", "Скачать PDF", "全文PDF", "Tam metin"),
        *("PDF herunterladen", "Volltext anzeigen", "PDFをダウンロード (845K)", "PDF en español", "Version PDF"),
        *(
            "Unduh PDF",
            "Tải PDF",
            "تحميل PDF",
            "دانلود مقاله",
            "ดาวน์โหลด PDF",
            "Ladda ner PDF",
            "Λήψη PDF",
            "Lataa PDF",
        ),
        *("PDF downloaden", "PDF letöltése", "Preuzmi PDF", "Open Access PDF", "Скачать статью"),
        *("원문 PDF 다운로드", "הורדת PDF"),
    ],
)
def test_a_link_that_says_it_is_the_file_is_one_whatever_its_address(words: str) -> None:
    assert page(f'<a href="/">Home</a><a href="/get/55">{words}</a>').links == ("https://repo.test/get/55",)
    assert page(f'<a href="/get/55" title="{words}"><img src="/pdf.png"></a>').links == ("https://repo.test/get/55",)
    assert page(f'<a href="/get/55"><img src="/pdf.png" alt="{words}"></a>').links == ("https://repo.test/get/55",)
    assert page(f'<a href="/get/55">{words}</a><a href="/files/9.pdf">Text</a>').links == (
        "https://repo.test/files/9.pdf",
    )


@pytest.mark.parametrize(
    "words",
    [
        *("Download citation", "Full text search", "Get access", "Open access", "View article", "Purchase PDF", "Text"),
        *(
            "Download app",
            "View record",
            "Download all figures",
            "Adobe Reader",
            "Read more",
            "Preview",
            "Download issue",
        ),
    ],
)
def test_a_link_that_says_something_like_it_is_none(words: str) -> None:
    assert page(f'<a href="/get/55">{words}</a>').links == ()
    assert page(f'<a href="https://other.test/get/55">{words} PDF</a>').links == ()


def test_a_file_in_a_frame_or_in_googles_viewer_is_found() -> None:
    viewer = "https://docs.google.com/viewer?url=https%3A%2F%2Frepo.test%2Fa.pdf&amp;embedded=true"
    assert page(f'<iframe src="{viewer}"></iframe>').links[0] == "https://repo.test/a.pdf"
    framed = page('<iframe src="/doi/pdfdirect/10.1/x?hmac=1"></iframe>', url="https://pubs.test/doi/pdf/10.1/x")
    assert framed.links == ("https://pubs.test/doi/pdfdirect/10.1/x?hmac=1",)


ROWS = {
    "a list": "<li>{title}. <i>Journal</i>, 2011. <a href='{file}'>PDF</a></li>",
    "a list of linked titles": "<li><a href='{file}'>{title}</a>, 2011</li>",
    "files first": "<li><a href='{file}'>[pdf]</a> Berglund, A.: {title}</li>",
    "a volume": "<div class='paper'><p>{title}</p><p>A. Author</p><p><a href='/a.html'>abs</a>"
    "<a href='{file}'>PDF</a></p></div>",
    "a table": "<tr><td>{title}</td><td>A. Author</td><td><a href='{file}'>Download PDF</a></td></tr>",
    "terms and their definitions": "<dt><a href='{file}'>pdf</a></dt><dd><b>{title}</b></dd>",
    "headings": "<h3>{title}</h3><p>A. Author</p><a href='{file}'>PDF</a>",
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_of_a_page_with_many_works_files_only_the_one_beside_the_title_is_asked_for(row: str) -> None:
    titles = [f"Paper number {n} on rivers and other rivers" for n in range(20)]
    body = "".join(row.format(title=title, file=f"/p/{n}.pdf") for n, title in enumerate(titles))
    own = row.format(title=TITLE.replace(" in ", " in <i>").upper() + "</i>", file="/p/gl.pdf#page=1")
    middle = row.format(title=titles[7], file="/p/7.pdf")
    assert links_for(page(body.replace(middle, own + middle)), WORK) == ("https://repo.test/p/gl.pdf",)
    assert links_for(page(body), WORK) == ()


def test_a_works_own_page_with_many_files_keeps_its_links() -> None:
    files = "".join(f'<a href="/files/{n}.pdf">PDF</a>' for n in range(9))
    assert len(links_for(page(files, head=meta(citation_title=TITLE)), WORK)) == 4
    own = html(files, heading=f"{TITLE} | Repository").body
    assert isinstance(own, bytes) and len(links_for(read_page(own, URL, {}), WORK)) == 4


def test_a_page_that_sends_its_reader_on_is_followed_if_it_names_no_file() -> None:
    refresh = '<meta http-equiv="Refresh" content="0; URL=\'/real\'">'
    assert page(head=refresh).links == ("https://repo.test/real",)
    assert page(head='<meta http-equiv="refresh" content="1;/real">').links == ("https://repo.test/real",)
    assert page(head=refresh + meta(citation_pdf_url="/a.pdf")).links == ("https://repo.test/a.pdf",)
    assert page(head='<meta http-equiv="refresh" content="300;url=/home">').links == ()
    assert page(f"<noscript>{refresh}</noscript>").links == ()


def test_brackets_in_attributes_do_not_end_an_element() -> None:
    head = '<meta content="Income > 5 <i>and</i> school" name="citation_title">'
    head += '<meta content="/b>c.pdf" name="citation_pdf_url">'
    found = page(head=head)
    assert found.title == "Income > 5 <i>and</i> school" and found.links == ("https://repo.test/b>c.pdf",)
    unquoted = "<meta name=description content=it's><meta name=citation_pdf_url content=/it's.pdf>"
    assert page(head=unquoted).links == ("https://repo.test/it's.pdf",)


def test_what_a_page_says_of_itself_is_not_lost_behind_many_links() -> None:
    body = '<a href="/x">x</a>' * 6000 + meta(citation_pdf_url="/a.pdf")
    assert page(body).links == ("https://repo.test/a.pdf",)


def test_a_file_link_of_ojs_2_is_turned_into_its_download() -> None:
    body = '<a href="/j/article/view/12/34" class="file" target="_parent">PDF</a>'
    assert page(body, url="https://j.test/j/article/view/12").links[0] == "https://j.test/j/article/download/12/34"


def test_a_viewer_of_ojs_is_turned_into_its_download() -> None:
    viewer = page(url="https://j.test/index.php/j/article/view/12/34")
    assert viewer.links == ("https://j.test/index.php/j/article/download/12/34",)


def test_links_to_other_things_are_left_alone() -> None:
    links = (
        '<a href="/files/supplement.pdf">Supplementary material</a><a href="https://other.test/x.pdf">PDF</a>'
        '<a href="/about">About</a><a href="/files/cover.jpg">Cover</a><a href="mailto:x">Mail</a><a>none</a>'
        '<a href="http://[bad/x.pdf">PDF</a><a href="#top">PDF</a>'
    )
    assert page(links).links == ()


def test_links_that_say_pdf_go_before_others_and_there_are_not_too_many() -> None:
    body = "".join(f'<a href="/files/{n}">More</a>' for n in range(9)) + '<a href="/files/it.pdf">PDF</a>'
    found = page(body).links
    assert found[0] == "https://repo.test/files/it.pdf"
    assert len(found) == 4


def test_the_page_itself_is_no_link() -> None:
    assert page(head=meta(citation_pdf_url=URL + "#pdf")).links == ()


# ── whose page ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("facts", "another"),
    [
        ({}, False),
        ({"citation_doi": DOI, "citation_title": "Something else entirely"}, False),
        ({"citation_doi": "10.1000/other", "citation_title": TITLE}, True),
        ({"citation_doi": f"{DOI.upper()}.v2"}, False),
        ({"citation_doi": f"{DOI}v2"}, False),
        ({"citation_doi": f"{DOI}_v1", "citation_title": "Something else entirely"}, False),
        ({"citation_doi": "10.31235/osf.io/ab3cd", "citation_title": TITLE}, False),
        ({"citation_doi": "10.31235/osf.io/ab3cd", "citation_title": f"Erratum to: {TITLE}"}, True),
        ({"citation_doi": "10.31235/osf.io/ab3cd", "citation_title": TITLE.replace("northern", "southern")}, True),
        ({"citation_doi": f"{DOI}.s1", "citation_title": f"Supplement to: {TITLE}"}, True),
        ({"citation_doi": "10.31235/osf.io/ab3cd"}, True),
        ({"citation_title": f"{TITLE}: a study of thirty years"}, False),
        ({"citation_doi": "10.1000/other"}, True),
        ({"citation_doi": "10.1000/other", "citation_title": "A history of opera"}, True),
        ({"DC.title": "A history of opera"}, True),
    ],
)
def test_only_a_clear_word_makes_a_page_another_works(facts: dict[str, str], another: bool) -> None:
    assert is_about_another(page(head=meta(**facts)), WORK) is another


def test_a_page_with_a_doi_of_its_own_may_have_the_title_in_its_heading_only() -> None:
    body = html(head=meta(citation_doi="10.17863/cam.7"), heading=f"{TITLE} | The repository").body
    assert isinstance(body, bytes)
    assert not is_about_another(read_page(body, URL, {}), WORK)


def test_versions_at_publishers_that_count_them_are_one_work() -> None:
    work = Work(title="A note", doi="10.12688/f1000research.123.2")
    assert not is_about_another(page(head=meta(citation_doi="10.12688/f1000research.123.1")), work)
    assert is_about_another(page(head=meta(citation_doi="10.12688/f1000research.124.2")), work)


def test_a_subtitle_may_be_missing_on_the_page() -> None:
    work = Work(title="Glaciers of the northern valleys", subtitle="Observations and measurements of thirty long years")
    assert not is_about_another(page(head=meta(citation_title=f"{work.title}: {work.subtitle}")), work)
    assert not is_about_another(page(head=meta(citation_title="Anything")), Work())


@pytest.mark.parametrize(
    "piece",
    [
        b"<a ",
        b"<a>",
        b"<!--",
        b"<script>",
        b"<title>",
        b"<meta ",
        b"<",
        b"cookie",
        b"<a href=x>y</a>",
        b'<meta content="',
        b"<a x='>",
        b'=" <a b=',
        b"<noscript>",
        b"<form>",
        b"<form></form>",
        b'<script type="application/ld+json">',
    ],
)
def test_no_page_takes_long_to_read(piece: bytes) -> None:
    body = piece * (2_000_000 // len(piece))
    begun = time.process_time()
    wall_of_page(read_page(body, URL, {}), body, URL, {})
    assert time.process_time() - begun < 5


def test_what_is_commented_out_is_not_there() -> None:
    hidden = f"<!-- {meta(citation_pdf_url='/old.pdf')} --><script>var x = '<a href=/files/x.pdf>PDF</a>'</script>"
    assert page(hidden + '<a href="/files/real.pdf">PDF</a>').links == ("https://repo.test/files/real.pdf",)


@pytest.mark.parametrize(
    ("charset", "said", "in_page"),
    [
        ("latin-1", None, "iso-8859-1"),
        ("latin-1", "text/html; charset=ISO-8859-1", None),
        ("latin-1", None, None),
        ("utf-8", "text/html; charset=ISO-8859-1", None),  # what servers say of all their pages
        ("utf-8", None, "no-such-charset"),
        ("utf-8-sig", None, None),
        ("utf-16", None, None),
        ("utf-16-le", "text/html; charset=utf-16", None),
        ("utf-16-be", None, "utf-16"),
        ("utf-8", "text/html; charset=utf-16", None),
        ("latin-1", "text/html; charset=idna", None),
    ],
)
def test_a_page_is_read_in_its_charset(charset: str, said: str | None, in_page: str | None) -> None:
    told = f'<meta charset="{in_page}">' if in_page else ""
    text = f"<html><head>{told}{meta(citation_title='Gletscher über Tälern')}</head></html>"
    headers = {"Content-Type": said} if said else {}
    assert read_page(text.encode(charset), URL, headers).title == "Gletscher über Tälern"


def test_a_link_in_shift_jis_is_read() -> None:
    body = "<html><body><a href='/get?id=1'>本文をダウンロード (PDF)</a></body></html>".encode("shift_jis")
    found = read_page(body, URL, {"Content-Type": "text/html; charset=Shift_JIS"})
    assert found.links == ("https://repo.test/get?id=1",)


@pytest.mark.parametrize("body", [b"<html><title>\xff\xfe\x81\x9d</title></html>", b"<script>x()</script>", b""])
def test_nothing_is_told_of_letters_that_cannot_be_read(caplog: pytest.LogCaptureFixture, body: bytes) -> None:
    read_page(body, URL, {"Content-Type": "text/html; charset=utf-8"})
    assert caplog.records == []


MEDIA = {"contentUrl": "/a.pdf", "encodingFormat": "application/pdf"}
BUTTON = "<button>Download PDF</button>"


@pytest.mark.parametrize(
    ("form", "link"),
    [
        (f"<form action='/dl'><input type=hidden name=id value='7 a'>{BUTTON}</form>", "/dl?id=7+a"),
        (f"<form method=GET action='dl/7?x=1'>{BUTTON}</form>", "/handle/dl/7"),
        ("<form action=/dl/7><input type=submit name=s value='Get PDF'></form>", "/dl/7?s=Get+PDF"),
        ("<form action=/dl><input type=image alt='PDF herunterladen'></form>", "/dl"),
        (f"<form method=post action='/dl'>{BUTTON}</form>", None),
        (f"<form action='https://elsewhere.test/dl'>{BUTTON}</form>", None),
        (f"<form action=/dl><input type=checkbox required name=agree>{BUTTON}</form>", None),
        (f"<form action=/dl><input name=email>{BUTTON}</form>", None),
        (f"<form action=/dl><select name=x><option>1</select>{BUTTON}</form>", None),
        (f"<form action=/dl>{BUTTON}<button>Cancel</button></form>", None),
        ("<form action=/search><button>Search</button></form>", None),
        (f"<form action=/citation_export>{BUTTON}</form>", None),
        (f"<form action=/dl>{'x' * 9000}{BUTTON}</form>", None),
        (f"<form action=/dl>{BUTTON}", None),
        ("<form action=/no><button formaction=/dl>Download PDF</button></form>", "/dl"),
        ("<form action=/dl><button formmethod=post>Download PDF</button></form>", None),
    ],
)
def test_a_button_that_asks_for_nothing_leads_to_the_file(form: str, link: str | None) -> None:
    assert page(form).links == ((f"https://repo.test{link}",) if link else ())


@pytest.mark.parametrize(
    ("told", "links"),
    [
        ({"@type": "ScholarlyArticle", "encoding": MEDIA}, 1),
        ({"@graph": [{"@type": ["Thesis"], "encoding": [MEDIA]}]}, 1),
        ([{"@type": "Article", "associatedMedia": {"contentUrl": "/a.pdf", "fileFormat": "application/pdf; x=1"}}], 1),
        ({"@type": "Dataset", "encoding": MEDIA}, 0),
        ({"@type": "Article", "encoding": {"contentUrl": "/a.xml", "encodingFormat": "text/xml"}}, 0),
        ({"@type": "Article", "encoding": {"contentUrl": 7, "encodingFormat": "application/pdf"}}, 0),
        ("nonsense", 0),
    ],
)
def test_structured_data_may_name_the_file(told: object, links: int) -> None:
    data = f'<script type="application/ld+json">{json.dumps(told)}</script>'
    assert page(head=data).links == ("https://repo.test/a.pdf",) * links


@pytest.mark.parametrize("data", ["{", "[" * 100_000, ""])
def test_structured_data_that_is_none_hurts_nobody(data: str) -> None:
    assert page(head=f'<script type="application/ld+json">{data}</script>').links == ()


def test_a_header_may_lead_on_to_the_file() -> None:
    assert page(headers={"Refresh": "0;url=/a.pdf"}).links == ("https://repo.test/a.pdf",)
