"""Time before and after school, and the library's schedule: the form, and what was saved."""

from bot.domain.members import Around, Library, LibraryMode, Member
from bot.domain.timetable.weekdays import LONG
from bot.ui.actions import action
from bot.ui.cards import Button, Buttons, Card, Note, Option, Style, Text
from bot.ui.forms import ChecksInput, Form, SelectInput, TextInput
from bot.ui.limits import INPUT_HINT, shorten
from bot.ui.pages.timetable.moves import moved_words
from bot.ui.pages.words import listed
from bot.ui.replies import CardReply, FormReply, Reply
from bot.ui.spans import plain
from bot.usecases.timetable.around import MINUTES, AroundSaved, OwnGroups

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MODES = {
    LibraryMode.NONE: "I have no library",
    LibraryMode.FIXED: "Fixed: classes come at fixed periods",
    LibraryMode.MIXED: "Mixed: fixed, but for some weekdays or months",
    LibraryMode.FLEXIBLE: "Flexible: classes come when we planned it",
}


def around_form(member: Member) -> Reply:
    """Return the form of the time around school and the library's schedule."""
    around, library = member.preferences.around, member.preferences.library
    return FormReply(
        form=Form(
            title="Around school",
            action=action("tt.aroundsave"),
            inputs=(
                _minutes("before", "I would plan before the first bell", around.before),
                _minutes("after", "I would plan after the last bell", around.after),
                SelectInput(
                    key="library",
                    label="My library",
                    options=tuple(Option(mode, words) for mode, words in _MODES.items()),
                    initial=library.mode,
                ),
                ChecksInput(
                    key="weekdays",
                    label="Mixed: flexible weekdays",
                    options=tuple(Option(str(at + 1), day) for at, day in enumerate(LONG)),
                    initial=tuple(str(day) for day in library.weekdays),
                ),
                TextInput(
                    key="months",
                    label="Mixed: flexible months",
                    hint="For example: Oct, Mar",
                    initial=_month_words(library),
                    required=False,
                    max_length=100,
                ),
            ),
            note="Nobody is asked to meet outside school unless they chose it. Seen by you.",
        )
    )


def _minutes(key: str, label: str, chosen: int) -> SelectInput:
    options = (Option(str(n), f"up to {n} minutes" if n else "never") for n in MINUTES)
    return SelectInput(key=key, label=label, options=tuple(options), initial=str(chosen))


def _month_words(library: Library) -> str:
    return ", ".join(MONTHS[month - 1] for month in library.months)


def around_saved(result: AroundSaved) -> Reply:
    """Return what was saved, and what moved with it."""
    preferences = result.member.preferences
    says = f"{_around_words(preferences.around)} {_library_words(preferences.library)}".strip()
    moved = moved_words(result.moves, result.member) if result.moves.moved else ()
    return CardReply(
        card=Card(
            title="Saved",
            summary=f"Saved. {says} {plain(moved)}".strip(),
            blocks=(
                Text((f"Saved. {says}",)),
                *((Text(moved),) if moved else ()),
                Buttons((Button("When are we all free?", action("when"), Style.PRIMARY),)),
                Note(("Seen by you; partners see only free times.",)),
            ),
        )
    )


def groups_form(result: OwnGroups) -> Reply:
    """Return the form that asks which groups the member teaches."""
    known = ", ".join(result.known)
    hint = shorten(f"For example {known}" if known else "For example Grade 9, Grade 10", INPUT_HINT)
    return FormReply(
        form=Form(
            title="My groups",
            action=action("tt.groupssave"),
            inputs=(
                TextInput(
                    key="groups",
                    label="Groups I teach (empty: the whole school)",
                    hint=hint,
                    initial=", ".join(result.member.preferences.groups),
                    required=False,
                    max_length=900,
                ),
            ),
            note="Where school is closed for all of them, it is for you. Seen by you.",
        )
    )


def groups_saved(result: AroundSaved) -> Reply:
    """Return what was saved, and what moved with it."""
    groups = result.member.preferences.groups
    says = f"You teach {listed(groups)}." if groups else "You teach the whole school."
    moved = moved_words(result.moves, result.member) if result.moves.moved else ()
    return CardReply(
        card=Card(
            title="Saved",
            summary=f"Saved. {says} {plain(moved)}".strip(),
            blocks=(
                Text((f"Saved. {says}",)),
                *((Text(moved),) if moved else ()),
                Buttons((Button("Look at my timetable", action("timetable")),)),
                Note(("Seen by you.",)),
            ),
        )
    )


def _around_words(around: Around) -> str:
    told = [
        f"up to {minutes} minutes {side}"
        for minutes, side in ((around.before, "before school"), (around.after, "after school"))
        if minutes
    ]
    return f"You would plan {listed(told)}." if told else "You plan within school only."


def _library_words(library: Library) -> str:
    match library.mode:
        case LibraryMode.NONE:
            return ""
        case LibraryMode.FIXED:
            return "Your library's classes are fixed."
        case LibraryMode.FLEXIBLE:
            return "Your library is flexible: the lessons in your timetable hold nobody."
        case LibraryMode.MIXED:
            days = [f"on {LONG[day - 1]}" for day in library.weekdays]
            months = [f"in {MONTHS[month - 1]}" for month in library.months]
            return f"Your library is flexible {listed([*days, *months])}, else fixed."
