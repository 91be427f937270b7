"""What a user typed → a Watch (docs/watching.md is the language, for its users)."""

from __future__ import annotations

from matching.grammar import Draft, Reader
from matching.guess import guess_kind
from matching.limits import check, tidy
from matching.query import tokens
from matching.wishes import settled
from matching.writing import write
from model import TermError, Watch, WatchKind

__all__ = ["parse", "read", "readings", "write"]

LONGEST = 20_000
"""Letters of one typed wish."""


def parse(text: str) -> Watch:
    """Return the Watch that `text` wishes for; TermError, with the text as it was probably meant,
    when it can't be understood. To whom it goes (`to @channel`) is told by `read`.
    """
    return read(text)[0]


def read(text: str) -> tuple[Watch, tuple[str, ...]]:
    """Return the Watch and the names of those it is to be told to (none: where it was typed)."""
    return _read(text, small_words=None)


def readings(text: str) -> list[Watch]:
    """Return the ways `text` can be understood, the likeliest first: in "Médicos sin Fronteras"
    the small word may be part of the name or say what to leave out.
    """
    found: list[Watch] = []
    for small_words in (None, True, False):
        try:
            watch, _ = _read(text, small_words=small_words)
        except TermError:
            if small_words is None:
                raise
            continue
        if watch not in found:
            found.append(watch)
    return found


def _read(text: str, *, small_words: bool | None) -> tuple[Watch, tuple[str, ...]]:
    if len(text) > LONGEST:
        raise TermError(
            f"That is {len(text):,} letters long; one wish holds at most {LONGEST:,}. "
            "Send long lists as a file.",
            code="too_long",
        )
    clean = tidy(text)
    draft = Reader(clean, tokens(clean), small_words).read()
    watch = _watch(draft)
    check(watch)
    return watch, tuple(dict.fromkeys(draft.to))


def _watch(draft: Draft) -> Watch:
    names, groups = draft.names, draft.groups
    kind = draft.kind
    if names:
        groups = [*groups, *((number,) for number in draft.dockets)]
    else:
        names, kind = draft.dockets, kind or WatchKind.CASE
    if not names:
        _complain_of_no_name(draft)
    watch = Watch(
        name=names[0],
        kind=kind or guess_kind(names),
        aliases=tuple(names[1:]),
        nicknames=tuple(draft.nicknames),
        context=tuple(draft.context),
        require=groups[0] if groups else (),
        also=tuple(groups[1:]),
        never=tuple(draft.never),
        lang=tuple(draft.lang),
        sources=tuple(draft.sources),
        priority=draft.priority,
        threshold=draft.threshold,
        leading=draft.leading,
    )
    return settled(watch)


def _complain_of_no_name(draft: Draft) -> None:
    if draft.nicknames:
        nickname = draft.nicknames[0]
        raise TermError(
            "There is only a nickname, and a nickname counts only near the name: "
            "type the name first, or leave the ~ out.",
            suggestion=nickname,
            code="only_nickname",
        )
    raise TermError(
        "There is no name to watch: type one, for example Salvador Cienfuegos Zepeda.",
        code="no_name",
    )
