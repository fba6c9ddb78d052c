"""The HTML that the file hosts show: landing pages with their metadata, and the walls in front of files."""

from __future__ import annotations

import html

from dl_lit.standin.wire import Reply, page
from dl_lit.standin.world import Entry


def landing(entry: Entry, *, meta_pdf: str | None = None, body: str = "") -> Reply:
    """The page of a work, with the meta elements that Highwire and Dublin Core know."""
    work = entry.work
    names = [person.name or f"{person.family}, {person.given or ''}".strip(", ") for person in work.authors]
    facts = [("citation_title", work.title), *(("citation_author", name) for name in names)]
    facts.append(("citation_publication_date", str(work.year)))
    if entry.doi:
        facts += [("citation_doi", entry.doi), ("DC.identifier", f"doi:{entry.doi}")]
    if meta_pdf is not None:
        facts.append(("citation_pdf_url", meta_pdf))
    head = "".join(f'<meta name="{name}" content="{html.escape(value)}">' for name, value in facts)
    people = html.escape("; ".join(names))
    return page(work.title, f"<p>{people} ({work.year})</p>{body}", head=head)


def challenge() -> Reply:
    headers = (("cf-mitigated", "challenge"), ("Server", "cloudflare"))
    body = "<p>Checking your browser before you may go on. Enable JavaScript and cookies to continue.</p>"
    return page("Just a moment...", body, 403, headers=headers)


def client_challenge() -> Reply:
    script = '<script src="/_fs-ch-1T1wmsGaOgGaSxcX/script.js" async></script>'
    filler = "<p>A required part of this site could not load. Please check your connection.</p>" * 30
    return page(
        "Client Challenge", f"<noscript>JavaScript is disabled in your browser.</noscript>{filler}", head=script
    )


def proof_of_work() -> Reply:
    script = "<script>const POW_CHALLENGE='stand-in', POW_DIFFICULTY='4', POW_COOKIE_NAME='pow'</script>"
    return page("Preparing to download ...", "<p>reCAPTCHA: this takes a moment.</p>", head=script)


def login() -> Reply:
    form = '<form method="post" action="/login"><input name="user"><input type="password" name="password"></form>'
    return page("Sign in to continue", f"<p>Access through your institution.</p>{form}")
