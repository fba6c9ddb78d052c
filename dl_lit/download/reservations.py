"""What publishers reserve of text and data mining: noted with each attempt and file, never a reason not to keep a copy.

One article for one reader is no mining; what is done with the files later may be. A reservation stands in a header, in
a meta element, or for a whole host in /.well-known/tdmrep.json (W3C TDMRep), which is asked for once a run, after the
host's first file.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from dl_lit.errors import AddressRefused, FetchFailed
from dl_lit.net.hosts import HostPools, Lease, Wait
from dl_lit.net.robots import AGENT

WELL_KNOWN = "/.well-known/tdmrep.json"
_ROBOT_WORDS = frozenset({"noai", "noimageai"})
_WITH_VALUES = ("max-", "unavailable_after")
_OURS = frozenset({"", "*", "robots", AGENT})
_MOST_BYTES = 256 * 1024
_MOST_RULES = 1000
_MOST_LETTERS = 300  # of a policy's address
_PATIENCE = 60.0  # a host that wants a longer pause is not asked
_SECONDS = 15.0
_SOON = 0.5


def of_headers(headers: Mapping[str, str]) -> tuple[str, ...]:
    """In words, as they are kept: what was said, and where."""
    told = _of_values(headers.get("tdm-reservation"), headers.get("tdm-policy"), "header")
    return (*told, *_of_robots(headers.get("X-Robots-Tag"), "X-Robots-Tag"))


def of_metas(metas: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The same of a page's meta elements, by their names in lower case."""
    first = {name: next(iter(metas.get(name, ())), None) for name in ("tdm-reservation", "tdm-policy")}
    told = _of_values(first["tdm-reservation"], first["tdm-policy"], "meta")
    return (*told, *_of_robots(", ".join(metas.get("robots", ())), "meta robots"))


def _of_values(reservation: str | None, policy: str | None, where: str) -> tuple[str, ...]:
    if (reservation or "").strip() != "1":
        return ()
    shown = f", policy {policy.strip()[:_MOST_LETTERS]}" if policy and policy.strip() else ""
    return (f"{where} tdm-reservation: 1{shown}",)


def _of_robots(value: str | None, where: str) -> tuple[str, ...]:
    words = (word for part in _for_us((value or "").lower()) for word in re.split(r"[\s;]+", part))
    found = [word for word in dict.fromkeys(words) if word in _ROBOT_WORDS]
    return (f"{where}: {', '.join(found)}",) if found else ()


def _for_us(value: str) -> Iterator[str]:
    """The parts of an X-Robots-Tag that hold for all, or for us: "otherbot: noai, nofollow" holds for otherbot."""
    agent = ""
    for part in value.split(","):
        name, colon, rest = part.strip().partition(":")
        if colon and not name.startswith(_WITH_VALUES):
            agent, part = name.strip(), rest
        if agent in _OURS:
            yield part.strip()


def joined(words: Iterable[str]) -> str | None:
    """Each once, in the order of their coming; None where nothing was said."""
    return "; ".join(dict.fromkeys(words)) or None


@dataclass(frozen=True, slots=True)
class Rule:
    """`location` is a path that may hold `*`, and may end in `$`."""

    location: str
    reserved: bool
    policy: str | None = None

    def covers(self, path: str) -> bool:
        pieces = self.location.removesuffix("$").split("*")
        if not path.startswith(pieces[0]):
            return False
        place = len(pieces[0])
        for piece in pieces[1:]:
            found = path.find(piece, place)
            if found < 0:
                return False
            place = found + len(piece)
        is_end = place == len(path) or pieces[-1] == "" or (len(pieces) > 1 and path.endswith(pieces[-1]))
        return is_end or not self.location.endswith("$")


def read_rules(body: bytes) -> tuple[Rule, ...]:
    """Those of a tdmrep.json; what makes no sense there is passed over."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    entries = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    return tuple(filter(None, map(_rule, entries[:_MOST_RULES])))


def _rule(entry: dict[str, object]) -> Rule | None:
    location, policy = entry.get("location"), entry.get("tdm-policy")
    if not isinstance(location, str) or "tdm-reservation" not in entry:
        return None
    known = policy[:_MOST_LETTERS] if isinstance(policy, str) else None
    return Rule(location, str(entry["tdm-reservation"]).strip() == "1", known)


class Reservations:
    """The hosts' own files, each read once a run. Safe for threads."""

    def __init__(self, hosts: HostPools) -> None:
        self._hosts = hosts
        self._lock = threading.Lock()
        self._asking: set[str] = set()
        self._rules: dict[str, tuple[Rule, ...]] = {}

    def seek(self, url: str) -> float | None:
        """One request if need be, for the file of `url`'s host. None: it is known now, as far as it can be; else the
        seconds after which to come again."""
        origin = _origin(url)
        with self._lock:
            if origin in self._rules:
                return None
            if origin in self._asking:
                return _SOON
            self._asking.add(origin)
        try:
            found = self._sought(origin)
            if not isinstance(found, float):
                self._rules[origin] = found
        finally:
            self._asking.discard(origin)
        return found if isinstance(found, float) else None

    def of(self, url: str) -> tuple[str, ...]:
        """What the host's file says of this path; the first rule that covers it holds."""
        path = urlsplit(url).path or "/"
        rule = next((rule for rule in self._rules.get(_origin(url), ()) if rule.covers(path)), None)
        return _of_values("1" if rule and rule.reserved else None, rule.policy if rule else None, "tdmrep.json")

    def _sought(self, origin: str) -> tuple[Rule, ...] | float:
        try:
            entered = self._hosts.try_enter(origin + WELL_KNOWN)
        except AddressRefused:
            return ()
        if isinstance(entered, Wait):
            return entered.seconds if entered.seconds <= _PATIENCE else ()
        return _asked(entered, origin + WELL_KNOWN) if isinstance(entered, Lease) else ()


def _asked(lease: Lease, url: str) -> tuple[Rule, ...]:
    """No answer says nothing of the host: it has just given a file."""
    try:
        with lease, lease.open(url, deadline=time.monotonic() + _SECONDS) as response:
            return read_rules(response.read(_MOST_BYTES)) if response.status == 200 else ()
    except (FetchFailed, AddressRefused):
        return ()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
