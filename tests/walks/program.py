"""The real program, started as its users start it, with a place of its own to live in."""

from __future__ import annotations

import asyncio
import re
import signal
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.bot.running import command, environment

PATIENCE = 30.0
"""Seconds to wait for something the program is going to say; it starts slowly on busy machines."""

CONFIG = """\
schema_version = 1
[general]
contact = "desk@vigil.example"
data_dir = "data"
[telegram]
token_file = "token"
api_url = "{telegram}"
[database]
url = "{database}"
[polling]
host_gap = "0s"
allow_networks = ["127.0.0.0/8"]
"""


class Program:
    """`vigil run` in a folder of its own; what it prints can be waited for."""

    def __init__(self, folder: Path, *arguments: str, **variables: str) -> None:
        """Prepare to run in `folder`, which holds config.toml, with these variables too."""
        self.folder = folder
        self.said: list[str] = []
        self._arguments = arguments or ("run",)
        self._variables = variables
        self._heard = asyncio.Condition()
        self._process: Process | None = None
        self._readers: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Start it."""
        self._process = await asyncio.create_subprocess_exec(
            *command("--config", str(self.folder / "config.toml"), *self._arguments),
            cwd=self.folder,
            env=environment(**self._variables),
            stdout=PIPE,
            stderr=PIPE,
        )
        streams = (self._process.stdout, self._process.stderr)
        self._readers = [asyncio.create_task(self._listen(one)) for one in streams if one]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it if it still runs, without a word."""
        await self.kill()

    async def says(self, pattern: str) -> re.Match[str]:
        """Return the first match of `pattern` in what it prints, waiting for it."""
        wanted = re.compile(pattern)
        try:
            async with asyncio.timeout(PATIENCE), self._heard:
                while not (found := wanted.search("\n".join(self.said))):
                    await self._heard.wait()
                return found
        except TimeoutError:
            said = "\n".join(self.said) or "(nothing)"
            raise AssertionError(f"the program never said {pattern!r}, but:\n{said}") from None

    async def says_more_than(self, lines: int) -> None:
        """Wait until it has printed more than so many lines."""
        async with asyncio.timeout(PATIENCE), self._heard:
            await self._heard.wait_for(lambda: len(self.said) > lines)

    async def kill(self) -> None:
        """Take it away between two instructions, as a power cut does."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
        await self._ended()

    async def stops(self, within: float = 10.0) -> int:
        """Ask it to end as a container's engine does; return its exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(within):
            return await self._ended()

    async def _ended(self) -> int:
        assert self._process is not None
        code = await self._process.wait()
        await asyncio.gather(*self._readers)
        self._process._transport.close()  # type: ignore[attr-defined]
        return code

    async def _listen(self, stream: asyncio.StreamReader) -> None:
        async for line in stream:
            async with self._heard:
                self.said.append(line.decode(errors="replace").rstrip())
                self._heard.notify_all()


def furnish(folder: Path, *, telegram: str, token: str, database: str, more: str = "") -> None:
    """Write the config.toml and the token that a walk's program finds in its folder."""
    config = CONFIG.format(telegram=telegram, database=database) + more
    (folder / "config.toml").write_text(config, encoding="utf-8")
    (folder / "token").write_text(token, encoding="utf-8")


def rss(*items: tuple[str, str, str], title: str = "The Border Ledger") -> bytes:
    """Return a feed of (id, title, summary) items, in this order."""
    told = "".join(
        f"<item><title>{headline}</title><link>https://ledger.example/{one}</link>"
        f'<guid isPermaLink="false">{one}</guid><description>{summary}</description></item>'
        for one, headline, summary in items
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>https://ledger.example/</link><language>en</language>{told}</channel></rss>"
    ).encode()
