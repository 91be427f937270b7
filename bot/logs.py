"""Log lines: structlog for our own and the libraries' alike, console or JSON, no secrets."""

from __future__ import annotations

import logging
import os
import sys
from typing import Any, TextIO

import structlog

from bot.redact import hide

QUIET = (
    "httpx",
    "httpcore",
    "apscheduler",
    "aiohttp.access",
    "telegram",
    "asyncio",
    "alembic",
    "urllib3",
)
"""Libraries whose INFO lines say nothing an operator needs; httpx's hold the bot's token, and
urllib3's the addresses that url_file holds.
"""


def configure(*, form: str = "auto", level: str = "info", stream: TextIO | None = None) -> None:
    """Send every log line to `stream` (stderr), as text for people or as JSON.

    `form` is "console", "json" or "auto": console on a terminal. `level` is the least level
    that is written.
    """
    out = stream or sys.stderr
    console = form == "console" or (form == "auto" and out.isatty())
    handler = logging.StreamHandler(out)
    handler.setFormatter(_Formatter(console=console, colours=console and _colours(out)))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            *_shared(console=console),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _colours(out: TextIO) -> bool:
    return out.isatty() and not os.environ.get("NO_COLOR")


def _shared(*, console: bool) -> list[Any]:
    return [
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_log_level,
        _stamp(console=console),
    ]


def _stamp(*, console: bool) -> structlog.processors.TimeStamper:
    """Return what writes the time: for people their clock's, for programs the instant."""
    if console:
        return structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False, key="at")
    return structlog.processors.TimeStamper(fmt="iso", utc=True, key="at")


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Renders a line, tracebacks included, and takes the secrets out of the finished text."""

    def __init__(self, *, console: bool, colours: bool) -> None:
        render: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
        if console:
            plain = structlog.dev.plain_traceback
            render.append(
                structlog.dev.ConsoleRenderer(
                    colors=colours, exception_formatter=plain, timestamp_key="at", pad_event_to=0
                )
            )
        else:
            render += [
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            ]
        before: list[Any] = [structlog.stdlib.add_log_level, _stamp(console=console)]
        super().__init__(foreign_pre_chain=before, processors=render)

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line."""
        return hide(super().format(record))


def logger(name: str = "vigil") -> structlog.stdlib.BoundLogger:
    """Return a logger; its lines are an event and keyword values."""
    found: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return found
