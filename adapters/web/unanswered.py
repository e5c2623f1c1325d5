"""Why nobody answered, in the words that whoever runs Coplan reads."""

from typing import Final

import aiohttp

_WORDS: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (aiohttp.ClientConnectorDNSError, "nobody knows that name (DNS)"),
    (aiohttp.ClientSSLError, "no encrypted connection can be made"),
    (aiohttp.ClientConnectorError, "nobody takes the connection"),
    (TimeoutError, "no answer in time"),
    (aiohttp.ClientConnectionError, "the connection broke"),
)
_CERTIFICATES: Final = {10: "its certificate has expired", 62: "its certificate is of another name"}
"""By OpenSSL's number of what is wrong with it (``X509_V_ERR_…``)."""
_STRANGE: Final = "its certificate is not trusted (SSL_CERT_FILE names authorities of your own)"


def worded(error: BaseException) -> str:
    """Return in plain words why there was no answer; of what is rarer, the name."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return _distrusted(error.certificate_error)
    if isinstance(error, aiohttp.WSServerHandshakeError):
        return f"status {error.status} in the place of a connection"
    found = (words for kind, words in _WORDS if isinstance(error, kind))
    return next(found, type(error).__name__)


def _distrusted(error: Exception) -> str:
    return _CERTIFICATES.get(getattr(error, "verify_code", 0), _STRANGE)
