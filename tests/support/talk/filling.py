"""A form being filled in by visible labels, as a platform's modal would be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

from bot.chat.inbound import Upload
from bot.ui.cards import Option
from bot.ui.forms import (
    ChecksInput,
    DateInput,
    FileInput,
    Form,
    Input,
    MembersInput,
    SelectInput,
    TextInput,
    TimeInput,
)
from tests.support.talk.stage import REQUIRED


@dataclass(slots=True, kw_only=True)
class Sheet:
    """An open form with its answers by input key, and the errors below the inputs."""

    form: Form
    given: dict[str, tuple[str, ...]] = field(default_factory=dict)
    files: dict[str, tuple[Upload, ...]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.given = {each.key: initial(each) for each in self.form.inputs}

    def fill(self, label: str, answer: str, people: Mapping[str, str]) -> None:
        """Answer the question of that label; ``people`` are user ids by name."""
        asked = self.asked(label)
        match asked:
            case TextInput():
                self.given[asked.key] = (answer,)
            case DateInput() | TimeInput():
                self.given[asked.key] = (answer,) if answer else ()
            case SelectInput(options=options):
                self.given[asked.key] = (_value(options, answer),)
            case ChecksInput(options=options):
                self.given[asked.key] = (*self.given[asked.key], _value(options, answer))
            case MembersInput(many=many):
                standing = self.given[asked.key] if many else ()
                self.given[asked.key] = (*standing, people[answer])
            case FileInput():
                raise AssertionError(f"“{label}” takes a file")
            case _:
                assert_never(asked)

    def attach(self, label: str, file: Upload) -> None:
        """Choose a file."""
        asked = self.asked(label)
        assert isinstance(asked, FileInput)
        self.files[asked.key] = (file,)

    def answer(self, label: str) -> str:
        """Return what stands there."""
        return next(iter(self.given[self.asked(label).key]), "")

    def asked(self, label: str) -> Input:
        """Return the question of that label."""
        found = [each for each in self.form.inputs if each.label == label]
        assert found, f"no question “{label}” in {[each.label for each in self.form.inputs]}"
        return found[0]

    def missing(self) -> dict[str, str]:
        """Return what a platform says before it sends anything."""
        return {
            each.key: REQUIRED
            for each in self.form.inputs
            if each.required and not self._answered(each)
        }

    def values(self) -> dict[str, tuple[str, ...]]:
        """Return the answers; what was left blank is empty."""
        return {
            each.key: self.given[each.key] if self._answered(each) else ()
            for each in self.form.inputs
        }

    def people(self) -> dict[str, tuple[str, ...]]:
        """Return the user ids chosen in people pickers."""
        return {e.key: self.given[e.key] for e in self.form.inputs if isinstance(e, MembersInput)}

    def _answered(self, each: Input) -> bool:
        if isinstance(each, FileInput):
            return each.key in self.files
        return any(text.strip() for text in self.given[each.key])


def initial(each: Input) -> tuple[str, ...]:
    """Return the answers that stand in a fresh form."""
    match each:
        case TextInput(initial=text) | SelectInput(initial=text):
            return (text,) if text else ()
        case ChecksInput(initial=chosen):
            return chosen
        case DateInput(initial=day):
            return (day.isoformat(),) if day else ()
        case TimeInput(initial=at):
            return (f"{at:%H:%M}",) if at else ()
        case MembersInput() | FileInput():
            return ()
        case _:
            assert_never(each)


def _value(options: tuple[Option, ...], label: str) -> str:
    found = [o.value for o in options if o.label == label]
    assert found, f"no option “{label}” in {[o.label for o in options]}"
    return found[0]
