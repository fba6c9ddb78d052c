"""Keeps keys, e-mail addresses and signed queries out of log records and error messages."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable

HIDDEN = "***"

_SECRET_PARAMETER = re.compile(
    r"""(?ix) ( [?&;]
        (?: api[-_]?key | apikey | key | mailto | e-?mail | [a-z_-]*token | secret | password | auth
          | sig | signature | policy | key-pair-id | expires | awsaccesskeyid | googleaccessid
          | x-(?:amz|goog|ms|oss|cos)-[a-z-]+ | s[ekptv] | sks | skoid | sktid | hmac | hash | ticket
        ) (?: = | %3D ) ) [^&\#\s"'<>]+ """
)
_CREDENTIALS = re.compile(r"(?i)(\bhttps?://)[^/@\s]+@")
_BEARER = re.compile(
    r"(?i)(\b(?:bearer|basic|authorization|x-api-key|api[-_]key)\b['\"]?\s{0,9}[:=]?\s{0,9}['\"]?)(?:bearer\s{1,9})?[\w.~+/=-]{8,}"
)
# Bounded, like all here: a URL of 60,000 letters must not cost seconds.
_EMAIL = re.compile(r"[\w.+-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){1,10}")


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` without secret query values, credentials, e-mail addresses, and the given literal `secrets`."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, HIDDEN)
    text = _CREDENTIALS.sub(rf"\1{HIDDEN}@", text)
    text = _SECRET_PARAMETER.sub(rf"\1{HIDDEN}", text)
    text = _BEARER.sub(rf"\1{HIDDEN}", text)
    return _EMAIL.sub(HIDDEN, text)


class RedactingFilter(logging.Filter):
    """Rewrites each record that passes; put it on handlers, because a logger's filters do not see its children."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = tuple(secrets)

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage(), self._secrets)
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text, self._secrets)
        return True
