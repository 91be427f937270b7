"""Column types and expressions that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sqlalchemy import BigInteger, Double, Integer, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

Id = BigInteger().with_variant(Integer, "sqlite")
"""A row's own number. SQLite counts only a column called INTEGER."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept as seconds since 1970 (UTC) in a double: exact to a microsecond
    for a hundred years to come.
    """

    impl = Double
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> float | None:
        """Return the seconds since 1970; a time without a zone is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("the store keeps instants: this time has no zone")
        return value.timestamp()

    def process_result_value(self, value: float | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC."""
        return None if value is None else datetime.fromtimestamp(value, UTC)


class Prose(TypeDecorator[str]):
    """Text from outside. NUL and lone surrogates, which no database takes, become U+FFFD one
    for one, so that places in the text stay where they were.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the text as it can be stored."""
        if value is None or (value.isascii() and "\x00" not in value):
            return value
        return _UNSTORABLE.sub("\ufffd", value)


class db_clock(FunctionElement[float]):  # noqa: N801 - reads as the SQL function it is
    """The database's own clock in seconds since 1970: what leases are measured with, so that
    processes on machines whose clocks differ still agree.
    """

    type = Double()
    inherit_cache = True


@compiles(db_clock, "sqlite")
def _sqlite_clock(element: db_clock, compiler: SQLCompiler, **kw: object) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(db_clock, "postgresql")
def _postgres_clock(element: db_clock, compiler: SQLCompiler, **kw: object) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) AS double precision)"
