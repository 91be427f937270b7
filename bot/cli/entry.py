"""From arguments to an exit code: 0 done, 2 usage or configuration, 1 anything else.

Errors are one clear sentence on stderr, without the secrets; a traceback only with --debug.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import typer

from bot.redact import hide
from model.errors import ConfigError, TermError, UsageError, VigilError

EVERYWHERE = {"--config": 1, "--set": 1, "--debug": 0}
"""Options that may stand before or after the command, with how many values each takes."""
COMPARING = frozenset({"backtest", "replay"})
"""Commands whose own --config names the configuration that is compared with."""


_USAGE = (ConfigError, TermError, UsageError)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    debug = "--debug" in arguments
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = _program(hoisted(arguments))
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):  # the latter is how rich says the same
        _forget_stdout()
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        return _fail(error, debug=debug)
    return code


def _program(arguments: list[str]) -> int:
    from bot.cli.program import app

    code = app(arguments or ["--help"], standalone_mode=False, prog_name="vigil")
    return code if isinstance(code, int) else 0


def hoisted(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with the options that may stand anywhere moved to the front.

    `vigil backtest NAME --config FILE` keeps its own, and so does `vigil replay`: there it is what
    is compared.
    """
    front: list[str] = []
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        name = word.partition("=")[0]
        if word == "--":
            return [*front, *rest, word, *waiting]
        if name not in EVERYWHERE or (name == "--config" and not COMPARING.isdisjoint(rest[:1])):
            rest.append(word)
            continue
        takes = EVERYWHERE[name] if name == word else 0
        front += [word, *waiting[:takes]]
        del waiting[:takes]
    return [*front, *rest]


def _open_what_is_closed() -> None:
    """Put what swallows everything where this process was started without stdin, stdout or stderr
    (`vigil run >&-`): else the next file that is opened, the database, would stand in its place.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for good


def _fail(error: Exception, *, debug: bool) -> int:
    """Say what went wrong on stderr and return the exit code."""
    if isinstance(error, typer.Abort):
        print("Stopped; nothing was changed.", file=sys.stderr)
        return 1
    if debug:
        print(hide("".join(traceback.format_exception(error))).rstrip(), file=sys.stderr)
    else:
        print(hide(_sentence(error)), file=sys.stderr)
    return 2 if isinstance(error, _USAGE) or getattr(error, "exit_code", 1) == 2 else 1


def _sentence(error: Exception) -> str:
    suggestion = getattr(error, "suggestion", "")
    if suggestion:
        return f"vigil: {error} Did you mean: {suggestion}"
    if isinstance(error, VigilError):
        return f"vigil: {error}"
    if hasattr(error, "format_message"):
        return f"vigil: {error.format_message()} See `{_command(error)} --help`."
    if isinstance(error, OSError) and error.strerror:
        named = f"{error.filename}: " if error.filename else ""
        return f"vigil: {named}{error.strerror}."
    return (
        f"vigil: something went wrong that vigil does not know ({type(error).__name__}: {error}); "
        "--debug shows where."
    )


def _command(error: Exception) -> str:
    context = getattr(error, "ctx", None)
    return context.command_path if context else "vigil"


def _forget_stdout() -> None:
    """Whoever read our output has gone (`| head`): nothing more can be said there."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
