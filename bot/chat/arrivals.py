"""What arrived, by the platform's own ids: people and files are yet to be looked up.

An adapter reads a payload into one of these, looks up who and what is ``concerned`` and ``files``,
and makes the ``neutral`` part of an inbound of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.chat.inbound import Clicked, Said, Shared, Submitted, Upload, What
from bot.chat.talk import Called, Words, flat, parts
from bot.domain.errors import Problem
from bot.domain.members import Person
from bot.ui.pages import problems
from bot.ui.replies import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file that somebody sent, to be fetched from ``url``.

    ``url`` is empty where the platform tells no more than the id. ``size`` in bytes, 0 where it is
    not told.
    """

    id: str
    name: str
    url: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """A form's answers by input key.

    ``values``: texts as ``Submitted`` has them, the ids of people among them. ``people``: the
    platform's ids alone. ``files``: still to be fetched.
    """

    values: Mapping[str, tuple[str, ...]]
    people: Mapping[str, tuple[str, ...]]
    files: Mapping[str, tuple[SentFile, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A command's or message's words and files."""

    words: Words
    files: tuple[SentFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form's answers."""

    action: str
    answers: Answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointed:
    """A message that somebody points at, and what is to be done with it.

    ``author`` is a user's id, empty where no person wrote it. ``files`` are names.
    """

    action: str
    words: Words
    author: str
    link: str
    files: tuple[str, ...]


Arrived = Spoken | Clicked | Filled | Pointed


def concerned(what: Arrived) -> tuple[str, ...]:
    """Return the ids of the people it is about, each once."""
    return tuple(dict.fromkeys(_concerned(what)))


def _concerned(what: Arrived) -> list[str]:
    match what:
        case Spoken(words=said):
            return _called(said)
        case Pointed(words=said, author=author):
            return [*filter(None, (author,)), *_called(said)]
        case Filled(answers=answers):
            return [user for chosen in answers.people.values() for user in chosen]
        case Clicked():
            return []


def names(what: Arrived) -> dict[str, str]:
    """Return what the platform calls the people who are mentioned, by their ids."""
    said = what.words if isinstance(what, Spoken | Pointed) else ()
    return {each.user: each.name for each in said if isinstance(each, Called)}


def files(what: Arrived) -> tuple[SentFile, ...]:
    """Return the files that are to be fetched."""
    match what:
        case Spoken(files=sent):
            return sent
        case Filled(answers=answers):
            return tuple(file for sent in answers.files.values() for file in sent)
        case Clicked() | Pointed():
            return ()


def not_fetched(what: Arrived, problem: Problem) -> Reply:
    """Return what is answered where a file that was sent cannot be had; in a form, below it."""
    if not isinstance(what, Filled):
        return problems.known(problem, form=False)
    key = next(key for key, sent in what.answers.files.items() if sent)
    return problems.known(problems.below(problem, key), form=True)


def neutral(what: Arrived, people: Mapping[str, Person], uploads: Mapping[str, Upload]) -> What:
    """Return it with its people and its files, both by the platform's ids.

    Whoever is not in ``people`` is left out of a form's answers, and stays a word of what was said.
    """
    match what:
        case Spoken(words=given, files=sent):
            return Said(parts=parts(given, people), files=_fetched(sent, uploads))
        case Filled(action=action, answers=answers):
            known = {
                key: tuple(people[user] for user in chosen if user in people)
                for key, chosen in answers.people.items()
            }
            fetched = {key: _fetched(sent, uploads) for key, sent in answers.files.items()}
            return Submitted(action=action, values=answers.values, people=known, files=fetched)
        case Pointed():
            return Shared(
                action=what.action,
                text=flat(parts(what.words, people)),
                author=people.get(what.author),
                link=what.link,
                files=what.files,
            )
        case Clicked():
            return what


def _called(said: Words) -> list[str]:
    return [each.user for each in said if isinstance(each, Called)]


def _fetched(sent: tuple[SentFile, ...], uploads: Mapping[str, Upload]) -> tuple[Upload, ...]:
    return tuple(uploads[file.id] for file in sent if file.id in uploads)
