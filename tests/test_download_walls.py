"""Which landing pages and addresses are walls, and which say that there is nothing."""

from __future__ import annotations

import pytest

from dl_lit.download.landing import LandingPage, read_page
from dl_lit.download.walls import says_gone, wall_of_page, wall_of_url
from dl_lit.model import DownloadReason
from download_world import TITLE, html, meta

URL = "https://repo.test/handle/1"


def test_an_article_with_a_captcha_for_comments_is_no_wall() -> None:
    content = html("<script src='//js.hcaptcha.com/captcha'></script>", head=meta(citation_title=TITLE)).body
    assert isinstance(content, bytes)
    assert wall_of_page(read_page(content, URL, {}), content, URL, {}) is None


@pytest.mark.parametrize(
    ("heading", "body", "headers"),
    [
        ("Making sure you&#39;re not a bot!", "", {}),
        ("x.org", '<script id="anubis_challenge" type="application/json">{}</script>', {}),
        ("One more step", "<div class='h-captcha' data-sitekey='x'></div>", {}),
        ("repository.test", "<div class='g-recaptcha'></div><p>Prove it, then go on.</p>", {}),
        ("Human Verification", "<script>window.gokuProps={}</script>", {}),
        ("A page", "", {"x-amzn-waf-action": "captcha"}),
        ("You are being redirected...", "<noscript>Javascript is required.</noscript>", {}),
        ("Request Rejected", "The requested URL was rejected. Your support ID is: 1", {}),
        ("Pardon Our Interruption", "", {}),
        ("One moment, please...", "", {}),
        ("x.org", "<script src='https://ct.captcha-delivery.com/c.js'></script>", {}),
        ("Verifying your browser", "<noscript>proof of work</noscript>", {}),
        ("Queue", "<body class='queueitpage'>You are now in line", {}),
        ("安全验证", "", {}),
        ("x.cn", "请拖动滑块完成拼图", {}),
        ("Loading", "<noscript>Please enable JavaScript and cookies to continue</noscript>", {}),
        ("A page", "", {"x-vercel-mitigated": "challenge"}),
        ("A page", "", {"x-kpsdk-ct": "1"}),
        ("Robot or human?", "", {}),
        ("Bot detected", "If you are human, contact support.", {}),
        ("Vérification que vous n'êtes pas un robot", "", {}),
        ("Un momento", "Verifica que no eres un robot", {}),
        ("Sicherheitsüberprüfung", "", {}),
        ("x.ru", "Подождите, идет проверка вашего браузера", {}),
        ("正在检查您的浏览器", "", {}),
        ("Check", "<altcha-widget challengeurl='/c'></altcha-widget>", {}),
        ("Just checking", "<div class='frc-captcha'></div>", {}),
        ("Confirm", "<div id='mcaptcha__widget-container'></div>", {}),
        ("Access temporarily limited", "", {}),
        ("Even geduld", "We controleren of u een mens bent en geen robot.", {}),
        ("Um momento", "Confirme que n&atilde;o &eacute; um rob&ocirc;", {}),
        ("認証", "ロボットではないことを確認してください", {}),
        ("Access blocked", "Suspicious activity from your network was detected.", {}),
        ("Verification required", "<script src='https://client-api.arkoselabs.com/v2/x/api.js'></script>", {}),
        ("x.org", "Automated access to this site has been detected.", {}),
    ],
)
def test_challenges_of_many_makers_are_walls(heading: str, body: str, headers: dict[str, str]) -> None:
    content = html(body, heading=heading).body
    assert isinstance(content, bytes)
    assert wall_of_page(read_page(content, URL, headers), content, URL, headers) is DownloadReason.BLOCKED


