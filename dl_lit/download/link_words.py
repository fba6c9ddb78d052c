"""What the text of a link says that leads to a work's file, where its address does not look like one."""

from __future__ import annotations

import re

_FULL_TEXT = (
    r"full[- ]?text|text|volltext|texte (?:integral|complet)|texto (?:completo|integral)|testo (?:completo|integrale)"
    r"|tam metin|koko teksti|hela texten|toan van|pelny tekst|полныи текст|全文|原文|本文|본문|원문"
    r"|نص کامل|متن کامل|النص الكامل"
)
_GET = (
    r"download(?:en)?|telecharger|descargar|bajar|baixar|scarica|herunterladen|pobierz|indir|letoltes\w{0,2}|descarca|preuzmi|stahnout|скачать"
    r"|загрузить|завантажити|下载|下載|ダウンロード|다운로드|unduh|tai|ladda ne[dr]|last ned|hent|lataa|ληψη"
    r"|הורדת|הורדה|تحميل|تنزيل|دانلود|ดาวน์โหลด|view\W{1,3}open"
)
# Behind what it is: "PDF herunterladen".
_BEHIND = rf"{_GET}|offnen|anzeigen|ansehen|lesen|ac|goruntule|表示|閲覧|開く|보기"
_LOOK = r"view|open|read|get|access(?= full)|consulter|ver"
_THING = (
    r"(?:article|paper|document|file|manuscript|chapter|book"
    r"|thesis|report|artikel|datei|dokument|articulo|artigo|articolo|documento|archivo|fichier|texte|plik"
    r"|version|versao|formato?"
    r"|مقاله|المقال|bai bao|artikkeli|статью|статья|articolul|clanak)"
)
_VERSION = (
    r"(?:final |author'?s? )?(?:accepted|published|submitted|author|peer[- ]reviewed)(?: author)?"
    r"(?: version| manuscript)+|pre-?print|post-?print"
)
_IN_A_LANGUAGE = r"(?: (?:en|in|auf|em|na) [^\W\d_]{4,12})"  # "PDF en español"
_SIZE = r"\W*(?:\d[\d.,]*\s*(?:[km](?:i?b)?|bytes|seiten|pages|pp?\.?))?\W*"
# The whole text of the link, in folded letters, but for its size and signs.
_SAYS_IT = re.compile(
    rf"\W*(?:(?:{_GET}|{_LOOK})[\W_]*)?(?:(?:the|this|free|open[- ]access|complete|le|la|el|il)\W+)?"
    rf"(?:(?:{_VERSION})|(?:{_FULL_TEXT})|(?:{_THING}))?[\W_]*(?:(?:as|in|als|en)\W+)?"
    rf"(?:pdf[- ]?)?(?:version|files?|datei|document|fassung|{_FULL_TEXT})?"
    rf"{_IN_A_LANGUAGE}?{_SIZE}(?:\([^()]{{0,30}}\))?\W*"
    rf"|\W*(?:pdf|{_FULL_TEXT}|(?:{_VERSION}))\W*(?:pdf)?\W*(?:を|의)?\W*(?:{_BEHIND})\W*(?:\(?pdf\)?)?{_SIZE}"
)
_TELLS = re.compile(rf"{_FULL_TEXT}|{_GET}|{_VERSION}|pdf")
_TOO_LITTLE = re.compile(rf"\W*(?:text|{_LOOK})?\W*")


def says_file(folded: str) -> bool:
    """Whether a link's text, in folded letters, is one by which pages offer their work: "Download PDF (1.2 MB)"."""
    if len(folded) > 80 or _TOO_LITTLE.fullmatch(folded):
        return False
    return _SAYS_IT.fullmatch(folded) is not None and _TELLS.search(folded) is not None
