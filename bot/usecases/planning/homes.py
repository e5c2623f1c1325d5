"""Where a plan lives: the partnership of exactly its members, in one place."""

from dataclasses import replace
from datetime import timedelta

from bot.domain import errors
from bot.domain.ids import MemberId, PartnershipId
from bot.domain.members import Member
from bot.domain.places import Place, PlaceKind
from bot.domain.planning.partnership import DigestSlot, Partnership
from bot.domain.planning.plan import Plan
from bot.domain.reminders.notices import Notice, NoticeKind
from bot.usecases.ports import Work
from bot.usecases.reminders.occurring import follow
from bot.usecases.reminders.planning import default_slot, digest_setup

FIRST = timedelta(milliseconds=1)
"""A plan's new thread comes before what the same act has to say in it."""


def is_direct(place: Place) -> bool:
    """Tell whether the place is a direct conversation, which only one member sees."""
    return place.kind is PlaceKind.DIRECT


def require_shared(
    place: Place, remedy: str = "Say it again in a channel that all of you are in."
) -> None:
    """Raise ``InvalidInput`` for a direct conversation: partners would never see the plan there."""
    if is_direct(place):
        raise errors.InvalidInput(
            what="A plan with partners lives in a channel, where all of you see it.", remedy=remedy
        )


def partnership_at(
    work: Work,
    place: Place,
    members: tuple[MemberId, ...],
    zone: str,
    slot: DigestSlot | None = None,
) -> Partnership:
    """Return the partnership of exactly these members in this channel, made if it is new.

    ``zone`` (IANA) is where a new one's digest comes at the start of work, without a better slot.
    ``slot`` is when the digest came so far: if it was chosen it stays, unless these members chose
    another; else their own default takes its place.
    """
    chosen = slot if slot is not None and slot.chosen else None
    kind = PlaceKind.DIRECT if is_direct(place) else PlaceKind.CHANNEL
    home = Place(platform=place.platform, kind=kind, channel=place.channel)
    for known in work.partnerships.at(home):
        if set(known.members) == set(members):
            return known if chosen is None or known.digest.chosen else _at(work, known, chosen)
    made = Partnership(
        workspace=work.workspace,
        id=PartnershipId(work.ids.new()),
        place=home,
        members=members,
        digest=chosen or default_slot(work, members, zone),
    )
    return _at(work, made, made.digest)


def _at(work: Work, home: Partnership, slot: DigestSlot) -> Partnership:
    """Store the partnership with its digest in that slot."""
    kept = replace(home, digest=slot)
    work.partnerships.save(kept)
    digest_setup(work, kept)
    return kept


def rehomed(work: Work, by: Member, before: Plan, after: Plan) -> Plan:
    """Return the plan in the partnership of its members, after partners came or went.

    One pair in one place has one digest, whichever plans they have; the partnerships of other
    plans stay as they are. A slot that was chosen goes with the plan.
    """
    if after.partners is before.partners:
        return after
    moved = after.partnership != before.partnership
    if moved or set(after.members) == set(before.members):
        return after
    home = work.partnerships.get(after.partnership)
    if home is None:
        return after
    found = partnership_at(work, home.place, after.members, by.zone, home.digest)
    follow(work, before, found.id)
    return replace(after, partnership=found.id)


def moved_to(work: Work, by: Member, plan: Plan, place: Place) -> Plan:
    """Return the plan with its home in that channel, and ask for its thread there."""
    work.plans.forget_card(plan.id)
    work.outbox.put(
        Notice(
            key=f"thread:{plan.id}:{plan.entries}",
            kind=NoticeKind.PLAN_THREAD,
            due_at=work.now - FIRST,
            plan=plan.id,
        )
    )
    home = work.partnerships.get(plan.partnership)
    slot = home.digest if home else None
    moved = partnership_at(work, place, plan.members, by.zone, slot)
    follow(work, plan, moved.id)
    return replace(plan, partnership=moved.id)
