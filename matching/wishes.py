"""Watches as rows of a list: JSON lines, CSV columns, [[watches]] of a configuration."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from matching import languages
from matching.guess import guess_kind
from matching.limits import check, tidy
from matching.notation import Form, normal, read_term, unquoted
from model import Priority, TermError, Watch, WatchKind

LISTS = ("aliases", "nicknames", "context", "require", "never", "lang", "sources")
"""Columns that hold several words; in CSV they are split at |."""
COLUMNS = ("name", "kind", *LISTS, "also", "priority", "threshold", "leading")
"""Every column that says something of a Watch; `also`: groups like `require`, in CSV split at &."""

_SINGULAR = {
    "alias": "aliases", "nickname": "nicknames", "source": "sources", "language": "lang",
    "exclude": "never", "required": "require",
}  # fmt: skip
_ANSWERS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_SPLIT = re.compile(r"(?<!\\)\|")


def from_row(row: Mapping[str, object]) -> Watch:
    """Return the Watch a row describes: `name` is required, `kind` is guessed when absent, a list
    may be a list or a text split at |. Columns that are not a Watch's are passed over, unless
    they look misspelt. TermError says what is wrong with the row.
    """
    columns = {_column(name): value for name, value in row.items() if value not in (None, "", [])}
    name = columns.get("name")
    if not isinstance(name, str) or not name.strip():
        raise TermError("A watch needs a name: put it in the column name.", code="no_name")
    name = normal(tidy(name))
    lists = {column: _words(columns.get(column), column) for column in LISTS}
    aliases = tuple(normal(alias) for alias in lists["aliases"])
    watch = Watch(
        name=name,
        kind=_kind(columns.get("kind"), (name, *aliases)),
        aliases=aliases,
        nicknames=lists["nicknames"],
        context=lists["context"],
        require=lists["require"],
        also=tuple(_words(group, "also") for group in _groups(columns.get("also"))),
        never=lists["never"],
        lang=tuple(language(one) for one in lists["lang"]),
        sources=lists["sources"],
        priority=_priority(columns.get("priority")),
        threshold=_number(columns.get("threshold"), "threshold"),
        leading=_yes(columns.get("leading"), "leading"),
        id=_number(columns.get("id"), "id") or 0,
    )
    watch = settled(watch)
    check(watch)
    return watch


def to_row(watch: Watch) -> dict[str, object]:
    """Return the row of a Watch: only what differs from a plain one, lists as lists."""
    row: dict[str, object] = {"name": watch.name, "kind": watch.kind.value}
    row |= {column: list(getattr(watch, column)) for column in LISTS if getattr(watch, column)}
    if watch.also:
        row["also"] = [list(group) for group in watch.also]
    if watch.priority is not Priority.NORMAL:
        row["priority"] = watch.priority.value
    if watch.threshold is not None:
        row["threshold"] = watch.threshold
    if watch.leading:
        row["leading"] = True
    return row


def to_columns(watch: Watch) -> dict[str, str]:
    """Return the row of a Watch for CSV: every column, lists joined with |."""
    row = to_row(watch)
    also = " & ".join(_joined(group) for group in watch.also)
    columns = {name: row.get(name, "") for name in COLUMNS} | {"also": also}
    return {n: _joined(v) if isinstance(v, list) else str(v) for n, v in columns.items()}


def settled(watch: Watch) -> Watch:
    """Return `watch` in the shape every way of writing it leads to: nothing twice, no quotation
    marks where they say nothing.
    """
    names = _distinct((watch.name, *watch.aliases))
    if watch.kind is WatchKind.PHRASE:
        names = _distinct(_bare(name) for name in names)
    plain = [unquoted(nickname) for nickname in watch.nicknames]
    groups = [_plain(group) for group in (watch.require, *watch.also)]
    groups = [group for group in groups if group]
    return replace(
        watch,
        name=names[0],
        aliases=names[1:],
        nicknames=_distinct(nickname for nickname in plain if nickname not in ("", *names)),
        context=_plain(watch.context),
        require=groups[0] if groups else (),
        also=tuple(groups[1:]),
        never=_plain(watch.never),
        lang=_distinct(watch.lang),
        sources=_plain(watch.sources),
    )


def _bare(name: str) -> str:
    term = read_term(name)
    return unquoted(name) if term.form in {Form.PHRASE, Form.NAME} else name


def _plain(words: Iterable[str]) -> tuple[str, ...]:
    return _distinct(plain for word in words if (plain := unquoted(word)))


def _distinct(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))


def _column(name: str) -> str:
    low = name.strip().casefold()
    if low in COLUMNS or low in {"id", "to"}:
        return low
    if low in _SINGULAR:
        return _SINGULAR[low]
    close = difflib.get_close_matches(low, COLUMNS, n=1, cutoff=0.8)
    if close:
        raise TermError(f"There is no column “{name}”: did you mean {close[0]}?", code="column")
    return low


def _words(value: object, column: str) -> tuple[str, ...]:
    if value is None:
        return ()
    parts = _SPLIT.split(value) if isinstance(value, str) else value
    if not isinstance(parts, Sequence) or not all(isinstance(part, str) for part in parts):
        raise TermError(f"The column {column} must be a list of words.", code="column")
    clean = (tidy(part.replace("\\|", "|")) for part in parts)
    return tuple(word for word in clean if word)


def _groups(value: object) -> Sequence[object]:
    if value is None:
        return ()
    if isinstance(value, str):
        return value.split("&")
    if not isinstance(value, Sequence):
        raise TermError("The column also must be a list of lists of words.", code="column")
    return value


def _kind(value: object, names: Sequence[str]) -> WatchKind:
    if value is None:
        return guess_kind(names)
    try:
        return WatchKind(str(value).strip().casefold())
    except ValueError:
        kinds = ", ".join(WatchKind)
        raise TermError(
            f"“{value}” is no kind of watch: it is one of {kinds}.", code="kind"
        ) from None


def language(text: str) -> str:
    """Return a language's code, given as code or name; TermError for what is neither."""
    code = languages.code(text)
    if not code:
        raise TermError(
            f"I don't know the language “{text}”: a language is its name or two letters, as in es.",
            code="value",
        )
    return code


def _priority(value: object) -> Priority:
    try:
        return Priority(str(value or Priority.NORMAL).strip().casefold())
    except ValueError:
        raise TermError(
            f"“{value}” is no priority: it is high, normal or digest.", code="value"
        ) from None


def _number(value: object, column: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,18}", str(value).strip()):
        raise TermError(f"The column {column} must be a whole number, not “{value}”.", code="value")
    return int(str(value))


def _yes(value: object, column: str) -> bool:
    said = str(value or "no").strip().casefold()
    if said not in _ANSWERS:
        raise TermError(f"The column {column} must be yes or no, not “{value}”.", code="value")
    return _ANSWERS[said]


def _joined(words: Iterable[object]) -> str:
    return "|".join(str(word).replace("|", "\\|") for word in words)
