"""One thing after another of a round: what fails holds up nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from model import FetchError, ParseError, VigilError
from watchers.courtlistener import NoTokenError, QuotaSpentError, TokenRefusedError

Work = Callable[[], Awaitable[None]]


class CourtTurns:
    """The turns of one round. Where one thing fails the next is done; a second that fails ends the
    round, for then it is not that thing alone; so does what no other would fare better with.
    """

    def __init__(self, failed: set[str]) -> None:
        """`failed`: what went wrong the last time; it comes after everything else."""
        self._failed = failed
        self._later: list[tuple[str, Work]] = []
        self._problems: list[VigilError] = []

    async def take(self, name: str, work: Work) -> None:
        """Do one thing now, or last of all if it went wrong the last time."""
        if name in self._failed:
            self._later.append((name, work))
        else:
            await self._tried(name, work)

    async def end(self) -> None:
        """Do what was left to the last. Raises what went wrong in this round."""
        for name, work in self._later:
            await self._tried(name, work)
        if self._problems:
            raise self._problems[0]

    async def _tried(self, name: str, work: Work) -> None:
        try:
            await work()
        except (QuotaSpentError, NoTokenError, TokenRefusedError):
            raise
        except (FetchError, ParseError) as problem:
            self._failed.add(name)
            self._problems.append(problem)
            if len(self._problems) > 1:
                raise
        else:
            self._failed.discard(name)
