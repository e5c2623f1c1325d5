"""Gathering: what is asked at the same time is answered together; nobody waits for company.

The first who asks is answered at once. Whoever asks meanwhile shares the next answer, and so on:
the busier it is, the more share one. What fails for several is asked again for each alone, so that
everybody meets their own error only.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

import structlog

from bot.domain.ids import WorkspaceId

Q = TypeVar("Q")
A = TypeVar("A")

Answer = Callable[[WorkspaceId, Sequence[Q]], Awaitable[Sequence[A]]]
"""Answers questions of one workspace: all of them, in their order, or none."""

_log = structlog.get_logger(__name__)


class _Asked(NamedTuple, Generic[Q, A]):
    question: Q
    answer: asyncio.Future[A]


class Gathering(Generic[Q, A]):
    """Gathers the questions of a workspace and has them answered, one lot after another."""

    def __init__(self, answer: Answer[Q, A], name: str) -> None:
        self._answer = answer
        self._name = name
        self._waiting: dict[WorkspaceId, list[_Asked[Q, A]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, workspace: WorkspaceId, question: Q) -> A:
        """Return the answer; raises what answering raises for this question.

        It is answered, whatever that does, even when whoever asked gives up.
        """
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        asked = _Asked(question, answer)
        waiting = self._waiting.get(workspace)
        if waiting is not None:
            waiting.append(asked)
        else:
            self._waiting[workspace] = [asked]
            task = asyncio.create_task(self._work_off(workspace), name=f"coplan-{self._name}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await answer

    async def finish(self, seconds: float) -> None:
        """Wait until everything that was asked is answered, but no longer than that."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    async def _work_off(self, workspace: WorkspaceId) -> None:
        """Answer what waits in the workspace, again and again until nothing does."""
        waiting = self._waiting[workspace]
        while waiting:
            asked, waiting[:] = waiting[:], []
            if len(asked) == 1 or not await self._together(workspace, asked):
                await asyncio.gather(*(self._alone(workspace, one) for one in asked))
        del self._waiting[workspace]

    async def _together(self, workspace: WorkspaceId, asked: Sequence[_Asked[Q, A]]) -> bool:
        """Answer all; False: it failed, and nobody was answered."""
        try:
            answers = await self._answer(workspace, [one.question for one in asked])
        except Exception as error:  # noqa: BLE001 - each meets their own error when alone
            _log.warning(
                "asked_again",
                kind=self._name,
                workspace=workspace,
                count=len(asked),
                cause=type(error).__name__,
            )
            return False
        for one, answer in zip(asked, answers, strict=True):
            if not one.answer.done():  # whoever asked was cancelled
                one.answer.set_result(answer)
        return True

    async def _alone(self, workspace: WorkspaceId, asked: _Asked[Q, A]) -> None:
        try:
            (answer,) = await self._answer(workspace, [asked.question])
        except Exception as error:  # noqa: BLE001 - whoever asked gets it
            if not asked.answer.done():
                asked.answer.set_exception(error)
        else:
            if not asked.answer.done():
                asked.answer.set_result(answer)
