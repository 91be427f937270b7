"""Statements that both databases take, where SQLAlchemy's own would need two spellings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Table, and_
from sqlalchemy.dialects import postgresql, sqlite

from store.engine import Tx

T = TypeVar("T")

_MOST_VALUES = 500
"""Values in one IN: far below every limit, and few enough different texts to be cached."""


def insert(tx: Tx, table: Table) -> postgresql.Insert:
    """Return an INSERT that knows ON CONFLICT in the dialect of `tx` (same methods in both)."""
    if tx.dialect == "sqlite":
        return sqlite.insert(table)  # type: ignore[return-value]
    return postgresql.insert(table)


def replace_all(
    statement: postgresql.Insert, *keys: str, but: Sequence[str] = ()
) -> postgresql.Insert:
    """Let an INSERT overwrite every other column, `but` these, of a row that has the same `keys`.

    The rows of one batch must differ in their keys.
    """
    kept = {*keys, *but}
    new = {name: column for name, column in statement.excluded.items() if name not in kept}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=new)


def chunks(values: Iterable[T], size: int = _MOST_VALUES) -> Iterator[list[T]]:
    """Cut `values` into lists that fit one statement; nothing gives no list."""
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk


def pairs_in(
    first: ColumnElement[Any], second: ColumnElement[Any], pairs: Sequence[tuple[int, Any]]
) -> ColumnElement[bool]:
    """Return a condition that holds for all `pairs`, and for more: every first with every
    second. Take few firsts at once, and pick out the pairs afterwards. A row-value IN would be
    exact, but SQLite then reads the whole table.
    """
    return and_(first.in_({one for one, _ in pairs}), second.in_({two for _, two in pairs}))


def grouped_pairs(
    pairs: Iterable[tuple[int, Any]], *, firsts: int = 8
) -> Iterator[list[tuple[int, Any]]]:
    """Cut pairs into lists with few different firsts each, for `pairs_in`."""
    by_first: Callable[[tuple[int, Any]], int] = lambda pair: pair[0]  # noqa: E731 - typed
    groups = (list(group) for _, group in groupby(sorted(pairs, key=by_first), key=by_first))
    while some := list(islice(groups, firsts)):
        yield from chunks(pair for group in some for pair in group)
