"""Tells walls from pages: challenges, cookie walls and logins that stand where a file was promised (apis.md §19.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dl_lit.download.landing import LandingPage
from dl_lit.model import DownloadReason

# In a URL: we were sent somewhere else than to the file.
_COOKIE_URL = re.compile(r"(?i)cookieabsent|cookies_not_supported|cookieset=|[/?&]cookie[-_]?(?:check|test|required)")
_LOGIN_URL = re.compile(
    r"(?i)SAMLRequest=|/(?:login|signin|sign-in|logon|sso|shibboleth|authenticate|cas/login|idp)(?:[/?.]|$)|/SSOCore|"
    r"//(?:login|sso|idp|auth|shibboleth)\."
)
# In a body: only challenges have these.
_CHALLENGE = re.compile(
    rb"(?i)_fs-ch-|cf-chl|challenge-platform|/cdn-cgi/challenge|px-captcha|awswaf|aws-waf-token|POW_CHALLENGE|POW_DIFFICULTY|"
    rb"hcaptcha\.com/captcha|captcha-delivery\.com|incapsula|perimeterx|ddos-guard|anubis_challenge|gokuProps|"
    rb"sucuri_cloudproxy|imunify360|_vercel/security|requested URL was rejected"
)
# What comment and contact forms have, too: a wall is a page of few words besides.
_CAPTCHA = re.compile(rb"(?i)\b(?:h-captcha|g-recaptcha|cf-turnstile|hcaptcha\.com/1/api\.js)\b")
_WALL_HEADERS = (("cf-mitigated", ("challenge",)), ("x-amzn-waf-action", ("challenge", "captcha")))
_CHALLENGE_TITLE = re.compile(
    r"(?i)just a moment|client challenge|attention required|preparing to download|checking your browser|security check|"
    r"access denied|are you a (?:human|robot)|bot verification|verify(?:ing)? you are human|unusual traffic|captcha|"
    r"you(?:['’]?| a)re not a (?:ro)?bot\b|pardon our interruption|please wait while we verify|"
    r"^(?:human verification|robot check|request rejected|browser check|one more step|one moment,? please"
    r"|you are being redirected)\W*$"
)
_COOKIE_WORDS = re.compile(
    rb"(?i)cookies?\b[^<]{0,60}\b(?:required|disabled|enable|accept|supported)|(?:enable|accept|allow)[^<]{0,30}cookies"
)
_LOGIN_TITLE = re.compile(r"(?i)\b(?:log ?in|sign ?in|anmelden|authentication|get access|purchase)\b")
_SHORT_PAGE = 4000  # letters; articles that mention a captcha are longer


def wall_of_url(url: str) -> DownloadReason | None:
    """What a redirect to this URL means, if it means a wall."""
    if _LOGIN_URL.search(url):
        return DownloadReason.PAYWALL
    return DownloadReason.BLOCKED_COOKIE if _COOKIE_URL.search(url) else None


def wall_of_page(page: LandingPage, body: bytes, url: str, headers: Mapping[str, str]) -> DownloadReason | None:
    """Which wall the page is; None for a page that may be about the work."""
    if any(headers.get(name, "").lower() in words for name, words in _WALL_HEADERS):
        return DownloadReason.BLOCKED
    if page.has_metadata:
        return None
    heading = page.heading or ""
    if _CHALLENGE_TITLE.search(heading) or (_CHALLENGE.search(body) and page.letters < _SHORT_PAGE):
        return DownloadReason.BLOCKED
    if _CAPTCHA.search(body) and not page.links and page.letters < _SHORT_PAGE // 10:
        return DownloadReason.BLOCKED
    if page.has_password_field or _LOGIN_TITLE.search(heading) or wall_of_url(url) is DownloadReason.PAYWALL:
        return DownloadReason.PAYWALL
    if wall_of_url(url) is not None or (page.letters < _SHORT_PAGE // 4 and _COOKIE_WORDS.search(body)):
        return DownloadReason.BLOCKED_COOKIE
    return None
