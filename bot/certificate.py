"""The report of a period: what was read, for whom nothing was found, and what may be missing."""

from __future__ import annotations

from bot.told import Silence
from model.words import Words

LISTED = 500


def certificate(found: Silence, words: Words) -> list[str]:
    """Return the report, one line each; names are indented below what is said of them."""
    lines = [
        words.say("report.period", since=found.since, until=found.until),
        words.say("report.read", n=found.items, sources_n=found.sources, watches_n=found.watches),
        words.say("report.told", n=found.told),
    ]
    for code, names in (
        ("report.quiet", found.quiet),
        ("report.silent", found.silent),
        ("report.failing", found.failing),
        ("report.gaps", found.gaps),
    ):
        if names:
            lines.append(words.say(code, n=len(names)))
            lines += [f"  {name}" for name in names[:LISTED]]
    if not found.failing and not found.gaps:
        lines.append(words.say("report.whole"))
    return lines
