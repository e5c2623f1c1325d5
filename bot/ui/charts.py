"""Pictures: how far plans are, and on which days something was contributed.

An SVG made from a template becomes a PNG with the one bundled font, so a picture looks the same
everywhere. What a picture shows stands in words beside it; it never shows one person's numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jinja2 import Environment, StrictUndefined

from bot.domain.planning.progress import StepStatus
from bot.ui.limits import ALT_TEXT, shorten
from bot.ui.studio import FAMILY, Studio

WIDTH: Final = 640
MOST_PLANS: Final = 6
"""More would be a picture nobody reads; the rest is counted in words."""
_TITLE: Final = 60
_MARGIN: Final = 20
_PLAN_HEIGHT: Final = 52
_BARS_HEIGHT: Final = 96
_BARS_PART: Final = 170
_LEGEND: Final = 34
_LEGEND_STEP: Final = 150
# Told apart without colour too: filled, striped, empty.
_FILLS: Final = {
    StepStatus.DONE: "#1d5c4d",
    StepStatus.SIGN_OFF: "url(#stripes)",
    StepStatus.OPEN: "#ffffff",
}
_WORDS: Final = {
    StepStatus.DONE: "done",
    StepStatus.SIGN_OFF: "to be agreed",
    StepStatus.OPEN: "open",
}

_TEMPLATE: Final = Environment(autoescape=True, undefined=StrictUndefined).from_string("""\
<svg xmlns="http://www.w3.org/2000/svg" width="{{ width }}" height="{{ height }}"
 font-family="{{ family }}" font-size="14" fill="#1a1a1a">
<defs><pattern id="stripes" width="6" height="6" patternUnits="userSpaceOnUse">
<rect width="6" height="6" fill="#ffffff"/>
<path d="M0 6L6 0" stroke="#1d5c4d" stroke-width="2"/></pattern></defs>
<rect width="{{ width }}" height="{{ height }}" fill="#ffffff"/>
{% for text in texts %}<text x="{{ text.x }}" y="{{ text.y }}" font-size="{{ text.size }}"
 text-anchor="{{ text.anchor }}">{{ text.words }}</text>
{% endfor %}{% for box in boxes %}<rect x="{{ box.x }}" y="{{ box.y }}" width="{{ box.width }}"
 height="{{ box.height }}" fill="{{ box.fill }}" stroke="#1d5c4d"/>
{% endfor %}</svg>
""")


STUDIO: Final = Studio()
"""Where all pictures of this process are drawn."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A plan's bar: its title and the status of each step, in order."""

    title: str
    steps: tuple[StepStatus, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the week by its short name, and how many contributions there were in all."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class _Text:
    x: float
    y: float
    words: str
    size: int = 14
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float
    height: float
    fill: str


def week_png(plans: Sequence[Bar], days: Sequence[Day]) -> bytes:
    """Return the week as a PNG: a bar of steps for each plan, a column for each day.

    It blocks until that is drawn elsewhere, so it is called in a thread. Raises ``NotDrawn``.
    """
    return STUDIO.draw(week_svg(plans, days))


def week_svg(plans: Sequence[Bar], days: Sequence[Day]) -> str:
    """Return the picture as SVG."""
    texts: list[_Text] = []
    boxes: list[_Box] = []
    shown = plans[:MOST_PLANS]
    for at, plan in enumerate(shown):
        _plan(plan, _MARGIN + at * _PLAN_HEIGHT, texts, boxes)
    top = _MARGIN + len(shown) * _PLAN_HEIGHT
    _legend(top, texts, boxes)
    _columns(days, top + _LEGEND, texts, boxes)
    height = top + _LEGEND + _BARS_PART
    return _TEMPLATE.render(family=FAMILY, width=WIDTH, height=height, texts=texts, boxes=boxes)


def week_words(plans: Sequence[Bar], days: Sequence[Day]) -> str:
    """Return what the picture shows in words, for those who do not see it."""
    told = [f"“{shorten(_clean(p.title), _TITLE)}”: {_in_words(p)}." for p in plans[:MOST_PLANS]]
    if len(plans) > MOST_PLANS:
        told.append(f"{len(plans) - MOST_PLANS} more plans.")
    columns = ", ".join(f"{day.name} {day.count}" for day in days)
    told.append(f"Contributions of all together in the last seven days: {columns}.")
    return shorten(" ".join(told), ALT_TEXT)


def _in_words(plan: Bar) -> str:
    """Return "4 of 9 steps done, 1 to be agreed, 4 open"."""
    number = {status: plan.steps.count(status) for status in StepStatus}
    rest = [
        f"{number[status]} {_WORDS[status]}"
        for status in (StepStatus.SIGN_OFF, StepStatus.OPEN)
        if number[status]
    ]
    return ", ".join([f"{number[StepStatus.DONE]} of {len(plan.steps)} steps done", *rest])


def _plan(plan: Bar, top: float, texts: list[_Text], boxes: list[_Box]) -> None:
    texts.append(_Text(_MARGIN, top + 14, shorten(_clean(plan.title), _TITLE)))
    width = (WIDTH - 2 * _MARGIN) / max(len(plan.steps), 1)
    for at, status in enumerate(plan.steps):
        x = _MARGIN + at * width
        boxes.append(_Box(x, top + 22, max(width - 3, 1), 16, _FILLS[status]))


def _legend(top: float, texts: list[_Text], boxes: list[_Box]) -> None:
    for at, (status, fill) in enumerate(_FILLS.items()):
        x = _MARGIN + at * _LEGEND_STEP
        boxes.append(_Box(x, top, 12, 12, fill))
        texts.append(_Text(x + 18, top + 11, _WORDS[status], 12))


def _columns(days: Sequence[Day], top: float, texts: list[_Text], boxes: list[_Box]) -> None:
    texts.append(_Text(_MARGIN, top + 14, "Contributions in the last seven days"))
    base = top + 26 + _BARS_HEIGHT
    most = max((day.count for day in days), default=0) or 1
    width = (WIDTH - 2 * _MARGIN) / max(len(days), 1)
    for at, day in enumerate(days):
        x, height = _MARGIN + at * width, day.count / most * (_BARS_HEIGHT - 20)
        middle = x + width / 2
        boxes.append(_Box(x + width / 4, base - height, width / 2, max(height, 1), "#1d5c4d"))
        texts.append(_Text(middle, base - height - 5, str(day.count), 12, "middle"))
        texts.append(_Text(middle, base + 18, _clean(day.name), 12, "middle"))


def _clean(words: str) -> str:
    """Return the words on one line, without characters that XML does not take."""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())
