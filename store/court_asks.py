"""What of CourtListener was asked, who agreed that names go there, and its alerts for us."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from model import Watch
from store import sources, watch_log, watches
from store.engine import Tx
from store.statements import chunks, insert, replace_all
from store.tables import court_alert, docket_ask, watch_search
from store.written import dump

SEARCH = "courtlistener_search"
"""The kind of a search's feed."""

# -- Consent ---------------------------------------------------------------------------------


def spellings(watch: Watch) -> tuple[str, ...]:
    """Return what of a Watch is searched for: nicknames alone would find everybody."""
    return (watch.name, *watch.aliases)


async def consent(
    tx: Tx,
    watch_id: int,
    *,
    given: bool,
    by: int,
    now: datetime,
    names: Sequence[str] | None = None,
) -> None:
    """Keep that a Member (0: config.toml or the command line) lets this Watch's spellings go to
    CourtListener's search, or does not: then its search feed is asked no more from this
    transaction on. `names`: only these (None: all it has now). What is added to the Watch later
    is agreed to anew or not sent (docs/notes/what-is-sent-to-courtlistener.md).
    """
    stored = await watches.get(tx, watch_id)
    every = spellings(stored.watch) if stored else ()
    agreed = [one for one in every if names is None or one in names]
    row = {"watch_id": watch_id, "given": given, "by": by, "at": now, "spellings": dump(agreed)}
    await tx.run_many(replace_all(insert(tx, watch_search), "watch_id"), [row])
    what = "court search allowed" if given else "court search not allowed"
    await watch_log.append(tx, [(watch_id, what)], now, by=by)
    if not given:
        for one in await sources.health(tx, kinds={SEARCH}):
            if tag_of(watch_id) in one.source.tags:
                await sources.remove(tx, one.source.id, now)
    tx.wake("courts")


def tag_of(watch_id: int) -> str:
    """Return the tag of the search feed of a Watch."""
    return f"watch:{watch_id}"


async def agreed(tx: Tx, watch_ids: Collection[int] | None = None) -> dict[int, tuple[str, ...]]:
    """Return by Watch which of its spellings may go to CourtListener, as they are now; None: of
    every Watch. One of which nothing may go is not there.
    """
    rows = await tx.rows(select(watch_search).where(watch_search.c.given))
    said = {row.watch_id: row.spellings for row in rows}
    found = {}
    for one in await watches.all_watches(tx):
        watch = one.watch
        if watch.id not in said or (watch_ids is not None and watch.id not in watch_ids):
            continue
        kept = json.loads(said[watch.id]) if said[watch.id] else [watch.name]
        if names := tuple(name for name in spellings(watch) if name in kept):
            found[watch.id] = names
    return found


# -- What was asked of a docket --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """What was last asked of a docket."""

    docket_id: str
    mark: datetime | None = None
    """The latest modification seen: the next question starts there."""
    asked_at: datetime | None = None
    wanted_at: datetime | None = None
    """Since when another way has told that there is more to know; None: it hasn't."""
    known: bool = False
    """Whether the docket itself was looked up."""


async def asked(tx: Tx, docket_ids: Collection[str]) -> dict[str, Asked]:
    """Return what was last asked of these dockets; of those never asked, nothing at all."""
    found: dict[str, Asked] = {}
    for some in chunks(docket_ids):
        for row in await tx.rows(select(docket_ask).where(docket_ask.c.docket_id.in_(some))):
            found[row.docket_id] = Asked(
                row.docket_id, row.mark, row.asked_at, row.wanted_at, row.known
            )
    return found


async def unknown(tx: Tx, limit: int = 20) -> list[Asked]:
    """Return dockets of which only the number is known and somebody told something, the longest
    waiting first.
    """
    waiting = select(docket_ask).where(~docket_ask.c.known, docket_ask.c.wanted_at.is_not(None))
    rows = await tx.rows(waiting.order_by(docket_ask.c.wanted_at).limit(limit))
    return [Asked(r.docket_id, r.mark, r.asked_at, r.wanted_at, r.known) for r in rows]


async def note_asked(tx: Tx, one: Asked) -> None:
    """Keep what is now known of a docket's asking."""
    row = {
        "docket_id": one.docket_id,
        "mark": one.mark,
        "asked_at": one.asked_at,
        "wanted_at": one.wanted_at,
        "known": one.known,
    }
    await tx.run_many(replace_all(insert(tx, docket_ask), "docket_id"), [row])


async def want(tx: Tx, docket_ids: Iterable[str], now: datetime) -> None:
    """Note that there is more to know of these dockets than what has come."""
    wanted = sorted(set(docket_ids))
    rows = [{"docket_id": one, "wanted_at": now, "known": False} for one in wanted]
    await tx.run_many(insert(tx, docket_ask).on_conflict_do_nothing(), rows)
    for some in chunks(wanted):
        late = update(docket_ask).where(
            docket_ask.c.docket_id.in_(some), docket_ask.c.wanted_at.is_(None)
        )
        await tx.run(late.values(wanted_at=now))


# -- CourtListener's alerts ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CourtAlert:
    """An alert CourtListener keeps for us."""

    sort: str
    """ "docket" or "search"."""
    about: str
    """The docket's id, or the Watch's."""
    alert_id: str
    armed_at: datetime
    query: str = ""


async def court_alerts(tx: Tx) -> list[CourtAlert]:
    """Return every alert CourtListener keeps for us, the oldest first."""
    rows = await tx.rows(select(court_alert).order_by(court_alert.c.armed_at))
    return [CourtAlert(r.sort, r.about, r.alert_id, r.armed_at, r.query) for r in rows]


async def note_alert(tx: Tx, one: CourtAlert) -> None:
    """Keep that an alert is armed."""
    row = {
        "sort": one.sort,
        "about": one.about,
        "alert_id": one.alert_id,
        "armed_at": one.armed_at,
        "query": one.query,
    }
    await tx.run_many(replace_all(insert(tx, court_alert), "sort", "about"), [row])


async def drop_alert(tx: Tx, sort: str, about: str) -> None:
    """Forget an alert that CourtListener no longer keeps."""
    await tx.run(
        delete(court_alert).where(court_alert.c.sort == sort, court_alert.c.about == about)
    )


async def rearm(tx: Tx, docket_ids: Collection[str]) -> int:
    """Note that CourtListener switches these dockets' alerts off, so that they are armed anew;
    returns how many of them are ours.
    """
    long_ago = datetime.fromisoformat("1970-01-02T00:00:00+00:00")
    count = 0
    for some in chunks(docket_ids):
        ours = update(court_alert).where(
            court_alert.c.sort == "docket", court_alert.c.about.in_(some)
        )
        count += await tx.run(ours.values(armed_at=long_ago))
    return count
