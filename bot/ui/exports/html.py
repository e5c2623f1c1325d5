"""A plan as one HTML page: nothing to fetch, no script, readable by everybody, fit for paper."""

from functools import cache
from importlib import resources

from jinja2 import Environment, StrictUndefined, Template

from bot.ui.exports.exported import Exported
from bot.ui.exports.files import base64
from bot.ui.exports.outline import Attached, Grid, Line, Quoted, outline
from bot.ui.spans import Link


def html(exported: Exported) -> str:
    """Return the plan as a page."""
    return _page().render(plan=outline(exported))


@cache
def _page() -> Template:
    source = (resources.files("bot.ui.exports") / "plan.html.jinja").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.tests |= {
        "line": lambda value: isinstance(value, Line),
        "quoted": lambda value: isinstance(value, Quoted),
        "grid": lambda value: isinstance(value, Grid),
        "weblink": _is_weblink,
        "file": _is_file,
    }
    environment.filters["base64"] = base64
    return environment.from_string(source)


def _is_weblink(cell: object) -> bool:
    """Tell whether a cell is a link that may be one: no page gets a javascript: address."""
    return isinstance(cell, Link) and cell.url.lower().startswith(("http://", "https://"))


def _is_file(cell: object) -> bool:
    """Tell whether a cell is a file to download; its type is never one that a browser opens."""
    return isinstance(cell, Attached) and cell.content is not None
