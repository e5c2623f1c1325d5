"""Forms that are kept to be opened again, filled in: Discord closes a modal with its first answer.

What was opened lately is remembered; what has to wait for somebody's click is kept in the store,
where it outlives a restart. Source: a modal cannot show what is wrong with its answers, and none
can follow another, or an answer that was promised for later (Discord, "Receiving and responding").
"""

import json
from collections.abc import Mapping
from typing import Final

from adapters.discord import marks, modals
from bot.chat.payloads import Json
from bot.domain.errors import FieldErrors, Problem
from bot.domain.ids import EVERYWHERE, WorkspaceId
from bot.domain.members import Identity
from bot.ui.actions import action
from bot.ui.cards import Button, Buttons, Card, Note, Style, Text
from bot.ui.pages import problems
from bot.usecases.ports import Door, Work

AGAIN: Final = "form.again"
"""The action of the button that opens a kept form; its argument is what it is kept as."""
MOST: Final = 5_000
"""Forms that are remembered."""


class Kept:
    """The forms of one connection."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._opened: dict[tuple[str, str], Json] = {}

    def opened(self, user: str, modal: Json) -> None:
        """Remember a form that somebody has before them."""
        key = user, marks.bare(str(modal["custom_id"]))
        self._opened.pop(key, None)
        self._opened[key] = modal
        while len(self._opened) > MOST:
            del self._opened[next(iter(self._opened))]

    async def keep(self, workspace: WorkspaceId, who: Identity, modal: Json) -> bool:
        """Keep a form until somebody opens it; False for somebody who is no member anywhere."""
        kind, content = _kind(modal), json.dumps(modal).encode()

        def unit(work: Work) -> bool:
            member = work.members.by_identity(who)
            if member is not None:
                work.drafts.put(member.id, kind, content)
            return member is not None

        if await self._door.write(workspace, unit):
            return True
        return any([await self._door.write(home, unit) for home in await self._others(who)])

    async def find(self, workspace: WorkspaceId, who: Identity, kind: str) -> Json | None:
        """Return the form that is kept under that name, or None."""

        def unit(work: Work) -> bytes | None:
            member = work.members.by_identity(who)
            return work.drafts.get(member.id, kind) if member is not None else None

        for home in (workspace, *await self._others(who)):
            if (content := await self._door.read(home, unit)) is not None:
                return dict(json.loads(content))
        return None

    async def _others(self, who: Identity) -> list[WorkspaceId]:
        """Return the workspaces of somebody who may be a member on another platform only."""
        return await self._door.read(EVERYWHERE, lambda work: work.everywhere.homes(who))

    async def refused(
        self, workspace: WorkspaceId, who: Identity, submitted: Json, errors: Mapping[str, str]
    ) -> Card:
        """Return what is wrong with the answers of a form, with the way back to them.

        Where they cannot be kept, as while the store is away, they stand there to be copied.
        """
        unasked = set(errors) - {"", *modals.answers(submitted).values}
        old = {"": problems.OLD_FORM} if unasked else {}
        card = problems.problem_card(FieldErrors({**errors, **old}))
        named = str((submitted.get("data") or {}).get("custom_id") or "")
        modal = self._opened.get((who.user, marks.bare(named)))
        if modal is None or not modals.asks_for(modal, submitted):
            return _with_answers(card, submitted)
        filled = modals.refilled(modal, submitted, errors)
        try:
            kept = await self.keep(workspace, who, filled)
        except Problem:  # which is in the log
            kept = False
        if not kept:
            return _with_answers(card, submitted)
        return with_button(card, "Correct it", filled)


def to_open(modal: Json) -> Card:
    """Return a card whose button opens the form that is kept: for where none could open."""
    title = str(modal["title"])
    says = "Your form is ready."
    card = Card(title=title, summary=f"{title}: {says}", blocks=(Text((says,)),))
    return with_button(card, "Open it", modal)


def with_button(card: Card, label: str, modal: Json) -> Card:
    """Return the card with a button that opens the form, which is kept."""
    button = Button(label, action(AGAIN, _kind(modal)), Style.PRIMARY)
    return Card(
        title=card.title,
        summary=card.summary,
        blocks=(*card.blocks, Buttons((button,))),
        closed=card.closed,
    )


def _kind(modal: Json) -> str:
    """Return what a form is kept as: the newest of its kind, whenever it was opened."""
    return modals.kept_as(marks.bare(str(modal["custom_id"])))


def _with_answers(card: Card, submitted: Json) -> Card:
    """Return the card with what was written: nobody has to think of it again."""
    told = tuple(Note((text,)) for text in modals.typed(submitted) if text.strip())
    return Card(title=card.title, summary=card.summary, blocks=(*card.blocks, *told))
