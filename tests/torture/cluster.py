"""A PostgreSQL server of our own, that can be killed."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_TRIES = 30


def programs() -> Path | None:
    """Return the folder of the server's programs; None where there is none we could start."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found or (os.geteuid() == 0 and not _user()):
        return None
    return found[-1].parent


def _user() -> str:
    with suppress(KeyError):
        return pwd.getpwnam("postgres").pw_name
    return ""


class Cluster:
    """A database server in a temporary folder, on loopback, with one database called vigil."""

    def __init__(self) -> None:
        self._bin = programs()
        self._folder = Path()
        self._port = 0

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="vigil-torture-"))
        if os.geteuid() == 0:
            shutil.chown(self._folder, "postgres")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._run("initdb", "-D", "data", "-A", "trust", "-U", "postgres", "--no-sync")
        self.start()
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self._port), "-U", "postgres", "vigil")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(subprocess.SubprocessError):
            self._run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def url(self) -> str:
        return f"postgresql+asyncpg://postgres@127.0.0.1:{self._port}/vigil"

    def start(self) -> None:
        """Start it, as often as it takes: what was killed may hold its port and memory a while."""
        options = f"-p {self._port} -k {self._folder} -c listen_addresses=127.0.0.1"
        for _ in range(_TRIES):
            begun = self._run(
                "pg_ctl", "-D", "data", "-l", "log", "-w", "-o", options, "start", check=False
            )
            if begun.returncode == 0:
                return
            time.sleep(0.3)
        raise RuntimeError((self._folder / "log").read_text()[-2000:])

    def kill(self) -> None:
        """Kill the server and all its children between two instructions."""
        pid = int((self._folder / "data/postmaster.pid").read_text().splitlines()[0])
        family = [pid, *_children(pid)]
        for one in family:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        for one in family:
            while _alive(one):
                time.sleep(0.01)
        # Dead, but perhaps nobody has asked for their exit codes yet, and the next server would
        # take such a one for a living one.
        (self._folder / "data/postmaster.pid").unlink()

    def check(self) -> str:
        """Return what pg_amcheck has against the database; empty: nothing."""
        at = ("-h", "127.0.0.1", "-p", str(self._port), "-U", "postgres", "-d", "vigil")
        done = self._run("pg_amcheck", *at, "--install-missing", "--heapallindexed", check=False)
        return "" if done.returncode == 0 else done.stdout.decode() + done.stderr.decode()

    def _run(
        self, name: str, *arguments: str, check: bool = True
    ) -> subprocess.CompletedProcess[Any]:
        assert self._bin is not None
        as_postgres = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        if name == "pg_amcheck":
            quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        done: subprocess.CompletedProcess[Any] = subprocess.run(
            [str(self._bin / name), *arguments],
            cwd=self._folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            check=check,
            timeout=60,
            **quiet,
            **as_postgres,
        )
        return done


def _children(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(one) for one in told.read_text().split()] if told.exists() else []


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
