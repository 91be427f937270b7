"""One life of a program after the other: started, killed, started again; all it says is kept."""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic

_NEW = b"---- a new life\n"


class Lives:
    """Starts `command` in `folder` again and again; what it prints is appended to a file."""

    def __init__(self, folder: Path, command: Sequence[str], env: Mapping[str, str]) -> None:
        self.log = folder / "said.log"
        self.hurt = False
        """Its database is, or was a moment ago, not to be used."""
        self._folder = folder
        self._command = command
        self._env = env
        self._process: Process | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def begin(self) -> None:
        with self.log.open("ab") as log:
            log.write(_NEW)
            log.flush()
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=self._folder,
                env=dict(self._env),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def lives_on(self, seconds: float) -> None:
        """Let it live so long. It may give up only while it starts, with exit code 1, because its
        database is `hurt`: then it is started again, as a supervisor does. RuntimeError when it
        ends otherwise.
        """
        ends = monotonic() + seconds
        while (left := ends - monotonic()) > 0:
            assert self._process is not None
            try:
                async with asyncio.timeout(left):
                    code = await self._process.wait()
            except TimeoutError:
                return
            if not (self.hurt and code == 1 and self._is_starting()):
                raise RuntimeError(f"the program ended by itself with {code}; see {self.log}")
            await asyncio.sleep(1.0)
            await self.begin()

    async def started(self, patience: float = 15.0) -> None:
        """Wait until it says that it has started, though not for ever."""
        ends = monotonic() + patience
        while self._is_starting() and monotonic() < ends:
            await self.lives_on(0.1)

    def _is_starting(self) -> bool:
        return b"started" not in self.log.read_bytes().rpartition(_NEW)[2]

    async def kill(self) -> None:
        """Kill it between two instructions; its children (they parse) notice by themselves."""
        assert self._process is not None
        if self._process.returncode is None:
            os.kill(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    async def stop(self, within: float = 12.0) -> int:
        """Ask it to end in good order; return its exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
        async with asyncio.timeout(within):
            return await self._process.wait()
