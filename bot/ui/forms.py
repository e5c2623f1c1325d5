"""Forms: at most five questions, so that each is one modal on every platform."""

from dataclasses import dataclass, field
from datetime import date, time

from bot.domain.ids import MemberId
from bot.ui.actions import Action
from bot.ui.cards import Option
from bot.ui.limits import INPUT_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class TextInput:
    """A line, or several with ``multiline``; arrives as one text."""

    key: str
    label: str
    hint: str = ""
    initial: str = ""
    required: bool = True
    multiline: bool = False
    max_length: int = INPUT_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectInput:
    """One of up to 25 options; arrives as the option's value, or nothing when not required."""

    key: str
    label: str
    options: tuple[Option, ...]
    hint: str = ""
    initial: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksInput:
    """Any of up to ten options; arrives as the values chosen, maybe none."""

    key: str
    label: str
    options: tuple[Option, ...]
    hint: str = ""
    initial: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersInput:
    """People of the workspace; arrives as the platform's people. ``many`` allows several."""

    key: str
    label: str
    hint: str = ""
    initial: tuple[MemberId, ...] = ()
    many: bool = False
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DateInput:
    """A date; arrives as typed: ISO where the platform has a picker, else words.

    ``example`` is of what may be typed there: "2026-11-30 or Monday".
    """

    key: str
    label: str
    hint: str = ""
    example: str = ""
    initial: date | None = None
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeInput:
    """A time of the day; arrives as typed: ``08:30`` where the platform has a picker, else words.

    Whose clock is meant is said in the hint; ``example`` is of what may be typed: "16:00".
    """

    key: str
    label: str
    hint: str = ""
    example: str = ""
    initial: time | None = None
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FileInput:
    """One uploaded file."""

    key: str
    label: str
    hint: str = ""
    required: bool = True


Input = TextInput | SelectInput | ChecksInput | MembersInput | DateInput | TimeInput | FileInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One modal: one to five inputs. ``note`` stands above them ("Seen by you and Ana.")."""

    title: str
    action: Action
    inputs: tuple[Input, ...]
    submit: str = "Save"
    note: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    """What is wrong with the answers given, by input key, when the form is shown again."""


def hint_to_type(each: Input) -> str:
    """Return the hint of an input on a platform without pickers: it says how to write a date."""
    example = each.example if isinstance(each, DateInput | TimeInput) else ""
    return ". ".join(part for part in (example and f"For example {example}", each.hint) if part)


def chosen_beforehand(form: Form) -> tuple[MemberId, ...]:
    """Return the members who are chosen in the form already: a platform is to know their ids."""
    return tuple(
        member for each in form.inputs if isinstance(each, MembersInput) for member in each.initial
    )
