"""Refuses addresses inside the user's own network, after DNS resolution and for the very address that is dialled.

A URL comes from a service or a landing page, so anyone may have written it. The connection is made to the address
that was checked (`transport` dials what `addresses` returns), so that a second DNS answer cannot differ. A proxy
resolves names itself; of those that mean nothing here it gets only the ones that can be of the open internet.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from dl_lit.errors import AddressRefused, UsageError
from dl_lit.model import DownloadReason
from dl_lit.net.redact import redact

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Range = ipaddress.IPv4Network | ipaddress.IPv6Network

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Called global by `ipaddress`: Azure's inner services, 6to4's relays (RFC 7526), documentation (RFC 9637).
_NOT_PUBLIC = tuple(map(ipaddress.ip_network, ("168.63.129.16/32", "192.88.99.0/24", "3fff::/20")))
# RFC 6762, RFC 8375, ICANN's .internal, and what routers and offices use; a name without a dot is one too.
_INNER_NAMES = (".local", ".localhost", ".internal", ".intranet", ".private", ".lan", ".corp", ".home", ".home.arpa")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Origin:
    """Host (lower-case ASCII) and port."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class _Rule:
    port: int | None
    host: str | None = None
    range: Range | None = None


class AddressGuard:
    """`allow_hosts` lists hosts, addresses or ranges, each with or without `:port`, reachable all the same."""

    def __init__(self, allow_hosts: Iterable[str] = ()) -> None:
        self._rules = tuple(_rule(entry) for entry in allow_hosts)

    def check(self, url: str, *, own: Origin | None = None, by_proxy: bool = False) -> Origin:
        """The origin of `url`; AddressRefused if it is not http(s) or its name leads to a refused address now.

        A name that does not resolve passes, as there is nothing to connect to; but `by_proxy` it may resolve, so that
        names of private networks are refused. `own` is allowed as it is.
        """
        origin = origin_of(url)
        try:
            self.addresses(origin.host, origin.port, own=own)
        except OSError:
            if by_proxy and origin != own and self._is_inner(origin):
                what = f"{origin.host} does not resolve here and, asked through a proxy, may be a private network's"
                raise refused(what, url) from None
        return origin

    def addresses(self, host: str, port: int, *, own: Origin | None = None) -> list[str]:
        """The addresses of `host` that may be dialled; AddressRefused if there are only others, OSError if none."""
        name = _bare(host)
        found = _resolve(name, port)
        if own is not None and own == Origin(name, port):
            return found
        allowed = [address for address in found if self._may_dial(name, port, _address(address))]
        if not allowed:
            raise refused(f"{host} leads to {found[0]}, an address inside a private or reserved network", host)
        return allowed

    def _is_inner(self, origin: Origin) -> bool:
        inner = "." not in origin.host or origin.host.endswith(_INNER_NAMES)
        named = (rule for rule in self._rules if rule.host == origin.host)
        return inner and not any(rule.port in (None, origin.port) for rule in named)

    def _may_dial(self, host: str, port: int, address: Address) -> bool:
        return is_public(address) or any(_allows(rule, host, port, address) for rule in self._rules)


def origin_of(url: str) -> Origin:
    """Host and port of an http(s) URL; AddressRefused for anything else."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise refused(f"{redact(url)} is not a valid URL", url) from error
    if parts.scheme not in _PORTS or not parts.hostname:
        raise refused(f"{redact(url)} is not an http:// or https:// address", url)
    return Origin(_ascii(parts), port or _PORTS[parts.scheme])


def host_key(url: str) -> str:
    """The name under which politeness towards a file host is counted: lower-case ASCII, without the port."""
    return origin_of(url).host


def host_of(url: str) -> str:
    """The same for records and lists, "" where there is no such name."""
    try:
        return host_key(url)
    except AddressRefused:
        return ""


def is_this_machine(host: str) -> bool:
    """Whether a host of `Origin` is loopback by its very name, as a stand-in's or a local GROBID's is."""
    try:
        return _address(host).is_loopback
    except ValueError:
        return host == "localhost"


def refused(what: str, about: str) -> AddressRefused:
    return AddressRefused(
        f"{what}; it is not opened. If it is meant to be, add it to network.allow_hosts.",
        reason=DownloadReason.ADDRESS_REFUSED,
        url=redact(about),
    )


def is_public(address: Address) -> bool:
    """Whether an address belongs to the open internet, also when it is wrapped in an IPv6 form."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = _wrapped(address)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or address.is_loopback
        or address.is_link_local
        or address.is_unspecified
        or any(address in one for one in _NOT_PUBLIC)
    )


def _wrapped(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that mapped, 6to4, Teredo and NAT64 forms lead to."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _resolve(host: str, port: int) -> list[str]:
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label of more than 63 letters, or an empty one
        raise socket.gaierror(socket.EAI_NONAME, "not a valid host name") from error
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in answers))


def _address(text: str) -> Address:
    return ipaddress.ip_address(text.split("%", 1)[0])


def _bare(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()


def _ascii(parts: SplitResult) -> str:
    name = _bare(parts.hostname or "")
    try:
        return name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


_ENTRY = re.compile(r"(?:\[(?P<six>[^\]]+)\]|(?P<bare>[^\[\]:]*?))(?::(?P<port>\d{1,5}))?")


def _rule(entry: str) -> _Rule:
    text = entry.strip()
    bare_six = text.count(":") > 1 and not text.startswith("[")
    match = _ENTRY.fullmatch(f"[{text}]" if bare_six else text)
    name = (match["six"] or match["bare"]) if match else None
    if match is None or not name:
        raise UsageError(f"network.allow_hosts: {entry!r} is not a host, address or range with or without a port.")
    port = int(match["port"]) if match["port"] else None
    try:
        return _Rule(port, range=ipaddress.ip_network(name, strict=False))
    except ValueError:
        if "/" in name:
            raise UsageError(f"network.allow_hosts: {entry!r} is not a valid range such as 10.0.0.0/8.") from None
        return _Rule(port, host=_bare(name))


def _allows(rule: _Rule, host: str, port: int, address: Address) -> bool:
    if rule.port is not None and rule.port != port:
        return False
    if rule.range is not None:
        return address.version == rule.range.version and address in rule.range
    return rule.host == host
