"""The publishers and repositories of the stand-in world: who they are, how they misbehave, how their paths look."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache


class Quirk(StrEnum):
    """How a host behaves. `OBTAINABLE` lists those at which a patient and polite client gets its copy."""

    DIRECT = "direct"  # the PDF is where the index says
    SIGNPOSTING = "signposting"  # an HTTP Link header names the PDF
    META_ABSOLUTE = "meta_absolute"  # citation_pdf_url
    META_RELATIVE = "meta_relative"  # the same, as a relative address
    OJS = "ojs"  # the index names the viewer page, the PDF is at /download/
    PAGE_LINK = "page_link"  # only an ordinary link in the page leads to the PDF
    WRONG_TYPE = "wrong_type"  # a whole PDF that calls itself octet-stream, or HTML
    CRAWL_DELAY = "crawl_delay"  # robots.txt asks for 2 s
    ARXIV = "arxiv"
    ON_DEMAND = "on_demand"  # for some: 202 until the file is ready
    BUSY = "busy"  # for some: 429 with Retry-After at first
    COOKIE = "cookie"  # a hop that insists on its cookie, and then gives the file
    CHAIN = "chain"  # a chain of four redirects
    SLOW_DRIP = "slow_drip"
    TDM_RESERVED = "tdm_reserved"  # serves, and says tdm-reservation: 1
    NOAI = "noai"  # serves, and says X-Robots-Tag: noai
    PREFIXED = "prefixed"  # a whole PDF behind some bytes that do not belong to it
    BUTTON = "button"  # a form in place of a link leads to the PDF
    TWO_BYTES = "two_bytes"  # pages in UTF-16

    CHALLENGE = "challenge"  # 403 "Just a moment..."
    STUB = "stub"  # 200 HTML "Client Challenge" under a .pdf address
    PROOF_OF_WORK = "proof_of_work"  # 200 HTML "Preparing to download"
    COOKIE_LOOP = "cookie_loop"  # redirects in a circle, with the cookie too
    LOGIN = "login"  # redirects to a login form
    PREVIEW = "preview"  # a PDF of the first page only
    TRUNCATED = "truncated"  # the end of the file is missing
    WRONG_WORK = "wrong_work"  # a whole PDF of another work
    WRONG_META = "wrong_meta"  # citation_pdf_url of another article
    OVERSIZED = "oversized"
    GZIP_BOMB = "gzip_bomb"
    INWARD = "inward"  # redirects to loopback at another port, and to link-local
    GONE = "gone"  # 404 or 410
    ROBOTS = "robots"  # robots.txt forbids its pages
    EMPTY = "empty"  # 200 and nothing
    BROKEN = "broken"  # 500 for ever
    UNREACHABLE = "unreachable"  # nobody listens there
    ACCEPTED = "accepted"  # 202 for ever
    TOKEN = "token"  # 400 to whoever brings no key
    NOT_PDF = "not_pdf"  # a ZIP under a .pdf address
    DAMAGED = "damaged"  # begins and ends like a PDF, and is none
    ENCRYPTED = "encrypted"  # a whole PDF behind a password
    MAZE = "maze"  # redirects ever further
    ENDLESS = "endless"  # a body of no stated length, without an end
    TRICKLE = "trickle"  # a file that takes `trickle_seconds`
    QUEUE = "queue"  # redirects into a waiting room
    GATE = "gate"  # a challenge under 429
    SOFT_GONE = "soft_gone"  # 200 HTML "Page not found"


OBTAINABLE = frozenset(list(Quirk)[: list(Quirk).index(Quirk.CHALLENGE)])


class Gives(StrEnum):
    """What the indexes know of a copy at this host."""

    PDF = "pdf"
    LANDING = "landing"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Host:
    """`landing` and `pdf` are path templates; `{slug}` stands for the work.

    A `rare` one is in no index, and has every work under its key.
    """

    number: int
    name: str
    quirk: Quirk
    is_publisher: bool
    gives: Gives = Gives.BOTH
    landing: str = "/articles/{slug}"
    pdf: str = "/articles/{slug}.pdf"
    rare: bool = False

    @property
    def address(self) -> str:
        return f"127.0.0.{self.number}"

    def find(self, path: str) -> tuple[str, str] | None:
        """("pdf" | "landing", slug) for a path of this host."""
        for part, template in (("pdf", self.pdf), ("landing", self.landing)):
            if found := _pattern(template).fullmatch(path):
                return part, found["slug"]
        return None


@cache
def _pattern(template: str) -> re.Pattern[str]:
    before, after = (re.escape(part) for part in template.split("{slug}"))
    return re.compile(f"{before}(?P<slug>.+?){after}")


HOSTS = (
    Host(2, "Repository of the University of the North", Quirk.SIGNPOSTING, False, Gives.LANDING,
         "/handle/{slug}", "/bitstreams/{slug}/download"),
    Host(3, "Meridian Journals", Quirk.META_ABSOLUTE, True, Gives.LANDING, "/doi/abs/{slug}", "/doi/pdf/{slug}"),
    Host(4, "Society for Relative Addresses", Quirk.META_RELATIVE, True, Gives.LANDING,
         "/journal/{slug}/", "/journal/{slug}/fulltext.pdf"),
    Host(5, "Open Journal of the Open Journals", Quirk.OJS, True, Gives.PDF,
         "/index.php/ojo/article/view/{slug}", "/index.php/ojo/article/view/{slug}/7"),
    Host(6, "Archive of the Academy", Quirk.WRONG_TYPE, False, Gives.PDF, "/record/{slug}", "/record/{slug}/files/1"),
    Host(7, "Public Press", Quirk.DIRECT, True),
    Host(8, "Slowgate Repository", Quirk.CRAWL_DELAY, False, Gives.LANDING, "/items/{slug}", "/items/{slug}/file.pdf"),
    Host(9, "arXiv (stand-in)", Quirk.ARXIV, False, Gives.BOTH, "/abs/{slug}", "/pdf/{slug}"),
    Host(10, "Library of Rendered Theses", Quirk.ON_DEMAND, False),
    Host(11, "Crowded Publishing", Quirk.BUSY, True),
    Host(12, "Biscuit House", Quirk.COOKIE, True, Gives.PDF, "/article/{slug}", "/article/{slug}/pdf"),
    Host(13, "Eprints of the South", Quirk.PAGE_LINK, False, Gives.LANDING, "/id/eprint/{slug}", "/{slug}/1/paper.pdf"),
    Host(14, "Long Wire Archive", Quirk.SLOW_DRIP, False, Gives.PDF),
    Host(15, "Reserved Rights Press", Quirk.TDM_RESERVED, True),
    Host(16, "Four Corners Platform", Quirk.CHAIN, True, Gives.PDF),
    Host(17, "Community Repository", Quirk.DIRECT, False),
    Host(18, "Fortress Publishing", Quirk.CHALLENGE, True),
    Host(19, "Link of the Springs", Quirk.STUB, True, Gives.BOTH, "/article/{slug}", "/content/pdf/{slug}.pdf"),
    Host(20, "Central Medical Library", Quirk.PROOF_OF_WORK, False, Gives.BOTH,
         "/articles/{slug}/", "/articles/{slug}/pdf/"),
    Host(21, "Carousel Online", Quirk.COOKIE_LOOP, True, Gives.PDF, "/doi/{slug}", "/doi/pdf/{slug}"),
    Host(22, "Members Only Science", Quirk.LOGIN, True, Gives.BOTH,
         "/science/article/{slug}", "/science/article/{slug}/pdf"),
    Host(23, "First Page Books", Quirk.PREVIEW, True),
    Host(24, "Torn Page Archive", Quirk.TRUNCATED, False),
    Host(25, "Mixed-up Repository", Quirk.WRONG_WORK, False),
    Host(26, "Crossed Wires Journal", Quirk.WRONG_META, True, Gives.LANDING),
    Host(27, "Encyclopedic Scans", Quirk.OVERSIZED, False, Gives.PDF),
    Host(28, "Compression Quarterly", Quirk.GZIP_BOMB, False, Gives.PDF),
    Host(29, "Inward Bound", Quirk.INWARD, True, Gives.PDF),
    Host(30, "Former Faculty Server", Quirk.GONE, False),
    Host(31, "Keep Out Archive", Quirk.ROBOTS, False, Gives.LANDING),
    Host(32, "Blank Page Press", Quirk.EMPTY, True, Gives.PDF),
    Host(33, "Fallen Server", Quirk.BROKEN, False),
    Host(34, "Unplugged Server", Quirk.UNREACHABLE, False),
    Host(35, "Waiting Room Press", Quirk.ACCEPTED, True, rare=True),
    Host(36, "Keyholders' Interface", Quirk.TOKEN, True, rare=True),
    Host(37, "Preface Repository", Quirk.PREFIXED, False, rare=True),
    Host(38, "Archive of Archives", Quirk.NOT_PDF, False, rare=True),
    Host(39, "Fountain of Bytes", Quirk.ENDLESS, False, rare=True),
    Host(40, "Water-damaged Papers", Quirk.DAMAGED, False, rare=True),
    Host(41, "Sealed Letters", Quirk.ENCRYPTED, True, rare=True),
    Host(42, "Garden of Forking Paths", Quirk.MAZE, True, rare=True),
    Host(43, "Human Readers Press", Quirk.NOAI, True, rare=True),
    Host(44, "Dripping Tap Archive", Quirk.TRICKLE, False, rare=True),
    Host(45, "Press-a-Button Repository", Quirk.BUTTON, False, Gives.LANDING, rare=True),
    Host(46, "Archive of Wide Letters", Quirk.TWO_BYTES, False, Gives.LANDING, rare=True),
    Host(47, "Patience Publishing", Quirk.QUEUE, True, rare=True),
    Host(48, "Gatekeeper Journals", Quirk.GATE, True, rare=True),
    Host(49, "Polite Ruins", Quirk.SOFT_GONE, False, rare=True),
)  # fmt: skip


def with_quirk(quirk: Quirk) -> Host:
    return next(host for host in HOSTS if host.quirk is quirk)
