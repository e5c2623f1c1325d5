"""Telling a person once, with their next answer, what could not be delivered to them."""

from dataclasses import replace

import structlog

from bot.domain.errors import Problem
from bot.domain.ids import WorkspaceId
from bot.domain.members import Member
from bot.ui.pages.reminders.undelivered import has_room, with_told
from bot.ui.replies import CardReply, Reply
from bot.usecases.ports import Door
from bot.usecases.reminders.undelivered import tell

log = structlog.get_logger()


async def telling(door: Door, workspace: WorkspaceId, member: Member, reply: Reply) -> Reply:
    """Return the reply with what the member is to be told, which counts as told from now on.

    Only an answer that nobody else sees can say it; else it waits for the next one. What the member
    did is done and answered, whatever goes wrong with this.
    """
    if not isinstance(reply, CardReply) or reply.public or not has_room(reply.card):
        return reply
    try:
        told = await door.write(workspace, lambda work: tell(work, member))
    except Problem as problem:
        log.warning("not_told", workspace=workspace, reason=type(problem).__name__)
        return reply
    return replace(reply, card=with_told(reply.card, told, member.zone)) if told else reply
