"""The address of a member's calendar, kept so that it can be read again: a secret, and sealed."""

from dataclasses import dataclass, replace

from bot.domain import errors
from bot.domain.ids import MemberId, WorkspaceId
from bot.domain.members import Member
from bot.domain.timetable.feeds import Source
from bot.usecases.actors import Actor
from bot.usecases.ports import Work
from bot.usecases.timetable.drafts import found, keep
from bot.usecases.timetable.importing import ReadTimetable, WhoAreYou, read_timetable
from bot.usecases.timetable.showing import OwnTimes, own_times
from bot.usecases.timetable.understanding import ReadBack
from bot.usecases.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address that was kept, open, and whose calendar of those there it is, "" if only one."""

    address: str
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """How many addresses are ``changed``: under the newest key now; no key opens the ``closed``."""

    changed: int
    closed: int


def read_given(
    vault: Vault | None, work: Work, actor: Actor, command: ReadTimetable
) -> WhoAreYou | ReadBack:
    """Read back what was given; with it goes the address it came from, sealed if there is a key."""
    source = None
    if command.address:
        use = _use(work.workspace, actor.id)
        source = Source(secret=vault.seal(command.address, use, work.now) if vault else "")
    return read_timetable(work, actor, command, source)


def kept_address(vault: Vault | None, work: Work, member: Member | None) -> Address:
    """Return the address of the member's calendar; ``InvalidInput`` when none can be had."""
    source = None if member is None else work.times.source(member.id)
    if member is None or source is None:
        raise errors.InvalidInput(
            what="No address of a calendar of yours is kept.",
            remedy="Give it once more under “Paste or upload a timetable”.",
        )
    try:
        if vault is not None:
            address = vault.open(source.secret, _use(work.workspace, member.id))
            return Address(address=address, person=source.person)
    except errors.InvalidInput:
        pass  # its message is for whoever runs Coplan
    raise errors.InvalidInput(
        what="The address that was kept cannot be opened any more.",
        remedy="Give it once more under “Paste or upload a timetable”.",
    )


def forget_address(work: Work, actor: Actor, _: None) -> OwnTimes:
    """Keep the address of the member's calendar no longer; the timetable stays.

    Nor is it kept when a week that was read from it, and is not saved yet, is saved after that.
    """
    work.times.keep_source(actor.id, None)
    if draft := found(work, actor):
        keep(work, actor, replace(draft, source=None))
    return own_times(work, actor, None)


def renew(work: Work, vault: Vault) -> Renewed:
    """Seal the workspace's addresses under the newest key, as far as a key opens them."""
    changed = closed = 0
    for member, source in work.times.sources().items():
        try:
            secret = vault.renewed(source.secret, _use(work.workspace, member))
        except errors.InvalidInput:
            closed += 1
            continue
        if secret != source.secret:
            work.times.keep_source(member, replace(source, secret=secret))
            changed += 1
    return Renewed(changed=changed, closed=closed)


def _use(workspace: WorkspaceId, member: MemberId) -> str:
    return f"the calendar of {member} in {workspace}"
