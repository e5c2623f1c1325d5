"""A plan as files: Markdown to read, HTML to print, JSON to import again."""

import re

from bot.ui.cards import Card, File, Note, Text
from bot.ui.exports.exported import Exported
from bot.ui.exports.files import left_out
from bot.ui.exports.html import html
from bot.ui.exports.markdown import markdown
from bot.ui.exports.plan_json import plan_json
from bot.ui.pages.words import count
from bot.ui.replies import CardReply, Reply
from bot.usecases.planning.exchange import ExportView

_NAME = re.compile(r"[^\w-]+")


def export_page(result: ExportView) -> Reply:
    """Return the three files, for the one who asked."""
    view = result.view
    exported = Exported(
        plan=view.plan,
        entries=result.entries,
        names=view.names,
        exported_at=result.at,
        zone=view.viewer.zone,
        files=result.files,
    )
    name = _NAME.sub("-", view.plan.title).strip("-")[:60].lower() or "plan"
    says = (
        f"“{view.plan.title}” with {count(len(result.entries), 'entry', 'entries')} of its log: "
        "Markdown to read, HTML to print, JSON to import again."
    )
    missing = left_out(result.files.values())
    held = f"{missing}." if missing else "These files hold everything."
    return CardReply(
        card=Card(
            title="Export",
            summary=f"{says} {missing}".strip(),
            blocks=(Text((says,)), Note((f"{held} Only you get them here.",))),
            files=(
                File(f"{name}.md", "text/markdown", markdown(exported).encode()),
                File(f"{name}.html", "text/html", html(exported).encode()),
                File(f"{name}.json", "application/json", plan_json(exported).encode()),
            ),
        )
    )
