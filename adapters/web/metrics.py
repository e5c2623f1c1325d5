"""``/metrics``: what Coplan does, in numbers, as Prometheus reads them. No names, no texts.

They are for this machine, or for whoever has the token: behind a proxy that hands everything on
they would be for everybody.
"""

import hmac
import ipaddress
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Final

from aiohttp import web
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector, CollectorRegistry

from bot.domain.clock import Clock
from bot.runtime.tally import Tally
from bot.usecases.upkeep import Backlog

_PASSED_ON: Final = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
"""By these a request is known that came through a proxy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Where the numbers come from.

    ``backlog`` asks the store; ``last_pass`` is when what is due was last looked at (UTC);
    ``links`` tell of each platform whether it is connected now.
    """

    tally: Tally
    clock: Clock
    backlog: Callable[[], Awaitable[Backlog]]
    last_pass: Callable[[], datetime | None]
    links: Mapping[str, Callable[[], Awaitable[bool]]]


class Metrics:
    """Answers with the numbers as they are now."""

    def __init__(self, numbers: Numbers, token: str = "") -> None:
        self._numbers = numbers
        self._token = token

    async def answer(self, request: web.Request) -> web.Response:
        """Answer with every number; 403 to strangers. What cannot be known now is left out."""
        if not (_from_here(request) or self._knows_token(request)):
            raise web.HTTPForbidden
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Once([*self._counted(), *await self._asked()]))
        return web.Response(
            body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4}
        )

    def _knows_token(self, request: web.Request) -> bool:
        given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        return bool(self._token) and hmac.compare_digest(given, f"Bearer {self._token}".encode())

    def _counted(self) -> Iterator[Metric]:
        tally, labels = self._numbers.tally, ("platform", "kind", "result")
        received = CounterMetricFamily(
            "coplan_inbox_events", "What came in, by what became of it.", labels=labels
        )
        for keys, count in sorted(tally.received.items()):
            received.add_metric(keys, count)
        sends = CounterMetricFamily(
            "coplan_send", "Messages handed to a platform.", labels=("platform", "outcome")
        )
        for (platform, outcome), count in sorted(tally.sends.items()):
            sends.add_metric((platform, outcome.value), count)
        build = GaugeMetricFamily("coplan_build_info", "The version.", labels=("version",))
        build.add_metric((version("coplan"),), 1)
        yield from (received, sends, build)

    async def _asked(self) -> list[Metric]:
        now = self._numbers.clock.now()
        found: list[Metric] = []
        last = self._numbers.last_pass()
        if last is not None:
            what = "Seconds since everything due was worked off."
            found.append(
                _gauge("coplan_timer_tick_age_seconds", what, (now - last).total_seconds())
            )
        links = GaugeMetricFamily(
            "coplan_link_up", "Whether a platform is connected.", labels=("platform",)
        )
        for name, link in self._numbers.links.items():
            links.add_metric((name,), float(await link()))
        found.append(links)
        try:
            backlog = await self._numbers.backlog()
        except Exception:  # noqa: BLE001 - /healthz says that the store cannot be read
            return found
        late = (now - backlog.oldest).total_seconds() if backlog.oldest else 0.0
        return [
            *found,
            _gauge("coplan_outbox_waiting", "Messages that wait to be sent.", backlog.waiting),
            _gauge("coplan_outbox_due", "Those of them that are due.", backlog.due),
            _gauge("coplan_outbox_oldest_due_seconds", "For how long the oldest has been.", late),
        ]


class _Once(Collector):
    """Metrics that were taken once."""

    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        yield from self._metrics


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(name, what, value=value)


def _from_here(request: web.Request) -> bool:
    """Tell whether it was sent on this machine, and not by way of a proxy."""
    try:
        here = ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        here = False
    return here and not any(name in request.headers for name in _PASSED_ON)
