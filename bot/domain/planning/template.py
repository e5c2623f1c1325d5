"""Templates: what a plan asks for, step by step. A plan keeps a snapshot of its template."""

from dataclasses import dataclass
from enum import StrEnum


class By(StrEnum):
    """Who must answer a field."""

    ANYONE = "anyone"
    """One answer, by whichever partner; the step's turn says who is asked for it."""
    EACH = "each"
    """One answer of each partner."""
    TOGETHER = "together"
    """One answer that all the others sign off."""
    ROLE = "role"
    """One answer by a partner who holds the field's role."""


class ItemKind(StrEnum):
    """What may be added in any step, beside the fields."""

    DECISION = "decision"
    CHALLENGE = "challenge"
    RESPONSIBILITY = "responsibility"
    RESOURCE = "resource"
    MINUTES = "minutes"
    SESSION = "session"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question of a step. ``role`` is set exactly when ``by`` is ``By.ROLE``."""

    key: str
    label: str
    hint: str = ""
    by: By = By.ANYONE
    role: str = ""
    required: bool = True
    max_words: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A step is complete only with at least ``count`` items of ``kind`` in the plan."""

    kind: ItemKind
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step: complete when required fields and needs are met, and signed off where asked.

    ``weeks`` is its share of the pace in school weeks; a step that runs ``throughout`` the plan
    has no due date. ``closes_challenges``: open challenges keep the step open.
    """

    key: str
    title: str
    about: str = ""
    fields: tuple[Field, ...] = ()
    needs: tuple[Need, ...] = ()
    signoff: bool = False
    throughout: bool = False
    closes_challenges: bool = False
    weeks: int = 1

    @property
    def needs_signoff(self) -> bool:
        """Tell whether the others must agree before the step is done."""
        return self.signoff or any(field.by is By.TOGETHER for field in self.fields)

    def field(self, key: str) -> Field | None:
        """Return the field of that key, or None."""
        for field in self.fields:  # as below
            if field.key == key:
                return field
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A whole template. Keys are stable, titles may be translated or reworded."""

    key: str
    title: str
    about: str = ""
    steps: tuple[Step, ...]

    @property
    def roles(self) -> tuple[str, ...]:
        """Return the roles its fields name, in order of first mention."""
        named = (f.role for step in self.steps for f in step.fields if f.by is By.ROLE)
        return tuple(dict.fromkeys(named))

    def step(self, key: str) -> Step | None:
        """Return the step of that key, or None."""
        for step in self.steps:  # asked so often that a generator would be felt
            if step.key == key:
                return step
        return None
