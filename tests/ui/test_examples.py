"""Every example that is shown is taken where it is shown: in forms, in messages, in the README."""

import re
from pathlib import Path

import pytest

from bot.chat.inbound import Said
from bot.domain.ids import PlanId
from bot.ui.actions import Action, action
from bot.ui.forms import (
    ChecksInput,
    DateInput,
    Input,
    SelectInput,
    TextInput,
    TimeInput,
    hint_to_type,
)
from bot.ui.pages.help import VERBS
from bot.ui.replies import FormErrorsReply
from tests.support.clicking import Bot, Hand, failed, form, summary
from tests.support.people import ana, ben, bot
from tests.support.talk.speaking import parts

__all__ = ["ana", "ben", "bot"]

README = Path(__file__).parents[2] / "README.md"
BELLS = "P1 08:00-08:45\nP2 08:50-09:35\nP3 13:00-13:45\nP4 13:50-14:35"
YEAR = {"first": "2026-11-09", "until": "2027-06-18", "bells": BELLS, "zone": "Europe/Berlin"}

_SHOWN = re.compile(r"^(?:For example|Such as):? (.*)", re.DOTALL)
_LISTED = {"days", "hours", "bells", "closures", "labels"}
"""Inputs that take several things with semicolons, or commas, between them."""
_ASIDE = re.compile(
    r"\. (?:In your time zone|Empty).*|; (?:empty|a break|split|other|one that).*", re.IGNORECASE
)
_LINES = {"bells", "closures", "labels", "terms"}
"""Inputs of one thing a line: hints have no lines."""
_ANSWERS = {
    "day": "tomorrow",
    "minutes": "10",
    "link": "",
    "when": "Sundays 18:00",
    "hours": "weekdays after 16:00",
    "months": "",
    "days": "A, B",
    **YEAR,
}


def examples(shown: Input) -> list[str]:
    """Return the examples of a hint, each as it would be typed."""
    found = _SHOWN.match(hint_to_type(shown))
    if found is None:
        return [shown.hint] if shown.key in _LINES - {"bells"} and shown.hint[:1].isdigit() else []
    told = _ASIDE.sub("", found[1])
    if shown.key == "days":
        return told.split("; or ")
    if shown.key in _LISTED or shown.key in {"only", "groups", "months"}:
        return [told]
    return [one.strip() for one in re.split(r",? or |, ", told)]


def answer(asked: Input) -> str | tuple[str, ...]:
    """Return what stands in an input that is not looked at."""
    match asked:
        case ChecksInput(initial=initial):
            return initial or ("0", "1", "2", "3", "4")
        case SelectInput(initial=initial, options=options, required=required):
            return initial or (options[0].value if required else "")
        case DateInput(initial=initial, key=key):
            return initial.isoformat() if initial else _ANSWERS.get(key, "tomorrow")
        case TimeInput(initial=at):
            return f"{at:%H:%M}" if at else "08:30"
        case TextInput(initial=initial, key=key):
            return initial or _ANSWERS.get(key, "x")
        case _:
            return ""


def forms(plan: PlanId, member: str) -> dict[str, Action]:
    """Return what opens each form that shows an example."""
    return {
        "session": action("session.own", plan),
        "due": action("step.due", plan, "form"),
        "minutes": action("item.form", plan, "minutes"),
        "duty": action("item.form", plan, "responsibility"),
        "hours": action("tt.hours"),
        "around": action("tt.around"),
        "groups": action("tt.groups"),
        "new year": action("school.new"),
        "closures": action("school.form"),
        "no school": action("noschool.form"),
        "away": action("away.form"),
        "later": action("later.form", member, "o1"),
        "settings": action("settings.open"),
        "time zone": action("settings.zoneform"),
        "digest": action("digest.form", plan),
        "reminder": action("remind.new", plan),
    }


@pytest.mark.parametrize("name", forms(PlanId("p"), "m"))
async def test_an_example_of_a_form_is_taken_there(ana: Hand, ben: Hand, name: str) -> None:
    plan = await ana.starts("Rivers", ben)
    assert not failed(await ana.submits("school.newsave", days="A, B", **YEAR))
    opens = forms(plan, ana.member.id)[name]
    tried = 0
    for one in form(await ana.clicks(opens)).inputs:
        for example in examples(one):
            shown = form(await ana.clicks(opens))
            lines = example.replace("; ", "\n") if one.key in _LINES else example
            given = {each.key: answer(each) for each in shown.inputs} | {one.key: lines}
            reply = await ana.submits(shown.action, **given)
            tried += 1
            wrong = reply.errors if isinstance(reply, FormErrorsReply) else {}
            assert one.key not in wrong, (example, wrong)
    assert tried or name in {"minutes", "duty", "due"}


def said() -> list[str]:
    """Return what help and README show behind a verb, as it would be typed."""
    readme = re.findall(r"^\| `(.*)$", README.read_text(encoding="utf-8"), re.MULTILINE)
    shown = re.compile(rf"(?:: |\(`)((?:{'|'.join(VERBS)}) [^;`]+)[;`]")
    found = [words for text in (*VERBS.values(), *readme) for words in shown.findall(f"{text};")]
    return list(dict.fromkeys(found))


def test_there_are_examples_of_verbs() -> None:
    assert {words.partition(" ")[0] for words in said()} >= {"start", "noschool", "away", "remind"}


@pytest.mark.parametrize("words", said())
async def test_an_example_of_a_verb_is_taken(bot: Bot, ana: Hand, ben: Hand, words: str) -> None:
    rosa = bot.person("Rosa")
    people = {hand.person.name.casefold(): hand.person for hand in (ana, ben, rosa)}
    await ana.starts("Rivers", ben, rosa)
    assert not failed(await ana.submits("school.newsave", days="A, B", **YEAR))
    reply = await ana.does(Said(parts=parts(words, people)))
    assert not failed(reply), summary(reply)


_MESSAGES = [
    "remind Sundays 18:00",
    "remind banana",
    "away from Monday",
    "away banana",
    "noschool",
    "noschool banana",
    "noschool tomorrow for Grade 9",
    "settings Europe/Nowhere",
]


@pytest.mark.parametrize("typed", _MESSAGES)
async def test_an_example_of_a_message_is_taken(ana: Hand, ben: Hand, typed: str) -> None:
    """A message that says what to write shows words that are taken behind the same verb."""
    await ana.starts("Rivers", ben)
    assert not failed(await ana.submits("school.newsave", days="A, B", **YEAR))
    verb, _, _ = typed.partition(" ")
    reply = await ana.says(typed)
    told = summary(reply)
    quoted = re.findall(rf"(?<!to )\b({verb} [^”;.,]+)", told)
    plain = re.search(r"(?:for example|such as|Write for example:?) ([^”]+)", told, re.IGNORECASE)
    for words in quoted:
        assert not failed(await ana.says(words)), words
    if not quoted and plain is not None:
        for one in re.split(r", or |,? or: |; | or |, ", plain[1].rstrip(".")):
            tail = " post" if verb == "remind" and "…" in one else ""
            words = one.replace(" …", tail).strip(" .").removeprefix("Or: ")
            assert not failed(await ana.says(f"{verb} {words}")), words
