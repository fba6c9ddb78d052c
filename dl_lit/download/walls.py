"""Tells walls from pages: challenges, cookie walls and logins that stand where a file was promised (apis.md §19.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dl_lit.download.few_words import speaks_of_access, speaks_of_robots
from dl_lit.download.landing import LandingPage
from dl_lit.download.missing import tells_of_nothing
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
    rb"sucuri_cloudproxy|imunify360|_vercel/security|requested URL was rejected|haproxy-protection|queueitpage|"
    rb"queue-it\.net|arkoselabs\.com|enable JavaScript and cookies to continue|"
    + "拖动滑块|滑块验证|拼图验证|人机验证".encode()
)
_SAML_FORM = re.compile(rb"(?i)\bname\s{0,9}=\s{0,9}[\"']?SAML(?:Request|Response)\b")
# What comment and contact forms have, too: a wall is a page of few words besides.
_CAPTCHA = re.compile(
    rb"(?i)\b(?:[a-z]{1,9}-captcha|g-recaptcha|mcaptcha__|altcha-widget|cf-turnstile|hcaptcha\.com/1/api\.js)"
)
_WALL_HEADERS = (
    ("cf-mitigated", ("challenge",)),
    ("x-amzn-waf-action", ("challenge", "captcha")),
    ("x-vercel-mitigated", ("challenge", "deny")),
)
_KASADA = "x-kpsdk-ct"
_CHALLENGE_TITLE = re.compile(
    r"(?i)just a moment|client challenge|attention required|preparing to download|checking your browser|security check|"
    r"access denied|are you a (?:human|robot)|bot verification|verify(?:ing)? you are human|unusual traffic|captcha|"
    r"you(?:['’]?| a)re not a (?:ro)?bot\b|pardon our interruption|please wait while we verify|"
    r"^(?:human verification|robot check|request rejected|browser check|one more step|one moment,? please"
    r"|you are being redirected|verifying your browser|queue-it|you are (?:now )?in (?:line|the queue)"
    r"|安全验证|访问验证)\W*$"
)
_COOKIE_WORDS = re.compile(
    rb"(?i)cookies?\b[^<]{0,60}\b(?:required|disabled|enable|accept|supported)|(?:enable|accept|allow)[^<]{0,30}cookies"
)
_LOGIN_TITLE = re.compile(
    r"(?i)\b(?:log ?in|sign ?in|anmelden|authentication|get access|purchase|subscribe to read|access through your)\b"
    r"|^\W*(?:connexion|identification|iniciar sesi[oó]n|accedi|acceder|entrar|aanmelden|logga in|zaloguj si[eę]"
    r"|вход|登录|登錄|ログイン|로그인)\W*(?:$|[|–-])"
    r"|^\W*(?:select|find|choose) your (?:institution|organi[sz]ation|university|library)\W*$"
)
_SHORT_PAGE = 4000  # letters; articles that mention a captcha are longer


def wall_of_url(url: str) -> DownloadReason | None:
    """What a redirect to this URL means, if it means a wall."""
    if _LOGIN_URL.search(url):
        return DownloadReason.PAYWALL
    return DownloadReason.BLOCKED_COOKIE if _COOKIE_URL.search(url) else None


def wall_of_headers(headers: Mapping[str, str]) -> bool:
    """Whether the answer calls itself a challenge."""
    return any(headers.get(name, "").lower() in words for name, words in _WALL_HEADERS) or _KASADA in headers


def says_gone(page: LandingPage) -> bool:
    """Whether a page under a good status says in place of a title that there is none."""
    return not (page.has_metadata or page.links) and tells_of_nothing(page.heading or "")


def wall_of_page(page: LandingPage, body: bytes, url: str, headers: Mapping[str, str]) -> DownloadReason | None:
    """Which wall the page is; None for a page that may be about the work."""
    if wall_of_headers(headers):
        return DownloadReason.BLOCKED
    if page.has_metadata:
        return None
    heading = page.heading or ""
    if _CHALLENGE_TITLE.search(heading) or (_CHALLENGE.search(body) and page.letters < _SHORT_PAGE):
        return DownloadReason.BLOCKED
    says_little = not page.links and page.letters < _SHORT_PAGE // 10
    if says_little and (_CAPTCHA.search(body) or speaks_of_robots(heading, body)):
        return DownloadReason.BLOCKED
    if _SAML_FORM.search(body) and page.letters < _SHORT_PAGE // 4:
        return DownloadReason.PAYWALL
    if page.has_password_field or _LOGIN_TITLE.search(heading) or wall_of_url(url) is DownloadReason.PAYWALL:
        return DownloadReason.PAYWALL
    if wall_of_url(url) is not None or (page.letters < _SHORT_PAGE // 4 and _COOKIE_WORDS.search(body)):
        return DownloadReason.BLOCKED_COOKIE
    return DownloadReason.PAYWALL if says_little and speaks_of_access(body) else None
