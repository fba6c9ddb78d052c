"""Unpaywall as a client meets it: an e-mail or 422, two shapes of 404, the legacy form of the same locations."""

from __future__ import annotations

import re
import threading
from collections import deque
from typing import Any
from urllib.parse import unquote

from dl_lit.standin.context import Context
from dl_lit.standin.limits import seeded_share
from dl_lit.standin.wire import Reply, Request, json_reply, page
from dl_lit.standin.world import Copy, Entry

MAX_EMAILS, EMAIL_WINDOW = 20, 300.0
PLACEHOLDERS = re.compile(r"@example\.|YOUR_EMAIL|unpaywall_\d+@", re.IGNORECASE)


class Unpaywall:
    """The service under `/unpaywall`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._emails: deque[tuple[float, str]] = deque()

    def bucket(self, request: Request) -> str:
        return "lookup"

    def answer(self, request: Request) -> Reply:
        refusal = self._refuse(request)
        if refusal is not None:
            return refusal
        doi = unquote(request.path).strip("/").lower()
        entry = self._context.world.by_doi.get(doi)
        if entry is None or not entry.in_unpaywall or not entry.in_crossref:
            return self._unknown(doi)
        return json_reply(self._record(entry))

    def _refuse(self, request: Request) -> Reply | None:
        email = request.param("email")
        if not email:
            return _email_problem("Email address required in API call, see http://unpaywall.org/products/api")
        if "@" not in email.strip("@") or PLACEHOLDERS.search(email) or self._too_many_emails(email, request.time):
            return _email_problem(
                "Please use your own email address in API calls. See http://unpaywall.org/products/api"
            )
        return None

    def _too_many_emails(self, email: str, now: float) -> bool:
        with self._lock:
            while self._emails and self._emails[0][0] < now - EMAIL_WINDOW:
                self._emails.popleft()
            if all(email != known for _, known in self._emails):
                self._emails.append((now, email))
            return len(self._emails) > MAX_EMAILS

    def _unknown(self, doi: str) -> Reply:
        """The newer code answers with a page, the older one with JSON; clients meet both."""
        if seeded_share(self._context.world.seed, "unpaywall 404", doi) < 0.5:
            return page("404 Not Found", "<p>The requested URL was not found on the server.</p>", 404)
        text = f"'{doi}' isn't in Unpaywall. See https://support.unpaywall.org/a/solutions/articles/44001900286"
        return json_reply({"HTTP_status_code": 404, "error": True, "message": text}, 404)

    def _record(self, entry: Entry) -> dict[str, Any]:
        work = entry.work
        locations = [self._location(entry, copy, is_best=n == 0) for n, copy in enumerate(entry.copies)]
        best = locations[0] if locations else None
        return {
            "doi": entry.doi,
            "doi_url": f"https://doi.org/{entry.doi}",
            "title": work.title,
            "genre": work.type,
            "is_paratext": False,
            "published_date": f"{work.year}-01-01",
            "year": work.year,
            "journal_name": work.container,
            "journal_issns": work.issn,
            "journal_issn_l": work.issn,
            "journal_is_oa": entry.oa_status == "gold",
            "journal_is_in_doaj": entry.oa_status == "gold",
            "publisher": work.publisher,
            "is_oa": bool(locations),
            "oa_status": entry.oa_status,
            "has_repository_copy": any(not copy.host.is_publisher for copy in entry.copies),
            "best_oa_location": best,
            "first_oa_location": best,
            "oa_locations": locations,
            "oa_locations_embargoed": [self._location(entry, copy, is_best=False) for copy in entry.embargoed],
            "data_standard": 2,
            "updated": "2026-11-01T00:00:00",
            "z_authors": _authors(entry) or None,
        }

    def _location(self, entry: Entry, copy: Copy, *, is_best: bool) -> dict[str, Any]:
        addresses = self._context.addresses
        pdf, landing = addresses.pdf(copy), addresses.landing(entry, copy)
        repository = not copy.host.is_publisher
        return {
            "url": pdf or landing,
            "url_for_pdf": pdf,
            "url_for_landing_page": landing,
            "evidence": "deprecated",
            "license": copy.licence,
            "version": str(copy.version),
            "host_type": "repository" if repository else "publisher",
            "is_best": is_best,
            "pmh_id": f"oai:{copy.host.number}:{copy.slug}" if repository else None,
            "endpoint_id": f"stand-in-{copy.host.number}" if repository else None,
            "repository_institution": copy.host.name if repository else None,
            "oa_date": "2099-01-01" if copy in entry.embargoed else f"{entry.work.year}-01-01",
            "updated": "deprecated",
        }


def _authors(entry: Entry) -> list[dict[str, Any]]:
    names = [
        person.name or " ".join(part for part in (person.given, person.family) if part) for person in entry.work.authors
    ]
    return [
        {
            "author_position": "middle" if position else "first",
            "raw_author_name": name,
            "is_corresponding": position == 0,
            "raw_affiliation_strings": [],
        }
        for position, name in enumerate(names)
    ]


def _email_problem(text: str) -> Reply:
    return json_reply({"HTTP_status_code": 422, "error": True, "message": text}, 422, refused="email")
