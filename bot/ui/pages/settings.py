"""Settings: reminders, time zone, templates, import."""

from bot.domain.members import Member, Nudges, Where
from bot.domain.timetable.weekdays import LONG
from bot.ui.actions import action
from bot.ui.acts import platform_name
from bot.ui.cards import Button, Buttons, Card, Note, Option, Text
from bot.ui.forms import ChecksInput, FileInput, Form, SelectInput, TextInput, TimeInput
from bot.ui.limits import INPUT_HINT
from bot.ui.pages.timetable.week import MISFIT, UNREACHABLE, paste_again
from bot.ui.pages.words import count, listed
from bot.ui.replies import CardReply, FormReply, Reply
from bot.usecases.settings import OwnSettings, SavedTemplate

NUDGES = {
    Nudges.NORMAL: "Normal: one reminder and one follow-up",
    Nudges.LIGHT: "Light: one reminder",
    Nudges.OFF: "Off: I look at “next” myself",
}

WHERE = {
    Where.DIRECT: "In direct messages, the digest with my own part first",
    Where.THREAD: "In the plan's thread",
}


DIRECTLY_ON = "In direct messages on {platform}, the digest with my own part first"


def _where(result: OwnSettings) -> tuple[Option, ...]:
    """Return where reminders may come: for somebody known on several platforms on each of them."""
    thread = Option(Where.THREAD, WHERE[Where.THREAD])
    if len(result.platforms) == 1:
        return (Option(Where.DIRECT, WHERE[Where.DIRECT]), thread)
    directly = (
        Option(f"{Where.DIRECT}:{one}", DIRECTLY_ON.format(platform=platform_name(one)))
        for one in result.platforms
    )
    return (*directly, thread)


def _chosen_where(result: OwnSettings) -> Option:
    """Return which of these counts."""
    offered, chosen = _where(result), result.member.preferences
    if chosen.where is Where.THREAD:
        return offered[-1]
    meant = f"{Where.DIRECT}:{chosen.platform}"
    return next((one for one in offered if one.value == meant), offered[0])


def settings_page(result: OwnSettings) -> Reply:
    """Return what the member has chosen."""
    member, chosen = result.member, result.member.preferences
    days = listed(LONG[day - 1][:3] for day in chosen.days)
    assumed = " (assumed: is it right?)" if member.zone_assumed else ""
    quiet = f"{chosen.quiet.start:%H:%M} to {chosen.quiet.end:%H:%M}"
    says = (
        f"Reminders: {NUDGES[chosen.nudges]}. {_chosen_where(result).label}. "
        f"Days: {days}, quiet from {quiet}. Time zone: {member.zone}{assumed}."
    )
    if result.unreachable:
        says = f"{says} {UNREACHABLE}"
    return CardReply(
        card=Card(
            title="Your settings",
            summary=says,
            blocks=(
                Text((says,)),
                *((Text((MISFIT,)), Buttons((paste_again(),))) if result.misfit else ()),
                Buttons(
                    (
                        Button("Change", action("settings.open")),
                        Button("Time zone", action("settings.zoneform")),
                        Button("My timetable", action("timetable")),
                        Button("School calendar", action("school")),
                    )
                ),
                Buttons(
                    (
                        Button("Calendar feeds", action("feeds")),
                        Button("Add a template", action("template.form")),
                        Button("Import a plan", action("import.form")),
                    )
                ),
                Note(("Seen by you.",)),
            ),
        ),
        replaces=True,
    )


def settings_form(result: OwnSettings) -> Reply:
    """Return the form of a member's own settings."""
    member, chosen = result.member, result.member.preferences
    return FormReply(
        form=Form(
            title="Your settings",
            action=action("settings.save"),
            inputs=(
                SelectInput(
                    key="nudges",
                    label="Reminders",
                    options=tuple(Option(key, words) for key, words in NUDGES.items()),
                    initial=chosen.nudges,
                ),
                SelectInput(
                    key="where",
                    label="Reminders and the digest come",
                    options=_where(result),
                    initial=_chosen_where(result).value,
                ),
                ChecksInput(
                    key="days",
                    label="Days on which I can be reminded",
                    options=tuple(Option(str(at + 1), day) for at, day in enumerate(LONG)),
                    initial=tuple(str(day) for day in chosen.days),
                    required=True,
                ),
                TimeInput(
                    key="quiet_from",
                    label="Quiet from",
                    hint=f"In your time zone: {member.zone}"[:INPUT_HINT],
                    example="20:00",
                    initial=chosen.quiet.start,
                ),
                TimeInput(
                    key="quiet_until",
                    label="Quiet until",
                    example="07:00",
                    initial=chosen.quiet.end,
                ),
            ),
            note="Reminders come in your free periods, never in a lesson. Seen by you.",
        )
    )


def zone_form(member: Member) -> Reply:
    """Return the form of a member's time zone."""
    return FormReply(
        form=Form(
            title="Your time zone",
            action=action("settings.zonesave"),
            inputs=(
                TextInput(
                    key="zone",
                    label="Time zone",
                    hint="For example Europe/Berlin or Berlin",
                    initial=member.zone,
                    max_length=64,
                ),
            ),
            note="It stays, wherever you are, and reminders follow it. Seen by you.",
        )
    )


def template_form(_: Member) -> Reply:
    """Return the form that takes a template file."""
    return FormReply(
        form=Form(
            title="Add a template",
            action=action("template.save"),
            submit="Add",
            inputs=(
                FileInput(key="file", label="Template file (YAML)", required=False),
                TextInput(key="text", label="Or paste it here", multiline=True, required=False),
            ),
            note=(
                "One of your own with the same key is replaced. Plans that run keep the template"
                " they started with."
            ),
        )
    )


def template_saved(saved: SavedTemplate) -> Reply:
    """Return that the template is there, and how to use it."""
    template = saved.template
    says = f"“{template.title}” is there, with {count(len(template.steps), 'step')}."
    if saved.replaced is not None:
        says += (
            f" It takes the place of “{saved.replaced.title}”, which had the same key;"
            " plans that run keep the template they started with."
        )
    return CardReply(
        card=Card(
            title="Template replaced" if saved.replaced else "Template added",
            summary=f"{says} Choose it when you start a plan.",
            blocks=(
                Text((says,)),
                Buttons((Button("Start a plan", action("start.form")),)),
            ),
        )
    )


def import_form(_: Member) -> Reply:
    """Return the form that takes an exported plan."""
    return FormReply(
        form=Form(
            title="Import a plan",
            action=action("import.save"),
            submit="Import",
            inputs=(FileInput(key="file", label="The exported plan (JSON)"),),
            note="You become a partner of it; people are matched by their names.",
        )
    )
