import ssl

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from adapters.web.unanswered import worded


@pytest.mark.parametrize(
    ("number", "words"), [(10, "expired"), (62, "of another name"), (19, "SSL_CERT_FILE")]
)
def test_it_is_said_what_is_wrong_with_a_certificate(number: int, words: str) -> None:
    wrong = ssl.SSLCertVerificationError(1, "certificate verify failed")
    wrong.verify_code = number
    key = ConnectionKey("slack.com", 443, True, True, None, None, None)
    assert words in worded(aiohttp.ClientConnectorCertificateError(key, wrong))


def test_it_is_said_that_a_page_answered_where_a_socket_was_wanted() -> None:
    asked = aiohttp.RequestInfo(
        URL("wss://gateway.discord.gg"), "GET", CIMultiDictProxy(CIMultiDict())
    )
    assert "status 404" in worded(aiohttp.WSServerHandshakeError(asked, (), status=404))
