"""Start a plan: no settings asked, everything by default, all of it changeable later."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain import errors
from bot.domain.ids import PlanId
from bot.domain.members import Person
from bot.domain.planning.lifecycle import Start, due_dates
from bot.domain.planning.lifecycle import start as start_plan
from bot.domain.planning.partners import MOST_PARTNERS
from bot.domain.planning.plan import Change, Plan, PlanState
from bot.domain.planning.template import Template
from bot.domain.planning.texts import TITLE_LENGTH
from bot.templates.loader import builtin
from bot.usecases.actors import Actor, recognise_all, require_known, today
from bot.usecases.planning import threads
from bot.usecases.planning.acting import Acted, View, store, view_of
from bot.usecases.planning.homes import is_direct, partnership_at, require_shared
from bot.usecases.ports import Work
from bot.usecases.reminders.planning import replan_after

DEFAULT_TEMPLATE = "nine-step"
PLAIN_WEEK = 5
"""School days in a week where no calendar says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPlan:
    """Start ``title`` with partners; ``template`` is a key or title, empty for the default.

    ``strangers`` are names that nobody here bears. ``loose_end``: the title had no quotation marks
    and may end with the name of a template; these are the words after the last partner.
    """

    title: str
    partners: tuple[Person, ...] = ()
    template: str = ""
    strangers: tuple[str, ...] = ()
    loose_end: str | None = None


OPENING = timedelta(minutes=1)
"""How long it takes at most to open a thread where that can be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Acted):
    """A plan that is new here: ``direct`` in a direct conversation, ``imported`` from a file.

    ``left_out`` are the names of attached files that were too large for that file, ``namesakes``
    the starter's other running plans of the same title, ``read`` the words at the end of what was
    typed that were taken for the template. ``shut``: a plan of theirs in this channel has no thread
    yet, longer than it takes to open one.
    """

    direct: bool = False
    imported: bool = False
    left_out: tuple[str, ...] = ()
    namesakes: tuple[View, ...] = ()
    read: str = ""
    shut: bool = False


def templates(work: Work) -> Mapping[str, Template]:
    """Return the templates of the house and the workspace's own, by key; the latter win."""
    return {**builtin(), **work.templates.own()}


def require_template(work: Work, name: str) -> Template:
    """Return the template of that key or title, or the default.

    ``InvalidInput`` names the known ones. Case and blanks do not matter: “short form” will do.
    """
    known = templates(work)
    wanted = folded(name) or DEFAULT_TEMPLATE
    by_key = {folded(key): template for key, template in known.items()}
    by_title = {folded(template.title): template for template in known.values()}
    found = by_key.get(wanted) or by_title.get(wanted)
    if found is None:
        raise errors.InvalidInput(
            what=f"There is no template called “{name[:TITLE_LENGTH]}”.",
            remedy=f"Choose one of: {', '.join(known)}. Partners are named with an @.",
        )
    return found


def folded(name: str) -> str:
    """Return a template's name such that case, blanks and hyphens make no difference."""
    return "-".join(name.replace("-", " ").split()).casefold()


def start(work: Work, actor: Actor, command: StartPlan) -> Started:
    """Start a plan in this channel; its thread and card follow through the outbox."""
    require_known(work, actor, command.strangers)
    title, named = _taken_apart(work, command)
    template = require_template(work, named)
    members = list(dict.fromkeys((actor.id, *recognise_all(work, command.partners))))
    if len(members) > MOST_PARTNERS:
        raise errors.InvalidInput(
            what=f"With you those are {len(members)} people; a plan has at most {MOST_PARTNERS}"
            " partners.",
            remedy="Start it with the ones who plan; share it with the others later.",
        )
    if len(members) > 1:
        require_shared(actor.place)
    home = partnership_at(work, actor.place, tuple(members), actor.member.zone)
    change = start_plan(
        Start(
            workspace=work.workspace,
            id=PlanId(work.ids.new()),
            partnership=home.id,
            title=title,
            template=template,
            partners=members,
            dues=dues_from(work, actor, template),
            at=work.now,
        )
    )
    read = named if command.loose_end is not None else ""
    return replace(begin(work, actor, change), read=read)


def _taken_apart(work: Work, command: StartPlan) -> tuple[str, str]:
    """Return the title and the template's name: what ends a loose title may name one.

    That is all that follows the last partner, or else a last word that is a template's key.
    """
    words, end = command.title.split(), (command.loose_end or "").split()
    if command.loose_end is None or len(words) < 2:  # noqa: PLR2004 - a title, and a template
        return command.title, command.template
    known = templates(work)
    names = {folded(name) for one in known.values() for name in (one.key, one.title)}
    if 0 < len(end) < len(words) and folded(" ".join(end)) in names:
        return " ".join(words[: -len(end)]), " ".join(end)
    if words[-1].casefold() in {key.casefold() for key in known}:
        return " ".join(words[:-1]), words[-1]
    return command.title, ""


def begin(work: Work, actor: Actor, change: Change) -> Started:
    """Store a plan that is new, and ask for its thread."""
    plan = change.plan
    unsaved = replace(plan, entries=len(change.acts))
    work.plans.add(unsaved)
    entries = store(work, plan, change, actor.source)
    announce(work, unsaved)
    others = [
        other
        for other in work.plans.of_member(actor.id)
        if other.state is PlanState.ACTIVE and other.id != plan.id
    ]
    return Started(
        view=view_of(work, actor.member, unsaved),
        entries=entries,
        direct=is_direct(actor.place),
        namesakes=tuple(
            view_of(work, actor.member, other)
            for other in others
            if other.title.casefold() == plan.title.casefold()
        ),
        shut=_shut(work, plan, others),
    )


def _shut(work: Work, plan: Plan, others: Iterable[Plan]) -> bool:
    """Tell whether one of the other plans waits in vain for its thread where the plan begins."""
    home = work.partnerships.get(plan.partnership)
    here = {each.id for each in work.partnerships.at(home.place)} if home else set()
    return any(
        other.partnership in here
        and other.started_at < work.now - OPENING
        and work.plans.card(other.id) is None
        for other in others
    )


def announce(work: Work, plan: Plan) -> None:
    """Ask for a new plan's thread, and plan the reminders that follow from it."""
    threads.ask(work, plan.id)
    replan_after(work, None, plan)


def dues_from(work: Work, actor: Actor, template: Template) -> dict[str, date]:
    """Return due dates from today on by the template's pace, in the days of the actor's school.

    In plain weeks without one.
    """
    calendar, start_on = work.times.calendar(actor.school), today(work, actor.member)
    if calendar is None:
        return due_dates(template, start_on, add_weekdays, PLAIN_WEEK)
    return due_dates(template, start_on, calendar.add_school_days, len(calendar.school_weekdays))


def add_weekdays(day: date, count: int) -> date:
    """Return the date ``count`` weekdays after ``day`` (0: the day or the next weekday)."""
    while day.isoweekday() > PLAIN_WEEK:
        day += timedelta(days=1)
    for _ in range(count):
        day += timedelta(days=1)
        while day.isoweekday() > PLAIN_WEEK:
            day += timedelta(days=1)
    return day
