"""Public holidays of a country as a suggestion: the form, and what would be closed."""

from bot.domain.timetable.school import SchoolCalendar
from bot.ui.actions import action
from bot.ui.cards import Bullets, Button, Buttons, Card, Note, Style, Text
from bot.ui.forms import Form, TextInput
from bot.ui.limits import shorten
from bot.ui.pages.timetable.calendar import saved_page
from bot.ui.pages.words import count, day
from bot.ui.replies import CardReply, FormReply, Reply
from bot.usecases.timetable.changing import CalendarSaved
from bot.usecases.timetable.holidays import Suggested

_LISTED = 20
_NAME = 60


def holidays_form(calendar: SchoolCalendar) -> Reply:
    """Return the form that asks of which country; the years are those of the calendar."""
    years = str(calendar.first_date.year), str(calendar.until.year)
    return FormReply(
        form=Form(
            title="Public holidays",
            action=action("school.holidaylist", *years),
            submit="Show them",
            inputs=(
                TextInput(key="country", label="Country", hint="For example DE, US, Brazil"),
                TextInput(
                    key="region",
                    label="State or region",
                    hint="Its code, for example BY or NY",
                    required=False,
                ),
            ),
            note="A suggestion: nothing is closed before you say so.",
        )
    )


def year_page(result: CalendarSaved | Suggested) -> Reply:
    """Return what became of a school's year from a file."""
    return holidays_page(result) if isinstance(result, Suggested) else saved_page(result)


def _named(result: Suggested, many: int) -> str:
    if not result.country:
        return "day that the file calls closed" if many == 1 else "days that the file calls closed"
    one = "public holiday" if many == 1 else "public holidays"
    return f"{one} of {shorten(result.country, _NAME)}"


def holidays_page(result: Suggested) -> Reply:
    """Return the days that are school days by the calendar, and may be closed."""
    many = len(result.closures)
    if not many:
        says = f"All {_named(result, 2)} are closed already."
        return CardReply(card=Card(title="Public holidays", summary=says, blocks=(Text((says,)),)))
    says = (
        f"{many} {_named(result, many)} "
        f"{'is a school day' if many == 1 else 'are school days'} by your calendar."
    )
    lines = [
        (f"{day(one.start)} {one.start.year}: {shorten(one.name, _NAME)}",)
        for one in result.closures[:_LISTED]
    ]
    if many > _LISTED:
        lines.append((f"and {many - _LISTED} more",))
    return CardReply(
        card=Card(
            title="Public holidays",
            summary=f"{says} Shall they be closed?",
            blocks=(
                Text((says,)),
                Bullets(tuple(lines)),
                Buttons(
                    (
                        Button(
                            f"Close {count(many, 'day')}",
                            action("school.holidaytake"),
                            Style.PRIMARY,
                        ),
                        Button("Closures, labels and terms", action("school.form")),
                    )
                ),
                Note(("Schools differ: look through them first. It can be undone.",)),
            ),
        )
    )
