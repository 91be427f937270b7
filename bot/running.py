"""Which vigil runs here: a file with its process id, locked for as long as it lives."""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.logs import logger

FOLDER = "running"


@contextmanager
def noted(data_dir: Path) -> Iterator[None]:
    """Keep a locked file named after this process in `data_dir`, so that `vigil reload` finds it.

    Where the directory can't be written to (the database is elsewhere), only reloading by hand
    is left: kill -HUP.
    """
    path = data_dir / FOLDER / str(os.getpid())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("w")
    except OSError as error:
        logger().debug("no note of this process", error=str(error))
        yield
        return
    with file:
        if _is_held(file.fileno()):
            logger().debug("another container's process has this id: one note is for both")
            yield
            return
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def processes(data_dir: Path) -> list[int]:
    """Return the ids of the processes that run here; notes of dead ones are cleared away."""
    found = []
    for path in sorted((data_dir / FOLDER).glob("*")):
        if path.name.isdecimal():
            with suppress(FileNotFoundError), path.open() as file:  # it may have ended by now
                if _is_held(file.fileno()):
                    found.append(int(path.name))
                else:
                    path.unlink(missing_ok=True)
    return found


def _is_held(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def reload(data_dir: Path) -> int:
    """Have every process that runs here read its configuration again; return how many do."""
    told = 0
    for number in processes(data_dir):
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGHUP)
            told += 1
    return told
