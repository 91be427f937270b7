"""What vigil says about itself: a Notice's code and arguments become a Message (pure).

Whoever queues a Notice needs only a sentence in a catalogue. Argument names say what is meant:
`*_at` an ISO-8601 instant, `*_seconds` a length of time, `n` and `*_n` a number, all else text.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from alerts.byline import instant
from alerts.court_dates import CODE, dates_message
from alerts.inert import clipped, inert
from model.alert import AlertView
from model.message import Button, Message
from model.words import Words

ARGUMENT = 300
"""Code points of an argument that are shown."""
QUIET = frozenset(
    {"notice.source.works", "notice.source.speaks", "notice.network.works", "notice.work.goes-on"}
)
"""Good news, and what can wait: these make no sound."""


def notice(view: AlertView, words: Words) -> Message:
    """Return the Notice in words."""
    if view.notice is None:
        return Message("")
    if view.notice.code == CODE:
        return dates_message(view.notice, words)
    args = {name: _argument(name, value, words) for name, value in view.notice.args}
    message = words.write(view.notice.code, **args)
    if view.notice.code == POSSIBLE:
        return replace(message, silent=True, buttons=_answers(view, words))
    return replace(message, silent=view.notice.code in QUIET)


POSSIBLE = "possible.line"
_ANSWERS = {"possible_yes": "possible.button.yes", "possible_no": "possible.button.no"}


def _answers(view: AlertView, words: Words) -> tuple[tuple[Button, ...], ...]:
    """Return [It's them] [Not them] of the day's line about a Watch."""
    ids = dict(view.buttons)
    row = tuple(
        Button(words.say(code), press=ids[name]) for name, code in _ANSWERS.items() if name in ids
    )
    return (row,) if row else ()


def _argument(name: str, value: str, words: Words) -> object:
    try:
        if name.endswith("_at"):
            at = datetime.fromisoformat(value)
            return instant(at if at.tzinfo else at.replace(tzinfo=UTC), words, "Dt")
        if name.endswith("_seconds"):
            return words.length(float(value))
        if name == "n" or name.endswith("_n"):
            return int(value)
    except (ValueError, OverflowError):
        return clipped(inert(value), ARGUMENT)  # worded wrongly is better than not said
    return clipped(inert(value), ARGUMENT)
