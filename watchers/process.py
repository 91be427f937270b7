"""A child process that parses, seen from here: started, asked one thing at a time, ended."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from watchers.wire import HEAD, Frame, lengths

_ROOT = Path(__file__).resolve().parent.parent
_STARTING = 10.0
_WAITING = 4.0
"""A job may take this many times its limit by the clock, which runs on while others have the
processor; the limit itself is processor time."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one job may cost."""

    seconds: float = 2.0
    """Processor time of one slice."""
    patience: float = 60.0
    """Seconds by the clock for all slices of one document; the rest waits for the next poll."""
    memory: int = 512 * 1024 * 1024
    """Bytes of address space of a child, which starts with about 40 MB."""


class LostError(Exception):
    """The child did not survive the job."""

    def __init__(self, why: str, *, by_itself: bool) -> None:
        """Say why ("time", "memory", or words). `by_itself`: what it was reading did it, not
        somebody who killed it or a machine too busy to let it run.
        """
        super().__init__(why)
        self.why = why
        self.by_itself = by_itself

    def sentence(self, limits: Limits) -> str:
        """Say to a user why the document was given up."""
        if self.why == "time":
            seconds = f"{limits.seconds:g} seconds"
            return f"This document takes longer than {seconds} to read, and was given up."
        if self.why == "memory":
            size = limits.memory // (1024 * 1024)
            return f"This document takes more than {size} MB of memory to read, and was given up."
        return f"This document was not read this time: the reader stopped ({self.why})."


class Child:
    """One process, asked one thing at a time."""

    def __init__(self, process: asyncio.subprocess.Process, limits: Limits) -> None:
        """Speak to a process that was just started (see `start`)."""
        self._process = process
        self._limits = limits
        self._patience = _STARTING
        self.lost = False

    @classmethod
    async def start(cls, limits: Limits) -> Child:
        """Start a process that inherits nothing: no descriptor, no environment, no folder."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-s", "-B", "-m", "watchers.child",
            str(limits.seconds), str(limits.memory),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL, cwd="/", start_new_session=True,
            env={"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"}, limit=1 << 20,
        )  # fmt: skip
        return cls(process, limits)

    async def ask(self, job: Frame) -> Frame:
        """Send one job and wait for its answer. Raises LostError."""
        patience, self._patience = self._patience, 0.0
        self.lost = True
        try:
            async with asyncio.timeout(patience + self._limits.seconds * _WAITING):
                answer = await self._exchange(job)
        except TimeoutError:
            raise LostError("no answer in time", by_itself=False) from None
        except (OSError, EOFError, ValueError):
            ran_out = await self._ran_out()
            raise LostError("time" if ran_out else "it was ended", by_itself=ran_out) from None
        if "died" in answer.words:
            raise LostError(str(answer.words["died"]), by_itself=True)
        self.lost = False
        return answer

    async def _exchange(self, job: Frame) -> Frame:
        into, out = self._process.stdin, self._process.stdout
        if into is None or out is None:
            raise EOFError
        into.write(job.pack())
        await into.drain()
        words, body = lengths(await out.readexactly(HEAD.size))
        return Frame(json.loads(await out.readexactly(words)), await out.readexactly(body))

    async def _ran_out(self) -> bool:
        """Say whether the kernel ended it for its processor time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                return await self._process.wait() == -signal.SIGPROF
        return False

    async def end(self) -> None:
        """End the process, whatever it is at, and wait until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()
        await self._process.wait()
