"""Whose page a landing page is: by the DOIs that it names as its own, else by its title; and its links to the work."""

from __future__ import annotations

import re

from dl_lit.download.landing import MOST_LINKS, LandingPage
from dl_lit.identity import titles
from dl_lit.model import Work

_ALIKE = 0.6
_SHORTEST_KEY = 15  # letters; what is shorter is part of many titles
# "….v2", "…/v2", "…_v2", "…7v2"; F1000 and its sisters count ".2". Zenodo has a DOI for each version and one for all.
_VERSION = re.compile(r"(?:[./_-]|(?<=\d))v\d{1,3}$")
_COUNTED = re.compile(r"^(10\.(?:12688|3310|35241)/.+)\.\d{1,2}$")
_DOI_A_VERSION = ("10.5281/",)


def is_about_another(page: LandingPage, work: Work) -> bool:
    """Whether the page says clearly that it describes a different work; silence is no such word.

    A registrant gives a work one DOI. A repository or a preprint server may give the same work one of its own; then the
    title must be the same to the last word, as corrections and supplements have nearly the same one.
    """
    if work.doi is None or not page.dois:
        return _has_another_title(page, work)
    if any(_unversioned(doi) == _unversioned(work.doi) for doi in page.dois):
        return False
    by_others = [
        doi for doi in page.dois if _registrant(doi) != _registrant(work.doi) or doi.startswith(_DOI_A_VERSION)
    ]
    return not by_others or not _has_same_title(page, work)


def links_for(page: LandingPage, work: Work) -> tuple[str, ...]:
    """Of a page with many files those beside the work's title first, and no others where it is not the work's page."""
    if page.listing is None:
        return page.links
    is_its = page.title or page.dois or _has_same_title(page, work)  # `is_about_another` has judged them
    found = (*page.listing.of_work(work), *(page.links if is_its else ()))
    return tuple(dict.fromkeys(found))[:MOST_LINKS]


def _unversioned(doi: str) -> str:
    doi = doi.lower()
    counted = _COUNTED.match(doi)
    return counted[1] if counted else _VERSION.sub("", doi)


def _registrant(doi: str) -> str:
    return doi.partition("/")[0]


def _has_another_title(page: LandingPage, work: Work) -> bool:
    if page.title is None or work.title is None:
        return False
    if titles.similarity(page.title, work.title) >= _ALIKE:
        return False
    key, other = titles.key(titles.whole(work)), titles.key(page.title)
    return not (len(other) > _SHORTEST_KEY and (other in key or key in other))


def _has_same_title(page: LandingPage, work: Work) -> bool:
    """With or without the subtitle; a page without metadata has the title in its heading, with the site's name."""
    if work.title is None:
        return False
    keys = {titles.key(work.title), titles.key(titles.whole(work))}
    if page.title is not None:
        return titles.key(page.title) in keys or titles.key(page.title.partition(":")[0]) in keys
    heading = titles.key(page.heading or "")
    return any(len(key) > _SHORTEST_KEY and heading.startswith(key) for key in keys)
