"""The known challenges of planning together, and what has helped others.

Source: the four challenges and remedies of the guide on best practices (domain facts §1d).
"""

from dataclasses import dataclass

OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownChallenge:
    """A challenge by its key; each remedy can become a responsibility as it is."""

    key: str
    title: str
    remedies: tuple[str, ...]


KNOWN = (
    KnownChallenge(
        key="time",
        title="There is no time",
        remedies=(
            "Start small: keep one flexible day a week for planning together",
            "Keep two flexible months a year instead of a fixed schedule",
            "Ask the scheduling committee for a common planning period",
            "Agree on a few hours outside the timetable, with an end date",
        ),
    ),
    KnownChallenge(
        key="administration",
        title="The administration does not support it",
        remedies=(
            "Meet the administrator regularly and bring what students achieved",
            "Write down how staff make this possible, and share it",
            "Record achievements with before and after figures",
        ),
    ),
    KnownChallenge(
        key="culture",
        title="The school is not used to it",
        remedies=(
            "Use the short form for the first plan",
            "Give trust time: plan one lesson before a unit",
            "Share a short article on planning together with colleagues",
        ),
    ),
    KnownChallenge(
        key="testing",
        title="Tests leave no room",
        remedies=(
            "Plan from the test data: deficit, standards, plan, reassess",
            "Go to the data meetings and offer to plan for a deficit",
        ),
    ),
    KnownChallenge(key=OTHER, title="Something else", remedies=()),
)

BY_KEY = {known.key: known for known in KNOWN}
