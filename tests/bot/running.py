"""Runs the real program, as its users do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def environment(**more: str) -> dict[str, str]:
    """The environment of a fresh shell, without what this one says about vigil. Bytecode is kept:
    compiling every library anew would cost each command a second.
    """
    ours = ("VIGIL_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"PYTHONPATH": str(ROOT)} | more


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
