"""Sessions: proposing one on a slot, and answering a proposal."""

from bot.domain.contributions.acts import ActKind
from bot.domain.planning.plan import PlanState, Session
from bot.domain.planning.sessions import agreed, lapsed
from bot.ui.actions import action
from bot.ui.acts import name_of
from bot.ui.cards import Appointment, Button, Buttons, Card, Style, Text
from bot.ui.forms import DateInput, Form, TextInput, TimeInput
from bot.ui.limits import FORM_NOTE, INPUT_HINT
from bot.ui.pages.audience import seen_by
from bot.ui.pages.words import people
from bot.ui.replies import CardReply, FormReply, Reply
from bot.ui.spans import LocalTime, Spans, plain
from bot.usecases.planning.acting import View
from bot.usecases.planning.meeting import SessionView
from bot.usecases.planning.reading import ViewAnd

_ABOUT = (
    TextInput(
        key="purpose",
        label="What for?",
        hint="For example: agree on the assessment",
        initial="Plan together",
        max_length=400,
    ),
    TextInput(
        key="medium",
        label="Where or how?",
        hint="For example: library, phone, video",
        required=False,
        max_length=100,
    ),
)


def session_form(result: ViewAnd) -> Reply:
    """Return the form that proposes a session at a slot: start and end since 1970."""
    view = result.view
    return FormReply(
        form=Form(
            title="Propose a session",
            action=action("session.save", view.plan.id, *result.words),
            submit="Propose",
            inputs=_ABOUT,
            note=seen_by(view, ActKind.SESSION_PROPOSED),
        )
    )


def own_session_form(view: View) -> Reply:
    """Return the form that proposes a session at a time of one's own."""
    zone = f"In your time zone: {view.viewer.zone}"
    return FormReply(
        form=Form(
            title="Propose a session",
            action=action("session.ownsave", view.plan.id),
            submit="Propose",
            inputs=(
                DateInput(key="day", label="On which day?", example="2026-11-30 or Monday"),
                TimeInput(key="start", label="From", hint=zone[:INPUT_HINT], example="16:00"),
                TimeInput(key="until", label="Until", example="16:45"),
                *_ABOUT,
            ),
            note=seen_by(view, ActKind.SESSION_PROPOSED, FORM_NOTE),
        )
    )


def session_page(result: SessionView) -> Reply:
    """Return the session with its buttons, to one partner."""
    card = session_card(result.view, result.session)
    return CardReply(card=card, replaces=True)


def session_card(view: View, session: Session) -> Card:
    """Return the session as a card: when, what for, who has answered."""
    zone, which = view.viewer.zone, (view.plan.id, session.id)
    when: Spans = (
        LocalTime(session.start, zone),
        "–",
        LocalTime(session.end, zone, "time"),
    )
    over = lapsed(view.plan, session, view.now)
    where = f" · {session.medium}" if session.medium else ""
    answers = (
        Button("I can come", action("session.yes", *which), Style.PRIMARY),
        Button("I cannot", action("session.no", *which)),
    )
    others = Button("Other times", action("when", view.plan.id))
    state, told = _state(view, session), _answers(view, session)
    return Card(
        title=f"Session: {session.purpose}"[:150],
        # Several read it, in several zones, and only the card shows each their own time.
        summary=f"{view.plan.title}: session {session.purpose}, {plain(when)} ({zone}). "
        f"{state} {told}",
        blocks=(
            Text((*when, where)),
            Text((f"{state} {told}",)),
            Buttons((*(() if over else answers), others)),
        ),
        appointment=_appointment(view, session),
    )


def _appointment(view: View, session: Session) -> Appointment | None:
    """Return when it will be, once all have accepted and while the plan is not put away."""
    closed = view.plan.state is PlanState.ARCHIVED
    if closed or not agreed(view.plan, session) or session.start <= view.now:
        return None
    return Appointment(
        title=f"{session.purpose} ({view.plan.title})",
        start=session.start,
        end=session.end,
        where=session.medium,
    )


def _state(view: View, session: Session) -> str:
    if agreed(view.plan, session):
        return "Agreed."
    if lapsed(view.plan, session, view.now):
        return "Its time passed before all had accepted."
    return "Proposed; who can come?"


def _answers(view: View, session: Session) -> str:
    parts = [
        f"{people(name_of(view.names, m) for m in members)} {verb}."
        for members, verb in ((session.accepted, "can"), (session.declined, "cannot"))
        if members
    ]
    return " ".join(parts)