@pytest.mark.parametrize(
    ("heading", "body"),
    [
        ("A repository", "<a href='/files/a.pdf'>Full text (PDF)</a><form><div class='g-recaptcha'></div></form>"),
        ("Robots in narrow inlets", "<a href='/files/a.pdf'>PDF</a>"),
        ("Robotic fish", "A study of fish and of what they do."),
        ("Human Rights Library", "<p>Are humans right?</p>" + "A page of more than a few words is none. " * 20),
        ("Browser checks in mark-up languages, one moment please", "<a href='/files/a.pdf'>PDF</a>"),
    ],
)
def test_a_page_that_leads_to_a_file_and_has_a_captcha_in_a_form_is_no_wall(heading: str, body: str) -> None:
    content = html(body, heading=heading).body
    assert isinstance(content, bytes)
    assert wall_of_page(read_page(content, URL, {}), content, URL, {}) is None


@pytest.mark.parametrize(
    ("heading", "body"),
    [
        ("", "<form method=post action='//idp.test/sso'><input type=hidden name='SAMLRequest' value=x></form>"),
        ("Connexion", "<form method=post><input name=email></form>"),
        ("Access through your institution", ""),
        ("Subscribe to read", ""),
        ("Access Options", "<h3>Purchase access</h3>Rent or buy this article."),
        ("Members only", "This content is available to members. Please log in."),
        ("Not here", "You do not have access to this content."),
        ("Iniciar sesión | Revista", ""),
        ("Find your institution", "<form action=/ds><select name=idp></select></form>"),
    ],
)
def test_a_way_to_an_institutions_login_is_a_paywall(heading: str, body: str) -> None:
    content = html(body, heading=heading).body
    assert isinstance(content, bytes)
    assert wall_of_page(read_page(content, URL, {}), content, URL, {}) is DownloadReason.PAYWALL


@pytest.mark.parametrize(
    ("heading", "gone"),
    [
        ("404 - Page not found", True),
        ("Page Not Found | Meridian Journals", True),
        ("Seite nicht gefunden", True),
        ("Página no encontrada", True),
        ("Error 404", True),
        ("University Repository :: Page not found", True),
        ("Bitstream not found", True),
        ("Страница не найдена", True),
        ("Pagina niet gevonden", True),
        ("Species not found in the northern valleys", False),
        ("Found and not found", False),
        ("404 million years of algae", False),
        ("Not found in the valleys: a survey", False),
        ("4040 meters above the sea", False),
        ("", False),
    ],
)
def test_a_title_may_say_that_the_page_is_gone(heading: str, gone: bool) -> None:
    assert says_gone(LandingPage(heading=heading)) is gone


def test_a_page_that_describes_a_work_or_has_its_file_is_not_gone() -> None:
    assert not says_gone(LandingPage(heading="404", has_metadata=True))
    assert not says_gone(LandingPage(heading="Not found", links=("https://repo.test/a.pdf",)))


@pytest.mark.parametrize(
    ("url", "wall"),
    [
        ("https://pub.test/action/cookieAbsent", DownloadReason.BLOCKED_COOKIE),
        ("https://pub.test/x?cookieSet=1", DownloadReason.BLOCKED_COOKIE),
        ("https://pub.test/x?error=cookies_not_supported", DownloadReason.BLOCKED_COOKIE),
        ("https://pub.test/login?TARGET=x", DownloadReason.PAYWALL),
        ("https://idp.uni.test/profile?SAMLRequest=abc", DownloadReason.PAYWALL),
        ("https://acw.elsevier.com/SSOCore/update", DownloadReason.PAYWALL),
        ("https://pub.test/articles/login-and-identity.pdf", None),
        ("https://pub.test/a.pdf", None),
    ],
)
def test_some_urls_are_walls_by_their_names(url: str, wall: DownloadReason | None) -> None:
    assert wall_of_url(url) is wall


def test_a_cookie_page_is_known_by_where_it_is() -> None:
    content = html("<p>Oh dear</p>").body
    assert isinstance(content, bytes)
    where = "https://pub.test/cookieAbsent"
    assert wall_of_page(read_page(content, where, {}), content, where, {}) is DownloadReason.BLOCKED_COOKIE
