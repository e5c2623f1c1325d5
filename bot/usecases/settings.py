"""What a member chooses for themselves, and what the workspace adds."""

from dataclasses import dataclass, replace
from datetime import time

from bot.domain import errors
from bot.domain.members import Member, Nudges, QuietHours, Where
from bot.domain.planning.template import Template
from bot.domain.timetable.zones import zone_meant
from bot.templates.loader import builtin
from bot.usecases.actors import Actor
from bot.usecases.planning.starting import templates
from bot.usecases.ports import Work
from bot.usecases.reminders.availability import availabilities, is_misfit, is_unreachable
from bot.usecases.reminders.planning import replan


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSettings:
    """New settings: ``days`` are ISO weekdays, the quiet hours wall times in the member's zone.

    ``platform`` is where direct messages go; empty: to the member's own identity.
    """

    nudges: Nudges
    where: Where
    platform: str
    days: tuple[int, ...]
    quiet_start: time
    quiet_end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSettings:
    """The member with their settings; ``misfit``: their timetable no longer fits the calendar.

    ``unreachable``: these leave no time in which a reminder could come. ``platforms`` are those on
    which the member is known, their own identity's first.
    """

    member: Member
    misfit: bool
    unreachable: bool
    platforms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a member has done so far: which verbs fit now."""

    has_plan: bool
    has_times: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedTemplate:
    """A template of the workspace, and the one it takes the place of."""

    template: Template
    replaced: Template | None


def show_settings(_: Work, actor: Actor, __: None) -> Member:
    """Return the member with their settings."""
    return actor.member


def own_settings(work: Work, actor: Actor, _: None) -> OwnSettings:
    """Return the member's settings, and what follows from them."""
    return OwnSettings(
        member=actor.member,
        misfit=is_misfit(availabilities(work, (actor.id,))[actor.id]),
        unreachable=is_unreachable(work, actor.member),
        platforms=_platforms(work, actor.member),
    )


def _platforms(work: Work, member: Member) -> tuple[str, ...]:
    known = (member.identity, *work.members.joined(member.id))
    return tuple(dict.fromkeys(one.platform for one in known))


def change_settings(work: Work, actor: Actor, command: ChangeSettings) -> OwnSettings:
    """Save the settings and plan the member's reminders by them."""
    if not command.days:
        raise errors.FieldErrors({"days": "Choose at least one day, or turn reminders off."})
    elsewhere, before = _platforms(work, actor.member)[1:], actor.member.preferences
    changed = replace(
        actor.member,
        preferences=replace(
            before,
            nudges=command.nudges,
            days=command.days,
            quiet=QuietHours(start=command.quiet_start, end=command.quiet_end),
            where=command.where,
            platform=command.platform if command.platform in elsewhere else "",
        ),
    )
    work.members.save(changed)
    replan(work, (actor.id,))
    return own_settings(work, replace(actor, member=changed), None)


def change_zone(work: Work, actor: Actor, zone: str) -> OwnSettings:
    """Save the member's time zone (its name, or its city) and plan their reminders by it."""
    known = zone_meant(zone)
    preferences = replace(actor.member.preferences, own_zone=True)
    changed = replace(actor.member, zone=known.key, zone_assumed=False, preferences=preferences)
    work.members.save(changed)
    replan(work, (actor.id,))
    return own_settings(work, replace(actor, member=changed), None)


def save_template(work: Work, _: Actor, template: Template) -> SavedTemplate:
    """Add a template to the workspace, or replace one of its own of the same key.

    Those that come with Coplan are everybody's: ``InvalidInput`` for one of their keys.
    """
    if template.key in builtin():
        raise errors.InvalidInput(
            what=f"“{template.key}” is a template that comes with Coplan, and it stays as it is.",
            remedy=f"Give yours a key of its own, like “our-{template.key}”, and send it again.",
        )
    replaced = work.templates.own().get(template.key)
    work.templates.save(template)
    return SavedTemplate(template=template, replaced=replaced)


def all_templates(work: Work, _: Actor, __: None) -> tuple[Template, ...]:
    """Return the templates a plan can be started from, the workspace's own first."""
    known = templates(work)
    own = work.templates.own()
    return (*own.values(), *(t for key, t in known.items() if key not in own))


def state(work: Work, actor: Actor, _: None) -> State:
    """Return what the member has done so far."""
    return State(
        has_plan=bool(work.plans.of_member(actor.id)),
        has_times=bool(work.times.timetables((actor.id,)) or work.times.hours((actor.id,))),
    )
