"""Which proxy of the environment (`https_proxy`, `no_proxy`, …) a request goes through."""

from __future__ import annotations

from requests.utils import get_environ_proxies, prepend_scheme_if_needed, select_proxy

from dl_lit.net.guard import is_this_machine, origin_of


def proxy_of(url: str) -> str | None:
    """The URL of the proxy for `url`; None for a direct connection. AddressRefused if `url` is not http(s)."""
    if is_this_machine(origin_of(url).host):
        return None  # a proxy elsewhere would take "this machine" for itself
    proxy = select_proxy(url, get_environ_proxies(url))
    if not proxy:
        return None
    whole: str = prepend_scheme_if_needed(proxy, "http")  # type: ignore[no-untyped-call]
    return whole
