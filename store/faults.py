"""What drivers say when the database fails, in sentences with a way out."""

from __future__ import annotations

from sqlalchemy.engine import URL
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from model import StoreError, UnstorableError

_SQLITE = (
    ("not a database", "{path} is not a database of vigil: move it away or choose another."),
    ("malformed", "{path} is damaged: put a backup in its place with `vigil db restore FILE`."),
    ("readonly", "{path} can't be written: give vigil the right to write there."),
    ("unable to open", "{path} can't be opened: give vigil the right to write to its folder."),
    ("locked", "{path} is busy: another program keeps it locked."),
    ("full", "The disk with {path} is full: make room."),
    ("disk i/o", "The disk with {path} fails: look at its health, then at your backups."),
)
_POSTGRES = (
    ("InvalidPassword", "PostgreSQL at {host} refuses the password of {user}."),
    ("InvalidAuthorization", "PostgreSQL at {host} does not let {user} in."),
    ("InvalidCatalogName", "PostgreSQL at {host} has no database {name}: create it first."),
    ("TooManyConnections", "PostgreSQL at {host} has no connection free: raise max_connections."),
    ("InsufficientPrivilege", "{user} may not change {name} at {host}: grant it the right."),
    ("DiskFull", "The disk of PostgreSQL at {host} is full: make room."),
)

_ABOUT_ROWS = ("22", "23", "54")
"""PostgreSQL's classes of errors: of data, of constraints, and of what is too long for an index."""


def is_database_error(error: BaseException) -> bool:
    """Return whether a driver or the pool raised this, and not our own code."""
    return isinstance(error, (DBAPIError, PoolTimeoutError)) or _is_from_asyncpg(error)


def is_busy(error: BaseException) -> bool:
    """Return whether SQLite only asks to try again: another process is writing."""
    return isinstance(error, DBAPIError) and "locked" in str(error.orig).lower()


def worded(error: BaseException, address: URL) -> StoreError:
    """Return the sentence for `error`, raised by the database at `address`."""
    if _is_about_rows(error):
        return UnstorableError(f"The database can't hold what was to be written: {_said(error)}.")
    if address.get_backend_name() == "sqlite":
        return _worded_sqlite(error, str(address.database))
    return _worded_postgres(error, address)


def _is_about_rows(error: BaseException) -> bool:
    """Return whether it is what was written that is wrong, and not the database."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    return isinstance(error, DataError | IntegrityError) or str(state)[:2] in _ABOUT_ROWS


def _worded_sqlite(error: BaseException, path: str) -> StoreError:
    said = _said(error)
    if isinstance(error, OSError):
        said = "unable to open"
    for part, sentence in _SQLITE:
        if part in said.lower():
            return StoreError(sentence.format(path=path))
    return StoreError(f"The database {path} could not be used: {said}.")


def _worded_postgres(error: BaseException, address: URL) -> StoreError:
    host = f"{address.host or 'localhost'}:{address.port or 5432}"
    names = {type(one).__name__ for one in _causes(error)}
    for part, sentence in _POSTGRES:
        if any(part in name for name in names):
            facts = {"host": host, "user": address.username, "name": address.database}
            return StoreError(sentence.format(**facts))
    if any(isinstance(one, OSError) for one in _causes(error)):
        return StoreError(
            f"PostgreSQL at {host} does not answer: start it, or mend [database] url."
        )
    return StoreError(f"PostgreSQL at {host} could not be used: {_said(error)}.")


def _said(error: BaseException) -> str:
    """Return the driver's own words, without the statement and its values."""
    inner = error.orig if isinstance(error, DBAPIError) and error.orig else error
    first = str(inner).strip().partition("\n")[0]
    return first.rpartition(">: ")[2].rstrip(".") or type(inner).__name__


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        inner = error.orig if isinstance(error, DBAPIError) else None
        error = inner or error.__cause__ or error.__context__
    return found


def _is_from_asyncpg(error: BaseException) -> bool:
    return type(error).__module__.startswith("asyncpg.")
