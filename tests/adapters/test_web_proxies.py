"""Through which proxy what is reached: as the environment says, and never this machine itself."""

import pytest

from adapters.web.proxies import proxy_for

NAMES = ("http_proxy", "https_proxy", "no_proxy", "all_proxy")
PROXY = "http://proxy.example:3128"


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_there_is_none_unless_it_is_set() -> None:
    assert proxy_for("https://slack.com/api/") is None


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("https://slack.com/api/", PROXY),
        ("wss://wss-primary.slack.com/link/?ticket=1", PROXY),
        ("http://slack.example/api/", None),
        ("ws://slack.example/link", None),
        ("https://inside.school.example/api/", None),
        ("https://127.0.0.1:8443/api/", None),
        ("https://[::1]:8443/api/", None),
        ("https://localhost:8443/api/", None),
        ("", None),
    ],
)
def test_it_is_the_one_for_the_address(
    monkeypatch: pytest.MonkeyPatch, url: str, proxy: str | None
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("NO_PROXY", "school.example")
    assert proxy_for(url) == proxy
