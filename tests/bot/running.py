"""Runs the real program, as its users do."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def environment(**more: str) -> dict[str, str]:
    """The environment of a fresh shell, without what this one says about vigil. Bytecode is kept:
    compiling every library anew would cost each command a second. Articles stand at addresses
    outside loopback: their pages are left alone unless a test gives them some, and a program that
    dials such an address fails.
    """
    ours = ("VIGIL_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    path = f"{ROOT}:{ROOT / 'tests/loopback'}"
    return kept | {"PYTHONPATH": path, "VIGIL_POLLING__FULL_TEXT": "never"} | more


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-P", "-m", "bot", *map(str, arguments)]


def vigil(
    *arguments: str | Path,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    stdin: bytes | str = b"",
    timeout: float = 60,
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end; what it printed is text."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        command(*arguments),
        cwd=cwd,
        env=environment(**(env or {})),
        input=given,
        capture_output=True,
        timeout=timeout,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def at_home(
    *arguments: str | Path, cwd: Path, stdin: bytes | str = b""
) -> subprocess.CompletedProcess[str]:
    """Run one command in this process: the same as `vigil`, a second faster. Not for what runs
    loops, changes logging or is about processes.
    """
    from bot.cli.entry import run

    given = stdin.encode() if isinstance(stdin, str) else stdin
    streams = [io.TextIOWrapper(io.BytesIO(held), encoding="utf-8") for held in (given, b"", b"")]
    before = sys.stdin, sys.stdout, sys.stderr
    names = [str(argument) for argument in arguments]
    try:
        sys.stdin, sys.stdout, sys.stderr = streams
        with contextlib.chdir(cwd), fresh_environment():
            code = run(names)
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
    said = []
    for stream in streams[1:]:
        stream.flush()
        said.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(names, code, *said)


@contextlib.contextmanager
def fresh_environment() -> Iterator[None]:
    """Let this process have the environment of a fresh shell for a while."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment())
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
