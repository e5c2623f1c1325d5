"""What follows from a plan is worked out once: a plan is a value, and many ask the same of it.

Pages, reminders and all partners ask at each act where every step stands and what waits on whom. An
act changes one step of many: ``inherit`` hands on what is known of the others.
"""

from collections.abc import Callable
from functools import update_wrapper
from itertools import zip_longest
from typing import Concatenate, Final, ParamSpec, TypeVar

from bot.domain.planning.plan import OF_PARTNERS, Plan
from bot.domain.planning.template import Step

Args = ParamSpec("Args")
Result = TypeVar("Result")

_SHARED: Final = (
    "template", "partners", "decisions", "challenges", "responsibilities", "resources", "minutes",
    "sessions",
)  # fmt: skip
"""What the rules about a step may look at beside the step's own state and which answers it has."""


def once_a_plan(
    rule: Callable[Concatenate[Plan, Args], Result],
) -> Callable[Concatenate[Plan, Args], Result]:
    """Let a rule about a whole plan, and hashable things, be worked out once for each plan.

    Also for later plans in which nothing has moved: such a rule may look at what rules about steps
    may look at, the plan's state and its outside work; at nothing else of the plan.
    """
    name = rule.__name__

    def known(plan: Plan, /, *args: Args.args, **named: Args.kwargs) -> Result:
        key, memo = (name, args), plan.memo
        found: Result | None = memo.get(key)
        if found is None:
            found = memo[key] = rule(plan, *args, **named)
        return found

    return update_wrapper(known, rule)


def once_a_step(
    rule: Callable[Concatenate[Plan, Step, Args], Result],
) -> Callable[Concatenate[Plan, Step, Args], Result]:
    """Let a rule about a step be worked out once, also for later plans that share the step.

    Such a rule may look at the step's own state, which answers it has (not what they say), the
    partners, and the items that a step can ask for; at nothing else of the plan.
    """
    name = rule.__name__

    def known(plan: Plan, step: Step, /, *args: Args.args, **named: Args.kwargs) -> Result:
        about = plan.memo.get(step.key)
        if about is None:
            about = plan.memo[step.key] = {}
        key = (name, args)
        found: Result | None = about.get(key)
        if found is None:
            found = about[key] = rule(plan, step, *args, **named)
        return found

    return update_wrapper(known, rule)


def inherit(after: Plan, before: Plan) -> None:
    """Let a changed plan know what is known about what the change left alone.

    Judged by identity, which errs on the side of working out again.
    """
    if any(getattr(after, name) is not getattr(before, name) for name in _SHARED):
        return
    changed = _changed_steps(after, before)
    if not changed and after.state is before.state and after.outside is before.outside:
        after.memo.update(before.memo)
        return
    for key in (*OF_PARTNERS, *(state.key for state in after.steps)):
        if key not in changed and key in before.memo:
            after.memo[key] = before.memo[key]


def _changed_steps(after: Plan, before: Plan) -> set[str]:
    changed = set()
    for new, old in zip_longest(after.steps, before.steps):
        if new is not old:
            changed |= {state.key for state in (new, old) if state is not None}
    if after.answers is not before.answers:
        for new_key, old_key in zip_longest(after.answers, before.answers):
            if new_key is not old_key:
                changed |= {key.step for key in (new_key, old_key) if key is not None}
    return changed
