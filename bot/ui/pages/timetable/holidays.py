"""Public holidays of a country as a suggestion: the form, and what would be closed."""

from bot.domain.timetable.school import SchoolCalendar
from bot.ui.actions import action
from bot.ui.cards import Bullets, Button, Buttons, Card, Note, Style, Text
from bot.ui.forms import Form, TextInput
from bot.ui.limits import shorten
from bot.ui.pages.words import count, day
from bot.ui.replies import CardReply, FormReply, Reply
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


def holidays_page(result: Suggested) -> Reply:
    """Return the holidays that are school days by the calendar."""
    many = len(result.closures)
    if not many:
        says = f"All public holidays of {shorten(result.country, _NAME)} are closed already."
        return CardReply(card=Card(title="Public holidays", summary=says, blocks=(Text((says,)),)))
    says = (
        f"{count(many, 'public holiday')} of {shorten(result.country, _NAME)} "
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
