"""What whoever installs Coplan reads in the browser: plain pages, without any script."""

from collections.abc import Sequence
from html import escape
from typing import Final

from aiohttp import web

from adapters.slack.scopes import SCOPES, Asked, Scope

INSTALL: Final = "/slack/install"
_AGAIN: Final = "install"
"""The same as seen from where Slack leads back to, whatever path a proxy puts before both."""

_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>{title}</h1>
{body}
</main></body></html>
"""


def page(title: str, *parts: str, status: int = 200) -> web.Response:
    """Return a page; the parts are HTML."""
    text = _PAGE.format(title=escape(title), body="\n".join(parts))
    return web.Response(text=text, status=status, content_type="text/html")


def paragraph(text: str) -> str:
    """Return a paragraph of plain text."""
    return f"<p>{escape(text)}</p>"


def link(address: str, text: str) -> str:
    """Return a paragraph with one link."""
    return f'<p><a href="{escape(address, quote=True)}">{escape(text)}</a></p>'


def offer(address: str) -> web.Response:
    """Return the page that says what Coplan wants to be allowed, and leads to Slack."""
    needed = [scope for scope in SCOPES if scope.asked is Asked.NEEDED]
    usual = [scope for scope in SCOPES if scope.asked is Asked.USUAL]
    return page(
        "Install Coplan in Slack",
        paragraph(
            "Coplan walks the partners of a plan through its steps, each at their own time, and"
            " reminds them in their free periods. It reads no talk in channels."
        ),
        paragraph("It asks to be allowed:"),
        _list(needed),
        paragraph("And, where you agree; without it only that feature rests:"),
        _list(usual),
        link(address, "Go on to Slack"),
    )


def done(name: str, missing: Sequence[str], *, organisation: bool) -> web.Response:
    """Return the page of an installation that is finished; ``missing`` are needed scopes."""
    where = f" in {name}" if name else ""
    parts = [paragraph("Type /coplan start in any channel that it has been added to.")]
    if organisation:
        parts = [
            paragraph(
                "Choose the workspaces that it may be used in, in your organisation's admin."
            ),
            *parts,
        ]
    if missing:
        said = f"It lacks what it needs: {', '.join(missing)}. Install it again and allow that."
        parts = [paragraph(said), link(_AGAIN, "Install it again")]
    return page(f"Coplan is installed{where}", *parts)


def refused(what: str, remedy: str, status: int = 400) -> web.Response:
    """Return the page of an installation that did not come to be."""
    return page(
        "Coplan was not installed",
        paragraph(what),
        paragraph(remedy),
        link(_AGAIN, "Begin again"),
        status=status,
    )


def _list(scopes: Sequence[Scope]) -> str:
    lines = (f"<li><code>{escape(s.name)}</code>: {escape(s.why)}</li>" for s in scopes)
    return f"<ul>{''.join(lines)}</ul>"
